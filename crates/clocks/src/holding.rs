//! A vendor's time with a ticket: one holding for each hand-off (S14).

use std::collections::BTreeMap;

use jiff::Timestamp;
use uuid::Uuid;

use super::course::{Course, End, Ending, Halt, Why};
use super::instant;
use crate::entry::{Entry, Fact, HandoffFact};
use crate::words::HandoffState;

/// What happened to a hand-off.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Holding {
    /// The hand-off.
    pub id: Uuid,
    /// To whom.
    pub vendor_id: Uuid,
    /// What the vendor promised, if anything.
    pub promise: Option<Uuid>,
    offered_at: Timestamp,
    accepted_at: Option<Timestamp>,
    proposed: Vec<Halt>,
    ended: Option<(Timestamp, HandoffState)>,
}

/// Every holding that `log` tells of, in the order of their ids.
pub fn holdings(log: &[Entry]) -> Vec<Holding> {
    let mut handoffs: BTreeMap<Uuid, Vec<(&Entry, &HandoffFact)>> = BTreeMap::new();
    for entry in log {
        if let Fact::Handoff(fact) = &entry.fact {
            handoffs.entry(entry.source_id).or_default().push((entry, fact));
        }
    }
    handoffs.into_iter().filter_map(|(id, versions)| Holding::of(id, versions)).collect()
}

impl Holding {
    fn of(id: Uuid, mut versions: Vec<(&Entry, &HandoffFact)>) -> Option<Self> {
        versions.sort_by(|(a, _), (b, _)| a.order().cmp(&b.order()));
        let (_, first) = versions.first()?;
        let offered_at = instant(first.offered_at);
        let mut holding = Self {
            id,
            vendor_id: first.vendor_id,
            promise: versions.iter().find_map(|(_, fact)| fact.underpinning_contract_id),
            offered_at,
            accepted_at: None,
            proposed: Vec::new(),
            ended: None,
        };
        for (entry, fact) in versions {
            holding.step(fact, instant(entry.occurred_at).max(offered_at));
        }
        Some(holding)
    }

    fn step(&mut self, fact: &HandoffFact, at: Timestamp) {
        self.accepted_at = fact.accepted_at.map(instant).or(self.accepted_at);
        let lying = self.proposed.last_mut().filter(|halt| halt.until == Timestamp::MAX);
        match (fact.state, lying) {
            (HandoffState::Proposed, None) => {
                self.proposed.push(Halt { from: at, until: Timestamp::MAX, why: Why::Proposed });
            }
            (HandoffState::Accepted, Some(halt)) => halt.until = at.max(halt.from),
            _ => {}
        }
        if !matches!(fact.state, HandoffState::Offered | HandoffState::Accepted | HandoffState::Proposed) {
            self.ended = Some((at, fact.state));
        }
    }

    /// From offer to acceptance. A refusal is an answer as well; an offer that
    /// was withdrawn, or that lapsed before the promise did, asks for none.
    pub fn acceptance(&self) -> Course {
        let end = self.ended.map(|(at, state)| match state {
            HandoffState::Expired => End { at, how: Ending::Lapsed("the offer expired") },
            HandoffState::Recalled => End { at, how: Ending::Lapsed("recalled") },
            _ => End { at, how: Ending::Stopped },
        });
        Course { start: self.offered_at, halts: Vec::new(), end }.stopped(self.accepted_at)
    }

    /// From acceptance to the proposal that was not rejected, or to the return
    /// of the work; none while nobody holds it.
    pub fn work(&self) -> Option<Course> {
        let start = self.accepted_at?;
        let end = self.ended.map(|(at, state)| match state {
            HandoffState::Recalled => End { at, how: Ending::Lapsed("recalled") },
            _ => End { at, how: Ending::Stopped },
        });
        let lying = self.proposed.last().filter(|halt| halt.until == Timestamp::MAX);
        let course = Course { start, halts: self.proposed.clone(), end };
        Some(course.stopped(lying.map(|halt| halt.from)))
    }
}
