//! Hand-offs on the wire: the operator's view, and the vendor's.

use events::news;
use proto::tickets::v1 as pb;
use proto::r#type::v1::Actor;
use service::{Fields, Violations, name, timestamp};
use store::News;
use uuid::Uuid;

use super::ticket::tier;
use crate::domain::handoff::{Disclosed, FIELDS, Handoff, Offer, Package, Passed, Passing, Step};
use crate::domain::words::ReturnCode;

/// Reads what is to be handed over.
pub fn offer(q: pb::OfferHandoffRequest) -> Result<(Uuid, Offer), Violations> {
    let pb::OfferHandoffRequest {
        ticket,
        tier: asked,
        package,
        disclosure,
        emergency_reason,
        offer_seconds,
        request_id: _,
        occurred_at: _,
    } = q;
    let mut fields = Fields::default();
    let id = fields.name("ticket", &ticket, "tickets");
    let seconds = if offer_seconds == 0 { 3_600 } else { offer_seconds };
    let offer = Offer {
        tier: tier(&mut fields, "tier", asked),
        package: read_package(&mut fields, package.unwrap_or_default()),
        disclosure: read_disclosure(&mut fields, disclosure.unwrap_or_default()),
        emergency_reason: fields.text("emergency_reason", &emergency_reason, 0..=2_000),
        offer_seconds: fields.number("offer_seconds", seconds.into(), 1..=7 * 86_400).try_into().unwrap_or(3_600),
    };
    fields.finish((id, offer))
}

/// Reads what would be handed over.
pub fn preview(q: pb::PreviewHandoffRequest) -> Result<(Uuid, Offer), Violations> {
    let pb::PreviewHandoffRequest { ticket, tier, package, disclosure } = q;
    offer(pb::OfferHandoffRequest { ticket, tier, package, disclosure, ..pb::OfferHandoffRequest::default() })
}

fn read_package(fields: &mut Fields, given: pb::Package) -> Package {
    let pb::Package { steps, diagnostics } = given;
    let steps = steps.into_iter().enumerate().map(|(i, pb::Step { action, outcome })| Step {
        action: fields.text(&format!("package.steps[{i}].action"), &action, 1..=2_000),
        outcome: fields.text(&format!("package.steps[{i}].outcome"), &outcome, 1..=2_000),
    });
    let steps = steps.collect();
    Package { steps, diagnostics: fields.text("package.diagnostics", &diagnostics, 0..=20_000) }
}

fn read_disclosure(fields: &mut Fields, given: pb::Disclosure) -> Vec<String> {
    let pb::Disclosure { fields: mut listed } = given;
    for (i, field) in listed.iter().enumerate() {
        if !FIELDS.contains(&field.as_str()) {
            fields.refuse(&format!("disclosure.fields[{i}]"), "FIELD", format!("must be one of {}", FIELDS.join(", ")));
        }
    }
    listed.sort();
    listed.dedup();
    listed
}

/// Reads why a hand-off is given back.
pub fn give_back(q: &pb::ReturnHandoffRequest) -> Result<(Uuid, ReturnCode, String), Violations> {
    let mut fields = Fields::default();
    let id = fields.name("name", &q.name, "vendorHandoffs");
    let code = fields.chosen::<pb::ReturnCode>("code", q.code);
    let reason = fields.text("reason", &q.reason, 1..=2_000);
    fields.finish((id, ReturnCode::of(code.into()).unwrap_or(ReturnCode::NotOurs), reason))
}

/// A hand-off, as the operator sees it.
pub fn render(row: &Handoff) -> pb::Handoff {
    let Handoff {
        tenant_id,
        id,
        version,
        ticket_id,
        vendor_id,
        tier,
        state,
        rank,
        package,
        disclosure,
        disclosed: _,
        emergency_reason: _,
        offer_seconds: _,
        offered_at,
        offer_expires_at,
        accepted_at,
        proposed_at,
        ended_at,
        decline_reason,
        return_code,
        proposal,
        missing,
    } = row.clone();
    pb::Handoff {
        name: name("handoffs", id),
        ticket: name("tickets", ticket_id),
        tenant: name("tenants", tenant_id),
        tier: tier.number(),
        vendor: name("vendors", vendor_id),
        state: state.number(),
        package: Some(render_package(package)),
        disclosure: Some(pb::Disclosure { fields: disclosure }),
        rank,
        offer_time: Some(timestamp(offered_at)),
        offer_expire_time: Some(timestamp(offer_expires_at)),
        accept_time: accepted_at.map(timestamp),
        propose_time: proposed_at.map(timestamp),
        end_time: ended_at.map(timestamp),
        decline_reason,
        return_code,
        proposal,
        missing,
        etag: version.to_string(),
    }
}

/// A hand-off, as its vendor sees it. What was not disclosed is not in the row
/// that this reads from, let alone in the answer.
pub fn render_for_vendor(row: &Handoff) -> pb::VendorHandoff {
    let Handoff {
        tenant_id: _,
        id,
        version,
        ticket_id: _,
        vendor_id: _,
        tier,
        state,
        rank: _,
        package,
        disclosure: _,
        disclosed,
        emergency_reason: _,
        offer_seconds: _,
        offered_at,
        offer_expires_at,
        accepted_at,
        proposed_at: _,
        ended_at: _,
        decline_reason: _,
        return_code: _,
        proposal,
        missing,
    } = row.clone();
    let Disclosed { subject, description, contact, site, priority, service } = disclosed;
    pb::VendorHandoff {
        name: name("vendorHandoffs", id),
        state: state.number(),
        tier: tier.number(),
        package: Some(render_package(package)),
        subject,
        description,
        contact,
        site,
        priority,
        service,
        offer_time: Some(timestamp(offered_at)),
        offer_expire_time: Some(timestamp(offer_expires_at)),
        accept_time: accepted_at.map(timestamp),
        proposal,
        missing,
        etag: version.to_string(),
    }
}

fn render_package(package: Package) -> pb::Package {
    let Package { steps, diagnostics } = package;
    let steps = steps.into_iter().map(|Step { action, outcome }| pb::Step { action, outcome });
    pb::Package { steps: steps.collect(), diagnostics }
}

/// What happened to a hand-off, for the other services.
pub fn announce(passed: &Passed, actor: &Actor) -> News {
    let (tenant, handoff) = (passed.handoff.tenant_id, Some(render(&passed.handoff)));
    let (actor, occur_time) = (Some(actor.clone()), Some(timestamp(passed.moment)));
    macro_rules! told {
        ($($event:ident)*) => {
            match passed.passing {
                $(Passing::$event => news(tenant, &pb::$event { handoff, actor, occur_time }),)*
            }
        };
    }
    told!(HandoffOffered HandoffAccepted HandoffDeclined HandoffExpired HandoffProposed ProposalRejected
        HandoffApproved HandoffReturned HandoffRecalled)
}
