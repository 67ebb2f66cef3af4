//! How many seats a line has, from a day on.

use chrono::NaiveDate;
use sea_orm::entity::prelude::*;

/// One count.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "seat_counts")]
pub struct Model {
    /// Whose it is.
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    /// Of which contract.
    #[sea_orm(primary_key, auto_increment = false)]
    pub contract_id: Uuid,
    /// Of which of its lines.
    #[sea_orm(primary_key, auto_increment = false)]
    pub line: String,
    /// The first day with that many, in the tenant's zone.
    #[sea_orm(primary_key, auto_increment = false)]
    pub effective_on: NaiveDate,
    /// How many.
    pub seats: i32,
    /// The contract's version that said so.
    pub version: i64,
}

impl ActiveModelBehavior for ActiveModel {}

/// It has no relations that are walked.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}
