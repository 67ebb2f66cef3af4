//! Messages and time entries on the wire.

use chrono::{DateTime, Utc};
use events::news;
use proto::tickets::v1 as pb;
use proto::r#type::v1::Actor;
use service::{Caller, Fields, Party, Violations, name, timestamp};
use store::News;
use uuid::Uuid;

use super::{name_or_empty, ticket};
use crate::domain::handoff::Handoff;
use crate::domain::message::Message;
use crate::domain::ticket::Ticket;
use crate::domain::time_entry::TimeEntry;
use crate::domain::words::Audience;

/// What somebody wants to say.
pub struct Said {
    /// As it was written.
    pub body: String,
    /// To whom.
    pub audience: Audience,
    /// With which vendor, in which hand-off, where it is SHARED.
    pub shared: Option<(Uuid, Uuid)>,
}

/// Reads what is to be said, about which ticket, to whom. A tenant speaks to
/// everybody; SHARED needs a vendor to share with.
pub fn post(
    q: &pb::PostMessageRequest,
    caller: &Caller,
    vendor: impl FnOnce() -> Option<(Uuid, Uuid)>,
) -> Result<Said, Violations> {
    let mut fields = Fields::default();
    let body = fields.text("body", &q.body, 1..=20_000);
    let asked = fields.chosen_or("audience", q.audience, pb::Audience::Public);
    let audience = match caller.party {
        Party::Tenant { .. } => Audience::Public,
        _ => Audience::of(asked.into()).unwrap_or(Audience::Public),
    };
    let shared = if audience == Audience::Shared { vendor() } else { None };
    if audience == Audience::Shared && shared.is_none() {
        fields.refuse("audience", "NO_VENDOR", "cannot be SHARED: no vendor holds the ticket");
    }
    fields.finish(Said { body, audience, shared })
}

/// Something that was said now.
pub fn message(ticket: &Ticket, caller: &Caller, said: Said, moment: DateTime<Utc>) -> Message {
    let Actor { name: author, acting } = caller.actor();
    let party = match caller.party {
        Party::Tenant { .. } => "tenant",
        Party::Vendor { .. } => "vendor",
        _ => "operator",
    };
    let Said { body, audience, shared } = said;
    let (vendor_id, handoff_id) = shared.unzip();
    Message {
        tenant_id: ticket.tenant_id,
        id: Uuid::now_v7(),
        ticket_id: ticket.id,
        audience,
        author,
        acting,
        party: party.to_owned(),
        vendor_id,
        handoff_id,
        body,
        created_at: moment,
    }
}

/// A message, as the operator and, where it is PUBLIC, the tenant see it.
pub fn render_message(row: &Message) -> pb::Message {
    let Message {
        tenant_id,
        id,
        ticket_id,
        audience,
        author,
        acting,
        party,
        vendor_id: _,
        handoff_id: _,
        body,
        created_at,
    } = row.clone();
    pb::Message {
        name: name("messages", id),
        ticket: name("tickets", ticket_id),
        tenant: name("tenants", tenant_id),
        audience: audience.number(),
        author: Some(Actor { name: author, acting }),
        party,
        body,
        create_time: Some(timestamp(created_at)),
    }
}

/// Told when something was said.
pub fn message_posted(message: &Message, about: &Ticket) -> News {
    let event = pb::MessagePosted {
        message: Some(render_message(message)),
        ticket: Some(ticket::render(about)),
        occur_time: Some(timestamp(message.created_at)),
    };
    news(message.tenant_id, &event)
}

/// Reads a vendor's note.
pub fn note(q: &pb::PostVendorNoteRequest) -> Result<(Uuid, String), Violations> {
    let mut fields = Fields::default();
    let id = fields.name("handoff", &q.handoff, "vendorHandoffs");
    let body = fields.text("body", &q.body, 1..=20_000);
    fields.finish((id, body))
}

/// A message, as the vendor it is shared with sees it.
pub fn render_note(row: &Message) -> pb::VendorNote {
    pb::VendorNote {
        name: name("messages", row.id),
        body: row.body.clone(),
        create_time: Some(timestamp(row.created_at)),
    }
}

/// Reads a span of work; what has not happened yet is none.
fn span(
    fields: &mut Fields,
    start: Option<&prost_types::Timestamp>,
    end: Option<&prost_types::Timestamp>,
    now: DateTime<Utc>,
) -> (DateTime<Utc>, DateTime<Utc>) {
    let (from, to) = (fields.time("start_time", start), fields.time("end_time", end));
    if start.is_some() && end.is_some() {
        if to <= from {
            fields.refuse("end_time", "ORDER", "must be after start_time");
        } else if to - from > chrono::TimeDelta::hours(24) {
            fields.refuse("end_time", "RANGE", "must be at most 24 hours after start_time");
        }
        if to > now {
            fields.refuse("end_time", "FUTURE", "must not be in the future");
        }
    }
    (from, to)
}

/// Reads the operator's own work.
pub fn log_time(
    q: &pb::LogTimeRequest,
    ticket: &Ticket,
    caller: &Caller,
    now: DateTime<Utc>,
) -> Result<TimeEntry, Violations> {
    let mut fields = Fields::default();
    let (started_at, ended_at) = span(&mut fields, q.start_time.as_ref(), q.end_time.as_ref(), now);
    let entry = TimeEntry {
        tenant_id: ticket.tenant_id,
        id: Uuid::now_v7(),
        version: 1,
        ticket_id: ticket.id,
        worker: caller.subject.clone(),
        vendor_id: None,
        handoff_id: None,
        work_type: fields.text("work_type", &q.work_type, 1..=60),
        tier: ticket.tier,
        started_at,
        ended_at,
        billable: q.billable,
        note: fields.text("note", &q.note, 0..=2_000),
        approved_at: None,
    };
    fields.finish(entry)
}

/// Reads a vendor's work. Whether the client pays for it is the contract's to
/// say, so it counts as billable.
pub fn log_vendor_time(
    q: &pb::LogVendorTimeRequest,
    handoff: &Handoff,
    now: DateTime<Utc>,
) -> Result<TimeEntry, Violations> {
    let mut fields = Fields::default();
    let (started_at, ended_at) = span(&mut fields, q.start_time.as_ref(), q.end_time.as_ref(), now);
    let entry = TimeEntry {
        tenant_id: handoff.tenant_id,
        id: Uuid::now_v7(),
        version: 1,
        ticket_id: handoff.ticket_id,
        worker: name("vendors", handoff.vendor_id),
        vendor_id: Some(handoff.vendor_id),
        handoff_id: Some(handoff.id),
        work_type: fields.text("work_type", &q.work_type, 1..=60),
        tier: handoff.tier,
        started_at,
        ended_at,
        billable: true,
        note: fields.text("note", &q.note, 0..=2_000),
        approved_at: None,
    };
    fields.finish(entry)
}

/// A time entry, as the operator sees it.
pub fn render_entry(row: &TimeEntry) -> pb::TimeEntry {
    let TimeEntry {
        tenant_id,
        id,
        version,
        ticket_id,
        worker,
        vendor_id: _,
        handoff_id,
        work_type,
        tier,
        started_at,
        ended_at,
        billable,
        note,
        approved_at,
    } = row.clone();
    pb::TimeEntry {
        name: name("timeEntries", id),
        ticket: name("tickets", ticket_id),
        tenant: name("tenants", tenant_id),
        worker,
        handoff: name_or_empty("handoffs", handoff_id),
        work_type,
        tier: tier.number(),
        start_time: Some(timestamp(started_at)),
        end_time: Some(timestamp(ended_at)),
        billable,
        note,
        approve_time: approved_at.map(timestamp),
        etag: version.to_string(),
    }
}

/// A time entry, as the vendor that worked sees it.
pub fn render_vendor_entry(row: &TimeEntry) -> pb::VendorTimeEntry {
    pb::VendorTimeEntry {
        name: name("timeEntries", row.id),
        work_type: row.work_type.clone(),
        start_time: Some(timestamp(row.started_at)),
        end_time: Some(timestamp(row.ended_at)),
        note: row.note.clone(),
    }
}

/// Told when an entry became a fact.
pub fn time_entry_approved(entry: &TimeEntry, ticket: &Ticket) -> News {
    let contract = ticket.entitlement.as_ref().and_then(|e| e.contract);
    let event =
        pb::TimeEntryApproved { time_entry: Some(render_entry(entry)), contract: name_or_empty("contracts", contract) };
    news(entry.tenant_id, &event)
}
