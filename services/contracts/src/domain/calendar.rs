//! Opening hours, as they were written down. A calendar is never changed:
//! whoever needs other hours makes another one.

use calendar::{CalendarSpec, Exception, Hours, Week};
use chrono::{DateTime, Utc};
use sea_orm::FromJsonQueryResult;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

/// One calendar.
#[derive(Debug, Clone, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "calendars")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Always 1.
    pub version: i64,
    /// For people.
    pub display_name: String,
    /// IANA zone of its wall time.
    pub zone: String,
    /// The openings of an ordinary week.
    #[sea_orm(column_type = "JsonBinary")]
    pub week: Openings,
    /// The days that differ from it.
    #[sea_orm(column_type = "JsonBinary")]
    pub exceptions: Exceptions,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// It has no relations that are walked.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

/// In the order in which they were given.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Openings(pub Vec<Opening>);

/// One opening of a weekday, in wall time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opening {
    /// `mon` … `sun`.
    pub day: String,
    /// `HH:MM`.
    pub open: String,
    /// `HH:MM`; not after `open` means on the next day.
    pub close: String,
}

/// In the order in which they were given.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Exceptions(pub Vec<DayException>);

/// A date with hours of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DayException {
    /// `YYYY-MM-DD`.
    pub date: String,
    /// For people, or empty.
    pub label: String,
    /// Open and close; none means closed.
    pub hours: Vec<(String, String)>,
}

/// The weekdays, Monday first.
pub const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

impl Model {
    /// As the arithmetic of business time reads it.
    pub fn spec(&self) -> CalendarSpec {
        let on = |day: &str| {
            let of_day = self.week.0.iter().filter(|opening| opening.day == day);
            of_day.map(|opening| Hours::new(&opening.open, &opening.close)).collect()
        };
        let [mon, tue, wed, thu, fri, sat, sun] = DAYS.map(on);
        let exceptions = self.exceptions.0.iter().map(|day| Exception {
            date: day.date.clone(),
            open: day.hours.iter().map(|(open, close)| Hours::new(open, close)).collect(),
        });
        CalendarSpec {
            zone: self.zone.clone(),
            week: Week { mon, tue, wed, thu, fri, sat, sun },
            exceptions: exceptions.collect(),
            yearly: Vec::new(),
        }
    }

    /// Where in `week` the `nth` opening of `day` was given.
    pub fn position(&self, day: &str, nth: usize) -> Option<usize> {
        let of_day = self.week.0.iter().enumerate().filter(|(_, opening)| opening.day == day);
        of_day.map(|(position, _)| position).nth(nth)
    }
}
