//! The other edge: what the tickets service hears.

pub mod contracts;
pub mod dispatch;

use proto::r#type::v1::Actor;

use crate::store::Mark;

/// The platform's own hand, in the history.
fn mark(now: chrono::DateTime<chrono::Utc>) -> Mark {
    Mark { actor: Actor { name: "services/tickets".to_owned(), acting: String::new() }, now }
}
