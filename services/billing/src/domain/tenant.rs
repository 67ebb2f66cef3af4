//! What billing needs to know of a client.

use sea_orm::entity::prelude::*;

use super::civil::Civil;
use crate::error::Error;

/// One client, as the directory announced it.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "tenants")]
pub struct Model {
    /// Whose it is.
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    /// Its id: the same.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// The directory's.
    pub version: i64,
    /// For people.
    pub display_name: String,
    /// IANA zone of its civil dates.
    pub zone: String,
    /// ISO 4217: the currency it is billed in.
    pub currency: String,
    /// VAT identification number, or empty.
    pub tax_number: String,
}

impl ActiveModelBehavior for ActiveModel {}

/// It has no relations that are walked.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl Model {
    /// Its dates.
    ///
    /// # Errors
    /// [`Error::Unreadable`] if the directory took a zone that there is not.
    pub fn civil(&self) -> Result<Civil, Error> {
        Civil::of(&self.zone).ok_or_else(|| Error::Unreadable(format!("zone {}", self.zone)))
    }
}
