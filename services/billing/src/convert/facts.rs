//! Facts on the wire.

use chrono::{DateTime, Utc};
use proto::billing::v1 as pb;
use service::{Fields, Violations, name, timestamp};

use super::name_or_empty;
use crate::domain::fact::{Fact, Kind};
use crate::store::facts::Outcome;

/// Sources that are the platform's own: nobody else speaks in their name.
const OURS: [&str; 3] = ["tickets", "contracts", "dispatch"];
/// No single entry is longer than a month.
const LONGEST_SECONDS: i64 = 31 * 86_400;

/// Checks how many are told at once.
pub fn batch(count: usize) -> Result<(), Violations> {
    let mut fields = Fields::default();
    if !(1..=1_000).contains(&count) {
        fields.refuse("facts", "LENGTH", format!("must have 1 to 1,000 elements, not {count}"));
    }
    fields.finish(())
}

/// Reads what is told from outside.
pub fn ingest(told: &pb::Fact) -> Result<Fact, Violations> {
    let mut fields = Fields::default();
    let pb::Fact {
        name: _,
        tenant,
        source,
        id,
        kind,
        contract,
        ticket,
        worker,
        work_type,
        start_time,
        end_time,
        quantity,
        billable,
        line,
        effective_date,
    } = told;
    let tenant = fields.name("tenant", tenant, "tenants");
    let source = fields.text("source", source, 1..=100);
    if OURS.contains(&source.as_str()) {
        fields.refuse("source", "RESERVED", "is a service of the platform");
    }
    let key = fields.text("id", id, 1..=200);
    let contract_id = Some(fields.name("contract", contract, "contracts"));
    let bare = match fields.chosen("kind", *kind) {
        pb::FactKind::Seats => {
            let (on, line) = (fields.date("effective_date", effective_date), fields.text("line", line, 1..=100));
            Fact::seats(tenant, &source, key, line, on, fields.number("quantity", *quantity, 0..=1_000_000))
        }
        pb::FactKind::Time => {
            let work_type = fields.text("work_type", work_type, 1..=100);
            let start = fields.time("start_time", start_time.as_ref());
            let end = fields.time("end_time", end_time.as_ref());
            lasting(&mut fields, start, end);
            once(&mut fields, *quantity);
            Fact { work_type, ended_at: Some(end), ..Fact::of(tenant, &source, key, Kind::Time, start) }
        }
        kind @ (pb::FactKind::Visit | pb::FactKind::Ticket | pb::FactKind::Unspecified) => {
            let kind = if kind == pb::FactKind::Ticket { Kind::Ticket } else { Kind::Visit };
            once(&mut fields, *quantity);
            Fact::of(tenant, &source, key, kind, fields.time("start_time", start_time.as_ref()))
        }
    };
    let ticket_id = fields.name_if_given("ticket", ticket, "tickets");
    let worker = fields.text("worker", worker, 0..=100);
    fields.finish(Fact { contract_id, ticket_id, worker, billable: *billable, ..bare })
}

fn lasting(fields: &mut Fields, start: DateTime<Utc>, end: DateTime<Utc>) {
    if end < start {
        fields.refuse("end_time", "ORDER", "must not be before start_time");
    } else if (end - start).num_seconds() > LONGEST_SECONDS {
        fields.refuse("end_time", "LENGTH", "must be at most 31 days after start_time");
    }
}

fn once(fields: &mut Fields, quantity: i64) {
    if !matches!(quantity, 0 | 1) {
        fields.refuse("quantity", "RANGE", "must be 1: each fact is one");
    }
}

/// A fact, for whoever asks.
pub fn fact(fact: &Fact) -> pb::Fact {
    let Fact {
        tenant_id,
        id,
        source,
        key,
        kind,
        contract_id,
        ticket_id,
        worker,
        work_type,
        line,
        effective_on,
        started_at,
        ended_at,
        quantity,
        billable,
        settled: _,
    } = fact;
    let kind = match kind {
        Kind::Time => pb::FactKind::Time,
        Kind::Visit => pb::FactKind::Visit,
        Kind::Ticket => pb::FactKind::Ticket,
        Kind::Seats => pb::FactKind::Seats,
    };
    pb::Fact {
        name: name("facts", *id),
        tenant: name("tenants", *tenant_id),
        source: source.clone(),
        id: key.clone(),
        kind: kind.into(),
        contract: name_or_empty("contracts", *contract_id),
        ticket: name_or_empty("tickets", *ticket_id),
        worker: worker.clone(),
        work_type: work_type.clone(),
        start_time: effective_on.is_none().then(|| timestamp(*started_at)),
        end_time: ended_at.map(timestamp),
        quantity: *quantity,
        billable: *billable,
        line: line.clone(),
        effective_date: effective_on.map(|on| on.to_string()).unwrap_or_default(),
    }
}

/// What became of one of them.
pub fn outcome(id: &str, outcome: Result<Outcome, &Violations>) -> pb::IngestResult {
    let (outcome, reason) = match outcome {
        Ok(Outcome::Accepted) => (pb::IngestOutcome::Accepted, String::new()),
        Ok(Outcome::Held) => (pb::IngestOutcome::Held, String::new()),
        Ok(Outcome::Duplicate) => (pb::IngestOutcome::Duplicate, String::new()),
        Ok(Outcome::Conflict) => {
            (pb::IngestOutcome::Conflict, "id was told before with another content, which holds".to_owned())
        }
        Err(violations) => (pb::IngestOutcome::Invalid, violations.to_string()),
    };
    pb::IngestResult { id: id.to_owned(), outcome: outcome.into(), reason }
}
