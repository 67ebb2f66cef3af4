//! The objective: what counts for how much.

use serde::{Deserialize, Serialize};

/// What counts for how much, in units of one second of travel.
///
/// The defaults make the order lexicographic for any day of ordinary length: an SLA breach avoided
/// counts more than a visit served, that more than all travel it can cost, and so on down to the
/// published plan. Breaches and visits are multiplied by 16, 8, 4, 2, 1 for priority 1 to 5.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Weights {
    /// An SLA breach, once per visit; a visit not served that is due counts as one.
    pub breach: i64,
    /// Each second of lateness after the due instant.
    pub late: i64,
    /// A visit not served.
    pub unserved: i64,
    /// Each second of travel.
    pub second: i64,
    /// Each metre of travel.
    pub metre: i64,
    /// Each second of overtime.
    pub overtime: i64,
    /// Balance: a tour with `w` seconds of work and travel in a shift of `s` costs `w² / s` of this.
    pub fairness: i64,
    /// A visit given to someone who is not preferred, where some are.
    pub preferred: i64,
    /// A visit given to another technician than in the plan started from: the price of change.
    pub stability: i64,
    /// A shift that is used at all.
    pub shift: i64,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            breach: 1_000_000,
            late: 10,
            unserved: 100_000,
            second: 1,
            metre: 0,
            overtime: 2,
            fairness: 0,
            preferred: 300,
            stability: 0,
            shift: 0,
        }
    }
}

impl Weights {
    /// A `stability` for a published plan that something has upset: a visit changes hands only where it
    /// saves almost three hours of travel, or where it would be left out.
    pub const STEADY: i64 = 10_000;

    /// How much more a breach or a missed visit of this priority counts than one of priority 5.
    #[must_use]
    pub fn urgency(priority: u8) -> i64 {
        1 << 5_u8.saturating_sub(priority.clamp(1, 5))
    }
}
