//! What is sold, and at what price.

use rust_decimal::Decimal;
use sea_orm::FromJsonQueryResult;
use serde::{Deserialize, Serialize};

/// The lines of a contract, in the order in which they were given.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Lines(pub Vec<Line>);

/// One thing that is sold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    /// Unique in its contract.
    pub id: String,
    /// For people.
    pub display_name: String,
    /// What it costs.
    pub price: Price,
}

/// What something costs, and how it is counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Price {
    /// Per seat and month.
    Seat {
        /// For one seat.
        monthly: Money,
        /// How many from the contract's start on.
        seats: i32,
        /// Minutes of work that one seat's month includes.
        included_minutes: i32,
    },
    /// Per month.
    Flat {
        /// For all of it.
        monthly: Money,
    },
    /// Per hour of work.
    Time(TimePrice),
    /// For each visit.
    Visit {
        /// For one.
        each: Money,
    },
    /// For each ticket.
    Ticket {
        /// For one.
        each: Money,
    },
}

/// Per hour of one work type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimePrice {
    /// Such as `remote`.
    pub work_type: String,
    /// Inside the calendar's hours.
    pub hourly: Money,
    /// Outside of them, times this; none for the same price.
    pub after_hours_multiplier: Option<Decimal>,
    /// The least that one entry is billed.
    pub minimum_minutes: i32,
    /// One entry is rounded up to a multiple of it; 0 for none.
    pub step_minutes: i32,
}

/// The rates of a vendor, in the order in which they were given.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Rates(pub Vec<TimePrice>);

/// An exact amount.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Money {
    /// In the currency's smallest unit.
    pub minor: i64,
    /// ISO 4217.
    pub currency: String,
}
