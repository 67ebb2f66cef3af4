//! One promise, ticking: what is kept of it.

use chrono::{DateTime, Utc};
use jiff::{SignedDuration, Timestamp};
use sea_orm::entity::prelude::*;

use super::clocks::{Derived, Hours, Verdict, instant, moment};
use super::words::{ClockKind, ClockState, Metric, Priority};

/// One promise.
pub type Clock = Model;

/// A row. It holds nothing that could not be derived again, but its id and
/// what was told of it.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "clocks")]
pub struct Model {
    /// Whose it is.
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Of which ticket.
    pub ticket_id: Uuid,
    /// To whom the promise was made.
    pub kind: ClockKind,
    /// What it measures.
    pub metric: Metric,
    /// Of a vendor's: one clock per holding.
    pub handoff_id: Option<Uuid>,
    /// Of a vendor's.
    pub vendor_id: Option<Uuid>,
    /// The ticket's.
    pub priority: Priority,
    /// Where the promise is written: a policy or an underpinning contract.
    pub promise_id: Uuid,
    /// Whose open time counts.
    pub calendar_id: Uuid,
    /// Of open time.
    pub target_seconds: i64,
    /// Where it stands.
    pub state: ClockState,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// Open time used up until `running_since`, or in all.
    pub consumed_micros: i64,
    /// Since when it ticks, if it does.
    pub running_since: Option<DateTime<Utc>>,
    /// None while it stands still; of a miss, the instant of it.
    pub due_at: Option<DateTime<Utc>>,
    /// When it ended.
    pub stopped_at: Option<DateTime<Utc>>,
    /// The exact instant at which the budget ran out.
    pub breached_at: Option<DateTime<Utc>>,
    /// The miss came with a priority whose due instant lay in the past.
    pub late_reclassification: bool,
    /// Why it counts for nobody, or empty.
    pub void_reason: String,
    /// Whether the others were told that it was met.
    pub met_told: bool,
    /// Whether the others were told that it was missed.
    pub missed_told: bool,
}

impl ActiveModelBehavior for ActiveModel {}

/// It has no relations that are walked.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

/// What others are to be told of a clock; each once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Telling {
    /// It stopped in time.
    Met,
    /// Its budget ran out.
    Missed,
}

impl Model {
    /// The clock as it was derived, for whoever knows that it is `now`.
    pub fn of(tenant_id: Uuid, ticket_id: Uuid, derived: &Derived, now: DateTime<Utc>) -> Self {
        let Derived { kind, metric, holder, priority, promise, target, course, verdict } = derived;
        let Verdict { state, consumed, running_since, due, stopped, breach, late_reclassification, void_reason } =
            verdict.clone().at(instant(now));
        Self {
            tenant_id,
            id: Uuid::nil(),
            ticket_id,
            kind: *kind,
            metric: *metric,
            handoff_id: holder.map(|(handoff, _)| handoff),
            vendor_id: holder.map(|(_, vendor)| vendor),
            priority: *priority,
            promise_id: *promise,
            calendar_id: target.hours.id,
            target_seconds: target.budget.as_secs(),
            state,
            started_at: moment(course.start),
            consumed_micros: micros(consumed),
            running_since: running_since.map(moment),
            due_at: due.map(moment),
            stopped_at: stopped.map(moment),
            breached_at: breach.map(moment),
            late_reclassification,
            void_reason: void_reason.to_owned(),
            met_told: false,
            missed_told: false,
        }
    }

    /// Whether both tell of the same promise.
    pub fn is_same_promise(&self, other: &Self) -> bool {
        (self.kind, self.metric, self.handoff_id) == (other.kind, other.metric, other.handoff_id)
    }

    /// Takes the place of `before`, or of nothing as `id`.
    #[must_use]
    pub fn in_place_of(self, before: Option<&Self>, id: Uuid) -> Self {
        match before {
            None => Self { id, ..self },
            Some(before) => Self { id: before.id, met_told: before.met_told, missed_told: before.missed_told, ..self },
        }
    }

    /// The due instant has passed: what no event tells.
    #[must_use]
    pub fn missed(self, now: DateTime<Utc>) -> Self {
        match (self.state, self.due_at) {
            (ClockState::Running, Some(due)) if due < now => {
                Self { state: ClockState::Missed, breached_at: Some(due), ..self }
            }
            _ => self,
        }
    }

    /// What is to be told of it now, once and for ever.
    pub fn tell(&mut self) -> Option<Telling> {
        match self.state {
            ClockState::Met if !self.met_told => {
                self.met_told = true;
                Some(Telling::Met)
            }
            ClockState::Missed if !self.missed_told => {
                self.missed_told = true;
                Some(Telling::Missed)
            }
            _ => None,
        }
    }

    /// Open time used up at `now`.
    pub fn consumed(&self, hours: &Hours, now: DateTime<Utc>) -> SignedDuration {
        let before = SignedDuration::from_micros(self.consumed_micros);
        let since = self.running_since.map(instant);
        before + since.map_or(SignedDuration::ZERO, |since| hours.calendar.elapsed(since, instant(now).max(since)))
    }

    /// When it would be due if it ticked again from `now` on (S18).
    pub fn due_if_resumed(&self, hours: &Hours, now: DateTime<Utc>) -> Option<Timestamp> {
        let left = SignedDuration::from_secs(self.target_seconds) - SignedDuration::from_micros(self.consumed_micros);
        let paused = self.state == ClockState::Paused;
        paused.then(|| hours.calendar.add(instant(now), left).ok())?
    }
}

fn micros(duration: SignedDuration) -> i64 {
    i64::try_from(duration.as_micros()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use calendar::{Calendar, CalendarSpec};

    use super::*;
    use crate::domain::clocks::{Policy, Target, Terms, derive};
    use crate::domain::entry::{Entry, Fact, Phase, TicketFact};
    use crate::domain::words::WaitReason;

    fn told(version: i64, minute: i64, waits: Vec<WaitReason>) -> Entry {
        let moment = |minute| DateTime::from_timestamp(1_780_000_000 + 60 * minute, 0).unwrap();
        let fact = TicketFact { priority: Priority::P3, phase: Phase::Open, waits, opened_at: moment(0) };
        Entry {
            tenant_id: Uuid::nil(),
            ticket_id: Uuid::nil(),
            source_id: Uuid::nil(),
            version,
            kind: String::new(),
            occurred_at: moment(minute),
            fact: Fact::Ticket(fact),
        }
    }

    #[test]
    fn s18_a_row_that_stands_still_keeps_what_is_used_up_and_no_deadline() {
        let calendar = Calendar::new(CalendarSpec::always("Europe/Madrid")).unwrap();
        let hours = Arc::new(Hours { id: Uuid::nil(), calendar });
        let target = Target { budget: SignedDuration::from_hours(1), hours: Arc::clone(&hours) };
        let policy = Policy {
            id: Uuid::nil(),
            targets: [((Priority::P3, Metric::Resolution), target)].into(),
            pauses: [WaitReason::Client].into(),
        };
        let terms = Terms { policy: Some(Arc::new(policy)), ..Terms::default() };
        let log = [told(1, 0, Vec::new()), told(2, 20, vec![WaitReason::Client])];
        let now = DateTime::from_timestamp(1_780_000_000 + 60 * 500, 0).unwrap();
        let row = Clock::of(Uuid::nil(), Uuid::nil(), &derive(&log, &terms)[0], now);
        assert_eq!((row.state, row.due_at), (ClockState::Paused, None));
        assert_eq!(row.consumed(&hours, now), SignedDuration::from_mins(20));
        assert_eq!(row.due_if_resumed(&hours, now), Some(instant(now) + SignedDuration::from_mins(40)));
    }
}
