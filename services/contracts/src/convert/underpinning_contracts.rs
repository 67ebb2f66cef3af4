//! Underpinning contracts.

use std::collections::HashSet;

use ::store::News;
use chrono::{DateTime, Utc};
use events::news;
use proto::contracts::v1 as pb;
use service::{Fields, Violations, name, parse_name, timestamp};
use uuid::Uuid;

use super::sla_policies::LONGEST;
use super::{calendars, lines, reference};
use crate::domain::calendar;
use crate::domain::underpinning_contract::Model;

/// The calendar that a request names, as far as it is a name.
pub fn references(given: Option<&pb::UnderpinningContract>) -> Vec<Uuid> {
    given.and_then(|contract| parse_name("calendars", &contract.calendar)).into_iter().collect()
}

/// Reads a new underpinning contract; `known` are the calendars there are.
///
/// # Errors
/// Every violation.
pub fn new(
    given: Option<pb::UnderpinningContract>,
    known: &HashSet<Uuid>,
    now: DateTime<Utc>,
) -> Result<Model, Violations> {
    let mut fields = Fields::default();
    let is_known = references(given.as_ref()).iter().any(|id| known.contains(id));
    let pb::UnderpinningContract {
        name: _,
        vendor,
        display_name,
        calendar,
        acceptance_seconds,
        work_seconds,
        rates,
        create_time: _,
        etag: _,
    } = given.unwrap_or_default();
    let at = |field: &str| format!("underpinning_contract.{field}");
    let row = Model {
        id: Uuid::now_v7(),
        version: 1,
        vendor_id: fields.name(&at("vendor"), &vendor, "vendors"),
        display_name: fields.text(&at("display_name"), &display_name, 1..=200),
        calendar_id: reference(&mut fields, &at("calendar"), &calendar, "calendars", is_known),
        acceptance_seconds: fields.number(&at("acceptance_seconds"), acceptance_seconds, 1..=LONGEST),
        work_seconds: fields.number(&at("work_seconds"), work_seconds, 1..=LONGEST),
        rates: lines::rates(&mut fields, &at("rates"), rates),
        created_at: now,
    };
    fields.finish(row)
}

/// An underpinning contract, as others see it.
pub fn underpinning_contract(row: &Model) -> pb::UnderpinningContract {
    let Model {
        id,
        version,
        vendor_id,
        display_name,
        calendar_id,
        acceptance_seconds,
        work_seconds,
        rates,
        created_at,
    } = row.clone();
    pb::UnderpinningContract {
        name: name("underpinningContracts", id),
        vendor: name("vendors", vendor_id),
        display_name,
        calendar: name("calendars", calendar_id),
        acceptance_seconds,
        work_seconds,
        rates: rates.0.into_iter().map(lines::time_price).collect(),
        create_time: Some(timestamp(created_at)),
        etag: version.to_string(),
    }
}

/// Told when a vendor's promise was written down.
pub fn created(row: &Model, hours: &calendar::Model) -> News {
    let event = pb::UnderpinningContractCreated {
        underpinning_contract: Some(underpinning_contract(row)),
        calendar: Some(calendars::calendar(hours)),
    };
    news(Uuid::nil(), &event)
}
