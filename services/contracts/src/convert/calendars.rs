//! Calendars.

use chrono::{DateTime, Utc};
use proto::contracts::v1 as pb;
use service::{Fields, Violations, name, timestamp};
use uuid::Uuid;

use crate::domain::calendar::{DAYS, DayException, Exceptions, Model, Opening, Openings};

/// Reads a new calendar.
///
/// # Errors
/// Every violation, those of its hours as the arithmetic of business time
/// finds them.
pub fn new(given: Option<pb::Calendar>, now: DateTime<Utc>) -> Result<Model, Violations> {
    let mut fields = Fields::default();
    let pb::Calendar { name: _, display_name, zone, week, exceptions, create_time: _, etag: _ } =
        given.unwrap_or_default();
    for (index, opening) in week.iter().enumerate() {
        if !DAYS.contains(&opening.day.as_str()) {
            fields.refuse(
                &format!("calendar.week[{index}].day"),
                "DAY",
                "must be one of mon, tue, wed, thu, fri, sat, sun",
            );
        }
    }
    let row = Model {
        id: Uuid::now_v7(),
        version: 1,
        display_name: fields.text("calendar.display_name", &display_name, 1..=200),
        zone,
        week: Openings(week.into_iter().map(opening).collect()),
        exceptions: Exceptions(exceptions.into_iter().map(exception).collect()),
        created_at: now,
    };
    for violation in calendar::Calendar::new(row.spec()).err().unwrap_or_default() {
        fields.refuse(&path(&row, &violation.field), violation.rule.reason(), violation.rule.text());
    }
    fields.finish(row)
}

fn opening(given: pb::Opening) -> Opening {
    let pb::Opening { day, open, close } = given;
    Opening { day, open, close }
}

fn exception(given: pb::DayException) -> DayException {
    let pb::DayException { date, label, hours } = given;
    let hours = hours.into_iter().map(|pb::DayHours { open, close }| (open, close)).collect();
    DayException { date, label, hours }
}

/// The request's path of what the specification calls `week.mon[1][0]`, the
/// open of Monday's second opening, or `exceptions[0].open[1][1]`.
fn path(row: &Model, field: &str) -> String {
    let place = |text: &str| {
        let (index, side) = text.split_once(']')?;
        let side = match side {
            "[0]" => ".open",
            "[1]" => ".close",
            _ => "",
        };
        Some((index.parse::<usize>().ok()?, side))
    };
    let of_week = || {
        let (day, rest) = field.strip_prefix("week.")?.split_once('[')?;
        let (nth, side) = place(rest)?;
        Some(format!("calendar.week[{}]{side}", row.position(day, nth)?))
    };
    let of_exception = || {
        let (exception, rest) = field.split_once(".open[")?;
        let (nth, side) = place(rest)?;
        Some(format!("calendar.{exception}.hours[{nth}]{side}"))
    };
    of_week().or_else(of_exception).unwrap_or_else(|| format!("calendar.{field}"))
}

/// A calendar, as others see it.
pub fn calendar(row: &Model) -> pb::Calendar {
    let Model { id, version, display_name, zone, week, exceptions, created_at } = row.clone();
    let week = week.0.into_iter().map(|Opening { day, open, close }| pb::Opening { day, open, close });
    let exceptions = exceptions.0.into_iter().map(|DayException { date, label, hours }| {
        let hours = hours.into_iter().map(|(open, close)| pb::DayHours { open, close }).collect();
        pb::DayException { date, label, hours }
    });
    pb::Calendar {
        name: name("calendars", id),
        display_name,
        zone,
        week: week.collect(),
        exceptions: exceptions.collect(),
        create_time: Some(timestamp(created_at)),
        etag: version.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn opening(day: &str, open: &str, close: &str) -> pb::Opening {
        pb::Opening { day: day.into(), open: open.into(), close: close.into() }
    }

    #[test]
    fn every_violation_is_found_where_it_was_written() {
        let hours = vec![pb::DayHours { open: "10:00".into(), close: "noon".into() }];
        let calendar = pb::Calendar {
            zone: "Europe/Atlantis".into(),
            week: vec![
                opening("mon", "09:00", "14:00"),
                opening("moon", "09:00", "14:00"),
                opening("mon", "9", "18:00"),
                opening("tue", "09:00", "12:00"),
                opening("tue", "11:00", "13:00"),
            ],
            exceptions: vec![pb::DayException { date: "2026-13-01".into(), label: String::new(), hours }],
            ..pb::Calendar::default()
        };
        let found = new(Some(calendar), DateTime::default()).unwrap_err().0;
        let found: Vec<_> = found.iter().map(|v| (v.field.as_str(), v.reason)).collect();
        assert_eq!(
            found,
            [
                ("calendar.week[1].day", "DAY"),
                ("calendar.display_name", "REQUIRED"),
                ("calendar.zone", "ZONE_UNKNOWN"),
                ("calendar.week[2].open", "TIME_INVALID"),
                ("calendar.week[4]", "INTERVAL_OVERLAP"),
                ("calendar.exceptions[0].hours[0].close", "TIME_INVALID"),
                ("calendar.exceptions[0].date", "DATE_INVALID"),
            ]
        );
    }

    #[test]
    fn a_calendar_that_never_opens_is_refused() {
        let closed =
            pb::Calendar { display_name: "Closed".into(), zone: "Europe/Madrid".into(), ..pb::Calendar::default() };
        let found = new(Some(closed), DateTime::default()).unwrap_err().0;
        assert_eq!(found[0].reason, "NEVER_OPENS");
    }

    /// What is wrong with a calendar that is open on `week`.
    fn wrong(zone: &str, week: Vec<pb::Opening>) -> Vec<(String, &'static str)> {
        let calendar =
            pb::Calendar { display_name: "Office".into(), zone: zone.into(), week, ..pb::Calendar::default() };
        let found = new(Some(calendar), DateTime::default()).err().unwrap_or_default();
        found.0.into_iter().map(|v| (v.field, v.reason)).collect()
    }

    #[test]
    fn an_unknown_zone_is_refused_and_none_as_well() {
        let week = || vec![opening("mon", "09:00", "18:00")];
        assert_eq!(wrong("Europe/Madrid", week()), []);
        assert_eq!(wrong("Europe/Atlantis", week()), [("calendar.zone".to_owned(), "ZONE_UNKNOWN")]);
        assert_eq!(wrong("", week()).len(), 1);
    }

    #[test]
    fn overlapping_openings_are_refused() {
        let week = vec![opening("mon", "09:00", "14:00"), opening("mon", "13:59", "18:00")];
        assert_eq!(wrong("Europe/Madrid", week), [("calendar.week[1]".to_owned(), "INTERVAL_OVERLAP")]);
    }
}
