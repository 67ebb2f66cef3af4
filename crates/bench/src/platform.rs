//! The platform under load: one process, beside the load.

use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use anyhow::{Context, Result, bail, ensure};

/// The running process.
pub struct Platform(Child);

impl Platform {
    /// Prepares the servers that the environment names, and starts everything.
    ///
    /// # Errors
    /// When it does not come up within half a minute.
    pub async fn start() -> Result<Self> {
        let all = program("all")?;
        let setup = Command::new(&all).arg("setup").output()?;
        ensure!(setup.status.success(), "all setup: {}", String::from_utf8_lossy(&setup.stderr));
        let mut command = Command::new(all);
        command
            .env("RUST_LOG", "warn")
            .env("RELEVO_GATEWAY_TENANT_RATE", "1000000")
            .env("RELEVO_GATEWAY_KEY_RATE", "1000000");
        let platform = Self(command.stdout(Stdio::null()).spawn()?);
        let gateway = variable("RELEVO_GATEWAY_URL")?;
        for _ in 0..300 {
            if reqwest::get(format!("{gateway}/healthz")).await.is_ok_and(|answer| answer.status().is_success()) {
                return Ok(platform);
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        bail!("the platform did not come up")
    }

    /// CPU time used so far.
    pub fn cpu(&self) -> Duration {
        cpu(&self.0)
    }
}

impl Drop for Platform {
    fn drop(&mut self) {
        // It is killed at the end of the run in any case.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// CPU time that a process has used so far.
pub fn cpu(child: &Child) -> Duration {
    let stat = std::fs::read_to_string(format!("/proc/{}/stat", child.id())).unwrap_or_default();
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |n: usize| fields.get(n).and_then(|f| f.parse::<u64>().ok()).unwrap_or_default();
    // User and system time, in hundredths of a second on every Linux.
    Duration::from_millis((ticks(11) + ticks(12)) * 10)
}

/// A variable that has to be there.
///
/// # Errors
/// If it is not.
pub fn variable(name: &str) -> Result<String> {
    std::env::var(name).with_context(|| format!("{name} is not set; run `cargo xtask bench`"))
}

/// A program of the workspace, of the same build.
///
/// # Errors
/// If nobody can say where this one stands.
pub fn program(name: &str) -> Result<PathBuf> {
    let here = std::env::current_exe()?;
    Ok(here.parent().context("a folder")?.join(name))
}
