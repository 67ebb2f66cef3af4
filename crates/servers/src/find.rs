//! How a server is found on this machine.

use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{Error, Kind, command, container, install};

/// What can run a server.
#[derive(Debug)]
pub enum Found {
    /// The server's program.
    Program(PathBuf),
    /// The `docker` command, with an engine that answers.
    Docker,
}

/// Where programs are that no `PATH` names. `*` stands for a version; the highest wins.
const WELL_KNOWN: [&str; 11] = [
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/libexec/postgresql*",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/opt/homebrew/bin",
    "/usr/local/sbin",
    "/usr/local/bin",
    "/usr/sbin",
    "/usr/bin",
    "/bin",
];

/// Finds the server, installing it if need be.
pub fn find(kind: Kind, progress: &mut dyn FnMut(&str)) -> Result<Found, Error> {
    let mut tried = Vec::new();
    if let Some(program) = named(kind, &mut tried).or_else(|| installed(kind)) {
        return Ok(Found::Program(program));
    }
    tried.push(format!("{}: not on PATH", kind.programs().join(", ")));
    install::install(kind, progress, &mut tried);
    if let Some(program) = installed(kind) {
        return Ok(Found::Program(program));
    }
    match container::engine() {
        Ok(()) => Ok(Found::Docker),
        Err(reason) => {
            tried.push(format!("docker: {reason}"));
            Err(Error::Missing { kind, tried })
        }
    }
}

fn named(kind: Kind, tried: &mut Vec<String>) -> Option<PathBuf> {
    let variable = kind.program_variable();
    let program = PathBuf::from(env::var_os(&variable)?);
    if usable(kind, &program) {
        return Some(program);
    }
    tried.push(format!("{variable}: {} is not it", program.display()));
    None
}

fn installed(kind: Kind) -> Option<PathBuf> {
    let path = env::var_os("PATH").unwrap_or_default();
    let well_known = WELL_KNOWN.iter().flat_map(|pattern| expand(pattern));
    let folders: Vec<PathBuf> = env::split_paths(&path).chain(well_known).collect();
    let programs = kind.programs().iter();
    programs
        .flat_map(|program| folders.iter().map(move |folder| folder.join(program)))
        .find(|program| usable(kind, program))
}

/// Whether the program is there. PostgreSQL needs `initdb` beside it: client packages lack it.
fn usable(kind: Kind, program: &Path) -> bool {
    let Ok(real) = fs::canonicalize(program) else {
        return false;
    };
    real.is_file() && (kind != Kind::Postgres || real.with_file_name("initdb").is_file())
}

/// The folders that a pattern with at most one `*` names, the highest version first.
fn expand(pattern: &str) -> Vec<PathBuf> {
    let Some((before, after)) = pattern.split_once('*') else {
        return vec![PathBuf::from(pattern)];
    };
    let (parent, prefix) = before.rsplit_once('/').unwrap_or(("", before));
    let entries = fs::read_dir(parent).into_iter().flatten().flatten();
    let mut found: Vec<(u32, PathBuf)> = entries
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let version = name.strip_prefix(prefix)?.parse().unwrap_or(0);
            Some((version, PathBuf::from(format!("{parent}/{name}{after}"))))
        })
        .collect();
    found.sort_by(|a, b| b.cmp(a));
    found.into_iter().map(|(_, folder)| folder).collect()
}

/// The version that a server's program says of itself, as in `15.18` or `2.9.10`.
pub fn version(program: &Path) -> Result<String, Error> {
    let text = command::run(Command::new(program).arg("--version"))
        .map_err(|reason| Error::io("asking the version of", program)(io::Error::other(reason)))?;
    let mut words = text.split_whitespace().map(|w| w.trim_start_matches(['v', '=']));
    let version = words.find(|word| word.starts_with(|c: char| c.is_ascii_digit()));
    Ok(version.unwrap_or("of unknown version").to_owned())
}
