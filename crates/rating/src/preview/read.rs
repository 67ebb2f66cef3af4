//! A file as rating takes it, or everything that is wrong with it.

use std::collections::BTreeSet;

use calendar::{Calendar, CalendarSpec};
use chrono::NaiveDate;
use money::Currency;
use rust_decimal::Decimal;
use serde_json::Value;
use uuid::Uuid;

use super::Violation;
use super::fields::{Complaints, Fields};
use crate::civil::{Civil, Month};
use crate::document::Buyer;
use crate::fact::{Fact, Kind};
use crate::terms::{Contract, Line, Price, TimePrice};

/// Who is named by a file needs no id but in it.
const CLIENT: Uuid = Uuid::from_u128(1);

/// A file understood.
pub(super) struct File {
    pub buyer: Buyer,
    pub civil: Civil,
    pub month: Month,
    pub currency: Currency,
    /// One for each version.
    pub contracts: Vec<Contract>,
    pub facts: Vec<Fact>,
}

/// Reads every field, whatever is wrong with another.
pub(super) fn file(text: &str) -> Result<File, Vec<Violation>> {
    let mut wrong = Complaints::default();
    let value = serde_json::from_str(text).unwrap_or_else(|error| {
        wrong.add("", "JSON_INVALID", format!("must be JSON: {error}"));
        Value::Null
    });
    if !wrong.0.is_empty() {
        return Err(wrong.0);
    }
    let file = Fields::of("", value, &mut wrong).and_then(|mut fields| {
        let file = whole(&mut fields);
        fields.finish();
        file
    });
    match file {
        Some(file) if wrong.0.is_empty() => Ok(file),
        _ => Err(wrong.0),
    }
}

fn whole(file: &mut Fields<'_>) -> Option<File> {
    let client = file.object("client", client);
    let month = month(file);
    let contract = file.object("contract", |fields| Some(contract(fields)));
    let (currency, versions) = contract.unwrap_or_default();
    let civil = client.as_ref().map(|(_, civil)| civil);
    let facts = facts(file, civil, &versions);
    let (buyer, civil) = client?;
    let contracts = versions.into_iter().map(|version| version.contract).collect();
    Some(File { buyer, civil, month: month?, currency: currency?, contracts, facts })
}

fn client(fields: &mut Fields<'_>) -> Option<(Buyer, Civil)> {
    let name = fields.text("name");
    let zone = fields.text("zone");
    let tax_number = fields.text_or("tax_number", "");
    let civil = zone.and_then(|zone| {
        Civil::of(&zone).or_else(|| {
            fields.refuse("zone", "ZONE_UNKNOWN", "must be a zone of the IANA database");
            None
        })
    });
    Some((Buyer { tenant: CLIENT, display_name: name?, tax_number }, civil?))
}

fn month(file: &mut Fields<'_>) -> Option<Month> {
    let text = file.text("month")?;
    let month = Month::parse(&text);
    if month.is_none() {
        file.refuse("month", "MONTH_INVALID", "must be a month such as 2026-03");
    }
    month
}

/// A contract as it was over some days.
struct Version {
    path: String,
    contract: Contract,
}

fn contract(fields: &mut Fields<'_>) -> (Option<Currency>, Vec<Version>) {
    let display_name = fields.text("name").unwrap_or_default();
    let currency = fields.text("currency").and_then(|code| {
        let known = Currency::from_code(&code).ok();
        if known.is_none() {
            fields.refuse("currency", "CURRENCY_UNKNOWN", "must be a code of ISO 4217");
        }
        known
    });
    let tax_percent = fields.decimal_or("tax_percent", Decimal::ZERO).unwrap_or_default();
    let calendar = hours(fields).unwrap_or_default();
    let list = fields.at("versions");
    let mut nr = 0;
    let versions = fields.objects("versions", |version| {
        let path = format!("{list}[{nr}]");
        nr += 1;
        let start = version.date("from");
        let end = version.date_if_given("until");
        let lines = lines(version, currency);
        let (start, end) = (start?, end?);
        if end.is_some_and(|end| end <= start) {
            version.refuse("until", "PERIOD_EMPTY", "must be after from: it is the first day that is not covered");
        }
        let contract = Contract {
            id: Uuid::from_u128(nr),
            display_name: display_name.clone(),
            currency: currency.unwrap_or(Currency::EUR),
            start,
            end,
            tax_percent,
            calendar: calendar.clone(),
            lines,
        };
        Some(Version { path, contract })
    });
    refuse_overlaps(&versions, fields.wrong);
    (currency, versions)
}

fn hours(fields: &mut Fields<'_>) -> Option<CalendarSpec> {
    let value = fields.required("calendar")?;
    let spec: Result<CalendarSpec, _> = serde_json::from_value(value);
    let spec = spec.map_err(|error| fields.refuse("calendar", "CALENDAR_INVALID", error.to_string())).ok()?;
    for violation in Calendar::new(spec.clone()).err().unwrap_or_default() {
        let field = format!("{}.{}", fields.at("calendar"), violation.field);
        fields.wrong.add(field, violation.rule.reason(), violation.rule.text());
    }
    Some(spec)
}

/// A day that two versions cover would be billed twice.
fn refuse_overlaps(versions: &[Version], wrong: &mut Complaints) {
    for (nr, version) in versions.iter().enumerate() {
        let Version { path, contract } = version;
        let overlaps = |other: &&Version| {
            let starts_before_end = |one: &Contract, two: &Contract| two.end.is_none_or(|end| one.start < end);
            starts_before_end(contract, &other.contract) && starts_before_end(&other.contract, contract)
        };
        if let Some(other) = versions[..nr].iter().find(overlaps) {
            wrong.add(path, "VERSION_OVERLAP", format!("must not cover a day that {} covers", other.path));
        }
    }
}

fn lines(version: &mut Fields<'_>, currency: Option<Currency>) -> Vec<Line> {
    let mut ids = BTreeSet::new();
    let mut work_types = BTreeSet::new();
    version.objects("lines", |fields| {
        let id = fields.text("id");
        let name = fields.text_or("name", id.as_deref().unwrap_or_default());
        if id.as_ref().is_some_and(|id| !ids.insert(id.clone())) {
            fields.refuse("id", "LINE_REPEATED", "must be unique in its version");
        }
        let price = price(fields, currency);
        if let Some(Price::Time(TimePrice { work_type, .. })) = &price
            && !work_types.insert(work_type.clone())
        {
            fields.refuse("time.work_type", "WORK_TYPE_REPEATED", "must have one price in a version");
        }
        Some(Line { id: id?, display_name: name, price: price? })
    })
}

fn price(line: &mut Fields<'_>, currency: Option<Currency>) -> Option<Price> {
    let kind = line.choice(&["flat", "seat", "time", "visit", "ticket"])?;
    line.object(kind, |fields| match kind {
        "flat" => Some(Price::Flat { monthly_minor: fields.amount("monthly", currency)? }),
        "seat" => {
            let monthly_minor = fields.amount("monthly", currency);
            let seats = fields.count("seats");
            let included_minutes = fields.count_or_none("included_minutes");
            Some(Price::Seat { monthly_minor: monthly_minor?, seats: seats?, included_minutes: included_minutes? })
        }
        "time" => {
            let work_type = fields.text("work_type");
            let hourly_minor = fields.amount("hourly", currency);
            let after_hours_multiplier = fields.decimal_or("after_hours_multiplier", Decimal::ONE);
            let minimum_minutes = fields.count_or_none("minimum_minutes");
            let step_minutes = fields.count_or_none("step_minutes");
            Some(Price::Time(TimePrice {
                work_type: work_type?,
                hourly_minor: hourly_minor?,
                after_hours_multiplier: after_hours_multiplier?,
                minimum_minutes: minimum_minutes?,
                step_minutes: step_minutes?,
            }))
        }
        "visit" => Some(Price::Visit { each_minor: fields.amount("each", currency)? }),
        _ => Some(Price::Ticket { each_minor: fields.amount("each", currency)? }),
    })
}

/// What happened, each under the version that covers its day: a number of seats
/// holds as long as its version. A fact on no version's day goes to the first
/// one, which then says so.
fn facts(file: &mut Fields<'_>, civil: Option<&Civil>, versions: &[Version]) -> Vec<Fact> {
    let mut ids = BTreeSet::new();
    let facts = file.objects("facts", |fields| {
        let id = fields.text("id")?;
        if !ids.insert(id.clone()) {
            fields.refuse("id", "FACT_REPEATED", "must be unique: a fact is told once");
        }
        fact(fields, id, versions)
    });
    let (Some(civil), Some(first)) = (civil, versions.first()) else { return facts };
    let under = |date: NaiveDate| versions.iter().find(|version| version.contract.covers(date)).unwrap_or(first);
    let place = |fact: Fact| Fact { contract_id: Some(under(fact.date(civil)).contract.id), ..fact };
    facts.into_iter().map(place).collect()
}

fn fact(fields: &mut Fields<'_>, id: String, versions: &[Version]) -> Option<Fact> {
    let sold = |sells: &dyn Fn(&Line) -> bool| versions.iter().flat_map(|one| &one.contract.lines).any(sells);
    let kind = fields.choice(&["time", "visit", "ticket", "seats"])?;
    fields.object(kind, |fields| {
        if kind == "seats" {
            let line = fields.text("line");
            let on = fields.date("from");
            let seats = fields.count("seats");
            let line = line?;
            if !sold(&|sold| sold.id == line && matches!(sold.price, Price::Seat { .. })) {
                fields.refuse("line", "LINE_UNKNOWN", "must be the id of a line that sells seats");
            }
            return Some(Fact::seats(CLIENT, "file", id, line, on?, seats?));
        }
        let billable = fields.yes_unless_no("billable");
        if kind != "time" {
            let kind = if kind == "visit" { Kind::Visit } else { Kind::Ticket };
            return Some(Fact { billable, ..Fact::of(CLIENT, "file", id, kind, fields.instant("at")?) });
        }
        let work_type = fields.text("work_type");
        let start = fields.instant("start");
        let end = fields.instant("end");
        let work_type = work_type?;
        let sells = |line: &Line| matches!(&line.price, Price::Time(price) if price.work_type == work_type);
        if !sold(&sells) {
            fields.refuse("work_type", "WORK_TYPE_UNKNOWN", "must be one that a line of the contract prices");
        }
        let (start, end) = (start?, end?);
        if end < start {
            fields.refuse("end", "QUANTITY_NEGATIVE", "must not be before start");
        }
        Some(Fact { work_type, ended_at: Some(end), billable, ..Fact::of(CLIENT, "file", id, Kind::Time, start) })
    })
}
