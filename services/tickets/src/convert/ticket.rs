//! Tickets on the wire.

use chrono::{DateTime, Utc};
use events::news;
use proto::tickets::v1 as pb;
use proto::r#type::v1::{Actor, Tier as PbTier};
use service::{Fields, Violations, instant, name, timestamp};
use store::News;
use uuid::Uuid;

use super::name_or_empty;
use crate::domain::change;
use crate::domain::ticket::{Change, Delivery, Entitlement, Happening, Ticket, Update};
use crate::domain::words::{Channel, Kind, Level, State, Tier, WaitReason, priority};

/// Whose it is said to be, and by whom reported: what only the caller's party
/// can answer.
pub struct Reporter {
    /// A tenant's own.
    pub tenant: Option<Uuid>,
    /// A tenant user's own.
    pub contact: Option<Uuid>,
}

/// Reads a new ticket; its number is given later.
pub fn create(q: pb::CreateTicketRequest, reporter: &Reporter, moment: DateTime<Utc>) -> Result<Ticket, Violations> {
    let pb::CreateTicketRequest { ticket, request_id: _, occurred_at: _ } = q;
    let mut fields = Fields::default();
    let given = ticket.unwrap_or_default();
    let tenant_id = match (reporter.tenant, given.tenant.as_str()) {
        (Some(own), "") => own,
        _ => fields.name("ticket.tenant", &given.tenant, "tenants"),
    };
    let impact = level(&mut fields, "ticket.impact", given.impact);
    let urgency = level(&mut fields, "ticket.urgency", given.urgency);
    let contact_id = fields.name_if_given("ticket.contact", &given.contact, "contacts");
    let ticket = Ticket {
        tenant_id,
        id: Uuid::now_v7(),
        version: 1,
        number: 0,
        kind: Kind::of(fields.chosen_or("ticket.kind", given.kind, pb::Kind::Incident).into())
            .unwrap_or(Kind::Incident),
        state: State::New,
        wait_reasons: Vec::new(),
        subject: fields.text("ticket.subject", &given.subject, 1..=200),
        description: fields.text("ticket.description", &given.description, 0..=20_000),
        impact,
        urgency,
        priority: priority(impact, urgency),
        channel: Channel::of(fields.chosen_or("ticket.channel", given.channel, pb::Channel::Api).into())
            .unwrap_or(Channel::Api),
        contact_id: reporter.contact.or(contact_id),
        site_id: fields.name_if_given("ticket.site", &given.site, "sites"),
        service: fields.text("ticket.service", &given.service, 0..=100),
        queue: String::new(),
        was_queued: false,
        assignee_id: None,
        tier: Tier::L1,
        reassignment_count: 0,
        reopen_count: 0,
        handoff_count: 0,
        handoff_id: None,
        solution: String::new(),
        entitlement: None,
        opened_at: moment,
        first_responded_at: None,
        resolved_at: None,
        closed_at: None,
        updated_at: moment,
    };
    fields.finish(ticket)
}

/// Reads which ticket is to be updated, its etag, and what of it.
pub fn update(q: pb::UpdateTicketRequest) -> Result<(Uuid, String, Update), Violations> {
    let pb::UpdateTicketRequest { ticket, update_mask, request_id: _, occurred_at: _ } = q;
    let mut fields = Fields::default();
    let given = ticket.unwrap_or_default();
    let id = fields.name("ticket.name", &given.name, "tickets");
    let paths = update_mask.unwrap_or_default().paths;
    if paths.is_empty() {
        fields.refuse("update_mask", "REQUIRED", "is required");
    }
    let mut update = Update::default();
    for path in &paths {
        match path.as_str() {
            "subject" => update.subject = Some(fields.text("ticket.subject", &given.subject, 1..=200)),
            "description" => {
                update.description = Some(fields.text("ticket.description", &given.description, 0..=20_000))
            }
            "impact" => update.impact = Some(level(&mut fields, "ticket.impact", given.impact)),
            "urgency" => update.urgency = Some(level(&mut fields, "ticket.urgency", given.urgency)),
            "site" => update.site_id = Some(fields.name_if_given("ticket.site", &given.site, "sites")),
            "service" => update.service = Some(fields.text("ticket.service", &given.service, 0..=100)),
            other => fields.refuse(
                "update_mask",
                "FIELD",
                format!(
                    "must not name {other}: subject, description, impact, urgency, site and service can be updated"
                ),
            ),
        }
    }
    fields.finish((id, given.etag, update))
}

/// Reads a queue and an assignee.
pub fn assign(q: &pb::AssignTicketRequest) -> Result<(Uuid, String, Option<Uuid>), Violations> {
    let mut fields = Fields::default();
    let id = fields.name("name", &q.name, "tickets");
    let queue = fields.text("queue", &q.queue, 0..=100);
    let assignee = fields.name_if_given("assignee", &q.assignee, "staff");
    fields.finish((id, queue, assignee))
}

/// Reads a classification.
pub fn triage(q: &pb::TriageTicketRequest) -> Result<(Uuid, Level, Level), Violations> {
    let mut fields = Fields::default();
    let id = fields.name("name", &q.name, "tickets");
    let impact = fields.chosen::<pb::Level>("impact", q.impact);
    let urgency = fields.chosen::<pb::Level>("urgency", q.urgency);
    let of = |level: pb::Level| Level::of(level.into()).unwrap_or(Level::Medium);
    fields.finish((id, of(impact), of(urgency)))
}

/// Reads a reason for waiting.
pub fn hold(q: &pb::HoldTicketRequest) -> Result<(Uuid, WaitReason), Violations> {
    let mut fields = Fields::default();
    let id = fields.name("name", &q.name, "tickets");
    let reason = fields.chosen::<pb::WaitReason>("reason", q.reason);
    fields.finish((id, WaitReason::of(reason.into()).unwrap_or(WaitReason::Client)))
}

/// Reads a reason for waiting no longer, or all.
pub fn resume(q: &pb::ResumeTicketRequest) -> Result<(Uuid, Option<WaitReason>), Violations> {
    let mut fields = Fields::default();
    let id = fields.name("name", &q.name, "tickets");
    let reason = fields.chosen_or("reason", q.reason, pb::WaitReason::Unspecified);
    fields.finish((id, WaitReason::of(reason.into())))
}

/// Reads a name and a text that must be there, such as a solution or a reason.
pub fn id_and_text(collection: &str, name: &str, field: &str, text: &str) -> Result<(Uuid, String), Violations> {
    let mut fields = Fields::default();
    let id = fields.name("name", name, collection);
    let text = fields.text(field, text, 1..=20_000);
    fields.finish((id, text))
}

/// What a visit needs: its purpose, minutes and skills.
pub fn visit(q: &pb::RequestVisitRequest) -> Result<(Uuid, pb::VisitRequested), Violations> {
    let mut fields = Fields::default();
    let id = fields.name("name", &q.name, "tickets");
    let skills = q.skills.iter().map(|skill| fields.text("skills", skill, 1..=60)).collect();
    let wanted = pb::VisitRequested {
        purpose: fields.text("purpose", &q.purpose, 1..=2_000),
        duration_minutes: fields
            .number("duration_minutes", q.duration_minutes.into(), 5..=1_440)
            .try_into()
            .unwrap_or(5),
        skills,
        ..pb::VisitRequested::default()
    };
    fields.finish((id, wanted))
}

/// Asks dispatch for a visit to `ticket`'s site.
pub fn visit_requested(ticket: &Ticket, wanted: pb::VisitRequested, moment: DateTime<Utc>) -> News {
    let event = pb::VisitRequested {
        ticket: name("tickets", ticket.id),
        tenant: name("tenants", ticket.tenant_id),
        site: name_or_empty("sites", ticket.site_id),
        priority: ticket.priority.number(),
        occur_time: Some(timestamp(moment)),
        visit: name("visits", Uuid::now_v7()),
        contract: name_or_empty("contracts", ticket.entitlement.as_ref().and_then(|e| e.contract)),
        ..wanted
    };
    news(ticket.tenant_id, &event)
}

/// Reads which states a list is to have.
pub fn states(given: &[i32]) -> Result<Vec<State>, Violations> {
    let mut fields = Fields::default();
    let chosen: Vec<pb::State> = given.iter().map(|state| fields.chosen("states", *state)).collect();
    fields.finish(chosen.into_iter().filter_map(|state| State::of(state.into())).collect())
}

/// A ticket, as the operator and its tenant see it.
pub fn render(row: &Ticket) -> pb::Ticket {
    let Ticket {
        tenant_id,
        id,
        version,
        number,
        kind,
        state,
        wait_reasons,
        subject,
        description,
        impact,
        urgency,
        priority,
        channel,
        contact_id,
        site_id,
        service,
        queue,
        was_queued: _,
        assignee_id,
        tier,
        reassignment_count,
        reopen_count,
        handoff_count,
        handoff_id: _,
        solution,
        entitlement,
        opened_at,
        first_responded_at,
        resolved_at,
        closed_at,
        updated_at,
    } = row.clone();
    pb::Ticket {
        name: name("tickets", id),
        tenant: name("tenants", tenant_id),
        number,
        kind: kind.number(),
        state: state.number(),
        wait_reasons,
        subject,
        description,
        impact: impact.number(),
        urgency: urgency.number(),
        priority: priority.number(),
        channel: channel.number(),
        contact: name_or_empty("contacts", contact_id),
        site: name_or_empty("sites", site_id),
        service,
        queue,
        assignee: name_or_empty("staff", assignee_id),
        tier: tier.number(),
        reassignment_count,
        reopen_count,
        handoff_count,
        solution,
        entitlement: entitlement.as_ref().map(entitlement_out),
        open_time: Some(timestamp(opened_at)),
        first_response_time: first_responded_at.map(timestamp),
        resolve_time: resolved_at.map(timestamp),
        close_time: closed_at.map(timestamp),
        update_time: Some(timestamp(updated_at)),
        etag: version.to_string(),
    }
}

fn entitlement_out(entitlement: &Entitlement) -> pb::Entitlement {
    let Entitlement { decision, contract, reason, deliveries } = entitlement.clone();
    let deliveries = deliveries.into_iter().map(|Delivery { tier, vendors }| pb::Delivery {
        tier,
        vendors: vendors.into_iter().map(|id| name("vendors", id)).collect(),
    });
    pb::Entitlement {
        decision,
        contract: name_or_empty("contracts", contract),
        reason,
        deliveries: deliveries.collect(),
    }
}

/// One line of the history.
pub fn change(row: change::Model) -> pb::Change {
    let change::Model { tenant_id: _, ticket_id: _, version, kind, fields, actor, acting, occurred_at, recorded_at } =
        row;
    let fields = fields.0.into_iter().map(|change::FieldChange { field, before, after }| pb::FieldChange {
        field,
        before,
        after,
    });
    pb::Change {
        version,
        kind,
        fields: fields.collect(),
        actor: Some(Actor { name: actor, acting }),
        occur_time: Some(timestamp(occurred_at)),
        record_time: Some(timestamp(recorded_at)),
    }
}

/// What happened, for the other services.
pub fn announce(change: &Change, actor: &Actor) -> News {
    let (tenant, ticket) = (change.after.tenant_id, Some(render(&change.after)));
    let (actor, occur_time) = (Some(actor.clone()), Some(timestamp(change.moment)));
    macro_rules! told {
        ($($event:ident)*) => {
            match change.happening {
                $(Happening::$event => news(tenant, &pb::$event { ticket, actor, occur_time }),)*
            }
        };
    }
    told!(TicketCreated TicketUpdated TicketReclassified TicketAssigned TicketTriaged TicketStarted
        TicketHeld TicketResumed TicketResolved TicketReopened TicketClosed TicketCancelled)
}

/// Reads what the contracts service decided.
pub fn entitlement(given: proto::contracts::v1::Entitlement) -> Result<(Uuid, Entitlement), Violations> {
    use proto::contracts::v1::{Decision, Entitlement as Decided, TierDelivery};
    let Decided { ticket, tenant: _, decision, contract, reason, deliveries, decide_time: _ } = given;
    let mut fields = Fields::default();
    let id = fields.name("entitlement.ticket", &ticket, "tickets");
    let decision = match Decision::try_from(decision) {
        Ok(Decision::Covered) => "covered",
        Ok(Decision::NeedsApproval) => "needs_approval",
        _ => "out_of_scope",
    };
    let contract = fields.name_if_given("entitlement.contract", &contract, "contracts");
    let deliveries = deliveries.into_iter().map(|TierDelivery { tier, vendors }| Delivery {
        tier,
        vendors: vendors
            .iter()
            .map(|vendor| fields.name("entitlement.deliveries.vendors", vendor, "vendors"))
            .collect(),
    });
    let deliveries = deliveries.collect();
    fields.finish((id, Entitlement { decision: decision.to_owned(), contract, reason, deliveries }))
}

fn level(fields: &mut Fields, field: &str, number: i32) -> Level {
    let level = fields.chosen_or(field, number, pb::Level::Medium);
    Level::of(level.into()).unwrap_or(Level::Medium)
}

/// Reads a tier.
pub fn tier(fields: &mut Fields, field: &str, number: i32) -> Tier {
    Tier::of(fields.chosen::<PbTier>(field, number).into()).unwrap_or(Tier::L1)
}

/// When an event says that it happened.
pub fn occurred(at: Option<prost_types::Timestamp>) -> DateTime<Utc> {
    at.and_then(|at| instant(&at)).unwrap_or_default()
}
