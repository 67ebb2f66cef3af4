//! What comes of a clock.

use jiff::{SignedDuration, Timestamp};

use super::course::{Course, Ending};
use super::race::{Race, run};
use super::terms::Target;
use crate::words::ClockState;

/// Where a clock stands, by all that was told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Verdict {
    /// Running while the due instant is not known to have passed: see [`Verdict::at`].
    pub state: ClockState,
    /// Open time used up until `running_since`, or in all.
    pub consumed: SignedDuration,
    /// Since when it ticks, if it does.
    pub running_since: Option<Timestamp>,
    /// None while it stands still (S18); of a miss, the instant of it.
    pub due: Option<Timestamp>,
    /// When it ended.
    pub stopped: Option<Timestamp>,
    /// The exact instant at which the budget ran out (S34).
    pub breach: Option<Timestamp>,
    /// The miss came with a priority whose due instant lay in the past (S23).
    pub late_reclassification: bool,
    /// Why it counts for nobody, or empty.
    pub void_reason: &'static str,
}

/// From when on which target was in force; none where there was none (S25).
type Regime = (Timestamp, Option<Target>);

impl Verdict {
    /// Judges `course` under each of its regimes: each re-evaluates the whole
    /// course from its start (S22), and a miss under one stays a miss under
    /// those that follow (S24).
    pub fn of(course: &Course, regimes: &[Regime]) -> Self {
        let missed = first_miss(course, regimes);
        let tracked = regimes.last().and_then(|(_, target)| target.as_ref());
        let last = regimes.iter().rev().find_map(|(_, target)| target.as_ref());
        let race = last.map(|target| run(course, target));
        let Race { consumed, running_since, deadline, runs_out: _ } = race.unwrap_or(Race {
            consumed: SignedDuration::ZERO,
            running_since: None,
            deadline: None,
            runs_out: None,
        });
        let (state, void_reason) = match (course.end.map(|end| end.how), tracked) {
            (Some(Ending::Cancelled), _) => (ClockState::Void, "cancelled"),
            _ if missed.is_some() => (ClockState::Missed, ""),
            (Some(Ending::Lapsed(why)), _) => (ClockState::Void, why),
            (_, None) => (ClockState::Void, "no target for the priority"),
            (Some(Ending::Stopped), _) => (ClockState::Met, ""),
            (None, _) if running_since.is_some() => (ClockState::Running, ""),
            (None, _) => (ClockState::Paused, ""),
        };
        let breach = missed.map(|(at, _)| at);
        Self {
            state,
            consumed,
            running_since: running_since.filter(|_| state != ClockState::Void),
            due: breach.or(deadline.filter(|_| state != ClockState::Void)),
            stopped: course.end.map(|end| end.at),
            breach,
            late_reclassification: missed.is_some_and(|(_, late)| late),
            void_reason,
        }
    }

    /// The same, for whoever knows that it is `now`.
    #[must_use]
    pub fn at(self, now: Timestamp) -> Self {
        match (self.state, self.due) {
            (ClockState::Running, Some(due)) if due < now => {
                Self { state: ClockState::Missed, breach: Some(due), ..self }
            }
            _ => self,
        }
    }
}

/// The first miss that is known of, and whether it was only found by a
/// reclassification that came after it.
fn first_miss(course: &Course, regimes: &[Regime]) -> Option<(Timestamp, bool)> {
    let mut next = regimes.iter().skip(1).map(|(since, _)| *since);
    for (index, (since, target)) in regimes.iter().enumerate() {
        let until = next.next();
        let Some(target) = target else { continue };
        let race = run(course, target);
        // The last regime is known to last until the clock last began to tick.
        let seen = until.unwrap_or_else(|| race.running_since.map_or(Timestamp::MAX, |from| from.max(*since)));
        if let Some(at) = race.runs_out.filter(|at| *at < seen) {
            return Some((at, index > 0 && at < *since));
        }
    }
    None
}
