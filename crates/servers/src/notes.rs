//! What one run wants the next to know: a private file of `name=value` lines.

use std::collections::BTreeMap;
use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use crate::{Error, secret};

/// A small file of names and values that only its owner may read. Values hold no line breaks.
#[derive(Debug)]
pub struct Notes {
    path: PathBuf,
    lines: BTreeMap<String, String>,
}

impl Notes {
    /// Reads `path`; a missing file is empty.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn open(path: &Path) -> Result<Notes, Error> {
        let text = match fs::read_to_string(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => String::new(),
            text => text.map_err(Error::io("reading", path))?,
        };
        let lines = text.lines().filter_map(|line| line.split_once('='));
        Ok(Notes { path: path.to_owned(), lines: lines.map(|(n, v)| (n.to_owned(), v.to_owned())).collect() })
    }

    /// The value noted under `name`, if it is there and can be read as a `T`.
    pub fn get<T: std::str::FromStr>(&self, name: &str) -> Option<T> {
        self.lines.get(name)?.parse().ok()
    }

    /// Notes `value` under `name` and saves the file, whole or not at all.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), Error> {
        self.lines.insert(name.to_owned(), value.to_owned());
        let text: String = self.lines.iter().map(|(n, v)| format!("{n}={v}\n")).collect();
        let next = self.path.with_extension("new");
        write_private(&next, &text)?;
        fs::rename(&next, &self.path).map_err(Error::io("writing", &self.path))
    }

    /// The value noted under `name`; the first time, `make` gives it.
    ///
    /// # Errors
    /// [`Error::Io`], also when `make` fails.
    pub fn once(&mut self, name: &str, make: impl FnOnce() -> io::Result<String>) -> Result<String, Error> {
        if let Some(value) = self.get(name) {
            return Ok(value);
        }
        let value = make().map_err(Error::io("making a value for", Path::new(name)))?;
        self.set(name, &value)?;
        Ok(value)
    }

    /// The password noted under `name`, made the first time.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn password(&mut self, name: &str) -> Result<String, Error> {
        self.once(name, secret::password)
    }
}

/// Writes a file that only its owner may read.
///
/// # Errors
/// [`Error::Io`].
pub fn write_private(path: &Path, text: &str) -> Result<(), Error> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true).mode(0o600);
    options.open(path).and_then(|mut file| file.write_all(text.as_bytes())).map_err(Error::io("writing", path))
}
