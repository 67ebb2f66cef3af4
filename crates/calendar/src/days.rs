//! The civil side of a calendar: which openings start on which date. No zone here.

use std::collections::BTreeMap;
use std::iter;
use std::ops::Range;

use jiff::civil::{Date, Weekday};

use crate::easter::easter;

/// Wall time in seconds after midnight, `[start, end)`. The end of a night shift
/// lies past 86,400.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Opening {
    pub start: i64,
    pub end: i64,
}

impl Opening {
    /// The same opening, counted from an instant that lies `seconds` earlier.
    pub fn later_by(self, seconds: i64) -> Self {
        Self { start: self.start + seconds, end: self.end + seconds }
    }
}

/// Openings of one day in order of their start.
pub(crate) type Openings = Box<[Opening]>;

/// Which day of a year a rule means.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Moveable {
    Fixed { month: i8, day: i8 },
    Easter { offset: i16 },
    Nth { nth: i8, weekday: Weekday, month: i8 },
}

impl Moveable {
    /// The date in `year`, unless that year has no such day.
    fn in_year(self, year: i16) -> Option<Date> {
        match self {
            Self::Fixed { month, day } => Date::new(year, month, day).ok(),
            Self::Easter { offset } => {
                let day_of_year = easter(year)?.day_of_year() + offset;
                Date::new(year, 1, 1).ok()?.with().day_of_year(day_of_year).build().ok()
            }
            Self::Nth { nth, weekday, month } => {
                Date::new(year, month, 1).ok()?.nth_weekday_of_month(nth, weekday).ok()
            }
        }
    }
}

/// Every date's openings: the week, and what replaces it.
#[derive(Debug, Default)]
pub(crate) struct Days {
    /// From Monday.
    pub week: [Openings; 7],
    pub exceptions: BTreeMap<Date, Openings>,
    pub yearly: Vec<(Moveable, Openings)>,
}

impl Days {
    /// Whether openings come back, in the week or once a year.
    pub fn recur(&self) -> bool {
        let yearly = self.yearly.iter().map(|(_, openings)| openings);
        self.week.iter().chain(yearly).any(|openings| !openings.is_empty())
    }

    /// The years of UTC that the exceptions may reach into. At either end of a
    /// year the zone's date may lie in the next one.
    pub fn exception_years(&self) -> Range<i16> {
        match (self.exceptions.first_key_value(), self.exceptions.last_key_value()) {
            (Some((first, _)), Some((last, _))) => first.year() - 1..last.year() + 2,
            _ => 0..0,
        }
    }

    /// The dates from `first` to `last`, both included, each with the openings
    /// that start on it.
    pub fn between(&self, first: Date, last: Date) -> impl Iterator<Item = (Date, &[Opening])> {
        let replaced = self.replaced(first, last);
        iter::successors(Some(first), |date| date.tomorrow().ok()).take_while(move |date| *date <= last).map(
            move |date| {
                let weekday = usize::from(date.weekday().to_monday_zero_offset().unsigned_abs());
                (date, replaced.get(&date).copied().unwrap_or(&self.week[weekday]))
            },
        )
    }

    /// Whether anything opens on `date`.
    pub fn is_business_day(&self, date: Date) -> bool {
        self.between(date, date).any(|(_, openings)| !openings.is_empty())
    }

    /// The dates from `first` on, without end, on which anything opens.
    pub fn business_days(&self, first: Date) -> impl Iterator<Item = Date> {
        // Year by year: moveable days are found once a year, not once a day.
        let years = iter::successors(Some(first), |date| date.last_of_year().tomorrow().ok());
        years
            .flat_map(|start| self.between(start, start.last_of_year()))
            .filter(|(_, openings)| !openings.is_empty())
            .map(|(date, _)| date)
    }

    /// The dates whose openings are not those of their weekday.
    fn replaced(&self, first: Date, last: Date) -> BTreeMap<Date, &[Opening]> {
        let mut replaced = BTreeMap::new();
        for (rule, openings) in &self.yearly {
            for date in (first.year()..=last.year()).filter_map(|year| rule.in_year(year)) {
                replaced.entry(date).or_insert(&**openings);
            }
        }
        for (date, openings) in self.exceptions.range(first..=last) {
            replaced.insert(*date, openings);
        }
        replaced
    }
}
