//! A month as a whole: sums, gates, margins and books.
#![allow(clippy::inconsistent_digit_grouping, reason = "cents stand apart")]

use calendar::CalendarSpec;
use chrono::{DateTime, TimeDelta, Utc};
use money::Currency;
use proptest::prelude::*;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::{Books, Draft};
use crate::domain::civil::Month;
use crate::domain::fact::{Fact, Kind};
use crate::domain::invoice::Model;
use crate::domain::ledger::{self, Payable};
use crate::domain::margin::Margins;
use crate::domain::rating::Past;
use crate::domain::tenant;
use crate::domain::terms::{Contract, Line, Price, RateCard, TimePrice};
use crate::error::Error;

const VENDOR: Uuid = Uuid::from_u128(0x7E);

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn march() -> Month {
    Month::parse("2026-03").unwrap()
}

fn rate(hourly_minor: i64) -> TimePrice {
    TimePrice {
        work_type: "remote".into(),
        hourly_minor,
        after_hours_multiplier: Decimal::ONE,
        minimum_minutes: 0,
        step_minutes: 0,
    }
}

fn contract(id: u128, tax_percent: Decimal, lines: &[Price]) -> Contract {
    let line =
        |(nr, price): (usize, &Price)| Line { id: nr.to_string(), display_name: nr.to_string(), price: price.clone() };
    Contract {
        id: Uuid::from_u128(id),
        display_name: "Managed".into(),
        currency: Currency::EUR,
        start: "2026-03-01".parse().unwrap(),
        end: None,
        tax_percent,
        calendar: CalendarSpec::always("Europe/Madrid"),
        lines: lines.iter().enumerate().map(line).collect(),
    }
}

fn books(contracts: Vec<Contract>, facts: Vec<Fact>) -> Books {
    let text = |text: &str| text.to_owned();
    let card = |id, created_at: &str, hourly_minor| RateCard {
        id: Uuid::from_u128(id),
        vendor_id: VENDOR,
        currency: Currency::EUR,
        created_at: at(created_at),
        calendar: CalendarSpec::always("Europe/Madrid"),
        rates: vec![rate(hourly_minor)],
    };
    Books {
        tenant: tenant::Model {
            tenant_id: Uuid::nil(),
            id: Uuid::nil(),
            version: 1,
            display_name: text("Acme"),
            zone: text("Europe/Madrid"),
            currency: text("EUR"),
            tax_number: text("ESB1"),
        },
        contracts,
        cards: vec![card(1, "2026-01-01T00:00:00Z", 60_00), card(2, "2026-03-15T00:00:00Z", 66_00)],
        facts,
        past: Past::default(),
        empty: [].into(),
        disputed: [].into(),
    }
}

fn entry(contract: u128, ticket: u128, worker: &str, minute: i64, seconds: i64) -> Fact {
    let start = at("2026-02-28T23:00:00Z") + TimeDelta::minutes(minute);
    Fact {
        contract_id: Some(Uuid::from_u128(contract)),
        ticket_id: Some(Uuid::from_u128(ticket)),
        worker: worker.into(),
        work_type: "remote".into(),
        ended_at: Some(start + TimeDelta::seconds(seconds)),
        ..Fact::of(
            Uuid::nil(),
            "tickets",
            format!("{contract} {ticket} {worker} {minute} {seconds}"),
            Kind::Time,
            start,
        )
    }
}

fn close(books: &Books) -> Draft {
    books.close(march(), at("2026-04-01T00:00:00Z")).unwrap()
}

#[test]
fn t35_what_is_printed_adds_up() {
    let lines = [Price::Flat { monthly_minor: 193_33 }, Price::Flat { monthly_minor: 48_33 }];
    let document = close(&books(vec![contract(1, Decimal::from(21), &lines)], vec![])).document;
    assert_eq!((document.net_minor, document.tax_minor, document.total_minor), (241_66, 50_75, 292_41));
}

#[test]
fn t36_tax_is_of_the_category_and_not_of_the_line() {
    // 10 % of 0.05 three times would be 0.03; of 0.15 it is 0.02.
    let lines = [Price::Flat { monthly_minor: 5 }, Price::Flat { monthly_minor: 5 }, Price::Flat { monthly_minor: 5 }];
    let document = close(&books(vec![contract(1, Decimal::from(10), &lines)], vec![])).document;
    assert_eq!((document.tax_minor, document.taxes.len()), (2, 1));
}

#[test]
fn a_month_is_over_when_it_is_over_where_the_client_is() {
    let books = books(vec![], vec![]);
    let early = books.close(march(), at("2026-03-31T21:59:59Z"));
    assert!(matches!(early, Err(Error::MonthNotOver { .. })));
    assert!(books.close(march(), at("2026-03-31T22:00:00Z")).is_ok());
}

#[test]
fn months_are_finalised_in_order() {
    let mut books = books(vec![contract(1, Decimal::ZERO, &[])], vec![]);
    let may = Month::parse("2026-05").unwrap();
    let reasons = |books: &Books| books.close(may, at("2026-06-02T00:00:00Z")).unwrap().park_reasons;
    assert_eq!(reasons(&books), ["MONTH_OPEN: 2026-03", "MONTH_OPEN: 2026-04"]);
    books.past.through = Some(march());
    books.empty.insert(march().next());
    assert!(reasons(&books).is_empty());
    assert!(matches!(books.close(march(), at("2026-06-02T00:00:00Z")), Err(Error::MonthClosed { .. })));
}

#[test]
fn a_vendors_work_costs_what_its_card_said_when_it_began() {
    let vendor = service::name("vendors", VENDOR);
    let stranger = service::name("vendors", Uuid::from_u128(0xBAD));
    let facts =
        vec![entry(1, 1, &vendor, 60, 1_800), entry(1, 1, &vendor, 30_000, 1_800), entry(1, 2, &stranger, 60, 1_800)];
    let draft = close(&books(vec![contract(1, Decimal::ZERO, &[Price::Time(rate(90_00))])], facts));
    assert_eq!(draft.costs.iter().map(|cost| cost.cost_minor).collect::<Vec<_>>(), [30_00, 33_00]);
    assert!(draft.park_reasons[0].starts_with("VENDOR_COST_MISSING"), "{:?}", draft.park_reasons);
}

#[test]
fn a_vendors_work_costs_even_where_the_client_does_not_pay() {
    let vendor = service::name("vendors", VENDOR);
    let free = Fact { billable: false, ..entry(1, 1, &vendor, 60, 3_600) };
    let draft = close(&books(vec![contract(1, Decimal::ZERO, &[])], vec![free]));
    assert_eq!((draft.document.net_minor, draft.costs[0].cost_minor), (0, 60_00));
}

#[test]
fn what_is_in_another_currency_is_not_added_but_parked() {
    let dollars =
        Contract { currency: Currency::USD, ..contract(1, Decimal::ZERO, &[Price::Flat { monthly_minor: 1 }]) };
    let draft = close(&books(vec![dollars], vec![]));
    assert!(draft.document.charges.is_empty());
    assert!(draft.park_reasons[0].starts_with("CONTRACT_IN_USD"), "{:?}", draft.park_reasons);
}

#[test]
fn the_same_books_give_the_same_invoice_and_other_books_another_version() {
    let flat = |minor| vec![contract(1, Decimal::ZERO, &[Price::Flat { monthly_minor: minor }])];
    let first = Model::draft(Uuid::nil(), Uuid::nil(), &close(&books(flat(1), vec![]))).unwrap();
    assert_eq!(first.redraft(&close(&books(flat(1), vec![]))).unwrap(), None);
    let second = first.redraft(&close(&books(flat(2), vec![]))).unwrap().unwrap();
    assert_eq!((second.version, second.net_minor), (2, 2));
    assert!(matches!(
        Model::draft(Uuid::nil(), Uuid::nil(), &close(&books(vec![], vec![]))).unwrap().expect_ready(),
        Err(Error::NothingToBill)
    ));
}

prop_compose! {
    fn any_entry()(contract in 1u128..=2, ticket in 1u128..4, vendor: bool, minute in 0i64..44_000, seconds in 0i64..30_000) -> Fact {
        let worker = if vendor { service::name("vendors", VENDOR) } else { "staff/1".to_owned() };
        entry(contract, ticket, &worker, minute, seconds)
    }
}

fn two_contracts(hourly: i64, seat: i64) -> Vec<Contract> {
    let lines = [Price::Time(rate(hourly)), Price::Seat { monthly_minor: seat, seats: 3, included_minutes: 20 }];
    vec![contract(1, Decimal::from(21), &lines), contract(2, Decimal::new(55, 1), &lines)]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn i09_lines_and_tax_are_the_total(facts in prop::collection::vec(any_entry(), 0..10), hourly in 1i64..20_000, seat in 0i64..20_000) {
        let document = close(&books(two_contracts(hourly, seat), facts)).document;
        let lines: i64 = document.charges.iter().map(|charge| charge.net_minor).sum();
        let taxes: i64 = document.taxes.iter().map(|tax| tax.tax_minor).sum();
        let bases: i64 = document.taxes.iter().map(|tax| tax.base_minor).sum();
        prop_assert_eq!((lines, bases), (document.net_minor, document.net_minor));
        prop_assert_eq!((taxes, document.net_minor + taxes), (document.tax_minor, document.total_minor));
        for charge in document.charges.iter().filter(|charge| !charge.shares.is_empty()) {
            prop_assert_eq!(charge.shares.iter().map(|share| share.net_minor).sum::<i64>(), charge.net_minor);
        }
    }

    #[test]
    fn i04_shuffled_contracts_and_facts_give_the_same_invoice(facts in prop::collection::vec(any_entry(), 0..10), turn in 0usize..10) {
        let mut other = books(two_contracts(90_00, 50_00), facts.clone());
        other.contracts.reverse();
        other.cards.reverse();
        other.facts.rotate_left(turn.min(facts.len()));
        other.facts.reverse();
        let text = |books: &Books| Model::draft(Uuid::nil(), Uuid::nil(), &close(books)).unwrap();
        prop_assert_eq!(text(&books(two_contracts(90_00, 50_00), facts)), text(&other));
    }

    #[test]
    fn i20_margin_is_revenue_less_cost_of_the_same_facts(facts in prop::collection::vec(any_entry(), 0..10)) {
        let Draft { document, costs, park_reasons: _ } = close(&books(two_contracts(90_00, 50_00), facts));
        let mut margins = Margins::default();
        margins.earn(&document).unwrap();
        for cost in &costs {
            margins.spend(cost.contract, cost.ticket, cost.cost_minor).unwrap();
        }
        let total = margins.total().unwrap();
        let spent: i64 = costs.iter().map(|cost| cost.cost_minor).sum();
        prop_assert_eq!((total.revenue_minor, total.cost_minor), (document.net_minor, spent));
        let rows: i64 = margins.rows().map(|(_, _, margin)| margin.left().unwrap()).sum();
        prop_assert_eq!(rows, total.left().unwrap());
    }

    #[test]
    fn i11_what_is_posted_sums_to_zero(facts in prop::collection::vec(any_entry(), 0..10)) {
        let Draft { document, costs, park_reasons: _ } = close(&books(two_contracts(90_00, 50_00), facts));
        let payable = |cost: &super::Cost| Payable { vendor: cost.vendor, currency: cost.currency, cost_minor: cost.cost_minor };
        let payables: Vec<Payable> = costs.iter().map(payable).collect();
        for entries in [ledger::of_invoice(&document), ledger::of_costs(&payables).unwrap()] {
            prop_assert_eq!(entries.iter().map(|entry| entry.amount_minor).sum::<i64>(), 0);
        }
    }
}
