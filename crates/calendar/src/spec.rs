//! A calendar as people write it and as it is stored: plain data, not yet checked.

use serde::{Deserialize, Serialize};

/// When a place is open. [`crate::Calendar::new`] checks it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarSpec {
    /// IANA zone such as `Europe/Madrid`. It has no default: left out, it reads
    /// as empty and is refused together with everything else that is wrong.
    #[serde(default)]
    pub zone: String,
    /// The hours of an ordinary week.
    #[serde(default)]
    pub week: Week,
    /// Single dates that differ from the week.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exceptions: Vec<Exception>,
    /// Days of every year that differ from the week.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub yearly: Vec<YearlyDay>,
}

/// Openings by weekday; a weekday left out is closed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[allow(missing_docs, reason = "seven weekdays name themselves")]
pub struct Week {
    pub mon: Vec<Hours>,
    pub tue: Vec<Hours>,
    pub wed: Vec<Hours>,
    pub thu: Vec<Hours>,
    pub fri: Vec<Hours>,
    pub sat: Vec<Hours>,
    pub sun: Vec<Hours>,
}

/// One opening, `["09:00", "14:00"]`: local wall times as `HH:MM` or `HH:MM:SS`.
///
/// A close at or before the open falls on the next day, so `["22:00", "06:00"]`
/// is a night shift and `["09:00", "09:00"]` lasts until nine the next morning.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Hours(pub String, pub String);

/// One date whose openings replace those of its weekday.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// `YYYY-MM-DD` in the calendar's zone.
    pub date: String,
    /// What starts on that date; empty means closed.
    pub open: Vec<Hours>,
}

/// A day of every year whose openings replace those of its weekday.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YearlyDay {
    /// What people call it, for explanations.
    pub name: String,
    /// Which day it is.
    pub on: YearlyDate,
    /// What starts on that day; empty means closed.
    pub open: Vec<Hours>,
}

/// Which day of a year a [`YearlyDay`] is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum YearlyDate {
    /// `MM-DD`. `02-29` exists in leap years only.
    Fixed(String),
    /// Days after Easter Sunday of the western churches: Good Friday is -2.
    Easter(i16),
    /// The `nth` weekday of a month, counted from its end when negative.
    Weekday {
        /// 1 to 5, or -1 for the last.
        nth: i8,
        /// Which weekday.
        day: Weekday,
        /// 1 to 12.
        month: i8,
    },
}

/// A weekday, spelt as in [`Week`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[allow(missing_docs, reason = "seven weekdays name themselves")]
pub enum Weekday {
    Mon,
    Tue,
    Wed,
    Thu,
    Fri,
    Sat,
    Sun,
}

impl CalendarSpec {
    /// Open at every instant: `00:00` to `24:00` on every day.
    #[must_use]
    pub fn always(zone: impl Into<String>) -> Self {
        let day = || vec![Hours::new("00:00", "24:00")];
        let week = Week { mon: day(), tue: day(), wed: day(), thu: day(), fri: day(), sat: day(), sun: day() };
        Self { zone: zone.into(), week, ..Self::default() }
    }

    /// Whether any opening is written down at all.
    pub(crate) fn mentions_hours(&self) -> bool {
        self.week.days().iter().any(|(_, open)| !open.is_empty())
            || self.exceptions.iter().any(|day| !day.open.is_empty())
            || self.yearly.iter().any(|day| !day.open.is_empty())
    }
}

impl Week {
    /// The weekdays in order from Monday, each with its name.
    pub(crate) fn days(&self) -> [(&'static str, &[Hours]); 7] {
        let Self { mon, tue, wed, thu, fri, sat, sun } = self;
        [("mon", mon), ("tue", tue), ("wed", wed), ("thu", thu), ("fri", fri), ("sat", sat), ("sun", sun)]
    }
}

impl Hours {
    /// Hours from `open` until `close`.
    #[must_use]
    pub fn new(open: impl Into<String>, close: impl Into<String>) -> Self {
        Self(open.into(), close.into())
    }
}
