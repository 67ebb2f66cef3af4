//! A person at a tenant.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

/// One person.
#[derive(Debug, Clone, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "contacts")]
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
    /// Where answers go.
    pub email: String,
    /// Or empty.
    pub phone: String,
    /// Where this person usually is.
    pub site_id: Option<Uuid>,
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
