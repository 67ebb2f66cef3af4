//! Each finalised invoice is bound to the one before it in its series: none
//! can be changed, taken out or put in between without the chain telling.

use chrono::{DateTime, SecondsFormat, Utc};
use sha2::{Digest, Sha256};

/// An invoice's place in its series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Such as `2026-000001`.
    pub number: String,
    /// The hash of the one before it; empty for the first.
    pub previous_hash: String,
}

impl Place {
    /// The place after one of `year`; `count` counts from 1.
    pub fn new(year: i32, count: i64, previous_hash: String) -> Self {
        Self { number: format!("{year:04}-{count:06}"), previous_hash }
    }

    /// SHA-256 of the previous hash, number, time and document, a line each,
    /// in lower-case hex.
    pub fn hash(&self, finalized_at: DateTime<Utc>, document: &str) -> String {
        let time = finalized_at.to_rfc3339_opts(SecondsFormat::Micros, true);
        let text = [&self.previous_hash, &self.number, &time, document].join("\n");
        Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn i24_nothing_that_is_hashed_can_change() {
        let at = DateTime::default();
        let place = Place::new(2026, 1, String::new());
        assert_eq!(place.number, "2026-000001");
        let hash = place.hash(at, "{}");
        // printf '\n2026-000001\n1970-01-01T00:00:00.000000Z\n{}' | sha256sum
        assert_eq!(hash, "7e5e7549c5f22b06b93e134573170a0ae65956f213d6472de3f533bdac614dda");
        let others = [
            Place::new(2026, 2, String::new()).hash(at, "{}"),
            Place::new(2026, 1, hash.clone()).hash(at, "{}"),
            place.hash(at + chrono::TimeDelta::microseconds(1), "{}"),
            place.hash(at, "{ }"),
        ];
        assert!(others.iter().all(|other| *other != hash));
    }
}
