//! Every test, with real servers.

use std::process::Command;

use servers::Servers;

use crate::step::Step;
use crate::stop::Stop;
use crate::{check, places, run, up};

/// Formatting, clippy and all tests; with `arguments` only `cargo test` with these.
pub fn test(arguments: &[String]) -> Result<(), Stop> {
    if arguments.is_empty() {
        check::style()?;
    }
    let dir = places::target()?.join("relevo-test");
    servers::forget(&dir)?;
    let servers = up::start_servers(&dir)?;
    if needs_programs(arguments) {
        let step = Step::loud("build");
        // With the tests, so that both share one set of features and nothing is built twice.
        run::shown(&mut places::cargo(&["build", "--workspace", "--bins", "--tests"]))?;
        step.done("");
    }
    let step = Step::loud("tests");
    let mut cargo = places::cargo(&["test"]);
    cargo.args((!selects(arguments)).then_some("--workspace")).args(arguments);
    give(&servers, &mut cargo);
    run::shown(&mut cargo)?;
    step.done("");
    Ok(())
}

/// The arguments that are cargo's own.
fn for_cargo(arguments: &[String]) -> impl Iterator<Item = &str> {
    arguments.iter().map(String::as_str).take_while(|argument| *argument != "--")
}

/// Whether the arguments choose packages.
fn selects(arguments: &[String]) -> bool {
    for_cargo(arguments)
        .any(|argument| matches!(argument, "-p" | "--package" | "--workspace") || argument.starts_with("--package="))
}

/// Only the whole-system tests, package `tests`, run other packages' programs.
fn needs_programs(arguments: &[String]) -> bool {
    !selects(arguments) || for_cargo(arguments).any(|argument| argument.ends_with("tests"))
}

/// Tells the tests where the servers are. A test that kills NATS starts its own, of the same
/// program.
fn give(servers: &Servers, command: &mut Command) {
    for server in [&servers.postgres, &servers.nats, &servers.redis] {
        command.env(server.kind.url_variable(), &server.url);
        if let Some(program) = server.program() {
            command.env(server.kind.program_variable(), program);
        }
    }
    command.envs(&servers.nats.passwords);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        text.split_whitespace().map(str::to_owned).collect()
    }

    #[test]
    fn a_package_is_chosen_before_the_dashes_only() {
        assert!(selects(&words("-p tickets -- resolve")));
        assert!(!selects(&words("resolve -- -p")));
    }

    #[test]
    fn programs_are_built_for_all_tests_and_for_those_of_the_system() {
        assert!(needs_programs(&words("")));
        assert!(needs_programs(&words("-p tests")));
        assert!(!needs_programs(&words("-p tickets")));
    }
}
