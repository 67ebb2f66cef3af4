//! A verdict that explains itself, interval by interval (S38).

use jiff::{SignedDuration, Timestamp};

use super::course::{Course, Piece};
use super::terms::Hours;

/// A stretch of a clock's life, `[start, end)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interval {
    /// Its first instant.
    pub start: Timestamp,
    /// The first instant after it.
    pub end: Timestamp,
    /// Whether it used up the budget.
    pub counted: bool,
    /// Why, or why not.
    pub reason: String,
}

impl Interval {
    /// What it used up.
    pub fn consumed(&self) -> SignedDuration {
        if self.counted { self.start.duration_until(self.end) } else { SignedDuration::ZERO }
    }
}

/// `course` up to its end or `now`, without a gap.
pub fn timeline(course: &Course, hours: &Hours, now: Timestamp) -> Vec<Interval> {
    course.pieces(now).iter().flat_map(|piece| cut(piece, hours)).collect()
}

/// A piece, cut where the calendar opens and closes.
fn cut(piece: &Piece, hours: &Hours) -> Vec<Interval> {
    let interval = |start, end, counted, reason: &str| Interval { start, end, counted, reason: reason.to_owned() };
    if !piece.why.is_empty() {
        let reasons: Vec<String> = piece.why.iter().map(ToString::to_string).collect();
        return vec![interval(piece.from, piece.until, false, &reasons.join(", "))];
    }
    let mut intervals = Vec::new();
    let mut from = piece.from;
    for open in hours.calendar.intervals(piece.from, piece.until) {
        if from < open.start {
            intervals.push(interval(from, open.start, false, "closed"));
        }
        intervals.push(interval(open.start, open.end, true, "open"));
        from = open.end;
    }
    if from < piece.until {
        intervals.push(interval(from, piece.until, false, "closed"));
    }
    intervals
}
