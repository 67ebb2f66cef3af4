//! A child process that is stopped gently, killed on demand, and never left behind.

use std::fs::{self, OpenOptions};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::time::Duration;

use crate::keeper::Keeper;
use crate::{Error, patience, table};

/// How long a process may take to stop once told to; then it is killed.
const STOP_PATIENCE: Duration = Duration::from_secs(20);
/// How long the system may take to clear away what was killed.
const KILL_PATIENCE: Duration = Duration::from_secs(10);

/// A running program in a process group of its own, so that Ctrl-C reaches only us and we
/// decide the order in which things stop. Dropping it stops it.
#[derive(Debug)]
pub struct Process {
    child: Child,
    stop_signal: &'static str,
    _keeper: Keeper,
}

impl Process {
    /// Starts `command`, appending its output to the file `log`. `stop_signal`, such as `TERM`,
    /// asks it to end; it is also sent when this process ends without a word.
    ///
    /// # Errors
    /// [`Error::Io`].
    pub fn spawn(command: &mut Command, stop_signal: &'static str, log: &Path) -> Result<Process, Error> {
        let mut options = OpenOptions::new();
        let output = options.create(true).append(true).open(log);
        let output = output.map_err(Error::io("opening", log))?;
        let errors = output.try_clone().map_err(Error::io("opening", log))?;
        let program = Path::new(command.get_program()).to_owned();
        let mut child = command
            .process_group(0)
            .stdin(Stdio::null())
            .stdout(output)
            .stderr(errors)
            .spawn()
            .map_err(Error::io("starting", &program))?;
        let pid = child.id().to_string();
        let keeper = Keeper::new(&["kill", "-s", stop_signal, &pid]).inspect_err(|_| {
            let _ended_before = child.kill();
        });
        Ok(Process { child, stop_signal, _keeper: keeper.map_err(Error::io("starting", Path::new("sh")))? })
    }

    /// The process id.
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// How it ended, if it has.
    pub fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Asks it to end and waits; kills it after 20 seconds.
    pub fn stop(&mut self) {
        if self.ended().is_some() {
            return;
        }
        table::signal(self.stop_signal, &[self.pid()]);
        if patience::poll(STOP_PATIENCE, || self.ended()).is_none() {
            self.kill();
        }
    }

    /// Kills it and its children as the system does when memory runs out: no warning, no
    /// cleaning up. Returns when all are gone.
    pub fn kill(&mut self) {
        let family = table::family(self.pid());
        if self.ended().is_none() {
            table::signal("KILL", &family);
        }
        patience::poll(KILL_PATIENCE, || self.ended().filter(|_| !table::any_alive(&family)));
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.stop();
    }
}

/// Stops a process that an earlier run left behind, which is no child of ours.
pub(crate) fn stop_leftover(pid: u32, stop_signal: &str) {
    let family = table::family(pid);
    let gone = || (!table::any_alive(&family)).then_some(());
    table::signal(stop_signal, &[pid]);
    if patience::poll(STOP_PATIENCE, gone).is_none() {
        table::signal("KILL", &family);
        patience::poll(KILL_PATIENCE, gone);
    }
}

/// The last `count` lines of a log; empty when it cannot be read.
pub fn tail(log: &Path, count: usize) -> String {
    let text = fs::read(log).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(count)..].join("\n")
}
