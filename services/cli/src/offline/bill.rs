//! Invoices from a file, without a platform.

use std::io::Write;

use anyhow::Result;

use super::text;

/// Writes the invoice that the file at `path`, or standard input for `-`, asks
/// for, or everything that is wrong with it; says whether it is an invoice.
///
/// # Errors
/// If the file cannot be read or the answer not be written.
pub fn preview(path: &str, explain: bool, mut out: impl Write) -> Result<bool> {
    let (answer, good) = rating::preview::answer(&text(path)?, explain);
    writeln!(out, "{answer:#}")?;
    Ok(good)
}
