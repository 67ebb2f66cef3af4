//! Running a command for its outcome.

use std::process::Command;

/// What the command printed, or in one line why it failed.
pub fn run(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| error.to_string())?;
    let printed = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    if output.status.success() {
        return Ok(printed);
    }
    let complaint = String::from_utf8_lossy(&output.stderr);
    let last = |text: &str| text.trim().lines().last().map(str::to_owned);
    Err(last(&complaint).or_else(|| last(&printed)).unwrap_or_else(|| output.status.to_string()))
}
