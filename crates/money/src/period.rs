//! Billing periods: civil dates, counted from an anchor that never moves.

use std::fmt;

use jiff::civil::Date;

use crate::amount::Money;
use crate::error::MoneyError;
use crate::share::prorate;

/// The civil dates `[from, to)` of a client's zone; at least one. It holds no
/// instant, so no clock change can shorten it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Period {
    from: Date,
    to: Date,
}

impl Period {
    /// The dates from `from` until the day before `to`.
    ///
    /// # Errors
    /// [`MoneyError::EmptyPeriod`].
    pub fn new(from: Date, to: Date) -> Result<Self, MoneyError> {
        if from >= to {
            return Err(MoneyError::EmptyPeriod);
        }
        Ok(Self { from, to })
    }

    /// The first date.
    #[must_use]
    pub const fn from(self) -> Date {
        self.from
    }

    /// The first date after it.
    #[must_use]
    pub const fn to(self) -> Date {
        self.to
    }

    /// Its number of days.
    #[must_use]
    pub fn days(self) -> u32 {
        days_between(self.from, self.to)
    }

    /// Whether `date` is one of its dates.
    #[must_use]
    pub fn contains(self, date: Date) -> bool {
        (self.from..self.to).contains(&date)
    }

    /// The dates that both periods have, if any.
    #[must_use]
    pub fn intersection(self, other: Self) -> Option<Self> {
        Self::new(self.from.max(other.from), self.to.min(other.to)).ok()
    }

    /// What `part` of this period costs when all of it costs `price`: [`prorate`].
    ///
    /// # Errors
    /// [`MoneyError::OutsidePeriod`] when `part` has a date that this period lacks.
    pub fn prorate(self, price: Money, part: Self) -> Result<Money, MoneyError> {
        if part.from < self.from || part.to > self.to {
            return Err(MoneyError::OutsidePeriod);
        }
        let days = days_between(self.from, part.from)..days_between(self.from, part.to);
        prorate(price, days, self.days())
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "[{}, {})", self.from, self.to)
    }
}

/// Periods of so many months, one after the other without end in both directions.
///
/// Boundary `n` is the anchor plus `n` intervals, always computed from the anchor:
/// the 31st falls on the last day of a short month and is the 31st again in the
/// next long one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Schedule {
    anchor: Date,
    months: u16,
}

impl Schedule {
    /// Periods of `months` months, period 0 beginning on `anchor`: 1 is monthly,
    /// 3 quarterly, 12 annual.
    ///
    /// # Errors
    /// [`MoneyError::EmptyInterval`].
    pub fn new(anchor: Date, months: u16) -> Result<Self, MoneyError> {
        if months == 0 {
            return Err(MoneyError::EmptyInterval);
        }
        Ok(Self { anchor, months })
    }

    /// The date on which period `index` begins.
    ///
    /// # Errors
    /// [`MoneyError::DateOutOfRange`].
    pub fn boundary(self, index: i64) -> Result<Date, MoneyError> {
        let boundary = || {
            let months = index.checked_mul(i64::from(self.months))?;
            let month = month_number(self.anchor).checked_add(months)?;
            let year = i16::try_from(month.div_euclid(12)).ok()?;
            let first = Date::new(year, i8::try_from(month.rem_euclid(12)).ok()? + 1, 1).ok()?;
            first.with().day(self.anchor.day().min(first.days_in_month())).build().ok()
        };
        boundary().ok_or(MoneyError::DateOutOfRange)
    }

    /// Period `index`. Periods before the anchor have negative indices.
    ///
    /// # Errors
    /// [`MoneyError::DateOutOfRange`].
    pub fn period(self, index: i64) -> Result<Period, MoneyError> {
        let to = index.checked_add(1).ok_or(MoneyError::DateOutOfRange)?;
        Period::new(self.boundary(index)?, self.boundary(to)?)
    }

    /// The index of the period that `date` belongs to.
    ///
    /// # Errors
    /// [`MoneyError::DateOutOfRange`].
    pub fn index_of(self, date: Date) -> Result<i64, MoneyError> {
        let months = month_number(date) - month_number(self.anchor);
        // The last boundary that falls into the month of `date` or before it.
        let last = months.div_euclid(i64::from(self.months));
        Ok(if self.boundary(last)? > date { last - 1 } else { last })
    }
}

/// Months since January of the year 0.
fn month_number(date: Date) -> i64 {
    i64::from(date.year()) * 12 + i64::from(date.month()) - 1
}

/// Days from `from` until `to`, which must not be earlier.
fn days_between(from: Date, to: Date) -> u32 {
    u32::try_from(from.duration_until(to).as_hours() / 24).unwrap_or(0)
}
