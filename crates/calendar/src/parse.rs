//! From the words of a [`CalendarSpec`] to a plan, naming everything that is wrong.

use std::collections::btree_map::Entry;

use jiff::civil::{self, Date};
use jiff::tz::TimeZone;

use crate::days::{Days, Moveable, Opening, Openings};
use crate::spec::{CalendarSpec, Hours, Weekday, YearlyDate};
use crate::violation::{Rule, Violation};
use crate::zone::{self, DAY};

/// A specification read: what was understood, and what was not.
#[derive(Default)]
pub(crate) struct Parsed {
    pub zone: Option<TimeZone>,
    pub days: Days,
    pub violations: Vec<Violation>,
}

/// An opening with the path of the field that gave it.
type Named = (Opening, String);

impl Parsed {
    /// Reads all of `spec`, whatever is wrong with a part of it.
    pub fn from_spec(spec: &CalendarSpec) -> Self {
        let mut parsed = Self::default();
        parsed.zone(&spec.zone);
        parsed.week(spec);
        parsed.exceptions(spec);
        parsed.yearly(spec);
        if !spec.mentions_hours() {
            parsed.refuse("week", Rule::NeverOpens);
        }
        parsed
    }

    fn refuse(&mut self, field: impl Into<String>, rule: Rule) {
        self.violations.push(Violation { field: field.into(), rule });
    }

    fn zone(&mut self, name: &str) {
        self.zone = zone::find(name);
        match &self.zone {
            None if name.is_empty() => self.refuse("zone", Rule::ZoneMissing),
            None => self.refuse("zone", Rule::ZoneUnknown),
            Some(_) => {}
        }
    }

    fn week(&mut self, spec: &CalendarSpec) {
        let mut whole_week = Vec::new();
        let mut midnight = 0;
        for (weekday, (name, hours)) in spec.week.days().into_iter().enumerate() {
            let named = self.hours(&format!("week.{name}"), hours);
            self.days.week[weekday] = openings(&named);
            let of_week = |(opening, field): Named| (opening.later_by(midnight), field);
            whole_week.extend(named.into_iter().map(of_week));
            midnight += DAY;
        }
        let sunday_night = whole_week.iter().map(|(opening, _)| opening.end - 7 * DAY).max();
        self.refuse_overlaps(whole_week, sunday_night);
    }

    fn exceptions(&mut self, spec: &CalendarSpec) {
        for (index, exception) in spec.exceptions.iter().enumerate() {
            let field = format!("exceptions[{index}]");
            let openings = self.replacement(&field, &exception.open);
            let Some(date) = date(&exception.date) else {
                self.refuse(format!("{field}.date"), Rule::DateInvalid);
                continue;
            };
            match self.days.exceptions.entry(date) {
                Entry::Vacant(free) => drop(free.insert(openings)),
                Entry::Occupied(_) => self.refuse(format!("{field}.date"), Rule::DateRepeated),
            }
        }
    }

    fn yearly(&mut self, spec: &CalendarSpec) {
        for (index, yearly) in spec.yearly.iter().enumerate() {
            let field = format!("yearly[{index}]");
            if yearly.name.trim().is_empty() {
                self.refuse(format!("{field}.name"), Rule::NameMissing);
            }
            let openings = self.replacement(&field, &yearly.open);
            if let Some(moveable) = self.moveable(&format!("{field}.on"), &yearly.on) {
                self.days.yearly.push((moveable, openings));
            }
        }
    }

    fn moveable(&mut self, field: &str, on: &YearlyDate) -> Option<Moveable> {
        let known = self.violations.len();
        let moveable = match on {
            YearlyDate::Fixed(text) => {
                // Any leap year: 29 February is a day that some years have.
                let date = date(&format!("2000-{text}"));
                if date.is_none() {
                    self.refuse(format!("{field}.fixed"), Rule::DayInvalid);
                }
                let date = date?;
                Moveable::Fixed { month: date.month(), day: date.day() }
            }
            &YearlyDate::Easter(offset) => {
                // Easter itself is day 81 to 115 of a common year.
                if !(-80..=250).contains(&offset) {
                    self.refuse(format!("{field}.easter"), Rule::EasterInvalid);
                }
                Moveable::Easter { offset }
            }
            &YearlyDate::Weekday { nth, day, month } => {
                if !matches!(nth, -1 | 1..=5) {
                    self.refuse(format!("{field}.weekday.nth"), Rule::NthInvalid);
                }
                if !(1..=12).contains(&month) {
                    self.refuse(format!("{field}.weekday.month"), Rule::MonthInvalid);
                }
                Moveable::Nth { nth, weekday: day.into(), month }
            }
        };
        (self.violations.len() == known).then_some(moveable)
    }

    /// The openings of a day that replaces another.
    fn replacement(&mut self, field: &str, hours: &[Hours]) -> Openings {
        let named = self.hours(&format!("{field}.open"), hours);
        let openings = openings(&named);
        self.refuse_overlaps(named, None);
        openings
    }

    fn hours(&mut self, field: &str, hours: &[Hours]) -> Vec<Named> {
        let mut named = Vec::new();
        for (index, Hours(open, close)) in hours.iter().enumerate() {
            let start = seconds_of_day(open).filter(|start| *start < DAY);
            let end = seconds_of_day(close);
            for (side, time) in [start, end].into_iter().enumerate() {
                if time.is_none() {
                    self.refuse(format!("{field}[{index}][{side}]"), Rule::TimeInvalid);
                }
            }
            if let (Some(start), Some(end)) = (start, end) {
                let end = if end <= start { end + DAY } else { end };
                named.push((Opening { start, end }, format!("{field}[{index}]")));
            }
        }
        named
    }

    fn refuse_overlaps(&mut self, mut named: Vec<Named>, open_until: Option<i64>) {
        named.sort_by_key(|(opening, _)| opening.start);
        let mut open_until = open_until.unwrap_or(i64::MIN);
        for (opening, field) in named {
            if opening.start < open_until {
                self.refuse(field, Rule::IntervalOverlap);
            }
            open_until = open_until.max(opening.end);
        }
    }
}

fn openings(named: &[Named]) -> Openings {
    let mut openings: Vec<Opening> = named.iter().map(|(opening, _)| *opening).collect();
    openings.sort_by_key(|opening| opening.start);
    openings.into()
}

/// `HH:MM` or `HH:MM:SS` as seconds after midnight; `24:00` is a day.
fn seconds_of_day(text: &str) -> Option<i64> {
    let mut parts = text.split(':');
    let mut two_digits = || {
        let part = parts.next()?;
        let digits = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| part.parse::<i64>().ok())?
    };
    let (hour, minute) = (two_digits()?, two_digits()?);
    let second = if text.len() > 5 { two_digits()? } else { 0 };
    let seconds = hour * 3600 + minute * 60 + second;
    (parts.next().is_none() && minute < 60 && second < 60 && seconds <= DAY).then_some(seconds)
}

/// A date written `YYYY-MM-DD` and in no other way.
fn date(text: &str) -> Option<Date> {
    text.parse().ok().filter(|date: &Date| date.to_string() == text)
}

impl From<Weekday> for civil::Weekday {
    fn from(day: Weekday) -> Self {
        match day {
            Weekday::Mon => Self::Monday,
            Weekday::Tue => Self::Tuesday,
            Weekday::Wed => Self::Wednesday,
            Weekday::Thu => Self::Thursday,
            Weekday::Fri => Self::Friday,
            Weekday::Sat => Self::Saturday,
            Weekday::Sun => Self::Sunday,
        }
    }
}
