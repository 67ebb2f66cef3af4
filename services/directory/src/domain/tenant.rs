//! A client company: the unit of isolation.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

/// One client company.
#[derive(Debug, Clone, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "tenants")]
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
    /// IANA zone of its civil dates.
    pub zone: String,
    /// ISO 4217: the currency it is billed in.
    pub currency: String,
    /// VAT identification number, or empty.
    pub tax_number: String,
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
