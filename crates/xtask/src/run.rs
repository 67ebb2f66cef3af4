//! Running a program until it ends or we are asked to stop.

use std::path::Path;
use std::process::{Child, Command, ExitStatus};
use std::time::Duration;

use servers::{Process, signal, tail};

use crate::interrupt;
use crate::stop::Stop;

/// How long a program on our terminal may take to end once asked.
const END_PATIENCE: Duration = Duration::from_secs(10);

/// Runs a program on our terminal; anything but success is a reason to stop.
pub fn shown(command: &mut Command) -> Result<(), Stop> {
    let spawned = command.spawn();
    let mut child = spawned.map_err(|error| Stop::Failed(format!("{}: {error}", name(command))))?;
    let ended = interrupt::until(|| child.try_wait().ok().flatten());
    let status = ended.inspect_err(|_| end(&mut child))?;
    succeeded(status)
}

/// The terminal's Ctrl-C has reached the child too; another sender's signal has not.
fn end(child: &mut Child) {
    signal("TERM", &[child.id()]);
    if servers::poll(END_PATIENCE, || child.try_wait().ok().flatten()).is_none() {
        let _ended_after_all = child.kill();
    }
}

/// Runs a program whose output goes to `log`; failing, its last lines are shown.
pub fn logged(command: &mut Command, log: &Path) -> Result<(), Stop> {
    let mut process = start(command, log)?;
    let status = interrupt::until(|| process.ended())?;
    succeeded(status).map_err(|_| failure(&name(command), &status.to_string(), log))
}

/// Starts a program that stays; its output goes to `log`, which begins anew.
pub fn start(command: &mut Command, log: &Path) -> Result<Process, Stop> {
    let _first_run = std::fs::remove_file(log);
    Ok(Process::spawn(command, "TERM", log)?)
}

/// What to say of a program that failed and wrote to `log`.
pub fn failure(name: &str, how: &str, log: &Path) -> Stop {
    let last = tail(log, 20);
    Stop::Failed(format!("{name}: {how}\n{last}\n(log: {})", log.display()))
}

fn name(command: &Command) -> String {
    let program = Path::new(command.get_program()).file_name().unwrap_or_default();
    let arguments = command.get_args().map(|argument| argument.to_string_lossy());
    let words: Vec<_> = std::iter::once(program.to_string_lossy()).chain(arguments).collect();
    words.join(" ")
}

fn succeeded(status: ExitStatus) -> Result<(), Stop> {
    if status.success() {
        return Ok(());
    }
    Err(Stop::status(status))
}
