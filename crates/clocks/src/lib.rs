//! The clock engine: from what happened to a ticket, and from what was
//! promised, to every clock of it. A pure function: it knows no "now".
//!
//! What is fixed at one and the same instant: first what people did, in the
//! order of their versions, then what time did. Who stops, pauses or
//! reclassifies at the exact due instant is in time.

mod course;
pub mod entry;
mod history;
mod holding;
mod race;
mod terms;
mod timeline;
mod verdict;
pub mod words;

pub use course::Course;
pub use terms::{Hours, Policy, Target, Terms, Underpinning};
pub use timeline::{Interval, timeline};
pub use verdict::Verdict;

use jiff::Timestamp;
use uuid::Uuid;

use entry::Entry;
use history::History;
use holding::{Holding, holdings};
use words::{ClockKind, ClockState, Metric, Priority};

/// One promise, as far as it has been told.
#[derive(Debug, Clone, PartialEq)]
pub struct Derived {
    /// To whom it was made.
    pub kind: ClockKind,
    /// What it measures.
    pub metric: Metric,
    /// Of a vendor's: the hand-off, and the vendor.
    pub holder: Option<(Uuid, Uuid)>,
    /// The ticket's.
    pub priority: Priority,
    /// Where the promise is written: a policy or an underpinning contract.
    pub promise: Uuid,
    /// What is promised; the last that was, where nothing is any more.
    pub target: Target,
    /// What it lived through.
    pub course: Course,
    /// What comes of it.
    pub verdict: Verdict,
}

impl Derived {
    /// When a clock that stands still would be due if it ticked again from
    /// `now` on (S18).
    pub fn due_if_resumed(&self, now: Timestamp) -> Option<Timestamp> {
        let left = self.target.budget - self.verdict.consumed;
        let paused = self.verdict.state == ClockState::Paused;
        paused.then(|| self.target.hours.calendar.add(now, left).ok())?
    }
}

/// Every clock of the ticket whose `log` this is, in whatever order it came.
pub fn derive(log: &[Entry], terms: &Terms) -> Vec<Derived> {
    let Some(history) = History::of(log) else {
        return Vec::new();
    };
    let mut clocks = Vec::new();
    if let Some(policy) = &terms.policy {
        let pauses = |reason| policy.pauses.contains(&reason);
        clocks.extend(promised(policy, Metric::FirstResponse, &history, history.response()));
        clocks.extend(promised(policy, Metric::Resolution, &history, history.resolution(pauses)));
    }
    for holding in holdings(log) {
        if let Some(promise) = holding.promise.and_then(|id| terms.underpinning.get(&id)) {
            clocks.extend(vendors(&holding, promise, &history));
        }
    }
    clocks
}

/// The client's clock, if the policy ever had a target for the ticket.
fn promised(policy: &Policy, metric: Metric, history: &History, course: Course) -> Option<Derived> {
    let target = |priority| policy.targets.get(&(priority, metric)).cloned();
    let regimes: Vec<(Timestamp, Option<Target>)> =
        history.priorities.iter().map(|(since, priority)| (*since, target(*priority))).collect();
    let last = regimes.iter().rev().find_map(|(_, target)| target.clone())?;
    Some(Derived {
        kind: ClockKind::Sla,
        metric,
        holder: None,
        priority: history.priority(),
        promise: policy.id,
        target: last,
        verdict: Verdict::of(&course, &regimes),
        course,
    })
}

/// The vendor's clocks for one holding.
fn vendors(holding: &Holding, promise: &Underpinning, history: &History) -> Vec<Derived> {
    let acceptance = (Metric::Acceptance, &promise.acceptance, Some(holding.acceptance()));
    let work = (Metric::Work, &promise.work, holding.work());
    let clock = |(metric, target, course): (Metric, &Target, Option<Course>)| {
        let course = course?.cancelled(history.cancelled_at);
        Some(Derived {
            kind: ClockKind::Uc,
            metric,
            holder: Some((holding.id, holding.vendor_id)),
            priority: history.priority(),
            promise: promise.id,
            target: target.clone(),
            verdict: Verdict::of(&course, &[(course.start, Some(target.clone()))]),
            course,
        })
    };
    [acceptance, work].into_iter().filter_map(clock).collect()
}

/// As the arithmetic of business time has it. Rows keep microseconds.
pub fn instant(at: chrono::DateTime<chrono::Utc>) -> Timestamp {
    Timestamp::from_microsecond(at.timestamp_micros()).unwrap_or(Timestamp::MAX)
}

/// As rows have it.
pub fn moment(at: Timestamp) -> chrono::DateTime<chrono::Utc> {
    chrono::DateTime::from_timestamp_micros(at.as_microsecond()).unwrap_or_default()
}

#[cfg(test)]
mod change_tests;
#[cfg(test)]
mod oracle_tests;
#[cfg(test)]
mod order_tests;
#[cfg(test)]
mod pause_tests;
#[cfg(test)]
mod scene;
#[cfg(test)]
mod vendor_tests;
