//! Tools over the pure engines: no platform, no network, no database.

pub mod bill;
pub mod plan;
pub mod sla;
pub mod sla_replay;

use std::io::Read;

use anyhow::{Context, Result};

/// A file's text, or standard input's for `-`.
///
/// # Errors
/// If it cannot be read.
pub fn text(path: &str) -> Result<String> {
    let mut text = String::new();
    match path {
        "-" => std::io::stdin().read_to_string(&mut text).map(|_| ()),
        path => std::fs::File::open(path).and_then(|mut file| file.read_to_string(&mut text)).map(|_| ()),
    }
    .with_context(|| format!("reading {path}"))?;
    Ok(text)
}
