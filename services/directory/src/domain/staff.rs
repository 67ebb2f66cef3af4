//! One of the operator's own people.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

/// One person.
#[derive(Debug, Clone, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "staff")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// One more with each change.
    pub version: i64,
    /// For people.
    pub display_name: String,
    /// Where notices go.
    pub email: String,
    /// Such as `ROLE_AGENT`; never empty.
    pub roles: Vec<String>,
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
