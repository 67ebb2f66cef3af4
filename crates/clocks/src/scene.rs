//! Tickets for tests: what happened, in the order in which it is told.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use calendar::{Calendar, CalendarSpec, Hours as Opening, Week};
use chrono::{DateTime, Utc};
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::{Derived, Hours, Policy, Target, Terms, Underpinning, derive, instant, moment};
use crate::entry::{Entry, Fact, HandoffFact, Phase, TicketFact};
use crate::words::{HandoffState, Metric, Priority, WaitReason};

/// A wall time of the first days of June 2026 in Madrid, such as `Fri 14:00`.
/// Friday is the 5th; `next Mon` the 15th.
pub fn at(text: &str) -> Timestamp {
    let (week, rest) = match text.strip_prefix("next ") {
        Some(rest) => (7, rest),
        None => (0, text),
    };
    let (day, time) = rest.split_once(' ').unwrap();
    let date = match day {
        "Thu" => 4,
        "Fri" => 5,
        "Sat" => 6,
        "Sun" => 7,
        "Mon" => 8,
        "Tue" => 9,
        "Wed" => 10,
        other => panic!("no such day: {other}"),
    };
    let wall: jiff::civil::DateTime = format!("2026-06-{:02}T{time}", date + week).parse().unwrap();
    wall.in_tz("Europe/Madrid").unwrap().timestamp()
}

pub fn hours(count: i64) -> SignedDuration {
    SignedDuration::from_hours(count)
}

/// Monday to Friday from nine to five, in Madrid.
pub fn office() -> Arc<Hours> {
    let day = || vec![Opening::new("09:00", "17:00")];
    let week = Week { mon: day(), tue: day(), wed: day(), thu: day(), fri: day(), ..Week::default() };
    let spec = CalendarSpec { zone: "Europe/Madrid".into(), week, ..CalendarSpec::default() };
    Arc::new(Hours { id: Uuid::from_u128(1), calendar: Calendar::new(spec).unwrap() })
}

pub fn always() -> Arc<Hours> {
    let calendar = Calendar::new(CalendarSpec::always("Europe/Madrid")).unwrap();
    Arc::new(Hours { id: Uuid::from_u128(2), calendar })
}

pub fn target(count: i64, hours_of: Arc<Hours>) -> Target {
    Target { budget: hours(count), hours: hours_of }
}

/// P1 and P2 in one hour and two around the clock, P3 in four of the office;
/// the answer in a quarter of it. P4 is not tracked.
pub fn policy(pauses: &[WaitReason]) -> Arc<Policy> {
    let mut targets = BTreeMap::new();
    let rows = [(Priority::P1, 1, always()), (Priority::P2, 2, always()), (Priority::P3, 4, office())];
    for (priority, count, calendar) in rows {
        let answer = Target { budget: hours(count) / 4, hours: Arc::clone(&calendar) };
        targets.insert((priority, Metric::FirstResponse), answer);
        targets.insert((priority, Metric::Resolution), target(count, calendar));
    }
    Arc::new(Policy { id: Uuid::from_u128(3), targets, pauses: pauses.iter().copied().collect() })
}

pub const UNDERPINNING: Uuid = Uuid::from_u128(4);

/// One hour to accept and four to propose, by the office's hours.
pub fn terms(pauses: &[WaitReason]) -> Terms {
    let promise = Underpinning { id: UNDERPINNING, acceptance: target(1, office()), work: target(4, office()) };
    Terms { policy: Some(policy(pauses)), underpinning: HashMap::from([(UNDERPINNING, Arc::new(promise))]) }
}

/// A ticket's log.
#[derive(Debug, Clone)]
pub struct Scene {
    pub log: Vec<Entry>,
    fact: TicketFact,
    version: i64,
}

pub fn opened(priority: Priority, when: &str) -> Scene {
    opened_at(priority, at(when))
}

pub fn opened_at(priority: Priority, when: Timestamp) -> Scene {
    let fact = TicketFact { priority, phase: Phase::Open, waits: Vec::new(), opened_at: moment(when) };
    Scene { log: Vec::new(), fact, version: 0 }.tell(moment(when))
}

impl Scene {
    fn tell(mut self, when: DateTime<Utc>) -> Self {
        self.version += 1;
        let fact = Fact::Ticket(self.fact.clone());
        let version = self.version;
        self.push(Uuid::nil(), version, when, fact)
    }

    fn push(mut self, source_id: Uuid, version: i64, occurred_at: DateTime<Utc>, fact: Fact) -> Self {
        let entry = Entry {
            tenant_id: Uuid::nil(),
            ticket_id: Uuid::nil(),
            source_id,
            version,
            kind: String::new(),
            occurred_at,
            fact,
        };
        self.log.push(entry);
        self
    }

    pub fn became_at(mut self, when: Timestamp, change: impl FnOnce(&mut TicketFact)) -> Self {
        change(&mut self.fact);
        self.tell(moment(when))
    }

    pub fn reclassified(mut self, priority: Priority, when: &str) -> Self {
        self.fact.priority = priority;
        self.tell(moment(at(when)))
    }

    /// Moved between people: nothing that clocks care about.
    pub fn assigned(self, when: &str) -> Self {
        self.tell(moment(at(when)))
    }

    pub fn held(self, reason: WaitReason, when: &str) -> Self {
        self.held_at(reason, at(when))
    }

    pub fn held_at(mut self, reason: WaitReason, when: Timestamp) -> Self {
        self.fact.waits.push(reason);
        self.tell(moment(when))
    }

    pub fn resumed(self, reason: WaitReason, when: &str) -> Self {
        self.resumed_at(reason, at(when))
    }

    pub fn resumed_at(mut self, reason: WaitReason, when: Timestamp) -> Self {
        self.fact.waits.retain(|waiting| *waiting != reason);
        self.tell(moment(when))
    }

    pub fn resolved(mut self, when: &str) -> Self {
        self.fact.phase = Phase::Resolved { at: moment(at(when)) };
        self.fact.waits.clear();
        self.tell(moment(at(when)))
    }

    pub fn reopened(mut self, when: &str) -> Self {
        self.fact.phase = Phase::Open;
        self.tell(moment(at(when)))
    }

    /// Days after it was resolved: the phase stays.
    pub fn closed(self, when: &str) -> Self {
        self.tell(moment(at(when)))
    }

    pub fn cancelled(mut self, when: &str) -> Self {
        self.fact.phase = Phase::Cancelled;
        self.tell(moment(at(when)))
    }

    pub fn wrote(self, answers: bool, when: &str) -> Self {
        self.wrote_at(answers, at(when))
    }

    pub fn wrote_at(self, answers: bool, when: Timestamp) -> Self {
        let source = Uuid::from_u128(1_000 + self.log.len() as u128);
        self.push(source, 1, moment(when), Fact::Message { answers })
    }

    pub fn handoff(
        self,
        id: u128,
        version: i64,
        state: HandoffState,
        offered: &str,
        accepted: Option<&str>,
        when: &str,
    ) -> Self {
        let fact = HandoffFact {
            vendor_id: Uuid::from_u128(9),
            underpinning_contract_id: Some(UNDERPINNING),
            state,
            offered_at: moment(at(offered)),
            accepted_at: accepted.map(|when| moment(at(when))),
        };
        self.push(Uuid::from_u128(id), version, moment(at(when)), Fact::Handoff(fact))
    }

    /// Every clock, for whoever knows that it is `now`.
    pub fn clocks(&self, terms: &Terms, now: &str) -> Vec<Derived> {
        let judged = |clock: Derived| Derived { verdict: clock.verdict.clone().at(at(now)), ..clock };
        derive(&self.log, terms).into_iter().map(judged).collect()
    }

    pub fn clock(&self, metric: Metric, terms: &Terms, now: &str) -> Derived {
        let mut clocks = self.clocks(terms, now);
        clocks.retain(|clock| clock.metric == metric);
        assert_eq!(clocks.len(), 1, "{metric:?}");
        clocks.remove(0)
    }

    pub fn resolution(&self, terms: &Terms, now: &str) -> Derived {
        self.clock(Metric::Resolution, terms, now)
    }

    pub fn response(&self, terms: &Terms, now: &str) -> Derived {
        self.clock(Metric::FirstResponse, terms, now)
    }
}

#[test]
fn a_row_keeps_instants_to_the_microsecond() {
    let exact = Timestamp::from_microsecond(1_780_000_000_123_456).unwrap();
    assert_eq!(instant(moment(exact)), exact);
}
