//! Contracts.

use std::collections::HashSet;

use ::store::News;
use chrono::{DateTime, NaiveDate, Utc};
use events::news;
use proto::contracts::v1 as pb;
use proto::r#type::v1 as shared;
use service::{Fields, Violations, name, parse_name, timestamp};
use uuid::Uuid;

use super::{calendars, lines, reference};
use crate::domain::calendar;
use crate::domain::contract::{Deliveries, Delivery, Model, SeatChange};
use crate::domain::seat_count;
use crate::domain::words::{ContractState, Tier};

/// The calendars and policies that a request names, as far as they are names.
pub fn references(given: Option<&pb::Contract>) -> Vec<Uuid> {
    let named = |contract: &pb::Contract| {
        [parse_name("slaPolicies", &contract.sla_policy), parse_name("calendars", &contract.calendar)]
    };
    given.map(named).into_iter().flatten().flatten().collect()
}

/// Reads a new contract; `known` are the calendars and policies there are.
///
/// # Errors
/// Every violation.
pub fn new(given: Option<pb::Contract>, known: &HashSet<Uuid>, now: DateTime<Utc>) -> Result<Model, Violations> {
    let mut fields = Fields::default();
    let pb::Contract {
        name: _,
        tenant,
        display_name,
        state: _,
        start_date,
        end_date,
        currency,
        sla_policy,
        calendar,
        services,
        deliveries,
        lines: sold,
        tax_percent,
        create_time: _,
        etag: _,
    } = given.unwrap_or_default();
    let is_known = |collection, value: &str| parse_name(collection, value).is_some_and(|id| known.contains(&id));
    let (policy_known, calendar_known) = (is_known("slaPolicies", &sla_policy), is_known("calendars", &calendar));
    lines::currency(&mut fields, "contract.currency", &currency);
    let start_on = fields.date("contract.start_date", &start_date);
    let end_on = (!end_date.is_empty()).then(|| fields.date("contract.end_date", &end_date));
    if end_on.is_some_and(|end| end != NaiveDate::default() && end <= start_on) {
        fields.refuse("contract.end_date", "ORDER", "must be after start_date");
    }
    let row = Model {
        tenant_id: fields.name("contract.tenant", &tenant, "tenants"),
        id: Uuid::now_v7(),
        version: 1,
        display_name: fields.text("contract.display_name", &display_name, 1..=200),
        state: ContractState::Draft,
        start_on,
        end_on,
        sla_policy_id: reference(&mut fields, "contract.sla_policy", &sla_policy, "slaPolicies", policy_known),
        calendar_id: reference(&mut fields, "contract.calendar", &calendar, "calendars", calendar_known),
        services: covered(&mut fields, &services),
        deliveries: self::deliveries(&mut fields, deliveries),
        lines: lines::lines(&mut fields, "contract.lines", sold, &currency),
        tax_percent: lines::decimal(&mut fields, "contract.tax_percent", &tax_percent, 100),
        currency,
        created_at: now,
    };
    fields.finish(row)
}

fn covered(fields: &mut Fields, given: &[String]) -> Vec<String> {
    let mut read: Vec<String> = Vec::new();
    for (index, service) in given.iter().enumerate() {
        let path = format!("contract.services[{index}]");
        let service = fields.text(&path, service, 1..=100);
        if read.contains(&service) {
            fields.refuse(&path, "REPEATED", "must be listed once");
        }
        read.push(service);
    }
    read
}

fn deliveries(fields: &mut Fields, given: Vec<pb::TierDelivery>) -> Deliveries {
    let mut read: Vec<Delivery> = Vec::new();
    for (index, pb::TierDelivery { tier, vendors }) in given.into_iter().enumerate() {
        let path = format!("contract.deliveries[{index}]");
        let tier: shared::Tier = fields.chosen(&format!("{path}.tier"), tier);
        if vendors.is_empty() {
            fields.refuse(&format!("{path}.vendors"), "REQUIRED", "is required");
        }
        let mut ranked = Vec::new();
        for (rank, vendor) in vendors.iter().enumerate() {
            let path = format!("{path}.vendors[{rank}]");
            let vendor = fields.name(&path, vendor, "vendors");
            if ranked.contains(&vendor) && !vendor.is_nil() {
                fields.refuse(&path, "REPEATED", "must be ranked once");
            }
            ranked.push(vendor);
        }
        let Some(tier) = Tier::of(tier.into()) else { continue };
        if read.iter().any(|delivery| delivery.tier == tier) {
            fields.refuse(&format!("{path}.tier"), "REPEATED", "must be listed once");
        }
        read.push(Delivery { tier, vendors: ranked });
    }
    Deliveries(read)
}

/// Reads how many seats a line is to have.
///
/// # Errors
/// Every violation.
pub fn seat_change(given: pb::SetSeatsRequest) -> Result<(Uuid, String, SeatChange), Violations> {
    let mut fields = Fields::default();
    let pb::SetSeatsRequest { name, line, seats, effective_date, etag, request_id: _ } = given;
    fields.number("seats", seats.into(), 0..=1_000_000);
    let id = fields.name("name", &name, "contracts");
    let change = SeatChange {
        line: fields.text("line", &line, 1..=40),
        seats,
        effective_on: fields.date("effective_date", &effective_date),
    };
    fields.finish((id, etag, change))
}

/// A contract, as others see it.
pub fn contract(row: &Model) -> pb::Contract {
    let Model {
        tenant_id,
        id,
        version,
        display_name,
        state,
        start_on,
        end_on,
        currency,
        sla_policy_id,
        calendar_id,
        services,
        deliveries,
        lines: sold,
        tax_percent,
        created_at,
    } = row.clone();
    pb::Contract {
        name: name("contracts", id),
        tenant: name("tenants", tenant_id),
        display_name,
        state: state.number(),
        start_date: start_on.to_string(),
        end_date: end_on.map(|end| end.to_string()).unwrap_or_default(),
        currency,
        sla_policy: name("slaPolicies", sla_policy_id),
        calendar: name("calendars", calendar_id),
        services,
        deliveries: delivered(&deliveries),
        lines: sold.0.into_iter().map(lines::line).collect(),
        tax_percent: tax_percent.to_string(),
        create_time: Some(timestamp(created_at)),
        etag: version.to_string(),
    }
}

/// Who delivers which tier, as others see it.
pub fn delivered(rows: &Deliveries) -> Vec<pb::TierDelivery> {
    let delivery = |Delivery { tier, vendors }: &Delivery| pb::TierDelivery {
        tier: tier.number(),
        vendors: vendors.iter().map(|vendor| name("vendors", *vendor)).collect(),
    };
    rows.0.iter().map(delivery).collect()
}

/// Told when a contract begins to cover.
pub fn activated(row: &Model, hours: &calendar::Model) -> News {
    let event = pb::ContractActivated { contract: Some(contract(row)), calendar: Some(calendars::calendar(hours)) };
    news(row.tenant_id, &event)
}

/// Told when the seats of a line change.
pub fn seats_set(row: &seat_count::Model) -> News {
    let seat_count::Model { tenant_id, contract_id, line, effective_on, seats, version } = row.clone();
    let event = pb::SeatsSet {
        contract: name("contracts", contract_id),
        tenant: name("tenants", tenant_id),
        line,
        seats,
        effective_date: effective_on.to_string(),
        etag: version.to_string(),
    };
    news(tenant_id, &event)
}

#[cfg(test)]
#[path = "contracts_tests.rs"]
mod tests;
