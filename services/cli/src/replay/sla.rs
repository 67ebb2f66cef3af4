//! What became of the promises: by the platform's clocks, and by the log's own word.

use std::time::Duration;

use anyhow::Result;
use futures::{StreamExt, TryStreamExt, stream};
use proto::contracts::v1::{
    ClockKind, Compliance, ComplianceRow, GetComplianceRequest, ListClocksRequest, ListClocksResponse, Metric,
};
use proto::r#type::v1::Priority;
use serde::Serialize;

use crate::wait;
use crate::words::word;

use super::log::Incident;
use super::world::World;

/// The platform may still be hearing of what happened long after it was told.
const SETTLING: Duration = Duration::from_secs(300);
/// First response and resolution.
const METRICS: usize = 2;

/// Kept and broken promises of one kind.
#[derive(Debug, Clone, Serialize, PartialEq, Eq)]
pub struct Promise {
    /// Such as `resolution`.
    pub metric: String,
    /// Such as `P3`.
    pub priority: String,
    /// Stopped in time.
    pub met: i64,
    /// Ran out.
    pub missed: i64,
    /// Ran out only because the ticket became more urgent when it was too late.
    pub late_reclassified: i64,
}

/// The log's `made_sla`, by priority.
#[derive(Debug, Clone, Serialize)]
pub struct MadeSla {
    /// Such as `P3`.
    pub priority: &'static str,
    /// `TRUE` on the last row.
    pub made: usize,
    /// `FALSE`.
    pub failed: usize,
}

/// The platform's verdicts, once the clocks of every ticket have stopped: a
/// clock of the past that still runs counts as missed, and may yet be met.
pub(super) async fn settled(world: &World, tickets: &[String], concurrency: usize) -> Result<Vec<Promise>> {
    stream::iter(tickets)
        .map(|ticket| stopped(world, ticket))
        .buffer_unordered(concurrency.max(1))
        .try_collect::<()>()
        .await?;
    let request = GetComplianceRequest { tenant: world.tenant.clone(), ..GetComplianceRequest::default() };
    let compliance: Compliance = world.admin.call(&request).await?;
    let promise = |row: &ComplianceRow| Promise {
        metric: word(Metric::as_str_name(&row.metric()), "METRIC_"),
        priority: Priority::as_str_name(&row.priority()).replace("PRIORITY_", ""),
        met: row.met,
        missed: row.missed,
        late_reclassified: row.late_reclassified,
    };
    Ok(compliance.rows.iter().filter(|row| row.kind() == ClockKind::Sla).map(promise).collect())
}

/// Waits for the two clocks of one ticket.
async fn stopped(world: &World, ticket: &str) -> Result<()> {
    let request = ListClocksRequest { ticket: ticket.to_owned() };
    wait::within(SETTLING, &format!("the clocks of {ticket} have stopped"), async || {
        let list: ListClocksResponse = wait::known(async || world.agent.call(&request).await).await?;
        let stopped = list.clocks.iter().filter(|clock| clock.stop_time.is_some()).count();
        Ok((stopped >= METRICS).then_some(()))
    })
    .await
}

/// What the log says of its own SLA, whose rule it does not tell.
pub(super) fn in_the_log(incidents: &[Incident]) -> Vec<MadeSla> {
    let priorities = [Priority::P1, Priority::P2, Priority::P3, Priority::P4];
    let count = |priority: Priority, made: bool| {
        let ended = |incident: &&Incident| incident.rows.last().is_some_and(|row| row.priority == priority);
        incidents.iter().filter(ended).filter(|incident| incident.made_sla == made).count()
    };
    let of = |(priority, name)| MadeSla { priority: name, made: count(priority, true), failed: count(priority, false) };
    priorities.into_iter().zip(["P1", "P2", "P3", "P4"]).map(of).collect()
}
