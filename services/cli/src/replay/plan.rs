//! From an incident's rows to the commands that make the platform do the same.
//! Pure: what is sent depends on the log alone, so that a repeat sends the same.

use jiff::Timestamp;
use proto::tickets::v1::{Level, WaitReason};

use super::log::{Incident, Row, State};

/// A group that the log counts but does not name.
pub const UNSEEN: &str = "Unseen";
/// And the one before it.
const UNSEEN_EARLIER: &str = "Unseen, earlier";

/// What has to be done to a ticket.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Opened, as the first row has it.
    Create {
        /// How wide.
        impact: Level,
        /// How soon.
        urgency: Level,
    },
    /// Another impact or urgency.
    Weigh {
        /// How wide.
        impact: Level,
        /// How soon.
        urgency: Level,
    },
    /// Into a queue, to a person. Empty: out of its queue.
    Assign {
        /// The group's name.
        queue: String,
        /// The person's name in the log.
        resolver: Option<String>,
    },
    /// The client is answered.
    Reply,
    /// Work begins.
    Start,
    /// Waits for one more.
    Hold(WaitReason),
    /// Waits for one less.
    Resume(WaitReason),
    /// Solved, or solved anew.
    Resolve,
    /// Not solved after all.
    Reopen,
    /// Over.
    Close,
    /// A row that says nothing else: a note of its own.
    Note,
}

/// A step and when it happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deed {
    /// Index of the row it comes from.
    pub row: usize,
    /// When.
    pub at: Timestamp,
    /// What.
    pub step: Step,
}

/// The commands for one incident, in order.
pub fn plan(incident: &Incident) -> Vec<Deed> {
    let mut ticket = Ticket::default();
    let mut deeds = Vec::new();
    let last = incident.rows.len().saturating_sub(1);
    for (index, row) in incident.rows.iter().enumerate() {
        let mut steps = Vec::new();
        if index == 0 {
            ticket.levels = (row.impact, row.urgency);
            let (impact, urgency) = ticket.levels;
            deeds.push(Deed { row: index, at: incident.opened, step: Step::Create { impact, urgency } });
        }
        ticket.weigh(row, &mut steps);
        // What is resolved is picked up again before it changes hands.
        let reopens = ticket.reopen(row, &mut steps);
        ticket.assign(row, &mut steps);
        if !reopens {
            ticket.advance(row, index == last, &mut steps);
        }
        if steps.is_empty() && index > 0 {
            steps.push(Step::Note);
        }
        deeds.extend(steps.into_iter().map(|step| Deed { row: index, at: row.at, step }));
    }
    deeds
}

/// What the platform knows so far.
struct Ticket {
    state: State,
    levels: (Level, Level),
    queue: Option<String>,
    resolver: Option<String>,
    reassignments: i32,
}

impl Default for Ticket {
    fn default() -> Self {
        Self {
            state: State::New,
            levels: (Level::Unspecified, Level::Unspecified),
            queue: None,
            resolver: None,
            reassignments: 0,
        }
    }
}

impl Ticket {
    fn weigh(&mut self, row: &Row, steps: &mut Vec<Step>) {
        let (impact, urgency) = (row.impact, row.urgency);
        if (impact, urgency) != self.levels {
            self.levels = (impact, urgency);
            steps.push(Step::Weigh { impact, urgency });
        }
    }

    fn reopen(&mut self, row: &Row, steps: &mut Vec<Step>) -> bool {
        let reopens = self.state == State::Resolved && !matches!(row.state, State::Resolved | State::Closed);
        if reopens {
            steps.push(Step::Reopen);
            self.state = State::Active;
            self.advance(row, false, steps);
        }
        reopens
    }

    /// A queue that changes counts as a reassignment, the first one ever does
    /// not, and neither does leaving a queue.
    fn assign(&mut self, row: &Row, steps: &mut Vec<Step>) {
        let counted = row.reassignments > self.reassignments;
        self.reassignments = row.reassignments;
        let Some(queue) = row.group.clone().or_else(|| counted.then(|| UNSEEN.to_owned())) else {
            return;
        };
        let mut put = |queue: &str, resolver: Option<String>| {
            steps.push(Step::Assign { queue: queue.to_owned(), resolver });
        };
        match &self.queue {
            // The log hid a hop: somebody had it before it was first seen.
            None if counted && queue == UNSEEN => put(UNSEEN_EARLIER, None),
            None if counted => put(UNSEEN, None),
            // Away and back again.
            Some(current) if counted && *current == queue => put("", None),
            // Only a group that the log forgot for a while: nothing moved.
            Some(current) if !counted && *current == queue && self.resolver == row.resolver => return,
            _ => {}
        }
        put(&queue, row.resolver.clone());
        (self.queue, self.resolver) = (Some(queue), row.resolver.clone());
    }

    fn advance(&mut self, row: &Row, is_last: bool, steps: &mut Vec<Step>) {
        if self.state == State::New && row.state != State::New {
            steps.push(Step::Reply);
        }
        match (self.state, row.state) {
            (State::New, State::Active) => steps.push(Step::Start),
            (State::Awaiting(before), State::Awaiting(after)) if before != after => {
                steps.extend([Step::Hold(after), Step::Resume(before)]);
            }
            (State::Awaiting(reason), State::Active) => steps.push(Step::Resume(reason)),
            (State::New | State::Active, State::Awaiting(reason)) => {
                steps.push(Step::Hold(reason));
            }
            // Each one replaces the solution, and the instant with it.
            (_, State::Resolved) => steps.push(Step::Resolve),
            // Closed twice in the log is closed the second time.
            (_, State::Closed) if is_last => steps.push(Step::Close),
            (_, State::Closed) => return,
            _ => {}
        }
        self.state = row.state;
    }
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
