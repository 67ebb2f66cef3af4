//! Technicians on the wire.

use calendar::Week;
use chrono::{DateTime, Utc};
use proto::dispatch::v1 as pb;
use proto::r#type::v1::Place;
use service::{Fields, Violations, name, timestamp};
use uuid::Uuid;

use super::{place, skill_set};
use crate::domain::technician::{self, Hours};

/// Reads a new technician.
pub fn new_technician(given: Option<pb::Technician>, now: DateTime<Utc>) -> Result<technician::Model, Violations> {
    let mut fields = Fields::default();
    let pb::Technician { name: _, staff, display_name, skills, home, zone, hours, create_time: _, etag: _ } =
        given.unwrap_or_default();
    let Place { latitude, longitude } = place(&mut fields, "technician.home", home);
    let technician = technician::Model {
        id: Uuid::now_v7(),
        version: 1,
        staff_id: fields.name("technician.staff", &staff, "staff"),
        display_name: fields.text("technician.display_name", &display_name, 1..=200),
        skills: skill_set(&mut fields, "technician.skills", &skills),
        latitude,
        longitude,
        hours: working_hours(&mut fields, &zone, hours),
        zone,
        created_at: now,
    };
    fields.finish(technician)
}

/// The calendar says what is wrong with hours and zone, in its own words.
fn working_hours(fields: &mut Fields, zone: &str, given: Vec<pb::WorkingHours>) -> Hours {
    let mut week = Week::default();
    for pb::WorkingHours { day, start, end } in given {
        let openings = match day.as_str() {
            "mon" => &mut week.mon,
            "tue" => &mut week.tue,
            "wed" => &mut week.wed,
            "thu" => &mut week.thu,
            "fri" => &mut week.fri,
            "sat" => &mut week.sat,
            "sun" => &mut week.sun,
            _ => {
                fields.refuse("technician.hours.day", "DAY", "must be mon, tue, wed, thu, fri, sat or sun");
                continue;
            }
        };
        openings.push(calendar::Hours::new(start, end));
    }
    let hours = Hours(week);
    for violation in hours.calendar(zone).err().into_iter().flatten() {
        let field = format!("technician.{}", violation.field.replacen("week", "hours", 1));
        fields.refuse(&field, violation.rule.reason(), violation.rule.text());
    }
    hours
}

/// A technician, as others see it.
pub fn technician(row: &technician::Model) -> pb::Technician {
    let technician::Model {
        id,
        version,
        staff_id,
        display_name,
        skills,
        latitude,
        longitude,
        zone,
        hours: Hours(week),
        created_at,
    } = row.clone();
    let Week { mon, tue, wed, thu, fri, sat, sun } = week;
    let days = [("mon", mon), ("tue", tue), ("wed", wed), ("thu", thu), ("fri", fri), ("sat", sat), ("sun", sun)];
    let openings = days.into_iter().flat_map(|(day, openings)| openings.into_iter().map(move |hours| (day, hours)));
    pb::Technician {
        name: name("technicians", id),
        staff: name("staff", staff_id),
        display_name,
        skills,
        home: Some(Place { latitude, longitude }),
        zone,
        hours: openings
            .map(|(day, calendar::Hours(start, end))| pb::WorkingHours { day: day.to_owned(), start, end })
            .collect(),
        create_time: Some(timestamp(created_at)),
        etag: version.to_string(),
    }
}
