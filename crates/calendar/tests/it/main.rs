//! What the calendar promises: named rules, and laws held against a naive oracle.

#![allow(clippy::expect_used, reason = "a helper of tests may stop them")]

mod days;
mod hours;
mod laws;
mod oracle;
mod refusals;
mod tool;

use calendar::{Calendar, CalendarSpec, Exception, Hours, Week};
use jiff::{SignedDuration, Timestamp};

/// `09:00-14:00 15:00-18:00` as openings.
fn hours(text: &str) -> Vec<Hours> {
    let opening = |part: &str| part.split_once('-').map(|(open, close)| Hours::new(open, close));
    text.split_whitespace().map(|part| opening(part).expect("open-close")).collect()
}

/// Monday to Friday with the same hours.
fn workdays(text: &str) -> Week {
    let day = || hours(text);
    Week { mon: day(), tue: day(), wed: day(), thu: day(), fri: day(), ..Week::default() }
}

fn spec(zone: &str, week: Week) -> CalendarSpec {
    CalendarSpec { zone: zone.into(), week, ..CalendarSpec::default() }
}

fn calendar(zone: &str, week: Week) -> Calendar {
    Calendar::new(spec(zone, week)).expect("a valid calendar")
}

/// Monday to Friday from nine to five in Madrid.
fn office() -> Calendar {
    calendar("Europe/Madrid", workdays("09:00-17:00"))
}

fn always(zone: &str) -> Calendar {
    Calendar::new(CalendarSpec::always(zone)).expect("a valid calendar")
}

fn exception(date: &str, open: &str) -> Exception {
    Exception { date: date.into(), open: hours(open) }
}

/// An instant given with its offset, as in `2026-03-29T09:00+02`.
fn at(text: &str) -> Timestamp {
    text.parse().expect("an instant")
}

fn h(hours: i64) -> SignedDuration {
    SignedDuration::from_hours(hours)
}

fn min(minutes: i64) -> SignedDuration {
    SignedDuration::from_mins(minutes)
}
