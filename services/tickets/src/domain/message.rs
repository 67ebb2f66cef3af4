//! What people say about a ticket.

use chrono::{DateTime, Utc};
use sea_orm::entity::prelude::*;

use super::words::Audience;

/// Something that was said. Never changed.
pub type Message = Model;

/// A row.
#[derive(Debug, Clone, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "messages")]
pub struct Model {
    /// Whose ticket it is about.
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    /// Its id.
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    /// What it is about.
    pub ticket_id: Uuid,
    /// Who may read it.
    pub audience: Audience,
    /// Who wrote it.
    pub author: String,
    /// Who acted through them, or empty.
    pub acting: String,
    /// `tenant`, `operator` or `vendor`.
    pub party: String,
    /// With whom a SHARED one is shared.
    pub vendor_id: Option<Uuid>,
    /// In which hand-off.
    pub handoff_id: Option<Uuid>,
    /// As it was written.
    pub body: String,
    /// When.
    pub created_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// It has no relations that are walked.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

impl Message {
    /// Whether it answers the client: a human of the operator's, for all to
    /// read. A private note never does, a vendor's never by itself.
    pub fn is_response(&self) -> bool {
        self.audience == Audience::Public && self.party == "operator"
    }
}
