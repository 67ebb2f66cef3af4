//! What was promised, ready for arithmetic.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use jiff::SignedDuration;
use uuid::Uuid;

use crate::words::{Metric, Priority, WaitReason};

/// Everything that the clocks of one ticket are derived from, but its log.
#[derive(Debug, Clone, Default)]
pub struct Terms {
    /// What the client was promised; none where no contract covers the ticket.
    pub policy: Option<Arc<Policy>>,
    /// What vendors promised, by id.
    pub underpinning: HashMap<Uuid, Arc<Underpinning>>,
}

/// A policy.
#[derive(Debug)]
pub struct Policy {
    /// Its id.
    pub id: Uuid,
    /// What is tracked.
    pub targets: BTreeMap<(Priority, Metric), Target>,
    /// What stops the resolution clock.
    pub pauses: BTreeSet<WaitReason>,
}

/// A vendor's promise.
#[derive(Debug)]
pub struct Underpinning {
    /// Its id.
    pub id: Uuid,
    /// From offer to acceptance.
    pub acceptance: Target,
    /// From acceptance to proposal.
    pub work: Target,
}

/// So much open time.
#[derive(Debug, Clone, PartialEq)]
pub struct Target {
    /// At most.
    pub budget: SignedDuration,
    /// Open by this calendar.
    pub hours: Arc<Hours>,
}

/// A calendar, and which it is.
#[derive(Debug, PartialEq)]
pub struct Hours {
    /// Its id.
    pub id: Uuid,
    /// Its arithmetic.
    pub calendar: calendar::Calendar,
}
