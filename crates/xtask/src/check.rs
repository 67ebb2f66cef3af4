//! What can be checked without servers.

use std::process::Command;

use crate::step::Step;
use crate::stop::Stop;
use crate::{places, run};

/// Formatting, clippy, house rules, protos.
pub fn check() -> Result<(), Stop> {
    style()?;
    cargo("house rules", &["test", "--quiet", "--package", "tests", "--test", "tidy"])?;
    protos()
}

/// Formatting and clippy.
pub fn style() -> Result<(), Stop> {
    cargo("formatting", &["fmt", "--all", "--check"])?;
    let clippy = ["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"];
    cargo("clippy", &clippy)
}

fn cargo(name: &str, arguments: &[&str]) -> Result<(), Stop> {
    let step = Step::loud(name);
    run::shown(&mut places::cargo(arguments))?;
    step.done("");
    Ok(())
}

/// The lint of the protos, by buf as npm has it; without npm it is left to those who have it.
fn protos() -> Result<(), Stop> {
    let buf = |arguments: &[&str]| {
        let mut command = Command::new("npx");
        command.args(["--yes", "@bufbuild/buf"]).args(arguments);
        command.current_dir(places::workspace());
        command
    };
    let version = buf(&["--version"]).output();
    if !version.is_ok_and(|output| output.status.success()) {
        Step::quiet("protos").done("not linted: npx cannot get buf here");
        return Ok(());
    }
    let step = Step::loud("protos");
    run::shown(&mut buf(&["lint"]))?;
    step.done("");
    Ok(())
}
