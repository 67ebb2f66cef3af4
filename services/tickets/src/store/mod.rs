//! How tickets are kept: the only SQL.

pub mod handoffs;
pub mod messages;
pub mod numbers;
pub mod tickets;
pub mod time_entries;

use proto::r#type::v1::Actor;

/// Who did it and when the platform was told, for the history.
#[derive(Debug, Clone)]
pub struct Mark {
    /// By whom.
    pub actor: Actor,
    /// When the platform was told.
    pub now: chrono::DateTime<chrono::Utc>,
}
