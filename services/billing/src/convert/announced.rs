//! What the other services announce, as billing keeps it. A wrong one is an
//! error: it is tried again, and then put aside with the reason.

use ::calendar::{CalendarSpec, Exception, Hours};
use chrono::{DateTime, Utc};
use money::Currency;
use prost_types::Timestamp;
use proto::contracts::v1 as contracts;
use proto::directory::v1 as directory;
use proto::dispatch::v1 as dispatch;
use proto::tickets::v1 as tickets;
use proto::r#type::v1::Money;
use rust_decimal::Decimal;
use service::Fields;
use uuid::Uuid;

use crate::domain::fact::{Fact, Kind};
use crate::domain::tenant::Model as Tenant;
use crate::domain::terms::{Contract, Line, Price, RateCard, TimePrice};
use crate::error::Error;

/// A tenant, from the directory.
pub fn tenant(told: Option<directory::Tenant>) -> Result<Tenant, Error> {
    let mut fields = Fields::default();
    let directory::Tenant { name, display_name, zone, currency, tax_number, create_time: _, etag } =
        told.unwrap_or_default();
    let id = fields.name("tenant.name", &name, "tenants");
    let zone = fields.zone("tenant.zone", &zone);
    let version = version(&mut fields, "tenant.etag", &etag);
    Ok(fields.finish(Tenant { tenant_id: id, id, version, display_name, zone, currency, tax_number })?)
}

/// A contract with its calendar, and whose it is.
pub fn contract(
    told: Option<contracts::Contract>,
    calendar: Option<contracts::Calendar>,
) -> Result<(Uuid, Contract), Error> {
    let mut fields = Fields::default();
    let contracts::Contract {
        name,
        tenant,
        display_name,
        state: _,
        start_date,
        end_date,
        currency,
        sla_policy: _,
        calendar: _,
        services: _,
        deliveries: _,
        lines,
        tax_percent,
        create_time: _,
        etag: _,
    } = told.unwrap_or_default();
    let tenant = fields.name("contract.tenant", &tenant, "tenants");
    let currency = currency_of(&mut fields, "contract.currency", &currency);
    let contract = Contract {
        id: fields.name("contract.name", &name, "contracts"),
        display_name,
        currency,
        start: fields.date("contract.start_date", &start_date),
        end: (!end_date.is_empty()).then(|| fields.date("contract.end_date", &end_date)),
        tax_percent: decimal(&mut fields, "contract.tax_percent", &tax_percent, Decimal::ZERO),
        calendar: hours(calendar),
        lines: lines.into_iter().map(|told| line(&mut fields, told, currency)).collect(),
    };
    Ok(fields.finish((tenant, contract))?)
}

fn line(fields: &mut Fields, told: contracts::Line, currency: Currency) -> Line {
    let contracts::Line { id, display_name, price } = told;
    let field = format!("contract.lines.{id}");
    let minor = |fields: &mut Fields, amount: Option<Money>| amount_of(fields, &field, amount, currency);
    let price = match price {
        Some(contracts::line::Price::Seat(contracts::SeatPrice { monthly, seats, included_minutes })) => Price::Seat {
            monthly_minor: minor(fields, monthly),
            seats: seats.into(),
            included_minutes: included_minutes.into(),
        },
        Some(contracts::line::Price::Flat(contracts::FlatPrice { monthly })) => {
            Price::Flat { monthly_minor: minor(fields, monthly) }
        }
        Some(contracts::line::Price::Time(told)) => Price::Time(rate(fields, &field, told, currency)),
        Some(contracts::line::Price::Visit(contracts::UnitPrice { each })) => {
            Price::Visit { each_minor: minor(fields, each) }
        }
        Some(contracts::line::Price::Ticket(contracts::UnitPrice { each })) => {
            Price::Ticket { each_minor: minor(fields, each) }
        }
        None => {
            fields.refuse(&field, "REQUIRED", "must have a price");
            Price::Flat { monthly_minor: 0 }
        }
    };
    Line { id, display_name, price }
}

fn rate(fields: &mut Fields, field: &str, told: contracts::TimePrice, currency: Currency) -> TimePrice {
    let contracts::TimePrice { work_type, hourly, after_hours_multiplier, minimum_minutes, step_minutes } = told;
    TimePrice {
        work_type,
        hourly_minor: amount_of(fields, field, hourly, currency),
        after_hours_multiplier: decimal(fields, field, &after_hours_multiplier, Decimal::ONE),
        minimum_minutes: minimum_minutes.into(),
        step_minutes: step_minutes.into(),
    }
}

/// A vendor's rate card.
pub fn card(
    told: Option<contracts::UnderpinningContract>,
    calendar: Option<contracts::Calendar>,
) -> Result<RateCard, Error> {
    let mut fields = Fields::default();
    let contracts::UnderpinningContract {
        name,
        vendor,
        display_name: _,
        calendar: _,
        acceptance_seconds: _,
        work_seconds: _,
        rates,
        create_time,
        etag: _,
    } = told.unwrap_or_default();
    let first = rates.first().and_then(|rate| rate.hourly.as_ref()).map(|hourly| hourly.currency.clone());
    let currency = currency_of(&mut fields, "underpinning_contract.rates", &first.unwrap_or_default());
    let card = RateCard {
        id: fields.name("underpinning_contract.name", &name, "underpinningContracts"),
        vendor_id: fields.name("underpinning_contract.vendor", &vendor, "vendors"),
        currency,
        created_at: fields.time("underpinning_contract.create_time", create_time.as_ref()),
        calendar: hours(calendar),
        rates: rates.into_iter().map(|told| rate(&mut fields, "underpinning_contract.rates", told, currency)).collect(),
    };
    Ok(fields.finish(card)?)
}

fn hours(told: Option<contracts::Calendar>) -> CalendarSpec {
    let contracts::Calendar { name: _, display_name: _, zone, week, exceptions, create_time: _, etag: _ } =
        told.unwrap_or_default();
    let mut spec = CalendarSpec { zone, ..CalendarSpec::default() };
    for contracts::Opening { day, open, close } in week {
        let hours = match day.as_str() {
            "mon" => &mut spec.week.mon,
            "tue" => &mut spec.week.tue,
            "wed" => &mut spec.week.wed,
            "thu" => &mut spec.week.thu,
            "fri" => &mut spec.week.fri,
            "sat" => &mut spec.week.sat,
            _ => &mut spec.week.sun,
        };
        hours.push(Hours(open, close));
    }
    for contracts::DayException { date, label: _, hours } in exceptions {
        let open = hours.into_iter().map(|contracts::DayHours { open, close }| Hours(open, close)).collect();
        spec.exceptions.push(Exception { date, open });
    }
    spec
}

/// A number of seats from a day on. The contract's version is in its key: of
/// two for one day the later holds.
pub fn seats(told: contracts::SeatsSet) -> Result<Fact, Error> {
    let mut fields = Fields::default();
    let contracts::SeatsSet { contract, tenant, line, seats, effective_date, etag } = told;
    let tenant = fields.name("tenant", &tenant, "tenants");
    let contract_id = fields.name("contract", &contract, "contracts");
    let on = fields.date("effective_date", &effective_date);
    let version = version(&mut fields, "etag", &etag);
    let key = format!("{contract}/{line}/{on}/{version:020}");
    let fact = Fact::seats(tenant, "contracts", key, line, on, seats.into());
    Ok(fields.finish(Fact { contract_id: Some(contract_id), ..fact })?)
}

/// Tenant, ticket and the contract that covers it; none if none does.
pub fn coverage(told: Option<contracts::Entitlement>) -> Result<Option<(Uuid, Uuid, Uuid)>, Error> {
    let mut fields = Fields::default();
    let contracts::Entitlement { ticket, tenant, decision, contract, reason: _, deliveries: _, decide_time: _ } =
        told.unwrap_or_default();
    let covers = decision != i32::from(contracts::Decision::OutOfScope) && !contract.is_empty();
    let tenant = fields.name("entitlement.tenant", &tenant, "tenants");
    let ticket = fields.name("entitlement.ticket", &ticket, "tickets");
    let contract = fields.name_if_given("entitlement.contract", &contract, "contracts");
    Ok(fields.finish(contract.filter(|_| covers).map(|contract| (tenant, ticket, contract)))?)
}

/// A ticket that came in. Which contract covers it is told apart.
pub fn ticket(told: &tickets::Ticket) -> Result<Fact, Error> {
    let mut fields = Fields::default();
    let tenant = fields.name("ticket.tenant", &told.tenant, "tenants");
    let id = fields.name("ticket.name", &told.name, "tickets");
    let at = fields.time("ticket.open_time", told.open_time.as_ref());
    let fact = Fact::of(tenant, "tickets", told.name.clone(), Kind::Ticket, at);
    Ok(fields.finish(Fact { ticket_id: Some(id), ..fact })?)
}

/// Approved work.
pub fn time_entry(told: Option<tickets::TimeEntry>, contract: &str) -> Result<Fact, Error> {
    let mut fields = Fields::default();
    let tickets::TimeEntry {
        name,
        ticket,
        tenant,
        worker,
        handoff: _,
        work_type,
        tier: _,
        start_time,
        end_time,
        billable,
        note: _,
        approve_time: _,
        etag: _,
    } = told.unwrap_or_default();
    let tenant = fields.name("time_entry.tenant", &tenant, "tenants");
    let start = fields.time("time_entry.start_time", start_time.as_ref());
    let fact = Fact {
        contract_id: fields.name_if_given("contract", contract, "contracts"),
        ticket_id: fields.name_if_given("time_entry.ticket", &ticket, "tickets"),
        worker,
        work_type,
        ended_at: Some(fields.time("time_entry.end_time", end_time.as_ref())),
        billable,
        ..Fact::of(tenant, "tickets", name, Kind::Time, start)
    };
    Ok(fields.finish(fact)?)
}

/// A visit that was done, and the time on the way and on site. Whether any of
/// them has a price is the contract's to say.
pub fn visit(told: Option<dispatch::Visit>) -> Result<Vec<Fact>, Error> {
    let mut fields = Fields::default();
    let dispatch::Visit {
        name,
        ticket,
        tenant,
        site: _,
        purpose: _,
        duration_minutes: _,
        skills: _,
        priority: _,
        state: _,
        technician,
        start_time: _,
        end_time: _,
        request_time: _,
        publish_time: _,
        travel_time,
        arrive_time,
        complete_time,
        outcome: _,
        contract,
        etag: _,
    } = told.unwrap_or_default();
    let tenant = fields.name("visit.tenant", &tenant, "tenants");
    let contract_id = fields.name_if_given("visit.contract", &contract, "contracts");
    let ticket_id = fields.name_if_given("visit.ticket", &ticket, "tickets");
    let done = fields.time("visit.complete_time", complete_time.as_ref());
    let mut known = |field: &str, at: Option<Timestamp>| at.map(|at| fields.time(field, Some(&at)));
    let left = known("visit.travel_time", travel_time);
    let arrived = known("visit.arrive_time", arrive_time);
    let fact = |key: String, kind, at| Fact {
        contract_id,
        ticket_id,
        worker: technician.clone(),
        ..Fact::of(tenant, "dispatch", key, kind, at)
    };
    let time = |work_type: &str, start: DateTime<Utc>, end: DateTime<Utc>| Fact {
        work_type: work_type.to_owned(),
        ended_at: Some(end.max(start)),
        ..fact(format!("{name}/{work_type}"), Kind::Time, start)
    };
    let mut facts = vec![fact(name.clone(), Kind::Visit, arrived.unwrap_or(done))];
    facts.extend(left.zip(arrived).map(|(left, arrived)| time("travel", left, arrived)));
    facts.extend(arrived.map(|arrived| time("onsite", arrived, done)));
    Ok(fields.finish(facts)?)
}

fn version(fields: &mut Fields, field: &str, etag: &str) -> i64 {
    etag.parse().unwrap_or_else(|_| {
        fields.refuse(field, "ETAG", "must be the row's version");
        0
    })
}

fn currency_of(fields: &mut Fields, field: &str, code: &str) -> Currency {
    Currency::from_code(code).unwrap_or_else(|error| {
        fields.refuse(field, "CURRENCY", error.to_string());
        Currency::EUR
    })
}

fn amount_of(fields: &mut Fields, field: &str, amount: Option<Money>, expected: Currency) -> i64 {
    let Money { minor, currency } = amount.unwrap_or_default();
    if currency != expected.code() {
        fields.refuse(field, "CURRENCY", format!("must be in {expected}, not {currency}"));
    }
    fields.number(field, minor, 0..=1_000_000_000_000)
}

fn decimal(fields: &mut Fields, field: &str, text: &str, otherwise: Decimal) -> Decimal {
    if text.is_empty() {
        return otherwise;
    }
    let value = Decimal::from_str_exact(text).ok().filter(|value| !value.is_sign_negative() && value.scale() <= 6);
    value.unwrap_or_else(|| {
        fields.refuse(field, "DECIMAL", "must be a decimal number with at most six decimals, and not negative");
        otherwise
    })
}
