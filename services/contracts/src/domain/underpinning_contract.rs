//! What a vendor promised the operator, and at what cost. It is never changed:
//! the newest of a vendor is the one that a new hand-off is under.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use super::line::Rates;

/// One promise.
#[derive(Debug, Clone, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "underpinning_contracts")]
pub struct Model {
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// Always 1.
    pub version: i64,
    /// Whose promise.
    pub vendor_id: Uuid,
    /// For people.
    pub display_name: String,
    /// Whose open time counts.
    pub calendar_id: Uuid,
    /// From offer to acceptance.
    pub acceptance_seconds: i64,
    /// From acceptance to proposal.
    pub work_seconds: i64,
    /// What the vendor's work costs.
    #[sea_orm(column_type = "JsonBinary")]
    pub rates: Rates,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// It has no relations that are walked.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}
