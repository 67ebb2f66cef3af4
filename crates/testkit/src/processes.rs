//! The programs of a platform, as processes of their own.

use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use servers::Process;

use crate::settings::Settings;

/// One running program. It ends with the test run, however that ends.
pub struct Running {
    /// Such as `tickets`.
    pub program: &'static str,
    process: Process,
}

impl Running {
    /// Starts it, and lets it go on starting.
    pub fn start(program: &'static str, settings: &Settings, dir: &Path) -> Self {
        let log = dir.join(format!("{program}.log"));
        let process = Process::spawn(&mut command(program, settings), "KILL", &log);
        Self { program, process: process.unwrap_or_else(|error| panic!("{program}: {error}")) }
    }

    /// Kill -9.
    pub fn kill(&mut self) {
        self.process.kill();
    }

    /// Resident memory, in bytes.
    pub fn resident(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.process.pid())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap_or_default();
        line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or_default() * 1024
    }
}

/// Runs `all setup`.
pub fn set_up(settings: &Settings) {
    let output = command("all", settings).arg("setup").stderr(Stdio::piped()).output().expect("all setup");
    assert!(output.status.success(), "all setup: {}", String::from_utf8_lossy(&output.stderr));
}

/// Waits until somebody listens at `address`.
pub fn listening(program: &str, address: &str) {
    until(Duration::from_secs(30), &format!("{program} to listen at {address}"), || {
        TcpStream::connect(address).is_ok()
    });
}

/// Looks again and again until `there`, and fails loudly when it takes too long.
pub fn until(patience: Duration, what: &str, mut there: impl FnMut() -> bool) {
    let started = Instant::now();
    while !there() {
        assert!(started.elapsed() < patience, "waited {patience:?} in vain for {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Looks again and again until something is there.
pub async fn eventually<T, F: Future<Output = Option<T>>>(what: &str, mut look: impl FnMut() -> F) -> T {
    let started = Instant::now();
    loop {
        if let Some(there) = look().await {
            return there;
        }
        assert!(started.elapsed() < Duration::from_secs(30), "waited in vain for {what}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

fn command(program: &str, settings: &Settings) -> Command {
    let path = binaries().join(program);
    assert!(path.exists(), "{} is not built; run the tests with `cargo xtask test`", path.display());
    let mut command = Command::new(path);
    command.envs(settings.iter().map(|(name, value)| (name, value))).env_remove("RELEVO_ADMIN_LISTEN");
    command
}

/// Where the programs are: beside the folder of the running test.
fn binaries() -> PathBuf {
    let test = std::env::current_exe().expect("the path of this test");
    test.ancestors().nth(2).expect("a target folder").to_owned()
}
