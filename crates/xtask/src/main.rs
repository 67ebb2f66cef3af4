//! `cargo xtask`: run, test and measure the whole platform from a fresh clone.

mod base64;
mod bench;
mod check;
mod env;
mod interrupt;
mod places;
mod run;
mod step;
mod stop;
mod suite;
mod up;

use std::process::ExitCode;

use crate::stop::Stop;

const HELP: &str = "\
cargo xtask <command>

  demo [--release] [--once]  up, then the demo. Stays up; with --once it ends with the demo.
  up [--release]             servers, build, set-up, every service, demo data. Ctrl-C stops all.
  test [arguments]           formatting, clippy, then every test with real servers. With
                             arguments only the tests: they go to `cargo test`,
                             as in `cargo xtask test -p tickets -- resolve`.
  bench [what ...]           fresh servers, a release build, then the measurements named.
  check                      formatting, clippy, house rules, protos. No servers.

PostgreSQL, NATS and Redis are private instances under target/relevo, with free ports and
their own data: found on this machine, installed by its package manager, or run by Docker.
RELEVO_POSTGRES_URL, RELEVO_NATS_URL, RELEVO_REDIS_URL      use this server as it is
RELEVO_POSTGRES_SERVER, RELEVO_NATS_SERVER, RELEVO_REDIS_SERVER   run this program

A second run continues with its data; to begin anew, delete target/relevo.
";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match interrupt::listen().and_then(|()| dispatch(&arguments)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(stop) => stop.report(),
    }
}

fn dispatch(arguments: &[String]) -> Result<(), Stop> {
    let (command, rest) = match arguments {
        [command, rest @ ..] => (command.as_str(), rest),
        [] => ("help", arguments),
    };
    let wants_help = rest.first().is_some_and(|first| first == "--help" || first == "-h");
    match command {
        _ if wants_help => help(),
        "help" | "--help" | "-h" => help(),
        "up" => up::up(&up::Options::parse(rest, &["--release"])?),
        "demo" => up::demo(&up::Options::parse(rest, &["--release", "--once"])?),
        "test" => suite::test(rest),
        "bench" => bench::bench(rest),
        "check" if rest.is_empty() => check::check(),
        _ => Err(Stop::usage(arguments)),
    }
}

fn help() -> Result<(), Stop> {
    print!("{HELP}");
    Ok(())
}
