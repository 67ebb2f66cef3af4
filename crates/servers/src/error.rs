//! Every way a server can fail to be there.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::Kind;
use crate::process::tail;

/// Why a server could not be found, started or stopped.
#[derive(Debug)]
pub enum Error {
    /// The system refused an operation.
    Io {
        /// The operation, as in "creating /x/y".
        doing: String,
        /// The system's answer.
        source: io::Error,
    },
    /// No way led to a program for this server.
    Missing {
        /// The server.
        kind: Kind,
        /// One line for each way that was tried.
        tried: Vec<String>,
    },
    /// Another run works in this folder.
    InUse(PathBuf),
    /// The server's address was given from outside: it is not ours to stop.
    NotOurs(Kind),
    /// A program ended or stayed silent.
    Failed {
        /// What failed, as in "PostgreSQL ended while starting".
        what: String,
        /// The last lines it wrote.
        tail: String,
        /// Where the rest is.
        log: PathBuf,
    },
}

impl Error {
    /// For `map_err`: `doing` names the operation, `path` what it was done to.
    pub(crate) fn io(doing: &str, path: &Path) -> impl FnOnce(io::Error) -> Error {
        let doing = format!("{doing} {}", path.display());
        move |source| Error::Io { doing, source }
    }

    pub(crate) fn failed(what: String, log: &Path) -> Error {
        Error::Failed { what, tail: tail(log, 12), log: log.to_owned() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Io { doing, source } => write!(f, "{doing}: {source}"),
            Error::Missing { kind, tried } => {
                write!(f, "no {} was found. Tried:", kind.name())?;
                tried.iter().try_for_each(|way| write!(f, "\n  - {way}"))?;
                let (url, program) = (kind.url_variable(), kind.program_variable());
                write!(f, "\nGive its address in {url} or its program in {program}.")
            }
            Error::InUse(folder) => {
                let folder = folder.display();
                write!(f, "{folder} is in use by another run; stop that one first")
            }
            Error::NotOurs(kind) => {
                let (name, variable) = (kind.name(), kind.url_variable());
                write!(f, "{name} was given by {variable}; it is not ours to stop")
            }
            Error::Failed { what, tail, log } => {
                write!(f, "{what}:\n{tail}\n(log: {})", log.display())
            }
        }
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Io { source, .. } => Some(source),
            _ => None,
        }
    }
}
