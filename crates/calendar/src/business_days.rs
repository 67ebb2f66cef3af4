//! Durations counted in business days: dates on which anything opens.

use jiff::civil::{Date, Time};
use jiff::{Timestamp, ToSpan};

use crate::calendar::{Calendar, Unreachable};

impl Calendar {
    /// Whether anything opens on `date`. The tail of a night shift does not make
    /// the morning after a business day: the shift belongs to its evening.
    #[must_use]
    pub fn is_business_day(&self, date: Date) -> bool {
        self.days().is_business_day(date)
    }

    /// "Next business day, `at`": that wall time on the first business day after
    /// the date of `from`, be it inside that day's hours or not.
    ///
    /// # Errors
    /// [`Unreachable::NeverOpensAgain`].
    pub fn next_business_day(&self, from: Timestamp, at: Time) -> Result<Timestamp, Unreachable> {
        let date = self.business_day_after(self.wall(from).date(), 1)?;
        Ok(self.instant(date.to_datetime(at)))
    }

    /// `days` business days after `from`: the same wall time that many business
    /// days later, counted from the first open instant.
    ///
    /// Where that day is closed at that time, the promise ends at the close
    /// before it, or at the first opening of a day that starts later: never
    /// outside the hours.
    ///
    /// # Errors
    /// [`Unreachable::NeverOpensAgain`].
    pub fn add_business_days(&self, from: Timestamp, days: u32) -> Result<Timestamp, Unreachable> {
        let from = self.next_open(from)?;
        if days == 0 {
            return Ok(from);
        }
        let wall = self.wall(from);
        // On a morning that only ends a night shift, the shift's own date counts.
        let night = i64::from(!self.is_business_day(wall.date())).days();
        let shift = wall.date().saturating_sub(night);
        let date = self.business_day_after(shift, days)?.saturating_add(night);
        let due = self.instant(date.to_datetime(wall.time()));
        match self.last_open(due) {
            _ if self.is_open(due) => Ok(due),
            Ok(close) if close > self.instant(date.into()) => Ok(close),
            _ => self.next_open(due),
        }
    }

    fn business_day_after(&self, date: Date, days: u32) -> Result<Date, Unreachable> {
        let tomorrow = date.tomorrow().map_err(|_| Unreachable::NeverOpensAgain)?;
        let skip = usize::try_from(days.saturating_sub(1)).unwrap_or(usize::MAX);
        self.days().business_days(tomorrow).nth(skip).ok_or(Unreachable::NeverOpensAgain)
    }
}
