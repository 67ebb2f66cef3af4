//! The report of a replay: for people as tables, for programs as JSON.

use std::fmt;

use serde::Serialize;

use crate::table::{Side, Table};
use crate::words::duration;

use super::compare::Outcome;
use super::sla::{MadeSla, Promise};
use super::world::TARGETS;

/// What came of a replay.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// Give this to `--run` to go on with it.
    pub run: String,
    /// How many incidents.
    pub incidents: usize,
    /// How many updates of them.
    pub rows: usize,
    /// How many commands these became.
    pub commands: u64,
    /// Sent to the platform in all, repeats and reads included.
    pub requests: u64,
    /// From the first command to the last.
    pub drive_seconds: f64,
    /// From the first request to the last: until every clock had stopped, too.
    pub seconds: f64,
    /// What was compared.
    pub outcomes: Vec<Outcome>,
    /// The platform's verdicts on its promises.
    pub promises: Vec<Promise>,
    /// The log's own.
    pub made_sla: Vec<MadeSla>,
}

impl Report {
    /// Whether the platform arrived where the log arrived, in everything.
    pub fn is_faithful(&self) -> bool {
        self.outcomes.iter().all(|outcome| outcome.differences.is_empty())
    }

    fn head(&self) -> String {
        let (commands, seconds) = (self.commands, self.drive_seconds);
        format!(
            "run {}: {} incidents, {} rows\n{commands} commands in {seconds:.1} s, {:.0} a second; {} requests and {:.1} s in all",
            self.run,
            self.incidents,
            self.rows,
            commands as f64 / seconds.max(f64::EPSILON),
            self.requests,
            self.seconds,
        )
    }

    fn outcomes(&self) -> Table {
        let mut table = Table::new(&[("compared with the log", Side::Left), ("equal", Side::Right), ("", Side::Left)]);
        for outcome in &self.outcomes {
            let unsaid = match outcome.unsaid {
                0 => String::new(),
                unsaid => format!("({unsaid} of them because the log does not say)"),
            };
            let equal = format!("{} of {}", outcome.equal, self.incidents);
            table.row([outcome.fact.to_owned(), equal, unsaid]);
        }
        table
    }

    fn differences(&self) -> Table {
        let mut table = Table::new(&[
            ("incident", Side::Left),
            ("what differs", Side::Left),
            ("in the log", Side::Left),
            ("on the platform", Side::Left),
        ]);
        for outcome in &self.outcomes {
            for difference in &outcome.differences {
                table.row([
                    difference.number.clone(),
                    outcome.fact.to_owned(),
                    difference.log.clone(),
                    difference.platform.clone(),
                ]);
            }
        }
        table
    }

    /// The platform's policy and its verdicts, next to the log's own.
    fn promises(&self) -> Table {
        let mut table = Table::new(&[
            ("priority", Side::Left),
            ("first response", Side::Left),
            ("met", Side::Right),
            ("missed", Side::Right),
            ("resolution", Side::Left),
            ("met", Side::Right),
            ("missed", Side::Right),
            ("made_sla in the log", Side::Right),
            ("not", Side::Right),
        ]);
        for ((_, response, resolution), log) in TARGETS.iter().zip(&self.made_sla) {
            let [first, second] = ["first response", "resolution"].map(|metric| {
                let is_it = |row: &&Promise| row.priority == log.priority && row.metric == metric;
                let row = self.promises.iter().find(is_it);
                row.map_or([0, 0], |row| [row.met, row.missed]).map(|count| count.to_string())
            });
            let ([met, missed], [solved, late]) = (first, second);
            table.row([
                log.priority.to_owned(),
                format!("within {}", duration(*response)),
                met,
                missed,
                format!("within {}", duration(*resolution)),
                solved,
                late,
                log.made.to_string(),
                log.failed.to_string(),
            ]);
        }
        table
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n\n{}", self.head(), self.outcomes())?;
        if !self.is_faithful() {
            writeln!(f, "{}", self.differences())?;
        }
        write!(f, "{}", self.promises())?;
        match self.promises.iter().map(|promise| promise.late_reclassified).sum() {
            0i64 => Ok(()),
            late => writeln!(f, "{late} more ran out only because a ticket became more urgent when it was too late"),
        }
    }
}
