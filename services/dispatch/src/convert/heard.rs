//! What dispatch hears, read.

use proto::directory::v1::{Site, SiteCreated};
use proto::tickets::v1::{TicketCancelled, VisitRequested};
use proto::r#type::v1::Place;
use service::Fields;
use uuid::Uuid;

use super::visit::priority_of;
use super::{Told, place, skill_set};
use crate::domain::state::State;
use crate::domain::{site, visit};
use crate::error::Error;

/// Reads what the directory tells of a site.
pub fn site(event: SiteCreated) -> Result<site::Model, Error> {
    let mut fields = Fields::default();
    let SiteCreated { site } = event;
    let Site { name, tenant, display_name: _, address: _, place: at, zone, create_time: _, etag } =
        site.unwrap_or_default();
    let Place { latitude, longitude } = place(&mut fields, "site.place", at);
    let version = etag.parse().unwrap_or_else(|_| {
        fields.refuse("site.etag", "ETAG", "must be the version of the row");
        0
    });
    let site = site::Model {
        tenant_id: fields.name("site.tenant", &tenant, "tenants"),
        id: fields.name("site.name", &name, "sites"),
        version,
        latitude,
        longitude,
        zone: fields.zone("site.zone", &zone),
    };
    fields.finish(site).map_err(Error::Event)
}

/// Reads what a ticket asks for.
pub fn requested(event: VisitRequested) -> Result<visit::Model, Error> {
    let mut fields = Fields::default();
    let VisitRequested {
        ticket,
        tenant,
        site,
        purpose,
        duration_minutes,
        skills,
        priority,
        occur_time,
        visit,
        contract,
    } = event;
    fields.number("duration_minutes", duration_minutes.into(), 1..=i64::from(i32::MAX));
    let visit = visit::Model {
        tenant_id: fields.name("tenant", &tenant, "tenants"),
        id: fields.name("visit", &visit, "visits"),
        version: 1,
        ticket_id: fields.name("ticket", &ticket, "tickets"),
        site_id: fields.name("site", &site, "sites"),
        contract_id: fields.name_if_given("contract", &contract, "contracts"),
        purpose,
        duration_minutes,
        skills: skill_set(&mut fields, "skills", &skills),
        priority: priority_of(fields.chosen("priority", priority)),
        state: State::Requested,
        technician_id: None,
        start_at: None,
        end_at: None,
        promised_technician_id: None,
        promised_start_at: None,
        requested_at: fields.time("occur_time", occur_time.as_ref()),
        published_at: None,
        travelled_at: None,
        arrived_at: None,
        completed_at: None,
        outcome: String::new(),
    };
    fields.finish(visit).map_err(Error::Event)
}

/// Reads which ticket is not one after all.
pub fn cancelled(event: TicketCancelled) -> Result<Cancelled, Error> {
    let mut fields = Fields::default();
    let TicketCancelled { ticket, actor, occur_time } = event;
    let cancelled = Cancelled {
        ticket_id: fields.name("ticket.name", &ticket.unwrap_or_default().name, "tickets"),
        told: Told { actor: actor.unwrap_or_default(), moment: fields.time("occur_time", occur_time.as_ref()) },
    };
    fields.finish(cancelled).map_err(Error::Event)
}

/// A ticket is not one after all.
pub struct Cancelled {
    /// Which.
    pub ticket_id: Uuid,
    /// Who said so, and when.
    pub told: Told,
}
