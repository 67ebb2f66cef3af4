//! A course against one budget: how much of it is used up, and when it runs out.

use jiff::{SignedDuration, Timestamp};

use super::course::Course;
use super::terms::Target;

/// How it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Race {
    /// Open time used up until the clock last began to tick, or in all if it
    /// ticks no more.
    pub consumed: SignedDuration,
    /// Since when it ticks, if it still does.
    pub running_since: Option<Timestamp>,
    /// When the budget is used up, by the last stretch in which it ticked, if
    /// that one lasts to the end.
    pub deadline: Option<Timestamp>,
    /// The first instant at which the budget was used up and the clock ticked
    /// on; in the last stretch, perhaps one that nobody has seen yet.
    pub runs_out: Option<Timestamp>,
}

/// Runs `course` against `target`. The budget is what is counted, never a
/// deadline that is shifted (S16).
pub fn run(course: &Course, target: &Target) -> Race {
    let calendar = &target.hours.calendar;
    let mut race = Race { consumed: SignedDuration::ZERO, running_since: None, deadline: None, runs_out: None };
    for piece in course.pieces(Timestamp::MAX) {
        race.deadline = None;
        if !piece.why.is_empty() {
            continue;
        }
        let left = target.budget - race.consumed;
        if !left.is_negative() {
            race.deadline = calendar.add(piece.from, left).ok();
            let in_time = |deadline: &Timestamp| *deadline < piece.until;
            race.runs_out = race.runs_out.or(race.deadline.filter(in_time));
        }
        if piece.until == Timestamp::MAX {
            race.running_since = Some(piece.from);
        } else {
            race.consumed += calendar.elapsed(piece.from, piece.until);
        }
    }
    race
}
