//! One process of the contracts service, beside others.

use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::Result;

use crate::platform::{self, program};

/// The running process.
pub struct Worker(Child);

impl Worker {
    /// Starts one on a port of its own, on which nobody calls it.
    ///
    /// # Errors
    /// If the program is not there.
    pub fn start() -> Result<Self> {
        let mut command = Command::new(program("contracts")?);
        command.env("RELEVO_CONTRACTS_LISTEN", "127.0.0.1:0").env_remove("RELEVO_ADMIN_LISTEN").env("RUST_LOG", "warn");
        Ok(Self(command.stdout(Stdio::null()).spawn()?))
    }

    /// CPU time used so far.
    pub fn cpu(&self) -> Duration {
        platform::cpu(&self.0)
    }

    /// Ends it in the middle of whatever it does.
    ///
    /// # Errors
    /// Those of the system.
    pub fn kill(&mut self) -> Result<()> {
        self.0.kill()?;
        self.0.wait()?;
        Ok(())
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        // It may have been killed before.
        let _ = self.kill();
    }
}
