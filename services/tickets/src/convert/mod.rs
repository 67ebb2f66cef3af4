//! Between the wire and the domain: the only place that names both.

pub mod handoff;
pub mod talk;
pub mod ticket;

use service::{Fields, Violations};
use uuid::Uuid;

/// Reads a name in `collection`.
pub fn id(field: &str, value: &str, collection: &str) -> Result<Uuid, Violations> {
    let mut fields = Fields::default();
    let id = fields.name(field, value, collection);
    fields.finish(id)
}

/// `collection/id`, or empty.
fn name_or_empty(collection: &str, id: Option<Uuid>) -> String {
    id.map(|id| service::name(collection, id)).unwrap_or_default()
}
