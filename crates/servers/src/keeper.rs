//! What outlives us just long enough to clean up.

use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

/// A shell that waits at the other end of a pipe and runs a command when this process is gone,
/// however it went: the system closes the pipe even after `kill -9`. Dropping it calls it off.
#[derive(Debug)]
pub struct Keeper(Child);

impl Keeper {
    /// Runs `command` once this process has ended.
    pub fn new(command: &[&str]) -> io::Result<Keeper> {
        let shell = Command::new("sh")
            .args(["-c", "read -r _; \"$@\"", "sh"])
            .args(command)
            .process_group(0)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()?;
        Ok(Keeper(shell))
    }
}

impl Drop for Keeper {
    fn drop(&mut self) {
        let _ended_before = self.0.kill();
        let _reaped_before = self.0.wait();
    }
}
