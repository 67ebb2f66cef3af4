//! What a clock lives through, before any hours or targets are asked about.

use std::collections::BTreeSet;
use std::fmt;

use jiff::Timestamp;

use crate::words::WaitReason;

/// From its start to its end, if it has one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Course {
    /// It ticks from here on.
    pub start: Timestamp,
    /// Where it stands still; they may overlap.
    pub halts: Vec<Halt>,
    /// How it ended, if it did.
    pub end: Option<End>,
}

/// A reason for standing still, from when until when; [`Timestamp::MAX`]
/// where nothing has ended it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Halt {
    /// It begins.
    pub from: Timestamp,
    /// It is over.
    pub until: Timestamp,
    /// Why.
    pub why: Why,
}

/// Why a clock stands still.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Why {
    /// The ticket waits, and the policy lists it.
    Waiting(WaitReason),
    /// Solved; it was reopened later.
    Resolved,
    /// The vendor's proposal lay with the operator.
    Proposed,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Waiting(reason) => write!(f, "waiting for {}", reason.text()),
            Self::Resolved => f.write_str("resolved"),
            Self::Proposed => f.write_str("proposed"),
        }
    }
}

/// How a clock ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct End {
    /// When.
    pub at: Timestamp,
    /// In which way.
    pub how: Ending,
}

/// In which way a clock ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// What was promised was done.
    Stopped,
    /// Nobody asks for it any more; a miss until then stays one.
    Lapsed(&'static str),
    /// The ticket was none: nothing of it counts (S33).
    Cancelled,
}

/// A stretch of a course without a change, `[from, until)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    /// Its first instant.
    pub from: Timestamp,
    /// The first instant after it; [`Timestamp::MAX`] where none is known.
    pub until: Timestamp,
    /// Why the clock stands still; it ticks where there is no reason.
    pub why: BTreeSet<Why>,
}

impl Course {
    /// Ended at `stop`, if there is one.
    pub fn stopped(self, stop: Option<Timestamp>) -> Self {
        let end = stop.map(|at| End { at: at.max(self.start), how: Ending::Stopped });
        Self { end: end.or(self.end), ..self }
    }

    /// Of a ticket that was cancelled, if it was.
    pub fn cancelled(self, at: Option<Timestamp>) -> Self {
        let end = at.map(|at| End { at: at.max(self.start), how: Ending::Cancelled });
        Self { end: end.or(self.end), ..self }
    }

    /// Its pieces in order up to its end, but at most to `horizon`: without a
    /// gap, none empty, and no two alike side by side.
    pub fn pieces(&self, horizon: Timestamp) -> Vec<Piece> {
        let end = self.end.map_or(horizon, |end| end.at.min(horizon));
        let inside = |at: &Timestamp| (self.start..end).contains(at);
        let edges = self.halts.iter().flat_map(|halt| [halt.from, halt.until]).filter(inside);
        let edges: BTreeSet<Timestamp> = edges.chain([self.start, end]).collect();
        let edges: Vec<Timestamp> = edges.into_iter().collect();
        let mut pieces: Vec<Piece> = Vec::new();
        for (from, until) in edges.iter().zip(edges.iter().skip(1)) {
            let covering = self.halts.iter().filter(|halt| halt.from <= *from && *until <= halt.until);
            let why: BTreeSet<Why> = covering.map(|halt| halt.why).collect();
            match pieces.last_mut() {
                Some(last) if last.why == why => last.until = *until,
                _ => pieces.push(Piece { from: *from, until: *until, why }),
            }
        }
        // A course that starts at or after its horizon has no pieces.
        pieces.retain(|piece| piece.until <= end);
        pieces
    }
}
