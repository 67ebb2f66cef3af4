//! Who can be sent.

use calendar::{Calendar, CalendarSpec, Violation, Week};
use chrono::{DateTime, Utc};
use sea_orm::FromJsonQueryResult;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::domain::day::to_jiff;
use crate::domain::travel::Point;
use crate::error::Error;

/// One person with a van.
#[derive(Debug, Clone, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "technicians")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// One more with each change.
    pub version: i64,
    /// Whose token moves this technician's visits.
    pub staff_id: Uuid,
    /// For people.
    pub display_name: String,
    /// Sorted, each once.
    pub skills: Vec<String>,
    /// Of the place where the day starts and ends; WGS 84, in degrees.
    pub latitude: f64,
    /// Likewise.
    pub longitude: f64,
    /// IANA zone of the working hours.
    pub zone: String,
    /// When this technician works.
    #[sea_orm(column_type = "JsonBinary")]
    pub hours: Hours,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

/// Working hours by weekday.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
#[serde(transparent)]
pub struct Hours(pub Week);

impl Hours {
    /// Checked, on the wall clock of `zone`.
    ///
    /// # Errors
    /// Everything that is wrong with hours and zone.
    pub fn calendar(&self, zone: &str) -> Result<Calendar, Vec<Violation>> {
        Calendar::new(CalendarSpec { zone: zone.to_owned(), week: self.0.clone(), ..CalendarSpec::default() })
    }
}

impl ActiveModelBehavior for ActiveModel {}

/// It has no relations that are walked.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl Model {
    /// Where the day starts and ends.
    pub const fn home(&self) -> Point {
        Point { latitude: self.latitude, longitude: self.longitude }
    }

    /// The working hours, ready for arithmetic.
    ///
    /// # Errors
    /// [`Error::Hours`] if they are not what was checked when they were given.
    pub fn calendar(&self) -> Result<Calendar, Error> {
        self.hours.calendar(&self.zone).map_err(Error::Hours)
    }

    /// Those of `skills` that this technician does not have.
    pub fn lacks<'s>(&self, skills: &'s [String]) -> Vec<&'s str> {
        skills.iter().filter(|skill| !self.skills.contains(skill)).map(String::as_str).collect()
    }

    /// Whether this technician may do work that needs `skills` from `start` to `end`.
    ///
    /// # Errors
    /// [`Error::SkillMissing`], [`Error::NotWorking`].
    pub fn may_work(&self, skills: &[String], start: DateTime<Utc>, end: DateTime<Utc>) -> Result<(), Error> {
        let lacks = self.lacks(skills);
        if !lacks.is_empty() {
            return Err(Error::SkillMissing(lacks.join(", ")));
        }
        let (start, end) = (to_jiff(start), to_jiff(end));
        let missing = start.duration_until(end) - self.calendar()?.elapsed(start, end);
        if missing.is_zero() { Ok(()) } else { Err(Error::NotWorking { minutes: (missing.as_secs() + 59) / 60 }) }
    }
}

#[cfg(test)]
pub mod tests {
    use calendar::Hours as Opening;

    use super::*;

    /// Works on weekdays from 9 to 14 and from 16 to 19 in Madrid, knows fibre.
    pub fn technician() -> Model {
        let day = || vec![Opening::new("09:00", "14:00"), Opening::new("16:00", "19:00")];
        Model {
            id: Uuid::from_u128(1),
            version: 1,
            staff_id: Uuid::from_u128(2),
            display_name: "Lucía".into(),
            skills: vec!["fibre".into()],
            latitude: 40.4168,
            longitude: -3.7038,
            zone: "Europe/Madrid".into(),
            hours: Hours(Week { mon: day(), tue: day(), wed: day(), thu: day(), fri: day(), ..Week::default() }),
            created_at: DateTime::default(),
        }
    }

    /// Monday, 2 March 2026, on the wall clock of Madrid (UTC+1).
    pub fn monday(hour: u32, minute: u32) -> DateTime<Utc> {
        chrono::NaiveDate::from_ymd_opt(2026, 3, 2).unwrap().and_hms_opt(hour - 1, minute, 0).unwrap().and_utc()
    }

    #[test]
    fn work_lies_inside_the_hours() {
        let technician = technician();
        assert!(technician.may_work(&[], monday(9, 0), monday(14, 0)).is_ok());
        assert!(technician.may_work(&[], monday(16, 0), monday(19, 0)).is_ok());
        let siesta = technician.may_work(&[], monday(13, 30), monday(16, 15));
        assert!(matches!(siesta, Err(Error::NotWorking { minutes: 120 })), "{siesta:?}");
        let sunday = chrono::TimeDelta::days(6);
        let free = technician.may_work(&[], monday(9, 0) + sunday, monday(10, 0) + sunday);
        assert!(matches!(free, Err(Error::NotWorking { minutes: 60 })), "{free:?}");
    }

    #[test]
    fn every_skill_is_needed() {
        let needed = ["fibre", "ups", "voip"].map(String::from);
        let refusal = technician().may_work(&needed, monday(9, 0), monday(10, 0)).unwrap_err();
        assert_eq!(refusal.to_string(), "the technician lacks: ups, voip");
    }
}
