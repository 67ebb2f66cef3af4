//! What is sold, and at what price.

use std::collections::HashSet;

use ::money::{Currency, Rate};
use proto::contracts::v1 as pb;
use proto::r#type::v1 as shared;
use rust_decimal::Decimal;
use service::Fields;

use crate::domain::line::{Line, Lines, Money, Price, Rates, TimePrice};

/// A minute count: up to a year of them.
const MINUTES: std::ops::RangeInclusive<i64> = 0..=527_040;

/// Reads lines, all of them in `currency`.
pub fn lines(fields: &mut Fields, path: &str, given: Vec<pb::Line>, currency: &str) -> Lines {
    if given.is_empty() {
        fields.refuse(path, "REQUIRED", "is required");
    }
    let mut seen = HashSet::new();
    let mut read = Vec::new();
    for (index, pb::Line { id, display_name, price: given }) in given.into_iter().enumerate() {
        let path = format!("{path}[{index}]");
        let id = fields.text(&format!("{path}.id"), &id, 1..=40);
        if !id.is_empty() && !seen.insert(id.clone()) {
            fields.refuse(&format!("{path}.id"), "REPEATED", "must be unique in its contract");
        }
        let display_name = fields.text(&format!("{path}.display_name"), &display_name, 1..=200);
        match given {
            Some(given) => read.push(Line { id, display_name, price: price(fields, &path, given, currency) }),
            None => {
                fields.refuse(&format!("{path}.price"), "REQUIRED", "is required: seat, flat, time, visit or ticket")
            }
        }
    }
    Lines(read)
}

fn price(fields: &mut Fields, path: &str, given: pb::line::Price, currency: &str) -> Price {
    match given {
        pb::line::Price::Seat(pb::SeatPrice { monthly, seats, included_minutes }) => Price::Seat {
            monthly: money(fields, &format!("{path}.seat.monthly"), monthly, Some(currency)),
            seats: count(fields, &format!("{path}.seat.seats"), seats, 0..=1_000_000),
            included_minutes: count(fields, &format!("{path}.seat.included_minutes"), included_minutes, MINUTES),
        },
        pb::line::Price::Flat(pb::FlatPrice { monthly }) => {
            Price::Flat { monthly: money(fields, &format!("{path}.flat.monthly"), monthly, Some(currency)) }
        }
        pb::line::Price::Time(given) => Price::Time(time(fields, &format!("{path}.time"), given, Some(currency))),
        pb::line::Price::Visit(pb::UnitPrice { each }) => {
            Price::Visit { each: money(fields, &format!("{path}.visit.each"), each, Some(currency)) }
        }
        pb::line::Price::Ticket(pb::UnitPrice { each }) => {
            Price::Ticket { each: money(fields, &format!("{path}.ticket.each"), each, Some(currency)) }
        }
    }
}

/// Reads a vendor's rates, one of each work type.
pub fn rates(fields: &mut Fields, path: &str, given: Vec<pb::TimePrice>) -> Rates {
    if given.is_empty() {
        fields.refuse(path, "REQUIRED", "is required");
    }
    let mut seen = HashSet::new();
    let mut read = Vec::new();
    for (index, given) in given.into_iter().enumerate() {
        let path = format!("{path}[{index}]");
        let rate = time(fields, &path, given, None);
        if !seen.insert(rate.work_type.clone()) {
            fields.refuse(&format!("{path}.work_type"), "REPEATED", "must have one rate");
        }
        read.push(rate);
    }
    Rates(read)
}

fn time(fields: &mut Fields, path: &str, given: pb::TimePrice, currency: Option<&str>) -> TimePrice {
    let pb::TimePrice { work_type, hourly, after_hours_multiplier, minimum_minutes, step_minutes } = given;
    let multiplier = format!("{path}.after_hours_multiplier");
    TimePrice {
        work_type: fields.text(&format!("{path}.work_type"), &work_type, 1..=40),
        hourly: money(fields, &format!("{path}.hourly"), hourly, currency),
        after_hours_multiplier: (!after_hours_multiplier.is_empty())
            .then(|| decimal(fields, &multiplier, &after_hours_multiplier, 100)),
        minimum_minutes: count(fields, &format!("{path}.minimum_minutes"), minimum_minutes, MINUTES),
        step_minutes: count(fields, &format!("{path}.step_minutes"), step_minutes, MINUTES),
    }
}

/// Reads an amount that is not negative, in `currency` or, without one, in any.
fn money(fields: &mut Fields, path: &str, given: Option<shared::Money>, currency: Option<&str>) -> Money {
    let Some(shared::Money { minor, currency: given }) = given else {
        fields.refuse(path, "REQUIRED", "is required");
        return Money::default();
    };
    fields.number(&format!("{path}.minor"), minor, 0..=1_000_000_000_000);
    let path = format!("{path}.currency");
    match currency {
        Some(currency) if given != currency => fields.refuse(&path, "CURRENCY", "must be that of the contract"),
        Some(_) => {}
        None => self::currency(fields, &path, &given),
    }
    Money { minor, currency: given }
}

/// Checks an ISO 4217 code.
pub fn currency(fields: &mut Fields, path: &str, code: &str) {
    if code.is_empty() {
        fields.refuse(path, "REQUIRED", "is required");
    } else if Currency::from_code(code).is_err() {
        fields.refuse(path, "CURRENCY", "must be an ISO 4217 code such as EUR");
    }
}

/// Reads a decimal from 0 to `most`, with at most six places.
pub fn decimal(fields: &mut Fields, path: &str, text: &str, most: u32) -> Decimal {
    if text.is_empty() {
        fields.refuse(path, "REQUIRED", "is required");
        return Decimal::ZERO;
    }
    let read = Rate::parse(text).ok().map(Rate::decimal).filter(|read| read.scale() <= 6);
    let Some(read) = read.filter(|read| *read >= Decimal::ZERO && *read <= Decimal::from(most)) else {
        fields.refuse(
            path,
            "DECIMAL",
            format!("must be a decimal from 0 to {most} with at most six places, such as 1.5"),
        );
        return Decimal::ZERO;
    };
    read
}

fn count(fields: &mut Fields, path: &str, given: i32, range: std::ops::RangeInclusive<i64>) -> i32 {
    fields.number(path, given.into(), range);
    given
}

/// A line, as others see it.
pub fn line(row: Line) -> pb::Line {
    let Line { id, display_name, price } = row;
    let each = |each| pb::UnitPrice { each: Some(amount(each)) };
    let price = match price {
        Price::Seat { monthly, seats, included_minutes } => {
            pb::line::Price::Seat(pb::SeatPrice { monthly: Some(amount(monthly)), seats, included_minutes })
        }
        Price::Flat { monthly } => pb::line::Price::Flat(pb::FlatPrice { monthly: Some(amount(monthly)) }),
        Price::Time(price) => pb::line::Price::Time(time_price(price)),
        Price::Visit { each: price } => pb::line::Price::Visit(each(price)),
        Price::Ticket { each: price } => pb::line::Price::Ticket(each(price)),
    };
    pb::Line { id, display_name, price: Some(price) }
}

/// A price per hour, as others see it.
pub fn time_price(row: TimePrice) -> pb::TimePrice {
    let TimePrice { work_type, hourly, after_hours_multiplier, minimum_minutes, step_minutes } = row;
    pb::TimePrice {
        work_type,
        hourly: Some(amount(hourly)),
        after_hours_multiplier: after_hours_multiplier.map(|m| m.to_string()).unwrap_or_default(),
        minimum_minutes,
        step_minutes,
    }
}

fn amount(row: Money) -> shared::Money {
    let Money { minor, currency } = row;
    shared::Money { minor, currency }
}
