//! Every violation of a contract at once, and the way there and back.

use super::*;

fn euros(minor: i64) -> Option<shared::Money> {
    Some(shared::Money { minor, currency: "EUR".into() })
}

fn seats() -> pb::Line {
    pb::Line {
        id: "seats".into(),
        display_name: "Seats".into(),
        price: Some(pb::line::Price::Seat(pb::SeatPrice { monthly: euros(2_500), seats: 10, included_minutes: 30 })),
    }
}

fn remote() -> pb::Line {
    let price = pb::TimePrice {
        work_type: "remote".into(),
        hourly: euros(9_000),
        after_hours_multiplier: "1.5".into(),
        minimum_minutes: 15,
        step_minutes: 15,
    };
    pb::Line { id: "remote".into(), display_name: "Remote".into(), price: Some(pb::line::Price::Time(price)) }
}

fn known() -> HashSet<Uuid> {
    HashSet::from([Uuid::from_u128(1), Uuid::from_u128(2)])
}

fn good() -> pb::Contract {
    pb::Contract {
        tenant: name("tenants", Uuid::from_u128(9)),
        display_name: "Gold".into(),
        start_date: "2026-01-01".into(),
        currency: "EUR".into(),
        sla_policy: name("slaPolicies", Uuid::from_u128(1)),
        calendar: name("calendars", Uuid::from_u128(2)),
        deliveries: vec![pb::TierDelivery { tier: 2, vendors: vec![name("vendors", Uuid::from_u128(5))] }],
        lines: vec![seats(), remote()],
        tax_percent: "21".into(),
        ..pb::Contract::default()
    }
}

#[test]
fn what_was_written_is_what_is_read() {
    let row = new(Some(good()), &known(), DateTime::default()).unwrap();
    let shown = contract(&row);
    let expected = pb::Contract {
        name: name("contracts", row.id),
        state: pb::ContractState::Draft.into(),
        create_time: Some(timestamp(row.created_at)),
        etag: "1".into(),
        ..good()
    };
    assert_eq!(shown, expected);
}

#[test]
fn every_violation_at_once() {
    let dollars = pb::FlatPrice { monthly: Some(shared::Money { minor: -1, currency: "USD".into() }) };
    let flat = pb::Line { id: "seats".into(), price: Some(pb::line::Price::Flat(dollars)), ..pb::Line::default() };
    let vendor = name("vendors", Uuid::from_u128(5));
    let given = pb::Contract {
        start_date: "2026-02-30".into(),
        currency: "EUR".into(),
        sla_policy: name("slaPolicies", Uuid::from_u128(3)),
        calendar: "calendars/x".into(),
        deliveries: vec![pb::TierDelivery { tier: 0, vendors: vec![vendor.clone(), vendor] }],
        lines: vec![seats(), flat, pb::Line { id: "empty".into(), display_name: "Empty".into(), price: None }],
        tax_percent: "21 %".into(),
        ..pb::Contract::default()
    };
    let found = new(Some(given), &known(), DateTime::default()).unwrap_err().0;
    let found: Vec<_> = found.iter().map(|v| (v.field.trim_start_matches("contract."), v.reason)).collect();
    assert_eq!(
        found,
        [
            ("start_date", "DATE"),
            ("tenant", "REQUIRED"),
            ("display_name", "REQUIRED"),
            ("sla_policy", "UNKNOWN"),
            ("calendar", "NAME"),
            ("deliveries[0].tier", "REQUIRED"),
            ("deliveries[0].vendors[1]", "REPEATED"),
            ("lines[1].id", "REPEATED"),
            ("lines[1].display_name", "REQUIRED"),
            ("lines[1].flat.monthly.minor", "RANGE"),
            ("lines[1].flat.monthly.currency", "CURRENCY"),
            ("lines[2].price", "REQUIRED"),
            ("tax_percent", "DECIMAL"),
        ]
    );
}

#[test]
fn a_contract_ends_after_it_starts() {
    let backwards = pb::Contract { end_date: "2026-01-01".into(), ..good() };
    let found = new(Some(backwards), &known(), DateTime::default()).unwrap_err().0;
    assert_eq!((found[0].field.as_str(), found[0].reason), ("contract.end_date", "ORDER"));
}
