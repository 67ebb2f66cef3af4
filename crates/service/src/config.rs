//! Configuration comes from the environment, is read once, and is refused as
//! a whole with everything that is wrong with it.

use std::fmt;
use std::str::FromStr;

/// Everything that is wrong with the environment.
#[derive(Debug, thiserror::Error)]
pub struct Invalid(Vec<String>);

impl fmt::Display for Invalid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "configuration: {}", self.0.join("; "))
    }
}

/// Reads variables, and remembers what was wrong with them. Each `NAME` may be
/// given as `NAME_FILE` instead: the path of a file with the value, which is
/// how secrets are mounted. Values never appear in an error.
#[derive(Debug, Default)]
pub struct Env {
    wrong: Vec<String>,
}

impl Env {
    /// A variable that must be there.
    pub fn required<T: FromStr + Default>(&mut self, name: &str) -> T {
        match self.read(name) {
            Some(value) => self.parse(name, &value).unwrap_or_default(),
            None => {
                self.wrong.push(format!("{name} is required"));
                T::default()
            }
        }
    }

    /// A variable that has a default.
    pub fn or<T: FromStr>(&mut self, name: &str, default: T) -> T {
        self.optional(name).unwrap_or(default)
    }

    /// A variable that may be missing.
    pub fn optional<T: FromStr>(&mut self, name: &str) -> Option<T> {
        let value = self.read(name)?;
        self.parse(name, &value)
    }

    /// 32 secret bytes, in base64.
    pub fn key(&mut self, name: &str) -> Vec<u8> {
        use base64::Engine;
        let text: String = self.required(name);
        let bytes = base64::engine::general_purpose::STANDARD.decode(text.trim()).unwrap_or_default();
        if bytes.len() != 32 && !text.is_empty() {
            self.wrong.push(format!("{name} must be 32 bytes in base64"));
        }
        bytes
    }

    /// `value`, if nothing was wrong.
    ///
    /// # Errors
    /// Everything that was.
    pub fn finish<T>(self, value: T) -> Result<T, Invalid> {
        if self.wrong.is_empty() { Ok(value) } else { Err(Invalid(self.wrong)) }
    }

    fn read(&mut self, name: &str) -> Option<String> {
        if let Ok(value) = std::env::var(name) {
            return Some(value);
        }
        let path = std::env::var(format!("{name}_FILE")).ok()?;
        match std::fs::read_to_string(&path) {
            Ok(text) => Some(text.trim_end().to_owned()),
            Err(error) => {
                self.wrong.push(format!("{name}_FILE: {error}"));
                None
            }
        }
    }

    fn parse<T: FromStr>(&mut self, name: &str, value: &str) -> Option<T> {
        let parsed = value.parse().ok();
        if parsed.is_none() {
            self.wrong.push(format!("{name} must be a {}", std::any::type_name::<T>()));
        }
        parsed
    }
}
