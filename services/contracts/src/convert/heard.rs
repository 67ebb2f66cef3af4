//! What is heard of others, as far as clocks need it.

use chrono::{DateTime, NaiveDate, Utc};
use prost_types::Timestamp;
use proto::directory::v1 as directory;
use proto::tickets::v1 as pb;
use service::{instant, parse_name};
use uuid::Uuid;

use crate::domain::entitlement::Case;
use crate::domain::entry::{Entry, Fact, HandoffFact, Phase, TicketFact};
use crate::domain::tenant;
use crate::domain::words::{HandoffState, Priority, WaitReason};
use crate::error::Error;

/// Reads a tenant.
///
/// # Errors
/// [`Error::Unreadable`].
pub fn tenant(event: directory::TenantCreated) -> Result<tenant::Model, Error> {
    let directory::TenantCreated { tenant } = event;
    let directory::Tenant { name, display_name: _, zone, currency, tax_number: _, create_time: _, etag } =
        tenant.ok_or(Error::Unreadable("tenant"))?;
    Ok(tenant::Model { tenant_id: id("tenants", &name)?, version: version(&etag)?, zone, currency })
}

/// Reads what is asked of the contracts, but for the day, and when the ticket
/// was reported.
///
/// # Errors
/// [`Error::Unreadable`].
pub fn case(event: &pb::TicketCreated) -> Result<(Case, DateTime<Utc>), Error> {
    let ticket = event.ticket.as_ref().ok_or(Error::Unreadable("ticket"))?;
    let case = Case {
        tenant_id: id("tenants", &ticket.tenant)?,
        ticket_id: id("tickets", &ticket.name)?,
        priority: Priority::of(ticket.priority).ok_or(Error::Unreadable("priority"))?,
        service: ticket.service.clone(),
        opened_on: NaiveDate::default(),
    };
    Ok((case, at(ticket.open_time.as_ref(), "open_time")?))
}

macro_rules! ticket_events {
    ($($(#[$doc:meta])* $read:ident $event:ident)*) => {$(
        $(#[$doc])*
        ///
        /// # Errors
        /// [`Error::Unreadable`].
        pub fn $read(event: pb::$event) -> Result<Entry, Error> {
            let pb::$event { ticket, actor: _, occur_time } = event;
            of_ticket(stringify!($event), ticket, occur_time.as_ref())
        }
    )*};
}

ticket_events! {
    /// Reported.
    ticket_created TicketCreated
    /// Something said of it changed.
    ticket_updated TicketUpdated
    /// Impact or urgency changed.
    ticket_reclassified TicketReclassified
    /// Moved.
    ticket_assigned TicketAssigned
    /// Classified.
    ticket_triaged TicketTriaged
    /// Work goes on.
    ticket_started TicketStarted
    /// A reason for waiting came.
    ticket_held TicketHeld
    /// A reason for waiting went.
    ticket_resumed TicketResumed
    /// Solved.
    ticket_resolved TicketResolved
    /// Not solved after all.
    ticket_reopened TicketReopened
    /// Done with.
    ticket_closed TicketClosed
    /// Not a ticket after all.
    ticket_cancelled TicketCancelled
}

macro_rules! handoff_events {
    ($($(#[$doc:meta])* $read:ident $event:ident)*) => {$(
        $(#[$doc])*
        ///
        /// # Errors
        /// [`Error::Unreadable`].
        pub fn $read(event: pb::$event) -> Result<Entry, Error> {
            let pb::$event { handoff, actor: _, occur_time } = event;
            of_handoff(stringify!($event), handoff, occur_time.as_ref())
        }
    )*};
}

handoff_events! {
    /// A vendor was asked.
    handoff_offered HandoffOffered
    /// It holds the work.
    handoff_accepted HandoffAccepted
    /// It said no.
    handoff_declined HandoffDeclined
    /// It said nothing.
    handoff_expired HandoffExpired
    /// It says it is solved.
    handoff_proposed HandoffProposed
    /// The operator says it is not.
    proposal_rejected ProposalRejected
    /// The operator says it is.
    handoff_approved HandoffApproved
    /// Given back.
    handoff_returned HandoffReturned
    /// Taken back.
    handoff_recalled HandoffRecalled
}

/// Somebody wrote something.
///
/// # Errors
/// [`Error::Unreadable`].
pub fn message_posted(event: pb::MessagePosted) -> Result<Entry, Error> {
    let pb::MessagePosted { message, ticket: _, occur_time } = event;
    let pb::Message { name, ticket, tenant, audience, author, party, body: _, create_time: _ } =
        message.ok_or(Error::Unreadable("message"))?;
    // Staff are people; services and keys are not, whatever they say.
    let human = author.is_some_and(|author| author.name.starts_with("staff/") || !author.acting.is_empty());
    Ok(Entry {
        tenant_id: id("tenants", &tenant)?,
        ticket_id: id("tickets", &ticket)?,
        source_id: id("messages", &name)?,
        version: 1,
        kind: "MessagePosted".to_owned(),
        occurred_at: at(occur_time.as_ref(), "occur_time")?,
        fact: Fact::Message { answers: human && party == "operator" && audience == i32::from(pb::Audience::Public) },
    })
}

fn of_ticket(kind: &str, ticket: Option<pb::Ticket>, occur_time: Option<&Timestamp>) -> Result<Entry, Error> {
    let ticket = ticket.ok_or(Error::Unreadable("ticket"))?;
    let occurred_at = at(occur_time, "occur_time")?;
    let phase = match pb::State::try_from(ticket.state).unwrap_or_default() {
        pb::State::Unspecified => return Err(Error::Unreadable("state")),
        pb::State::New | pb::State::Triaged | pb::State::InProgress | pb::State::Waiting => Phase::Open,
        pb::State::Resolved | pb::State::Closed => {
            Phase::Resolved { at: ticket.resolve_time.as_ref().and_then(instant).unwrap_or(occurred_at) }
        }
        pb::State::Cancelled => Phase::Cancelled,
    };
    let ticket_id = id("tickets", &ticket.name)?;
    Ok(Entry {
        tenant_id: id("tenants", &ticket.tenant)?,
        ticket_id,
        source_id: ticket_id,
        version: version(&ticket.etag)?,
        kind: kind.to_owned(),
        occurred_at,
        fact: Fact::Ticket(TicketFact {
            priority: Priority::of(ticket.priority).ok_or(Error::Unreadable("priority"))?,
            phase,
            waits: ticket.wait_reasons.iter().filter_map(|reason| WaitReason::of(*reason)).collect(),
            opened_at: at(ticket.open_time.as_ref(), "open_time")?,
        }),
    })
}

fn of_handoff(kind: &str, handoff: Option<pb::Handoff>, occur_time: Option<&Timestamp>) -> Result<Entry, Error> {
    let handoff = handoff.ok_or(Error::Unreadable("handoff"))?;
    Ok(Entry {
        tenant_id: id("tenants", &handoff.tenant)?,
        ticket_id: id("tickets", &handoff.ticket)?,
        source_id: id("handoffs", &handoff.name)?,
        version: version(&handoff.etag)?,
        kind: kind.to_owned(),
        occurred_at: at(occur_time, "occur_time")?,
        fact: Fact::Handoff(HandoffFact {
            vendor_id: id("vendors", &handoff.vendor)?,
            underpinning_contract_id: None,
            state: HandoffState::of(handoff.state).ok_or(Error::Unreadable("state"))?,
            offered_at: at(handoff.offer_time.as_ref(), "offer_time")?,
            accepted_at: handoff.accept_time.as_ref().and_then(instant),
        }),
    })
}

fn id(collection: &'static str, name: &str) -> Result<Uuid, Error> {
    parse_name(collection, name).ok_or(Error::Unreadable(collection))
}

fn version(etag: &str) -> Result<i64, Error> {
    etag.parse().map_err(|_| Error::Unreadable("etag"))
}

fn at(time: Option<&Timestamp>, field: &'static str) -> Result<DateTime<Utc>, Error> {
    time.and_then(instant).ok_or(Error::Unreadable(field))
}
