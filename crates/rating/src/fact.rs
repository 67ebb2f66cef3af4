//! Something that happened and may have a price. Never changed.

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::civil::{Civil, Month};

/// What kind of thing happened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Somebody worked.
    Time,
    /// Somebody was there.
    Visit,
    /// A ticket came in.
    Ticket,
    /// A contract line has so many seats from a day on.
    Seats,
}

impl Kind {
    /// Its name, for programs. It never changes.
    pub fn code(self) -> &'static str {
        match self {
            Self::Time => "TIME",
            Self::Visit => "VISIT",
            Self::Ticket => "TICKET",
            Self::Seats => "SEATS",
        }
    }

    /// The kind of that name.
    pub fn of(code: &str) -> Option<Self> {
        [Self::Time, Self::Visit, Self::Ticket, Self::Seats].into_iter().find(|kind| kind.code() == code)
    }
}

/// One of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// Whose it is.
    pub tenant_id: Uuid,
    /// Made of when it happened and what it is called; see [`Fact::of`].
    pub id: Uuid,
    /// Who says so.
    pub source: String,
    /// What the source calls it: unique per tenant and source.
    pub key: String,
    /// What it is.
    pub kind: Kind,
    /// The contract that covers it: its own, or its ticket's.
    pub contract_id: Option<Uuid>,
    /// The ticket it was for.
    pub ticket_id: Option<Uuid>,
    /// Such as `staff/…` or `vendors/…`, or empty.
    pub worker: String,
    /// Of TIME.
    pub work_type: String,
    /// The contract line, of SEATS.
    pub line: String,
    /// The first day with that many, of SEATS.
    pub effective_on: Option<NaiveDate>,
    /// When it happened. Of SEATS it gives the order in lists and no more.
    pub started_at: DateTime<Utc>,
    /// Exclusive, of TIME.
    pub ended_at: Option<DateTime<Utc>>,
    /// Seats; 1 otherwise.
    pub quantity: i64,
    /// Whether the client pays for it.
    pub billable: bool,
    /// Whether a finalised invoice has counted it.
    pub settled: bool,
}

impl Fact {
    /// A bare fact. Its id begins with its time, so that ids are in order of
    /// it, and ends in the hash of its name, so that the same fact has the
    /// same id wherever and in whatever order it arrives.
    pub fn of(tenant_id: Uuid, source: &str, key: String, kind: Kind, started_at: DateTime<Utc>) -> Self {
        let mut id = [0; 16];
        let name = digest_of(&[tenant_id.as_bytes(), source.as_bytes(), key.as_bytes()]);
        id[..6].copy_from_slice(&started_at.timestamp_millis().to_be_bytes()[2..]);
        id[6..].copy_from_slice(&name[..10]);
        Self {
            tenant_id,
            id: uuid::Builder::from_custom_bytes(id).into_uuid(),
            source: source.to_owned(),
            key,
            kind,
            contract_id: None,
            ticket_id: None,
            worker: String::new(),
            work_type: String::new(),
            line: String::new(),
            effective_on: None,
            started_at,
            ended_at: None,
            quantity: 1,
            billable: true,
            settled: false,
        }
    }

    /// A number of seats from a day on.
    pub fn seats(tenant_id: Uuid, source: &str, key: String, line: String, on: NaiveDate, seats: i64) -> Self {
        let fact = Self::of(tenant_id, source, key, Kind::Seats, on.and_time(NaiveTime::MIN).and_utc());
        Self { line, effective_on: Some(on), quantity: seats, ..fact }
    }

    /// The month it belongs to, as a whole: that of its beginning.
    pub fn month(&self, civil: &Civil) -> Month {
        Month::of(self.date(civil))
    }

    /// The civil date on which it happened.
    pub fn date(&self, civil: &Civil) -> NaiveDate {
        self.effective_on.unwrap_or_else(|| civil.date(self.started_at))
    }

    /// The vendor whose work it was, if it was one's.
    pub fn vendor(&self) -> Option<Uuid> {
        (self.kind == Kind::Time).then(|| self.worker.strip_prefix("vendors/")?.parse().ok()).flatten()
    }

    /// SHA-256 of what it says. Two facts of one name must have the same.
    pub fn digest(&self) -> Vec<u8> {
        let id = |id: Option<Uuid>| id.map(|id| id.as_bytes().to_vec()).unwrap_or_default();
        let at = |at: DateTime<Utc>| at.timestamp_micros().to_be_bytes().to_vec();
        digest_of(&[
            self.kind.code().as_bytes(),
            &id(self.contract_id),
            &id(self.ticket_id),
            self.worker.as_bytes(),
            self.work_type.as_bytes(),
            self.line.as_bytes(),
            self.effective_on.map(|on| on.to_string()).unwrap_or_default().as_bytes(),
            &at(self.started_at),
            &self.ended_at.map(at).unwrap_or_default(),
            &self.quantity.to_be_bytes(),
            &[u8::from(self.billable)],
        ])
    }
}

/// Each part with its length before it: no two lists of parts read the same.
fn digest_of(parts: &[&[u8]]) -> Vec<u8> {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(key: &str) -> Fact {
        let at = "2026-03-02T09:00:00Z".parse().unwrap();
        Fact::of(Uuid::nil(), "meter", key.into(), Kind::Time, at)
    }

    #[test]
    fn t30_the_same_name_is_the_same_fact_and_says_the_same() {
        assert_eq!(entry("1").id, entry("1").id);
        assert_eq!(entry("1").digest(), entry("1").digest());
        assert_ne!(entry("1").id, entry("2").id);
    }

    #[test]
    fn another_content_has_another_digest() {
        let base = entry("1");
        let others = [
            Fact { billable: false, ..base.clone() },
            Fact { quantity: 2, ..base.clone() },
            Fact { ticket_id: Some(Uuid::from_u128(1)), ..base.clone() },
            Fact { contract_id: Some(Uuid::from_u128(1)), ..base.clone() },
            Fact { ended_at: Some(base.started_at), ..base.clone() },
            Fact { worker: "staff/1".into(), ..base.clone() },
            Fact { work_type: "staff/1".into(), ..base.clone() },
        ];
        let digests: std::collections::BTreeSet<_> = others.iter().chain([&base]).map(Fact::digest).collect();
        assert_eq!(digests.len(), others.len() + 1);
    }

    #[test]
    fn ids_are_in_order_of_time() {
        let later = Fact::of(
            Uuid::nil(),
            "meter",
            "0".into(),
            Kind::Time,
            entry("1").started_at + chrono::TimeDelta::seconds(1),
        );
        assert!(entry("1").id < later.id && entry("2").id < later.id);
    }
}
