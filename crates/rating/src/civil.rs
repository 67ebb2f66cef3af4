//! Civil dates of one client, and the months they are billed by.
//!
//! A date becomes an instant in one place, here, and an instant a date in one
//! other. Everything between works on dates: an hour more or less in a day
//! changes no price.

use std::fmt;

use calendar::{Calendar, CalendarSpec};
use chrono::{DateTime, Datelike, Months, NaiveDate, Utc};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// The wall calendar of one zone.
#[derive(Debug, Clone)]
pub struct Civil(Calendar);

impl Civil {
    /// Of an IANA zone; none if there is no such zone. The rules are those
    /// that the service calendars use, compiled in.
    pub fn of(zone: &str) -> Option<Self> {
        Calendar::new(CalendarSpec::always(zone)).ok().map(Self)
    }

    /// The date on the wall at `at`.
    pub fn date(&self, at: DateTime<Utc>) -> NaiveDate {
        let date = self.0.wall(timestamp(at)).date();
        NaiveDate::from_ymd_opt(
            i32::from(date.year()),
            date.month().unsigned_abs().into(),
            date.day().unsigned_abs().into(),
        )
        .unwrap_or_default()
    }

    /// The year on the wall at `at`: invoices are numbered by it.
    pub fn year(&self, at: DateTime<Utc>) -> i32 {
        self.date(at).year()
    }

    /// The first instant of `date`.
    pub fn start(&self, date: NaiveDate) -> DateTime<Utc> {
        let civil = |date: NaiveDate| {
            let year = i16::try_from(date.year()).ok()?;
            Date::new(year, i8::try_from(date.month()).ok()?, i8::try_from(date.day()).ok()?).ok()
        };
        let wall = civil(date).unwrap_or(Date::MAX).at(0, 0, 0, 0);
        DateTime::from_timestamp(self.0.instant(wall).as_second(), 0).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }
}

/// `at`, to the whole second before it: durations between such instants add up.
pub(crate) fn timestamp(at: DateTime<Utc>) -> Timestamp {
    Timestamp::from_second(at.timestamp()).unwrap_or(Timestamp::MAX)
}

/// A civil month: `[first, end)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Month(NaiveDate);

impl Month {
    /// The month that `date` is in.
    pub fn of(date: NaiveDate) -> Self {
        Self(date.with_day(1).unwrap_or(date))
    }

    /// From `YYYY-MM`, and from nothing else.
    pub fn parse(text: &str) -> Option<Self> {
        let month = Self(format!("{text}-01").parse().ok()?);
        (month.to_string() == text).then_some(month)
    }

    /// Its first day.
    pub fn first(self) -> NaiveDate {
        self.0
    }

    /// The first day that is no longer in it.
    pub fn end(self) -> NaiveDate {
        self.0.checked_add_months(Months::new(1)).unwrap_or(NaiveDate::MAX)
    }

    /// 28 to 31.
    pub fn days(self) -> i64 {
        (self.end() - self.0).num_days()
    }

    /// The month after it.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.end())
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.format("%Y-%m"))
    }
}

impl From<Month> for String {
    fn from(month: Month) -> Self {
        month.to_string()
    }
}

impl TryFrom<String> for Month {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        Self::parse(&text).ok_or_else(|| format!("{text} is not a month such as 2026-03"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn t01_months_tile_for_ever_in_every_zone() {
        for zone in ["UTC", "Europe/Madrid", "America/Santiago", "Asia/Tokyo"] {
            let civil = Civil::of(zone).unwrap();
            let mut month = Month::parse("2000-02").unwrap();
            for _ in 0..1_200 {
                let next = month.next();
                assert_eq!(month.end(), next.first());
                let edge = civil.start(next.first());
                assert_eq!(Month::of(civil.date(edge)), next, "{zone}");
                let before = edge - chrono::TimeDelta::seconds(1);
                assert_eq!(Month::of(civil.date(before)), month, "{zone}");
                month = next;
            }
            assert_eq!(month, Month::parse("2100-02").unwrap());
        }
    }

    #[test]
    fn t12_a_date_is_the_clients_not_that_of_utc() {
        let late: DateTime<Utc> = "2026-03-31T22:30:00Z".parse().unwrap();
        let date = |zone: &str| Civil::of(zone).unwrap().date(late).to_string();
        assert_eq!([date("Europe/Madrid"), date("UTC")], ["2026-04-01", "2026-03-31"]);
    }

    #[test]
    fn a_month_is_written_in_one_way() {
        assert!(["2026-3", "2026-13", "2026-03-01", "", " 2026-03"].iter().all(|text| Month::parse(text).is_none()));
        assert_eq!(Month::parse("2028-02").unwrap().days(), 29);
    }
}
