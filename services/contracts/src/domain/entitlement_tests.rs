//! Who is covered by what.

use rust_decimal::Decimal;

use super::*;
use crate::domain::line::Lines;

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn contract(id: u128, start: &str, end: Option<&str>, services: &[&str]) -> Contract {
    Contract {
        tenant_id: Uuid::nil(),
        id: Uuid::from_u128(id),
        version: 2,
        display_name: format!("Contract {id}"),
        state: ContractState::Active,
        start_on: date(start),
        end_on: end.map(date),
        currency: "EUR".into(),
        sla_policy_id: Uuid::from_u128(id + 100),
        calendar_id: Uuid::nil(),
        services: services.iter().map(ToString::to_string).collect(),
        deliveries: Deliveries::default(),
        lines: Lines::default(),
        tax_percent: Decimal::ZERO,
        created_at: DateTime::default(),
    }
}

fn decided(priority: Priority, service: &str, day: &str, contracts: &[Contract]) -> (Decision, Option<u128>) {
    let case = Case {
        tenant_id: Uuid::nil(),
        ticket_id: Uuid::nil(),
        priority,
        service: service.into(),
        opened_on: date(day),
    };
    let row = decide(&case, contracts, DateTime::default());
    assert_eq!(row.sla_policy_id, row.contract_id.map(|id| Uuid::from_u128(id.as_u128() + 100)));
    (row.decision, row.contract_id.map(|id| id.as_u128()))
}

#[test]
fn a_contract_covers_from_its_first_day_until_the_day_of_its_end() {
    let contracts = [contract(1, "2026-01-01", Some("2026-07-01"), &[])];
    let on = |day| decided(Priority::P3, "mail", day, &contracts);
    assert_eq!(on("2025-12-31"), (Decision::OutOfScope, None));
    assert_eq!(on("2026-01-01"), (Decision::Covered, Some(1)));
    assert_eq!(on("2026-06-30"), (Decision::Covered, Some(1)));
    assert_eq!(on("2026-07-01"), (Decision::OutOfScope, None));
}

#[test]
fn only_an_active_contract_covers() {
    let draft = Contract { state: ContractState::Draft, ..contract(1, "2026-01-01", None, &[]) };
    assert_eq!(decided(Priority::P2, "mail", "2026-02-01", &[draft]), (Decision::OutOfScope, None));
}

#[test]
fn the_contract_that_names_the_service_goes_first_and_then_the_newer() {
    let all = contract(1, "2026-03-01", None, &[]);
    let mail = contract(2, "2026-01-01", None, &["mail"]);
    let contracts = [all, mail, contract(3, "2026-04-01", None, &[])];
    let at = |service, day| decided(Priority::P3, service, day, &contracts).1;
    assert_eq!(at("mail", "2026-05-01"), Some(2));
    assert_eq!(at("phones", "2026-05-01"), Some(3));
    assert_eq!(at("phones", "2026-03-15"), Some(1));
    assert_eq!(at("phones", "2026-02-15"), None);
}

#[test]
fn a_p1_is_never_blocked() {
    let mail = [contract(1, "2026-01-01", None, &["mail"])];
    assert_eq!(decided(Priority::P1, "phones", "2026-02-01", &mail), (Decision::Covered, Some(1)));
    assert_eq!(decided(Priority::P2, "phones", "2026-02-01", &mail), (Decision::OutOfScope, None));
    assert_eq!(decided(Priority::P1, "phones", "2026-02-01", &[]), (Decision::NeedsApproval, None));
}

#[test]
fn the_day_is_the_tenants() {
    let tenant = crate::domain::tenant::Model {
        tenant_id: Uuid::nil(),
        version: 1,
        zone: "Pacific/Auckland".into(),
        currency: "NZD".into(),
    };
    let at = "2026-06-30T12:30:00Z".parse().unwrap();
    assert_eq!(tenant.date(at), Some(date("2026-07-01")));
}
