//! Instants on the wire and in the database.

use chrono::{DateTime, Utc};
use prost_types::Timestamp;

/// As protobuf says it.
pub fn timestamp(at: DateTime<Utc>) -> Timestamp {
    let nanos = i32::try_from(at.timestamp_subsec_nanos()).unwrap_or_default();
    Timestamp { seconds: at.timestamp(), nanos }
}

/// As the database keeps it, to the microsecond; none if out of range.
pub fn instant(at: &Timestamp) -> Option<DateTime<Utc>> {
    let nanos = u32::try_from(at.nanos).ok()?;
    DateTime::from_timestamp(at.seconds, nanos / 1_000 * 1_000)
}
