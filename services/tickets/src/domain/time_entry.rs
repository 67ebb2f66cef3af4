//! Work done on a ticket.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use super::words::Tier;
use crate::error::Error;

/// Somebody's time.
pub type TimeEntry = Model;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "time_entries")]
pub struct Model {
    /// Whose ticket it was for.
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// One more with each change.
    pub version: i64,
    /// What it was for.
    pub ticket_id: Uuid,
    /// `staff/…` or `vendors/…`.
    pub worker: String,
    /// Of a vendor's work.
    pub vendor_id: Option<Uuid>,
    /// Under which hand-off.
    pub handoff_id: Option<Uuid>,
    /// As the rate card names it.
    pub work_type: String,
    /// Who worked.
    pub tier: Tier,
    /// From.
    pub started_at: DateTime<Utc>,
    /// To, exclusive.
    pub ended_at: DateTime<Utc>,
    /// Whether the client pays for it.
    pub billable: bool,
    /// What was done, or empty.
    pub note: String,
    /// A fact from then on.
    pub approved_at: Option<DateTime<Utc>>,
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

impl TimeEntry {
    /// It is a fact from here on.
    ///
    /// # Errors
    /// [`Error::Approved`] if it is one.
    pub fn approve(self, moment: DateTime<Utc>) -> Result<Self, Error> {
        match self.approved_at {
            Some(_) => Err(Error::Approved),
            None => Ok(Self { version: self.version + 1, approved_at: Some(moment), ..self }),
        }
    }
}
