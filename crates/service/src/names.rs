//! Resource names (AIP-122): `tickets/{uuid}`.

use uuid::Uuid;

/// `id` as a name in `collection`.
pub fn name(collection: &str, id: Uuid) -> String {
    format!("{collection}/{id}")
}

/// The id in `name`, if it is a name in `collection`.
pub fn parse_name(collection: &str, name: &str) -> Option<Uuid> {
    name.strip_prefix(collection)?.strip_prefix('/')?.parse().ok()
}
