//! A year-old audit log as a test of everything: each update of each incident
//! becomes commands, and the platform must arrive where the log arrived.

mod compare;
mod drive;
pub mod log;
pub mod plan;
mod report;
mod sla;
mod world;

use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use uuid::Uuid;

use crate::rest::Gateway;
pub use compare::Difference;
pub use report::Report;

/// What may be chosen about a replay.
#[derive(Debug, Clone)]
pub struct Options {
    /// The log: a CSV file as the data set has it.
    pub file: PathBuf,
    /// Wait as long as the log did, divided by this; not at all if not given.
    pub speed_up: Option<f64>,
    /// So many incidents, or commands of a paced replay, at once.
    pub concurrency: usize,
    /// The first so many incidents alone.
    pub limit: Option<usize>,
    /// The run's name: a repeat under the same name goes on where it stopped.
    pub run: Option<String>,
    /// Whether to draw a progress bar.
    pub progress: bool,
}

/// Replays a log against a running platform and compares.
///
/// # Errors
/// A log that cannot be read, a command that the platform refuses. A
/// difference is no error: it stands in the report.
pub async fn run(gateway: &Gateway, key: &str, options: &Options) -> Result<Report> {
    let run = options.run.clone().unwrap_or_else(|| Uuid::new_v4().simple().to_string()[..6].into());
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    ensure!(!run.is_empty() && run.chars().all(is_plain), "--run must be of letters, digits, - _ and .");
    let file = std::fs::File::open(&options.file).with_context(|| format!("opening {}", options.file.display()))?;
    let mut incidents = log::read(file)?;
    incidents.truncate(options.limit.unwrap_or(usize::MAX));
    ensure!(!incidents.is_empty(), "{} has no incidents", options.file.display());
    let (began, sent) = (Instant::now(), gateway.sent());
    let world = world::World::found(&gateway.bearing(key), &run).await?;
    let driven = drive::all(&world, &incidents, options).await?;
    let tickets = compare::tickets(&world, &driven.tickets, options.concurrency).await?;
    let promises = sla::settled(&world, &driven.tickets, options.concurrency).await?;
    Ok(Report {
        run,
        incidents: incidents.len(),
        rows: incidents.iter().map(|incident| incident.rows.len()).sum(),
        commands: driven.commands,
        requests: gateway.sent() - sent,
        drive_seconds: driven.took.as_secs_f64(),
        seconds: began.elapsed().as_secs_f64(),
        outcomes: compare::all(&incidents, &tickets),
        promises,
        made_sla: sla::in_the_log(&incidents),
    })
}
