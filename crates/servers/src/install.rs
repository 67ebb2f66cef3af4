//! Installing a server with the system's own package manager.
//!
//! A package may start a service of its own. It listens on its usual port and touches nothing
//! of ours, so it is left alone: no file of the system is changed to prevent it.

use std::process::Command;

use crate::{Kind, account, command};

struct Manager {
    program: &'static str,
    /// Fetches the list of packages, where that is a command of its own.
    refresh: &'static [&'static str],
    install: &'static [&'static str],
    /// The names a package may have, by kind; the first that installs wins.
    packages: fn(Kind) -> &'static [&'static str],
}

const MANAGERS: [Manager; 4] = [
    Manager {
        program: "apt-get",
        refresh: &["update"],
        install: &["install", "-y", "--no-install-recommends", "-oDPkg::Lock::Timeout=120"],
        packages: |kind| match kind {
            Kind::Postgres => &["postgresql"],
            Kind::Nats => &["nats-server"],
            Kind::Redis => &["redis-server", "valkey-server"],
        },
    },
    Manager {
        program: "dnf",
        refresh: &[],
        install: &["install", "-y"],
        packages: |kind| match kind {
            Kind::Postgres => &["postgresql-server"],
            Kind::Nats => &["nats-server"],
            Kind::Redis => &["valkey", "redis"],
        },
    },
    Manager {
        program: "apk",
        refresh: &["update"],
        install: &["add"],
        packages: |kind| match kind {
            Kind::Postgres => &["postgresql", "postgresql17", "postgresql16"],
            Kind::Nats => &["nats-server"],
            Kind::Redis => &["redis", "valkey"],
        },
    },
    Manager {
        program: "brew",
        refresh: &[],
        install: &["install"],
        packages: |kind| match kind {
            Kind::Postgres => &["postgresql@17"],
            Kind::Nats => &["nats-server"],
            Kind::Redis => &["redis"],
        },
    },
];

/// Tries each package manager that is here; what went wrong is added to `tried`.
pub fn install(kind: Kind, progress: &mut dyn FnMut(&str), tried: &mut Vec<String>) {
    for manager in MANAGERS.iter().filter(|manager| is_here(manager.program)) {
        progress(&format!("installing with {}", manager.program));
        if !manager.refresh.is_empty() {
            // Stale lists may still do, so only the installation decides.
            let _outdated = run(manager.program, manager.refresh);
        }
        for package in (manager.packages)(kind) {
            match run(manager.program, &[manager.install, &[package]].concat()) {
                Ok(()) => return,
                Err(reason) => tried.push(format!("{} {package}: {reason}", manager.program)),
            }
        }
    }
}

fn is_here(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok()
}

/// Runs the package manager, by a `sudo` that asks no password when we are not root. Homebrew
/// wants no root.
fn run(program: &str, arguments: &[&str]) -> Result<(), String> {
    let mut command = if program == "brew" || account::is_root() {
        Command::new(program)
    } else {
        let mut sudo = Command::new("sudo");
        sudo.args(["-n", "DEBIAN_FRONTEND=noninteractive", program]);
        sudo
    };
    command.args(arguments).env("DEBIAN_FRONTEND", "noninteractive");
    command::run(&mut command).map(drop)
}
