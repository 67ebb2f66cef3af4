//! Visits on the wire.

use ::store::News as Announcement;
use chrono::{DateTime, Datelike, Utc};
use events::news;
use jiff::civil::Date;
use proto::dispatch::v1 as pb;
use proto::r#type::v1::Priority as PbPriority;
use sea_orm::Iterable;
use service::{Caller, Fields, Violations, name, timestamp};
use uuid::Uuid;

use super::Told;
use crate::domain::state::State;
use crate::domain::suggest::{Exclusion, Suggestion};
use crate::domain::visit::{self, News, Priority};
use crate::error::Error;
use crate::store::visits::Filter;

/// Reads where and when a visit is to be planned.
pub fn plan(request: &pb::PlanVisitRequest) -> Result<Plan, Violations> {
    let mut fields = Fields::default();
    let pb::PlanVisitRequest { name, technician, start_time, etag: _, request_id: _ } = request;
    let plan = Plan {
        visit_id: fields.name("name", name, "visits"),
        technician_id: fields.name("technician", technician, "technicians"),
        start: fields.time("start_time", start_time.as_ref()),
    };
    fields.finish(plan)
}

/// What a dispatcher wants.
pub struct Plan {
    /// Which visit.
    pub visit_id: Uuid,
    /// Who goes.
    pub technician_id: Uuid,
    /// Beginning of the work on site.
    pub start: DateTime<Utc>,
}

/// Reads which visit it is, and what is to be said of it.
pub fn outcome(field: &str, name: &str, said: &str) -> Result<(Uuid, String), Violations> {
    let mut fields = Fields::default();
    let outcome = (fields.name("name", name, "visits"), fields.text(field, said, 1..=4_000));
    fields.finish(outcome)
}

/// Reads which visit is to go somewhere on which date.
pub fn suggest(request: &pb::SuggestVisitRequest) -> Result<(Uuid, Date), Violations> {
    let mut fields = Fields::default();
    let pb::SuggestVisitRequest { name, date } = request;
    let suggest = (fields.name("name", name, "visits"), civil(&mut fields, "date", date));
    fields.finish(suggest)
}

/// Reads a date.
pub fn date(value: &str) -> Result<Date, Violations> {
    let mut fields = Fields::default();
    let date = civil(&mut fields, "date", value);
    fields.finish(date)
}

fn civil(fields: &mut Fields, field: &str, value: &str) -> Date {
    let date = fields.date(field, value);
    let year = fields.number(field, date.year().into(), 1..=9_998);
    let parts = (i16::try_from(year), i8::try_from(date.month()), i8::try_from(date.day()));
    match parts {
        (Ok(year), Ok(month), Ok(day)) => Date::new(year, month, day).unwrap_or_default(),
        _ => Date::default(),
    }
}

/// Reads which visits are to be listed. A tenant that names another finds nothing.
pub fn filter(caller: &Caller, request: &pb::ListVisitsRequest) -> Result<Filter, Error> {
    let mut fields = Fields::default();
    let pb::ListVisitsRequest { tenant, ticket, states, page_size: _, page_token: _, technician } = request;
    let filter = Filter {
        tenant_id: fields.name_if_given("tenant", tenant, "tenants"),
        ticket_id: fields.name_if_given("ticket", ticket, "tickets"),
        technician_id: fields.name_if_given("technician", technician, "technicians"),
        states: states.iter().filter_map(|state| state_of(fields.chosen("states", *state))).collect(),
    };
    let filter = fields.finish(filter)?;
    match (caller.tenant(), filter.tenant_id) {
        (Some(own), Some(named)) if own != named => Err(::store::Error::NotFound.into()),
        _ => Ok(filter),
    }
}

/// A visit, as this caller may see it.
pub fn visit_for(caller: &Caller, row: visit::Model) -> pb::Visit {
    if caller.tenant().is_some() { visit(&row.known_to_client()) } else { visit(&row) }
}

/// A visit, as the operator and the other services see it.
pub fn visit(row: &visit::Model) -> pb::Visit {
    let visit::Model {
        tenant_id,
        id,
        version,
        ticket_id,
        site_id,
        contract_id,
        purpose,
        duration_minutes,
        skills,
        priority,
        state,
        technician_id,
        start_at,
        end_at,
        promised_technician_id: _,
        promised_start_at: _,
        requested_at,
        published_at,
        travelled_at,
        arrived_at,
        completed_at,
        outcome,
    } = row.clone();
    pb::Visit {
        name: name("visits", id),
        ticket: name("tickets", ticket_id),
        tenant: name("tenants", tenant_id),
        site: name("sites", site_id),
        purpose,
        duration_minutes,
        skills,
        priority: priority_number(priority).into(),
        state: state_number(state).into(),
        technician: technician_id.map(|id| name("technicians", id)).unwrap_or_default(),
        start_time: start_at.map(timestamp),
        end_time: end_at.map(timestamp),
        request_time: Some(timestamp(requested_at)),
        publish_time: published_at.map(timestamp),
        travel_time: travelled_at.map(timestamp),
        arrive_time: arrived_at.map(timestamp),
        complete_time: completed_at.map(timestamp),
        outcome,
        contract: contract_id.map(|id| name("contracts", id)).unwrap_or_default(),
        etag: version.to_string(),
    }
}

/// Who could go, and why the others could not.
pub fn suggestions((suggestions, exclusions): (Vec<Suggestion>, Vec<Exclusion>)) -> pb::SuggestVisitResponse {
    let suggestion =
        |Suggestion { technician_id, display_name, start_at, added_travel_seconds, reason }| pb::Suggestion {
            technician: name("technicians", technician_id),
            display_name,
            start_time: Some(timestamp(start_at)),
            added_travel_seconds,
            reason,
        };
    let exclusion = |Exclusion { technician_id, display_name, code, reason }| pb::Exclusion {
        technician: name("technicians", technician_id),
        display_name,
        code: code.to_owned(),
        reason,
    };
    pb::SuggestVisitResponse {
        suggestions: suggestions.into_iter().map(suggestion).collect(),
        exclusions: exclusions.into_iter().map(exclusion).collect(),
    }
}

/// What happened to a visit, for the other services.
pub fn announce(row: &visit::Model, what: News, told: &Told) -> Announcement {
    let tenant = row.tenant_id;
    let visit = Some(visit(row));
    let Told { actor, moment } = told;
    let (actor, occur_time) = (Some(actor.clone()), Some(timestamp(*moment)));
    match what {
        News::Published => news(tenant, &pb::VisitPublished { visit, actor, occur_time }),
        News::Travelling => news(tenant, &pb::TechnicianTravelling { visit, actor, occur_time }),
        News::Arrived => news(tenant, &pb::TechnicianArrived { visit, actor, occur_time }),
        News::Completed => news(tenant, &pb::VisitCompleted { visit, actor, occur_time }),
        News::NotAccessible => news(tenant, &pb::VisitNotAccessible { visit, actor, occur_time }),
        News::Cancelled => news(tenant, &pb::VisitCancelled { visit, actor, occur_time }),
    }
}

fn state_number(state: State) -> pb::VisitState {
    match state {
        State::Requested => pb::VisitState::Requested,
        State::Planned => pb::VisitState::Planned,
        State::Promised => pb::VisitState::Promised,
        State::EnRoute => pb::VisitState::EnRoute,
        State::OnSite => pb::VisitState::OnSite,
        State::Completed => pb::VisitState::Completed,
        State::NoAccess => pb::VisitState::NoAccess,
        State::Cancelled => pb::VisitState::Cancelled,
    }
}

fn state_of(number: pb::VisitState) -> Option<State> {
    State::iter().find(|state| state_number(*state) == number)
}

fn priority_number(priority: Priority) -> PbPriority {
    match priority {
        Priority::P1 => PbPriority::P1,
        Priority::P2 => PbPriority::P2,
        Priority::P3 => PbPriority::P3,
        Priority::P4 => PbPriority::P4,
    }
}

pub(super) fn priority_of(number: PbPriority) -> Priority {
    match number {
        PbPriority::P1 => Priority::P1,
        PbPriority::P2 => Priority::P2,
        PbPriority::P3 => Priority::P3,
        PbPriority::P4 | PbPriority::Unspecified => Priority::P4,
    }
}
