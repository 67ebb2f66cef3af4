//! Random secrets from the system.

use std::fs::File;
use std::io::{self, Read};

/// `N` random bytes.
///
/// # Errors
/// When `/dev/urandom` cannot be read.
pub fn bytes<const N: usize>() -> io::Result<[u8; N]> {
    let mut bytes = [0; N];
    File::open("/dev/urandom")?.read_exact(&mut bytes)?;
    Ok(bytes)
}

/// A password of 128 bits: letters and digits that begin with a letter, which neither a URL, a
/// shell nor the NATS configuration takes for something else.
///
/// # Errors
/// When `/dev/urandom` cannot be read.
pub fn password() -> io::Result<String> {
    let number = u128::from_be_bytes(bytes()?);
    Ok(format!("r{number:032x}"))
}
