//! The state machine of tickets, as one table.

use super::words::State;

/// What can be done to a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Change what is said of it.
    Update,
    /// Move it to a queue or a person.
    Assign,
    /// Classify it.
    Triage,
    /// Begin to work.
    Start,
    /// Add a reason for waiting.
    Hold,
    /// Take one away.
    Resume,
    /// Solve it, or replace the solution.
    Resolve,
    /// It was not solved.
    Reopen,
    /// Done with.
    Close,
    /// Not a ticket after all.
    Cancel,
    /// Have somebody go there.
    RequestVisit,
    /// Hand it to a vendor.
    Offer,
}

/// Every act, for whoever tries them all.
#[cfg(test)]
pub const ACTS: [Act; 12] = [
    Act::Update,
    Act::Assign,
    Act::Triage,
    Act::Start,
    Act::Hold,
    Act::Resume,
    Act::Resolve,
    Act::Reopen,
    Act::Close,
    Act::Cancel,
    Act::RequestVisit,
    Act::Offer,
];

/// Where a ticket goes; none where it may not. A ticket that is resumed goes
/// on waiting while a reason is left.
pub fn next(state: State, act: Act) -> Option<State> {
    use State::{Cancelled, Closed, InProgress, New, Resolved, Triaged, Waiting};
    match (act, state) {
        (_, Cancelled) => None,
        (Act::Update | Act::Assign, New | Triaged | InProgress | Waiting | Resolved) => Some(state),
        (Act::Triage, New | Triaged) => Some(Triaged),
        (Act::Start, New | Triaged) => Some(InProgress),
        (Act::Hold, New | Triaged | InProgress | Waiting) => Some(Waiting),
        (Act::Resume, Waiting) => Some(InProgress),
        (Act::Resolve, New | Triaged | InProgress | Waiting | Resolved) => Some(Resolved),
        (Act::Reopen, Resolved | Closed) => Some(InProgress),
        (Act::Close, Resolved) => Some(Closed),
        (Act::Cancel, New | Triaged | InProgress | Waiting) => Some(Cancelled),
        (Act::RequestVisit | Act::Offer, New | Triaged | InProgress | Waiting) => Some(state),
        _ => None,
    }
}
