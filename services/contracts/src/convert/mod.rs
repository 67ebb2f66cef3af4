//! Between the wire and the domain: the only place that names both. One file
//! per resource.

pub mod calendars;
pub mod clocks;
pub mod contracts;
pub mod heard;
pub mod lines;
pub mod sla_policies;
pub mod underpinning_contracts;

use chrono::{DateTime, Utc};
use service::{Fields, Violations};
use uuid::Uuid;

/// Reads a name in `collection`.
pub fn id(field: &str, value: &str, collection: &str) -> Result<Uuid, Violations> {
    let mut fields = Fields::default();
    let id = fields.name(field, value, collection);
    fields.finish(id)
}

/// Reads a name in `collection`, or nothing.
pub fn id_if_given(field: &str, value: &str, collection: &str) -> Result<Option<Uuid>, Violations> {
    let mut fields = Fields::default();
    let id = fields.name_if_given(field, value, collection);
    fields.finish(id)
}

/// A name in `collection` that is also `known`.
fn reference(fields: &mut Fields, field: &str, value: &str, collection: &str, known: bool) -> Uuid {
    let id = fields.name(field, value, collection);
    if !known && service::parse_name(collection, value).is_some() {
        fields.refuse(field, "UNKNOWN", "must exist");
    }
    id
}

fn time_if_given(fields: &mut Fields, field: &str, value: Option<&prost_types::Timestamp>) -> Option<DateTime<Utc>> {
    value.map(|at| fields.time(field, Some(at)))
}
