//! A civil date, somewhere.

use calendar::{Calendar, CalendarSpec};
use chrono::{DateTime, Utc};
use jiff::Timestamp;
use jiff::civil::Date;

use crate::error::Error;

/// One civil date in one zone: 23 to 25 hours, or whatever the clocks say.
#[derive(Debug, Clone)]
pub struct Day {
    /// The date.
    pub date: Date,
    /// The first instant of it.
    pub start: Timestamp,
    /// The first instant after it.
    pub end: Timestamp,
    clock: Calendar,
}

impl Day {
    /// `date` in the IANA zone `zone`.
    ///
    /// # Errors
    /// [`Error::Zone`] if there is no such zone.
    pub fn new(date: Date, zone: &str) -> Result<Self, Error> {
        let clock = Calendar::new(CalendarSpec::always(zone)).map_err(|_| Error::Zone(zone.to_owned()))?;
        let midnight = |date: Date| clock.instant(date.at(0, 0, 0, 0));
        let (start, end) = (midnight(date), midnight(date.saturating_add(jiff::Span::new().days(1))));
        Ok(Self { date, start, end, clock })
    }

    /// Whether `at` falls on it.
    pub fn contains(&self, at: DateTime<Utc>) -> bool {
        (self.start..self.end).contains(&to_jiff(at))
    }

    /// `HH:MM` on the wall clock of its zone.
    pub fn wall(&self, at: Timestamp) -> String {
        self.clock.wall(at).strftime("%H:%M").to_string()
    }
}

/// As the calendar counts. Both hold every instant of the years 1 to 9999.
pub fn to_jiff(at: DateTime<Utc>) -> Timestamp {
    Timestamp::from_microsecond(at.timestamp_micros()).unwrap_or(Timestamp::MAX)
}

/// As the database keeps it.
pub fn to_chrono(at: Timestamp) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(at.as_microsecond()).unwrap_or(DateTime::<Utc>::MAX_UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_day_is_where_it_is() {
        let day = Day::new(jiff::civil::date(2026, 7, 1), "Europe/Madrid").unwrap();
        assert!(day.contains(at("2026-06-30T22:00:00Z")));
        assert!(!day.contains(at("2026-06-30T21:59:59Z")));
        assert!(!day.contains(at("2026-07-01T22:00:00Z")));
        assert_eq!(day.wall(day.start), "00:00");
    }

    #[test]
    fn the_day_of_the_change_has_23_hours() {
        let day = Day::new(jiff::civil::date(2026, 3, 29), "Europe/Madrid").unwrap();
        assert_eq!(day.start.duration_until(day.end).as_hours(), 23);
    }

    #[test]
    fn there_is_no_day_in_atlantis() {
        let day = Day::new(jiff::civil::date(2026, 3, 29), "Europe/Atlantis");
        assert!(matches!(day, Err(Error::Zone(_))));
    }
}
