//! Where a tenant's people and machines are.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

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
    /// One more with each change.
    pub version: i64,
    /// For people.
    pub display_name: String,
    /// For people.
    pub address: String,
    /// WGS 84, in degrees.
    pub latitude: f64,
    /// WGS 84, in degrees.
    pub longitude: f64,
    /// IANA zone of its wall time.
    pub zone: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// It has no relations that are walked.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl store::Versioned for Model {
    fn version(&self) -> i64 {
        self.version
    }
}
