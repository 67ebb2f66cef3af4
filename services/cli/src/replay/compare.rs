//! Where the platform arrived, beside where the log arrived.

use futures::{StreamExt, TryStreamExt, stream};
use jiff::Timestamp;
use proto::tickets::v1::{GetTicketRequest, State, Ticket};
use proto::r#type::v1::Priority;
use serde::Serialize;

use crate::madrid::instant;

use crate::rest::Error;

use super::log::{self, Incident};
use super::world::World;

/// How many incidents agree on one fact, and which do not.
#[derive(Debug, Clone, Serialize)]
pub struct Outcome {
    /// Such as `reassignments`.
    pub fact: &'static str,
    /// So many agree.
    pub equal: usize,
    /// Of those, so many because the log does not say.
    pub unsaid: usize,
    /// The others.
    pub differences: Vec<Difference>,
}

/// One incident that ended otherwise.
#[derive(Debug, Clone, Serialize)]
pub struct Difference {
    /// The incident's number.
    pub number: String,
    /// What the log has.
    pub log: String,
    /// What the platform has.
    pub platform: String,
}

/// Something that both know of an incident; none where the log is silent.
struct Fact {
    name: &'static str,
    log: fn(&Incident) -> Option<String>,
    platform: fn(&Ticket) -> String,
}

const FACTS: [Fact; 6] = [
    Fact {
        name: "final state",
        log: |incident| Some(state(incident.rows.last()?.state).as_str_name().to_owned()),
        platform: |ticket| ticket.state().as_str_name().to_owned(),
    },
    Fact {
        name: "reassignments",
        log: |incident| Some(incident.rows.last()?.reassignments.to_string()),
        platform: |ticket| ticket.reassignment_count.to_string(),
    },
    Fact {
        name: "reopens",
        log: |incident| Some(incident.rows.last()?.reopens.to_string()),
        platform: |ticket| ticket.reopen_count.to_string(),
    },
    Fact {
        name: "priority",
        log: |incident| Some(Priority::as_str_name(&incident.rows.last()?.priority).to_owned()),
        platform: |ticket| ticket.priority().as_str_name().to_owned(),
    },
    Fact {
        name: "resolved at",
        log: |incident| Some(incident.resolved?.to_string()),
        platform: |ticket| said(instant(ticket.resolve_time.as_ref())),
    },
    Fact {
        name: "closed at",
        log: |incident| Some(incident.closed?.to_string()),
        platform: |ticket| said(instant(ticket.close_time.as_ref())),
    },
];

/// Every ticket, as it now is.
pub(super) async fn tickets(world: &World, names: &[String], concurrency: usize) -> Result<Vec<Ticket>, Error> {
    let read = async |name: &String| world.agent.call(&GetTicketRequest { name: name.clone() }).await;
    stream::iter(names).map(read).buffered(concurrency.max(1)).try_collect().await
}

/// Compares every fact of every incident.
pub(super) fn all(incidents: &[Incident], tickets: &[Ticket]) -> Vec<Outcome> {
    FACTS.iter().map(|fact| fact.compare(incidents, tickets)).collect()
}

impl Fact {
    fn compare(&self, incidents: &[Incident], tickets: &[Ticket]) -> Outcome {
        let mut outcome = Outcome { fact: self.name, equal: 0, unsaid: 0, differences: Vec::new() };
        for (incident, ticket) in incidents.iter().zip(tickets) {
            let platform = (self.platform)(ticket);
            let log = (self.log)(incident);
            outcome.unsaid += usize::from(log.is_none());
            match log {
                Some(log) if log != platform => {
                    outcome.differences.push(Difference { number: incident.number.clone(), log, platform })
                }
                _ => outcome.equal += 1,
            }
        }
        outcome
    }
}

fn said(at: Option<Timestamp>) -> String {
    at.map_or_else(|| "never".to_owned(), |at| at.to_string())
}

/// As the platform calls it.
fn state(state: log::State) -> State {
    match state {
        log::State::New => State::New,
        log::State::Active => State::InProgress,
        log::State::Awaiting(_) => State::Waiting,
        log::State::Resolved => State::Resolved,
        log::State::Closed => State::Closed,
    }
}
