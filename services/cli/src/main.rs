//! The `relevo` command.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, ensure};
use clap::builder::Styles;
use clap::builder::styling::AnsiColor;
use clap::{Args, Parser, Subcommand};
use relevo::offline::plan::Limit;
use relevo::rest::Gateway;
use relevo::{Voice, demo, offline, replay, seed};

const CALENDAR_HELP: &str = r#"Each line is a question and is answered by a line:

  op         reads            answers
  add        from, seconds    at         when so much open time has passed
  elapsed    from, to         seconds    how much open time lies between
  next_open  from             at         the first open instant from then on

A calendar has a zone, a week, and perhaps exceptions and yearly days:

  {"zone": "Europe/Madrid",
   "week": {"mon": [["09:00", "14:00"], ["15:00", "18:00"]], "fri": [["22:00", "06:00"]]},
   "exceptions": [{"date": "2026-12-24", "open": [["09:00", "14:00"]]}],
   "yearly": [{"name": "Christmas Day", "on": {"fixed": "12-25"}, "open": []}]}

Example:

  $ echo '{"calendar": {"zone": "Europe/Madrid", "week": {"fri": [["09:00", "17:00"]]}},
      "op": "add", "from": "2026-11-27T15:30:00Z", "seconds": 3600}' | tr -d '\n' |
      relevo sla calendar
  {"at":"2026-12-04T08:30:00Z"}

A question that makes no sense is answered with everything that is wrong with it:

  {"error":{"reason":"INPUT_INVALID","violations":[{"field":…,"rule":…,"reason":…}]}}"#;

const REPLAY_HELP: &str = r#"The file tells of one ticket: the calendars by name, the policy, and what happened. Each event
says what was so from then on; their order in the file, and one told twice, change nothing. Nothing
asks what time it is: the ticket is told up to `until`.

Example, a pause over a weekend:

  {"calendars": {"office": {"zone": "Europe/Madrid", "week": {
     "mon": [["09:00", "17:00"]], "fri": [["09:00", "17:00"]]}}},
   "policy": {"pauses": ["client"], "targets": [
     {"priority": "P3", "metric": "RESOLUTION", "seconds": 14400, "calendar": "office"}]},
   "events": [
     {"version": 1, "at": "2026-11-27T13:00:00Z", "fact": {"ticket": {
       "priority": "P3", "phase": "open", "waits": [], "opened_at": "2026-11-27T13:00:00Z"}}},
     {"version": 2, "at": "2026-11-27T15:00:00Z", "fact": {"ticket": {
       "priority": "P3", "phase": "open", "waits": ["client"], "opened_at": "2026-11-27T13:00:00Z"}}},
     {"version": 3, "at": "2026-11-30T08:00:00Z", "fact": {"ticket": {
       "priority": "P3", "phase": "open", "waits": [], "opened_at": "2026-11-27T13:00:00Z"}}}],
   "until": "2026-11-30T09:00:00Z"}

Its one clock is due on Monday at eleven:

  {"kind": "SLA", "metric": "RESOLUTION", "priority": "P3", "handoff": null,
   "calendar": "office", "target_seconds": 14400, "state": "RUNNING", "consumed_seconds": 10800,
   "due": "2026-11-30T10:00:00Z", "due_if_resumed": null, "stopped": null, "breach": null,
   "late_reclassification": false, "void_reason": "",
   "timeline": [
     {"start": "2026-11-27T13:00:00Z", "end": "2026-11-27T15:00:00Z", "counted": true, "reason": "open"},
     {"start": "2026-11-27T15:00:00Z", "end": "2026-11-30T08:00:00Z", "counted": false,
      "reason": "waiting for client"},
     {"start": "2026-11-30T08:00:00Z", "end": "2026-11-30T09:00:00Z", "counted": true, "reason": "open"}]}

A fact is a ticket, {"message": {"answers": true}} for a public answer of a human, or a hand-off;
what vendors promised stands under "underpinning", by id. A solved ticket's phase is
{"resolved": {"at": …}}, that of none "cancelled"."#;

/// Relevo: one service provider, many clients, and the relay between tiers.
#[derive(Debug, Parser)]
#[command(version, styles = STYLES, max_term_width = 100)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const STYLES: Styles = Styles::styled()
    .header(AnsiColor::Cyan.on_default().bold())
    .usage(AnsiColor::Cyan.on_default().bold())
    .literal(AnsiColor::Green.on_default())
    .placeholder(AnsiColor::Yellow.on_default());

#[derive(Debug, Subcommand)]
enum Command {
    /// Load the demo MSP: staff, vendors, hours, promises, two clients. Prints tokens for all.
    ///
    /// Doing it again changes nothing: every creation has a request id of its own.
    Seed {
        #[command(flatten)]
        platform: Platform,
    },
    /// Follow one ticket from the client's first line to the invoice.
    ///
    /// Two fresh clients each time, placed in a month that is over. Ends with exit code 1 if an
    /// invoice does not add up or a wall between parties lets something through.
    Demo {
        #[command(flatten)]
        platform: Platform,
        /// The month it takes place in [default: the one before this]
        #[arg(long, value_name = "YYYY-MM")]
        month: Option<String>,
    },
    /// Drive a ServiceNow audit log through the platform and compare where both arrive.
    ///
    /// The log is the UCI "Incident management process enriched event log": one row per update,
    /// oldest first per incident. Ends with exit code 1 if anything differs.
    Replay(Replay),
    /// Business time, without a platform.
    #[command(subcommand)]
    Sla(Sla),
    /// Plans for technicians, without a platform.
    #[command(subcommand)]
    Plan(Plan),
    /// Invoices, without a platform.
    #[command(subcommand)]
    Bill(Bill),
}

/// Where the platform is, and who comes.
#[derive(Debug, Args)]
struct Platform {
    /// The platform's edge.
    #[arg(long, value_name = "URL", env = "RELEVO_GATEWAY_URL", default_value = "http://127.0.0.1:8080")]
    gateway: String,
    /// API key of the first administrator.
    #[arg(long, value_name = "KEY", env = "RELEVO_BOOTSTRAP_KEY", hide_env_values = true)]
    key: String,
}

#[derive(Debug, Args)]
struct Replay {
    /// The log, as CSV.
    file: PathBuf,
    #[command(flatten)]
    platform: Platform,
    /// Wait as long as the log did, divided by N; `max` does not wait.
    #[arg(long, value_name = "N|max", default_value = "max", value_parser = speed_up)]
    speed_up: SpeedUp,
    /// So many incidents at once.
    #[arg(long, value_name = "N", default_value_t = 8)]
    concurrency: usize,
    /// The first N incidents alone.
    #[arg(long, value_name = "N")]
    limit: Option<usize>,
    /// A name for the run: a repeat under the same name goes on where it stopped
    /// [default: a new one]
    #[arg(long, value_name = "NAME")]
    run: Option<String>,
    /// Write the report as JSON, too.
    #[arg(long, value_name = "FILE.json")]
    report: Option<PathBuf>,
}

/// How much faster than the log; none is as fast as can be.
#[derive(Debug, Clone, Copy)]
struct SpeedUp(Option<f64>);

#[derive(Debug, Subcommand)]
enum Sla {
    /// Answer questions about opening hours: JSON lines in, JSON lines out.
    #[command(after_long_help = CALENDAR_HELP)]
    Calendar {
        /// A file of questions, or `-` for standard input.
        #[arg(default_value = "-")]
        file: String,
    },
    /// Derive a ticket's clocks from what happened: every timeline and verdict, as JSON.
    #[command(after_long_help = REPLAY_HELP)]
    Replay {
        /// The case, or `-` for standard input.
        file: String,
    },
}

#[derive(Debug, Subcommand)]
enum Plan {
    /// Plan a problem and print the plan as JSON.
    Solve {
        /// The problem, or `-` for standard input: our own JSON, or a VRPTW or TRSP benchmark.
        instance: String,
        /// CPU seconds to search.
        #[arg(long, value_name = "S", default_value_t = 5.0, conflicts_with = "iterations")]
        seconds: f64,
        /// Search exactly so long: the same number and seed give the same plan.
        #[arg(long, value_name = "N")]
        iterations: Option<u64>,
        /// Where chance begins.
        #[arg(long, value_name = "K", default_value_t = 1)]
        seed: u64,
        /// Draw the plan as a map.
        #[arg(long, value_name = "FILE.svg")]
        svg: Option<PathBuf>,
    },
    /// Print every rule that a plan breaks; exit code 1 if there is one.
    Check {
        /// The problem.
        instance: String,
        /// The plan.
        plan: String,
    },
}

#[derive(Debug, Subcommand)]
enum Bill {
    /// Print the invoice of a month as JSON, by the function that closes one.
    #[command(after_long_help = rating::preview::HELP)]
    Preview {
        /// A file with client, contract, facts and month, or `-` for standard input.
        file: String,
        /// Say of each line, step by step, how it came about.
        #[arg(long)]
        explain: bool,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Cli::parse().command).await {
        Ok(code) => code,
        Err(error) => {
            eprintln!("relevo: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(command: Command) -> Result<ExitCode> {
    match command {
        Command::Seed { platform } => {
            seed::run(&platform.gateway()?, &platform.key, &mut Voice::stdout()).await?;
        }
        Command::Demo { platform, month } => {
            let options = demo::Options { month };
            let gateway = platform.gateway()?;
            demo::run(&gateway, &platform.key, &options, &mut Voice::stdout()).await?;
        }
        Command::Replay(replay) => return replay.run().await,
        Command::Sla(Sla::Calendar { file }) => offline::sla::calendar(&file, io::stdout().lock())?,
        Command::Sla(Sla::Replay { file }) => {
            let told = offline::sla_replay::replay(&offline::text(&file)?)?;
            println!("{}", serde_json::to_string_pretty(&told)?);
        }
        Command::Plan(plan) => return plan.run(),
        Command::Bill(Bill::Preview { file, explain }) => {
            return Ok(verdict(offline::bill::preview(&file, explain, io::stdout().lock())?));
        }
    }
    Ok(ExitCode::SUCCESS)
}

impl Platform {
    fn gateway(&self) -> Result<Gateway> {
        Ok(Gateway::new(&self.gateway)?)
    }
}

impl Replay {
    async fn run(self) -> Result<ExitCode> {
        let options = replay::Options {
            file: self.file,
            speed_up: self.speed_up.0,
            concurrency: self.concurrency,
            limit: self.limit,
            run: self.run,
            progress: true,
        };
        let report = replay::run(&self.platform.gateway()?, &self.platform.key, &options).await?;
        print!("{report}");
        if let Some(file) = self.report {
            let json = serde_json::to_string_pretty(&report)?;
            std::fs::write(&file, json).with_context(|| format!("writing {}", file.display()))?;
        }
        Ok(verdict(report.is_faithful()))
    }
}

impl Plan {
    fn run(self) -> Result<ExitCode> {
        match self {
            Self::Solve { instance, seconds, iterations, seed, svg } => {
                let limit = iterations.map_or(Limit::Seconds(seconds), Limit::Iterations);
                let options = offline::plan::Options { limit, seed, svg };
                let plan = offline::plan::solve(&instance, &options)?;
                println!("{}", serde_json::to_string_pretty(&plan)?);
                Ok(ExitCode::SUCCESS)
            }
            Self::Check { instance, plan } => {
                let broken = offline::plan::check(&instance, &plan)?;
                println!("{}", serde_json::to_string_pretty(&broken)?);
                Ok(verdict(broken.is_empty()))
            }
        }
    }
}

fn verdict(good: bool) -> ExitCode {
    if good { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

fn speed_up(text: &str) -> Result<SpeedUp> {
    if text == "max" {
        return Ok(SpeedUp(None));
    }
    let factor: f64 = text.parse().context("must be a number or max")?;
    ensure!(factor.is_finite() && factor > 0.0, "must be more than 0");
    Ok(SpeedUp(Some(factor)))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;
    use relevo::offline::{sla, sla_replay};

    use super::*;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    /// The calendar in the help is one, and the example answers what it says.
    #[test]
    fn the_help_tells_the_truth() {
        let calendar = CALENDAR_HELP.split("\n\n").find(|part| part.contains("yearly\"")).unwrap();
        let question = format!(r#"{{"calendar": {calendar}, "op": "next_open", "from": "2026-12-24T20:00:00Z"}}"#);
        let (_, example) = CALENDAR_HELP.split_once("echo '").unwrap();
        let (example, rest) = example.split_once("' |").unwrap();
        let answer = rest.lines().find(|line| line.contains("{\"at\"")).unwrap();
        let lines = format!("{}\n{}\n", question.replace('\n', ""), example.replace('\n', ""));
        let mut out = Vec::new();
        sla::answer(lines.as_bytes(), &mut out).unwrap();
        let out = String::from_utf8(out).unwrap();
        assert_eq!(out, format!("{{\"at\":\"2026-12-28T08:00:00Z\"}}\n{}\n", answer.trim()));
    }

    #[test]
    fn f01_the_help_of_a_replay_tells_the_truth() {
        let example = |from: &str| {
            let (_, rest) = REPLAY_HELP.split_once(from).unwrap();
            rest.split("\n\n").next().unwrap().to_owned()
        };
        let told = sla_replay::replay(&example("a pause over a weekend:\n\n")).unwrap();
        let clock: serde_json::Value = serde_json::from_str(&example("on Monday at eleven:\n\n")).unwrap();
        assert_eq!(told["clocks"], serde_json::json!([clock]));
    }
}
