//! Where a visit goes, as the directory told it.

use sea_orm::entity::prelude::*;

use crate::domain::travel::Point;

/// One place.
#[derive(Debug, Clone, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "sites")]
pub struct Model {
    /// Whose it is.
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The directory's: a repeat or an older word changes nothing.
    pub version: i64,
    /// WGS 84, in degrees.
    pub latitude: f64,
    /// WGS 84, in degrees.
    pub longitude: f64,
    /// IANA zone of its civil dates.
    pub zone: String,
}

impl ActiveModelBehavior for ActiveModel {}

/// It has no relations that are walked.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl Model {
    /// On the map.
    pub const fn point(&self) -> Point {
        Point { latitude: self.latitude, longitude: self.longitude }
    }
}
