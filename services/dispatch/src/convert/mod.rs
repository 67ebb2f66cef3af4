//! Between the wire and the domain: the only place that names both.

mod heard;
mod technician;
mod visit;

pub use heard::{cancelled, requested, site};
pub use technician::{new_technician, technician};
pub use visit::{announce, date, filter, outcome, plan, suggest, suggestions, visit, visit_for};

use chrono::{DateTime, Utc};
use proto::access::v1::Role;
use proto::r#type::v1::{Actor, Place};
use service::{Call, Caller, Fields, Party, Violations, parse_name};
use uuid::Uuid;

use crate::domain::mover::Mover;

/// Who did something, and when, as the others are told.
pub struct Told {
    /// Who.
    pub actor: Actor,
    /// When.
    pub moment: DateTime<Utc>,
}

/// Who calls, and when it happened.
pub fn told(call: &Call) -> Told {
    Told { actor: call.caller.actor(), moment: call.moment }
}

/// Whose visits this caller may move: a technician's the own ones, anybody's
/// whoever has a dispatcher's say as well.
pub fn mover(caller: &Caller) -> Mover {
    let dispatches = |role: &Role| matches!(role, Role::Dispatcher | Role::ServiceManager | Role::Administrator);
    match &caller.party {
        Party::Operator { roles } if roles.iter().any(dispatches) => Mover::Dispatch,
        _ => Mover::Technician(parse_name("staff", &caller.subject)),
    }
}

/// Reads a name in `collection`.
pub fn id(field: &str, value: &str, collection: &str) -> Result<Uuid, Violations> {
    let mut fields = Fields::default();
    let id = fields.name(field, value, collection);
    fields.finish(id)
}

pub(super) fn place(fields: &mut Fields, field: &str, given: Option<Place>) -> Place {
    let Some(place) = given else {
        fields.refuse(field, "REQUIRED", "is required");
        return Place::default();
    };
    if !(-90.0..=90.0).contains(&place.latitude) {
        fields.refuse(&format!("{field}.latitude"), "RANGE", "must be -90 to 90 degrees");
    }
    if !(-180.0..=180.0).contains(&place.longitude) {
        fields.refuse(&format!("{field}.longitude"), "RANGE", "must be -180 to 180 degrees");
    }
    place
}

pub(super) fn skill_set(fields: &mut Fields, field: &str, given: &[String]) -> Vec<String> {
    let mut skills: Vec<String> = given.iter().map(|skill| fields.text(field, skill, 1..=60)).collect();
    skills.sort();
    skills.dedup();
    skills
}
