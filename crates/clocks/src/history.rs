//! From a ticket's log to what its clocks live through.
//!
//! Each entry holds the ticket as it was after an event, so the versions say
//! in which order things were told, and two versions side by side what
//! changed. When it happened is the event's own word: it may have been told
//! late.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::course::{Course, End, Ending, Halt, Why};
use super::instant;
use crate::entry::{Entry, Fact, Phase, TicketFact};
use crate::words::{Priority, WaitReason};

/// What happened to a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct History {
    /// When it was reported.
    pub opened_at: Timestamp,
    /// From when on which priority; never empty.
    pub priorities: Vec<(Timestamp, Priority)>,
    /// What it waited for.
    pub waits: Vec<Halt>,
    /// When it was solved, each time until it was reopened.
    pub resolved: Vec<Halt>,
    /// When it turned out to be none.
    pub cancelled_at: Option<Timestamp>,
    /// When a human first answered the client.
    pub answered_at: Option<Timestamp>,
}

impl History {
    /// What `log` tells, in whatever order it came; none while nothing is
    /// known of the ticket itself.
    pub fn of(log: &[Entry]) -> Option<Self> {
        let mut versions: Vec<(&Entry, &TicketFact)> = log.iter().filter_map(of_ticket).collect();
        versions.sort_by(|(a, _), (b, _)| a.order().cmp(&b.order()));
        let (_, first) = versions.first()?;
        let opened_at = instant(first.opened_at);
        let mut history = Self {
            opened_at,
            priorities: vec![(opened_at, first.priority)],
            waits: Vec::new(),
            resolved: Vec::new(),
            cancelled_at: None,
            answered_at: answered_at(log).map(|at| at.max(opened_at)),
        };
        let blank = TicketFact { phase: Phase::Open, waits: Vec::new(), ..(*first).clone() };
        let mut before = &blank;
        for (entry, after) in versions {
            history.step(before, after, instant(entry.occurred_at).max(opened_at));
            before = after;
        }
        Some(history)
    }

    fn step(&mut self, before: &TicketFact, after: &TicketFact, at: Timestamp) {
        if before.priority != after.priority {
            // The later word on an instant is the true one.
            self.priorities.retain(|(since, _)| *since < at);
            self.priorities.push((at, after.priority));
        }
        let waits = |fact: &TicketFact| fact.waits.iter().copied().collect::<BTreeSet<_>>();
        for reason in waits(after).difference(&waits(before)) {
            self.waits.push(Halt { from: at, until: Timestamp::MAX, why: Why::Waiting(*reason) });
        }
        for reason in waits(before).difference(&waits(after)) {
            close(&mut self.waits, Why::Waiting(*reason), at);
        }
        match (before.phase, after.phase) {
            (Phase::Resolved { .. }, Phase::Resolved { at: again }) => {
                // Resolved once more: the instant is replaced.
                if let Some(last) = self.resolved.last_mut() {
                    last.from = instant(again).max(self.opened_at);
                }
            }
            (_, Phase::Resolved { at }) => {
                let from = instant(at).max(self.opened_at);
                self.resolved.push(Halt { from, until: Timestamp::MAX, why: Why::Resolved });
            }
            (Phase::Resolved { .. }, Phase::Open) => close(&mut self.resolved, Why::Resolved, at),
            _ => {}
        }
        if after.phase == Phase::Cancelled && self.cancelled_at.is_none() {
            self.cancelled_at = Some(at);
        }
    }

    /// As the last word has it.
    pub fn priority(&self) -> Priority {
        self.priorities.last().map_or(Priority::P4, |(_, priority)| *priority)
    }

    /// To the first public answer. It does not stand still while the ticket
    /// waits (S13). A solution without a word to the client owes no answer any
    /// more, until it is reopened.
    pub fn response(&self) -> Course {
        let course = Course { start: self.opened_at, halts: self.resolved.clone(), end: None };
        let lapse = self.solved_at().map(|at| End { at, how: Ending::Lapsed("resolved without an answer") });
        Course { end: lapse, ..course }.stopped(self.answered_at).cancelled(self.cancelled_at)
    }

    /// To the solution. The time in which it was thought solved does not count
    /// (S28, S29), nor that in which it waited for what `pauses` (S15, S20).
    pub fn resolution(&self, pauses: impl Fn(WaitReason) -> bool) -> Course {
        let pausing = |halt: &&Halt| matches!(halt.why, Why::Waiting(reason) if pauses(reason));
        let halts = self.waits.iter().filter(pausing).chain(&self.resolved).copied().collect();
        let course = Course { start: self.opened_at, halts, end: None };
        course.stopped(self.solved_at()).cancelled(self.cancelled_at)
    }

    /// When it was solved for good, as far as anybody knows.
    fn solved_at(&self) -> Option<Timestamp> {
        let last = self.resolved.last()?;
        (last.until == Timestamp::MAX).then_some(last.from)
    }
}

fn of_ticket(entry: &Entry) -> Option<(&Entry, &TicketFact)> {
    match &entry.fact {
        Fact::Ticket(fact) => Some((entry, fact)),
        Fact::Message { .. } | Fact::Handoff(_) => None,
    }
}

fn answered_at(log: &[Entry]) -> Option<Timestamp> {
    let answers = log.iter().filter(|entry| matches!(entry.fact, Fact::Message { answers: true }));
    answers.map(|entry| instant(entry.occurred_at)).min()
}

/// Ends the last halt of that kind; one told to end before it began never was.
fn close(halts: &mut [Halt], why: Why, at: Timestamp) {
    if let Some(open) = halts.iter_mut().rev().find(|halt| halt.why == why) {
        open.until = at.max(open.from);
    }
}
