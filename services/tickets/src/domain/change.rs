//! One line of a ticket's history.

use chrono::{DateTime, Utc};
use sea_orm::FromJsonQueryResult;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use super::ticket::Ticket;

/// One change, with the ticket's version after it.
#[derive(Debug, Clone, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "changes")]
pub struct Model {
    /// Whose it is.
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    /// Of which ticket.
    #[sea_orm(primary_key, auto_increment = false)]
    pub ticket_id: Uuid,
    /// The ticket's, after it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i64,
    /// What happened, such as `TicketResolved`.
    pub kind: String,
    /// What changed from what to what.
    #[sea_orm(column_type = "JsonBinary")]
    pub fields: Fields,
    /// By whom.
    pub actor: String,
    /// Who acted through them, or empty.
    pub acting: String,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
    /// When the platform was told.
    pub recorded_at: DateTime<Utc>,
}

impl ActiveModelBehavior for ActiveModel {}

/// It has no relations that are walked.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

/// What changed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, FromJsonQueryResult)]
pub struct Fields(pub Vec<FieldChange>);

/// One field, before and after; empty where there was nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldChange {
    /// As the proto calls it.
    pub field: String,
    /// Before.
    pub before: String,
    /// After.
    pub after: String,
}

/// What differs between two versions of a ticket.
pub fn difference(before: &Ticket, after: &Ticket) -> Fields {
    let (old, new) = (facts(before), facts(after));
    let changed = old.into_iter().zip(new).filter(|(old, new)| old.1 != new.1);
    Fields(changed.map(|(old, new)| FieldChange { field: old.0.to_owned(), before: old.1, after: new.1 }).collect())
}

fn facts(ticket: &Ticket) -> [(&'static str, String); 14] {
    let id = |id: Option<Uuid>| id.map(|id| id.to_string()).unwrap_or_default();
    [
        ("state", format!("{:?}", ticket.state)),
        ("wait_reasons", format!("{:?}", ticket.reasons()).trim_matches(['[', ']']).to_owned()),
        ("subject", ticket.subject.clone()),
        ("description", ticket.description.clone()),
        ("impact", format!("{:?}", ticket.impact)),
        ("urgency", format!("{:?}", ticket.urgency)),
        ("priority", format!("{:?}", ticket.priority)),
        ("site", id(ticket.site_id)),
        ("service", ticket.service.clone()),
        ("queue", ticket.queue.clone()),
        ("assignee", id(ticket.assignee_id)),
        ("tier", format!("{:?}", ticket.tier)),
        ("handoff", id(ticket.handoff_id)),
        ("solution", ticket.solution.clone()),
    ]
}
