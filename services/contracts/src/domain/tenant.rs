//! A client company, as far as promises need to know it.

use calendar::{Calendar, CalendarSpec};
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::entity::prelude::*;

use super::clocks::instant;

/// What the directory said of it.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tenants")]
pub struct Model {
    /// Whose row it is: its own.
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    /// The directory's.
    pub version: i64,
    /// IANA zone of its civil dates.
    pub zone: String,
    /// ISO 4217: the currency it is billed in.
    pub currency: String,
}

impl ActiveModelBehavior for ActiveModel {}

/// It has no relations that are walked.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl Model {
    /// The civil date that the tenant writes at `at`; none if its zone is not
    /// in the zone data of this build.
    pub fn date(&self, at: DateTime<Utc>) -> Option<NaiveDate> {
        // By the compiled-in zone data, as every other verdict.
        let calendar = Calendar::new(CalendarSpec::always(&self.zone)).ok()?;
        let date = calendar.wall(instant(at)).date();
        NaiveDate::from_ymd_opt(
            date.year().into(),
            date.month().unsigned_abs().into(),
            date.day().unsigned_abs().into(),
        )
    }
}
