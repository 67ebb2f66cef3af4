//! The checked calendar and its arithmetic on instants.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::{Arc, OnceLock};
use std::{fmt, iter};

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use crate::days::Days;
use crate::parse::Parsed;
use crate::spec::CalendarSpec;
use crate::violation::{Rule, Violation};
use crate::year::{ALL_YEARS, Year, year_of};
use crate::zone;

/// The years that are laid out once and kept. Any other is laid out when asked for.
const FIRST_KEPT: i16 = 1970;
const KEPT: usize = 130;

/// Years of which at least one must hold open time: in a whole cycle of the
/// Gregorian calendar every date meets every weekday it ever will.
const CYCLE: Range<i16> = 2000..2400;

/// Opening hours of one place, ready for arithmetic.
///
/// Cheap to clone; equal when the specifications are equal.
#[derive(Clone)]
pub struct Calendar(Arc<Inner>);

struct Inner {
    spec: CalendarSpec,
    zone: TimeZone,
    days: Days,
    /// In no other year does anything open.
    years: Range<i16>,
    kept: Box<[OnceLock<Year>]>,
}

/// Open time without a break: `[start, end)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// The first open instant.
    pub start: Timestamp,
    /// The first instant that is no longer open.
    pub end: Timestamp,
}

/// Why there is no such instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreachable {
    /// The calendar has too little open time left in that direction.
    #[error("the calendar holds no such instant between the years -9999 and 9999")]
    NeverOpensAgain,
    /// Durations are amounts of open time; [`Calendar::sub`] counts backwards.
    #[error("a duration must not be negative")]
    NegativeDuration,
}

impl Unreachable {
    /// A name for programs. It never changes.
    #[must_use]
    pub const fn reason(self) -> &'static str {
        match self {
            Self::NeverOpensAgain => "NEVER_OPENS_AGAIN",
            Self::NegativeDuration => "NEGATIVE_DURATION",
        }
    }
}

impl Calendar {
    /// Checks `spec` and makes it ready.
    ///
    /// # Errors
    /// Every violation at once, in the order of the fields.
    pub fn new(spec: CalendarSpec) -> Result<Self, Vec<Violation>> {
        let Parsed { zone, days, violations } = Parsed::from_spec(&spec);
        let (Some(zone), true) = (zone, violations.is_empty()) else {
            return Err(violations);
        };
        let ever = |mut years: Range<i16>| years.any(|year| !Year::new(&zone, &days, year).is_closed());
        // Hours may be written and yet name no instant: on one date, at a time
        // that the clocks skip on that date.
        if !(days.recur() && ever(CYCLE) || ever(days.exception_years())) {
            return Err(vec![Violation { field: "week".into(), rule: Rule::NeverOpens }]);
        }
        let years = if days.recur() { ALL_YEARS } else { days.exception_years() };
        let kept = iter::repeat_with(OnceLock::new).take(KEPT).collect();
        Ok(Self(Arc::new(Inner { spec, zone, days, years, kept })))
    }

    /// The data this calendar was made of.
    #[must_use]
    pub fn spec(&self) -> &CalendarSpec {
        &self.0.spec
    }

    /// The zone whose wall clock the hours are read on.
    #[must_use]
    pub fn zone(&self) -> &TimeZone {
        &self.0.zone
    }

    /// What the wall clock shows at `at`.
    #[must_use]
    pub fn wall(&self, at: Timestamp) -> DateTime {
        self.0.zone.to_datetime(at)
    }

    /// The first instant at which the wall clock shows `wall` or later: the
    /// instant of the change for a time that is skipped, the first pass of one
    /// that comes twice.
    #[must_use]
    pub fn instant(&self, wall: DateTime) -> Timestamp {
        zone::first_instant(&self.0.zone, wall)
    }

    /// Whether `at` is open. At the close it no longer is.
    #[must_use]
    pub fn is_open(&self, at: Timestamp) -> bool {
        self.year(year_of(at)).is_open(at)
    }

    /// `from` itself when it is open, else the first open instant after it.
    ///
    /// # Errors
    /// [`Unreachable::NeverOpensAgain`].
    pub fn next_open(&self, from: Timestamp) -> Result<Timestamp, Unreachable> {
        self.onwards(from).find_map(|year| year.next_open(from)).ok_or(Unreachable::NeverOpensAgain)
    }

    /// `from` itself when it was open right before, else the last close before
    /// it: [`next_open`](Self::next_open) in a mirror.
    ///
    /// # Errors
    /// [`Unreachable::NeverOpensAgain`].
    pub fn last_open(&self, from: Timestamp) -> Result<Timestamp, Unreachable> {
        self.backwards(from).find_map(|year| year.last_open(from)).ok_or(Unreachable::NeverOpensAgain)
    }

    /// Open time in `[from, to)`; negative when `to` comes first.
    #[must_use]
    pub fn elapsed(&self, from: Timestamp, to: Timestamp) -> SignedDuration {
        if to < from {
            return -self.elapsed(to, from);
        }
        let (first, last) = (year_of(from), year_of(to));
        let whole_years: SignedDuration = (first..last).map(|year| self.year(year).total()).sum();
        whole_years + self.year(last).open_before(to) - self.year(first).open_before(from)
    }

    /// The instant by which `duration` of open time has passed since `from`.
    ///
    /// It stays at a close that it reaches exactly. With no duration it is
    /// [`next_open`](Self::next_open): a start outside hours counts as a start
    /// at the first open instant.
    ///
    /// # Errors
    /// Any [`Unreachable`].
    pub fn add(&self, from: Timestamp, duration: SignedDuration) -> Result<Timestamp, Unreachable> {
        if refuse_negative(duration)?.is_zero() {
            return self.next_open(from);
        }
        // Open time cannot outrun time: no need to search the ages for it.
        if duration > from.duration_until(Timestamp::MAX) {
            return Err(Unreachable::NeverOpensAgain);
        }
        let mut spent = self.year(year_of(from)).open_before(from) + duration;
        for year in self.onwards(from) {
            match year.first_after(spent) {
                Some(at) => return Ok(at),
                None => spent -= year.total(),
            }
        }
        Err(Unreachable::NeverOpensAgain)
    }

    /// The last instant from which `duration` of open time passes until `until`:
    /// [`add`](Self::add) in a mirror. It stays at an open that it reaches exactly.
    ///
    /// # Errors
    /// Any [`Unreachable`].
    pub fn sub(&self, until: Timestamp, duration: SignedDuration) -> Result<Timestamp, Unreachable> {
        if refuse_negative(duration)?.is_zero() {
            return self.last_open(until);
        }
        if duration > Timestamp::MIN.duration_until(until) {
            return Err(Unreachable::NeverOpensAgain);
        }
        let mut left = duration;
        for year in self.backwards(until) {
            let open = year.open_before(until);
            if left <= open {
                return year.last_after(open - left).ok_or(Unreachable::NeverOpensAgain);
            }
            left -= open;
        }
        Err(Unreachable::NeverOpensAgain)
    }

    /// The open intervals within `[from, to)`, in order, clipped to it; those
    /// that touch are one.
    pub fn intervals(&self, from: Timestamp, to: Timestamp) -> impl Iterator<Item = Interval> {
        let mut pieces = (year_of(from)..=year_of(to))
            .flat_map(move |year| {
                let year = self.year(year);
                year.within(from, to).map(move |index| year.interval(index))
            })
            .map(move |Interval { start, end }| Interval { start: start.max(from), end: end.min(to) })
            .filter(|piece| piece.start < piece.end)
            .peekable();
        iter::from_fn(move || {
            let mut interval = pieces.next()?;
            while let Some(piece) = pieces.next_if(|piece| piece.start == interval.end) {
                interval.end = piece.end;
            }
            Some(interval)
        })
    }

    pub(crate) fn days(&self) -> &Days {
        &self.0.days
    }

    fn onwards(&self, from: Timestamp) -> impl Iterator<Item = Cow<'_, Year>> {
        let Range { start, end } = self.0.years;
        (year_of(from).max(start)..end).map(|year| self.year(year))
    }

    fn backwards(&self, until: Timestamp) -> impl Iterator<Item = Cow<'_, Year>> {
        let Range { start, end } = self.0.years;
        (start..end.min(year_of(until) + 1)).rev().map(|year| self.year(year))
    }

    fn year(&self, year: i16) -> Cow<'_, Year> {
        let Inner { zone, days, kept, .. } = &*self.0;
        let index = usize::try_from(year - FIRST_KEPT).unwrap_or(KEPT);
        match kept.get(index) {
            Some(place) => Cow::Borrowed(place.get_or_init(|| Year::new(zone, days, year))),
            None => Cow::Owned(Year::new(zone, days, year)),
        }
    }
}

impl PartialEq for Calendar {
    fn eq(&self, other: &Self) -> bool {
        self.0.spec == other.0.spec
    }
}

impl Eq for Calendar {}

impl fmt::Debug for Calendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Calendar").field(&self.0.spec).finish()
    }
}

fn refuse_negative(duration: SignedDuration) -> Result<SignedDuration, Unreachable> {
    if duration.is_negative() {
        return Err(Unreachable::NegativeDuration);
    }
    Ok(duration)
}
