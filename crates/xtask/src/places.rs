//! Where things are: the workspace, what cargo built, and our own folders beside it.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::stop::Stop;

/// The root of the workspace.
pub fn workspace() -> PathBuf {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR"));
    crates.ancestors().nth(2).unwrap_or(crates).to_owned()
}

/// Cargo's target folder: this very program lies in one of its profile folders.
pub fn target() -> Result<PathBuf, Stop> {
    let program = std::env::current_exe().map_err(|error| Stop::Failed(format!("finding this program: {error}")))?;
    let target = program.ancestors().nth(2);
    target.map(Path::to_owned).ok_or_else(|| Stop::Failed("this program lies nowhere".to_owned()))
}

/// A program of the workspace that was built before.
pub fn binary(name: &str, release: bool) -> Result<Command, Stop> {
    let profile = if release { "release" } else { "debug" };
    let mut command = Command::new(target()?.join(profile).join(name));
    command.current_dir(workspace());
    Ok(command)
}

/// Cargo, as if called from the shell: what the cargo that runs us says about this package
/// would make build scripts run again.
pub fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            command.env_remove(name);
        }
    }
    command.args(arguments).current_dir(workspace());
    command
}
