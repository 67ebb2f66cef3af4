//! The platform on this machine: servers, set-up, services, demo data.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use servers::{Kind, Process, Server, Servers};

use crate::env::Environment;
use crate::step::Step;
use crate::stop::Stop;
use crate::{interrupt, places, run};

/// How long the services may take until they are ready.
const READY_PATIENCE: Duration = Duration::from_secs(60);

/// The flags of `up` and `demo`.
#[derive(Debug, Default)]
pub struct Options {
    release: bool,
    once: bool,
}

impl Options {
    /// Reads the flags; only those in `known` are flags.
    pub fn parse(arguments: &[String], known: &[&str]) -> Result<Options, Stop> {
        if arguments.iter().any(|argument| !known.contains(&argument.as_str())) {
            return Err(Stop::usage(arguments));
        }
        let has = |flag: &str| arguments.iter().any(|argument| argument == flag);
        Ok(Options { release: has("--release"), once: has("--once") })
    }
}

/// What runs. The services come first: they stop before their servers.
struct Platform {
    services: Process,
    _servers: Servers,
    environment: Environment,
    log: PathBuf,
}

/// Brings everything up and stays until Ctrl-C.
pub fn up(options: &Options) -> Result<(), Stop> {
    Platform::start(options)?.stay()
}

/// Brings everything up and runs the demo; stays until Ctrl-C, or not, as the options say.
pub fn demo(options: &Options) -> Result<(), Stop> {
    let platform = Platform::start(options)?;
    let demo = platform.relevo(options, "demo");
    if options.once {
        return demo;
    }
    match demo {
        Ok(()) | Err(Stop::Said(_)) => platform.stay(),
        Err(stop) => Err(stop),
    }
}

impl Platform {
    fn start(options: &Options) -> Result<Platform, Stop> {
        let dir = places::target()?.join("relevo");
        let servers = start_servers(&dir)?;
        build(options.release)?;
        let environment = Environment::of(&servers, &dir)?;
        let logs = dir.join("logs");

        let step = Step::quiet("set-up");
        let mut setup = program("all", options, &environment)?;
        setup.arg("setup").envs(&environment.administration);
        run::logged(&mut setup, &logs.join("setup.log"))?;
        step.done("");

        let log = logs.join("all.log");
        let step = Step::quiet("services");
        let mut services = run::start(&mut program("all", options, &environment)?, &log)?;
        wait_until_ready(&mut services, &environment, &log)?;
        step.done(&environment.services["RELEVO_GATEWAY_URL"]);

        let platform = Platform { services, _servers: servers, environment, log };
        let step = Step::loud("demo data");
        platform.relevo(options, "seed")?;
        step.done("");
        eprintln!("\nFor the `relevo` command in another shell: source {}", dir.join("env").display());
        Ok(platform)
    }

    /// Runs a command of `relevo` on our terminal.
    fn relevo(&self, options: &Options, command: &str) -> Result<(), Stop> {
        run::shown(program("relevo", options, &self.environment)?.arg(command))
    }

    /// Stays until Ctrl-C; the end of the services is a failure.
    fn stay(mut self) -> Result<(), Stop> {
        eprintln!("Ctrl-C stops everything.");
        match interrupt::until(|| self.services.ended()) {
            Ok(status) => Err(run::failure("the services", &status.to_string(), &self.log)),
            Err(_) => {
                eprintln!("\nstopping");
                Ok(())
            }
        }
    }
}

/// Starts the three servers under `dir`, one line each.
pub fn start_servers(dir: &Path) -> Result<Servers, Stop> {
    let start = |kind: Kind| {
        let step = Step::quiet(kind.name());
        let server = Server::start(kind, dir, &mut |what| step.now(what))?;
        let port = server.port().map(|port| format!(", port {port}"));
        step.done(&format!("{}{}", server.version, port.unwrap_or_default()));
        Ok::<_, Stop>(server)
    };
    Ok(Servers { postgres: start(Kind::Postgres)?, nats: start(Kind::Nats)?, redis: start(Kind::Redis)? })
}

/// Builds every program. Always the whole workspace: another selection would build the
/// dependencies again with other features.
pub fn build(release: bool) -> Result<(), Stop> {
    let step = Step::loud("build");
    let mut cargo = places::cargo(&["build", "--workspace", "--bins"]);
    run::shown(cargo.args(release.then_some("--release")))?;
    step.done("");
    Ok(())
}

fn program(name: &str, options: &Options, environment: &Environment) -> Result<Command, Stop> {
    let mut command = places::binary(name, options.release)?;
    command.envs(&environment.services);
    Ok(command)
}

fn wait_until_ready(services: &mut Process, environment: &Environment, log: &Path) -> Result<(), Stop> {
    let address = &environment.services["RELEVO_ADMIN_LISTEN"];
    let end = Instant::now() + READY_PATIENCE;
    let outcome = interrupt::until(|| match services.ended() {
        Some(status) => Some(Err(status.to_string())),
        None if is_ready(address).unwrap_or(false) => Some(Ok(())),
        None => (Instant::now() > end).then(|| Err("not ready after a minute".to_owned())),
    })?;
    outcome.map_err(|how| run::failure("the services", &how, log))
}

/// Whether `GET /readyz` answers 200.
fn is_ready(address: &str) -> io::Result<bool> {
    let patience = Duration::from_secs(2);
    let target: SocketAddr = address.parse().map_err(io::Error::other)?;
    let mut stream = TcpStream::connect_timeout(&target, patience)?;
    stream.set_read_timeout(Some(patience))?;
    write!(stream, "GET /readyz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n")?;
    let mut status = [0; 12];
    stream.read_exact(&mut status)?;
    Ok(status == *b"HTTP/1.1 200")
}
