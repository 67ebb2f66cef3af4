//! What happened to a ticket, as its clocks need to know it: one line of an
//! append-only log.

use chrono::{DateTime, Utc};
use sea_orm::FromJsonQueryResult;
use sea_orm::entity::prelude::*;
use serde::{Deserialize, Serialize};

use crate::words::{HandoffState, Priority, WaitReason};

/// One line of the log.
pub type Entry = Model;

/// A row.
#[derive(Debug, Clone, PartialEq, DeriveEntityModel)]
#[sea_orm(table_name = "entries")]
pub struct Model {
    /// Whose it is.
    #[sea_orm(primary_key, auto_increment = false)]
    pub tenant_id: Uuid,
    /// Of which ticket.
    #[sea_orm(primary_key, auto_increment = false)]
    pub ticket_id: Uuid,
    /// What it tells of: the ticket itself, a message or a hand-off.
    #[sea_orm(primary_key, auto_increment = false)]
    pub source_id: Uuid,
    /// Which version of it.
    #[sea_orm(primary_key, auto_increment = false)]
    pub version: i64,
    /// The event's name, such as `TicketHeld`.
    #[sea_orm(primary_key, auto_increment = false)]
    pub kind: String,
    /// When it happened.
    pub occurred_at: DateTime<Utc>,
    /// What was so from then on.
    #[sea_orm(column_type = "JsonBinary")]
    pub fact: Fact,
}

impl ActiveModelBehavior for ActiveModel {}

impl Model {
    /// What puts the lines of one source into an order, however they came
    /// (S37). Two events may tell of one version.
    pub fn order(&self) -> (i64, DateTime<Utc>, &str) {
        (self.version, self.occurred_at, &self.kind)
    }
}

/// It has no relations that are walked.
#[derive(Debug, Clone, Copy, EnumIter, DeriveRelation)]
pub enum Relation {}

/// What was so after an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, FromJsonQueryResult)]
#[serde(rename_all = "snake_case")]
pub enum Fact {
    /// Of the ticket.
    Ticket(TicketFact),
    /// Somebody wrote something.
    Message {
        /// Whether a human of the operator's wrote it for the client to read.
        answers: bool,
    },
    /// Of a hand-off.
    Handoff(HandoffFact),
}

/// A ticket after an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketFact {
    /// How urgent it is.
    pub priority: Priority,
    /// Where it stands.
    pub phase: Phase,
    /// What it waits for.
    pub waits: Vec<WaitReason>,
    /// When it was reported.
    pub opened_at: DateTime<Utc>,
}

/// Where a ticket stands, as far as clocks care.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    /// Work is to be done.
    Open,
    /// Solved, closed or not.
    Resolved {
        /// When.
        at: DateTime<Utc>,
    },
    /// Not a ticket after all.
    Cancelled,
}

/// A hand-off after an event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct HandoffFact {
    /// To whom.
    pub vendor_id: Uuid,
    /// The vendor's promise, as it was when this was heard.
    pub underpinning_contract_id: Option<Uuid>,
    /// Where it stands.
    pub state: HandoffState,
    /// When it was offered.
    pub offered_at: DateTime<Utc>,
    /// When it was accepted, if it was.
    pub accepted_at: Option<DateTime<Utc>>,
}
