//! What rating needs to know of a contract or a vendor's rate card: plain
//! data, kept as a snapshot of what the contracts service announced.

use calendar::CalendarSpec;
use chrono::{DateTime, NaiveDate, Utc};
use money::Currency;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A client's contract.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Contract {
    /// Its id.
    pub id: Uuid,
    /// For people.
    pub display_name: String,
    /// ISO 4217.
    pub currency: Currency,
    /// The first day, in the tenant's zone.
    pub start: NaiveDate,
    /// The first day that is no longer covered.
    pub end: Option<NaiveDate>,
    /// VAT in percent.
    pub tax_percent: Decimal,
    /// Inside it work has its plain price.
    pub calendar: CalendarSpec,
    /// What is sold, in the order of the contract.
    pub lines: Vec<Line>,
}

/// One thing that is sold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// Unique in its contract.
    pub id: String,
    /// For people.
    pub display_name: String,
    /// How it is priced.
    pub price: Price,
}

/// Amounts are in the contract currency's smallest unit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Price {
    /// Per seat and month, with a pool of work included.
    Seat {
        /// Of one seat.
        monthly_minor: i64,
        /// From the contract's start on.
        seats: i64,
        /// Of work, per seat and month.
        included_minutes: i64,
    },
    /// Per month.
    Flat {
        /// Of a whole month.
        monthly_minor: i64,
    },
    /// Per hour of one work type.
    Time(TimePrice),
    /// Per visit.
    Visit {
        /// Of one.
        each_minor: i64,
    },
    /// Per ticket.
    Ticket {
        /// Of one.
        each_minor: i64,
    },
}

/// The price of an hour of one work type: what a client pays for it, or what
/// it costs at a vendor's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TimePrice {
    /// Such as `remote` or `onsite`.
    pub work_type: String,
    /// In the currency's smallest unit.
    pub hourly_minor: i64,
    /// For time outside the calendar.
    pub after_hours_multiplier: Decimal,
    /// The least that one entry is billed.
    pub minimum_minutes: i64,
    /// One entry is rounded up to a multiple of it; 0 for none.
    pub step_minutes: i64,
}

/// What a vendor's work costs the operator.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RateCard {
    /// The underpinning contract's id.
    pub id: Uuid,
    /// Whose rates these are.
    pub vendor_id: Uuid,
    /// ISO 4217.
    pub currency: Currency,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// Inside it work has its plain price.
    pub calendar: CalendarSpec,
    /// One for each work type.
    pub rates: Vec<TimePrice>,
}

impl Contract {
    /// Whether `date` lies between its start and its end.
    pub fn covers(&self, date: NaiveDate) -> bool {
        self.start <= date && self.end.is_none_or(|end| date < end)
    }
}
