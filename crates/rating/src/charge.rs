//! What rating says: what is charged, why, and what became of every fact.

use chrono::{DateTime, NaiveDate, Utc};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::civil::Month;

/// A line of an invoice. Amounts are in the invoice currency's smallest unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Charge {
    /// Under which it is charged.
    pub contract: Uuid,
    /// The contract's line.
    pub line: String,
    /// For people.
    pub description: String,
    /// The month served. Earlier than the invoice's: an adjustment of it.
    pub month: Month,
    /// How much of it, in `unit`, for people: nothing is computed from it.
    pub quantity: Decimal,
    /// Such as `seat`, `hour`, `visit`.
    pub unit: String,
    /// Of one unit.
    pub unit_minor: i64,
    /// Rounded here, once.
    pub net_minor: i64,
    /// VAT in percent.
    pub tax_percent: Decimal,
    /// The days that are paid with it, of what is paid by the day.
    pub period: Option<Period>,
    /// How it came about.
    pub steps: Vec<Step>,
    /// The facts that it bills; their parts of `net_minor` sum to it.
    pub shares: Vec<Share>,
}

/// Civil days, `[first, end)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Period {
    /// The first of them.
    pub first: NaiveDate,
    /// The first that is not one of them.
    pub end: NaiveDate,
}

/// A fact's part of a charge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// Which.
    pub fact: Uuid,
    /// The ticket it was for.
    pub ticket: Option<Uuid>,
    /// Its part of the net.
    pub net_minor: i64,
    /// What the included pool gave for it.
    pub drawn_seconds: i64,
}

/// One step of an explanation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
#[allow(missing_docs, reason = "units are in the names, and dates are half-open")]
pub enum Step {
    /// So many units over some days of a month.
    Days { first: NaiveDate, end: NaiveDate, of_days: i64, units: i64, amount_minor: i64 },
    /// The work that the seats of the month include.
    Pool { granted_seconds: i64, drawn_before_seconds: i64 },
    /// The price of time, as the contract has it.
    Rate { hourly_minor: i64, after_hours_multiplier: Decimal, minimum_minutes: i64, step_minutes: i64 },
    /// One entry: as it was worked, what the pool gave, what is charged.
    Entry { fact: Uuid, worked: Vec<Segment>, drawn_seconds: i64, charged: Vec<Piece> },
    /// One of something.
    Each { fact: Uuid, quantity: i64 },
    /// What the month comes to, less what was billed for it.
    Difference { due_minor: i64, billed_minor: i64 },
}

/// A stretch of work on one side of the calendar's edges, `[start, end)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// Where it begins.
    pub start: DateTime<Utc>,
    /// Where it ends.
    pub end: DateTime<Utc>,
    /// Whether it lies outside the calendar.
    pub after_hours: bool,
}

impl Segment {
    /// How long it is.
    pub fn seconds(self) -> i64 {
        (self.end - self.start).num_seconds()
    }
}

/// Time at one price.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// How long it is.
    pub seconds: i64,
    /// Whether it costs the multiple.
    pub after_hours: bool,
}

/// A fact that no line bills.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unbilled {
    /// Which.
    pub fact: Uuid,
    /// Why not.
    pub reason: Why,
    /// Its contract.
    pub contract: Option<Uuid>,
    /// The month it belongs to.
    pub month: Month,
}

/// Why a fact is on no line. The names never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum Why {
    /// Whoever recorded it said that the client does not pay for it.
    NotBillable,
    /// Neither it nor its ticket is covered by a contract.
    NoContract,
    /// It happened before the contract's start or after its end.
    OutsideContract,
    /// Its contract has no line for it.
    NoPrice,
    /// It ended when it began.
    NoDuration,
    /// It is in the number of seats, which the seat line bills.
    InSeats,
}

impl Why {
    /// Its name, for programs.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotBillable => "NOT_BILLABLE",
            Self::NoContract => "NO_CONTRACT",
            Self::OutsideContract => "OUTSIDE_CONTRACT",
            Self::NoPrice => "NO_PRICE",
            Self::NoDuration => "NO_DURATION",
            Self::InSeats => "IN_SEATS",
        }
    }
}
