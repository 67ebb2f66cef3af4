//! The rules of rating, and cases that others have shipped wrong.
#![allow(clippy::inconsistent_digit_grouping, reason = "cents stand apart")]

use calendar::{CalendarSpec, Hours};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use money::Currency;
use proptest::prelude::*;
use rust_decimal::Decimal;
use uuid::Uuid;

use super::charge::{Charge, Step, Why};
use super::{Inputs, Past, Rated, rate};
use crate::civil::{Civil, Month};
use crate::fact::{Fact, Kind};
use crate::terms::{Contract, Line, Price, TimePrice};

const TENANT: Uuid = Uuid::from_u128(1);
const CONTRACT: Uuid = Uuid::from_u128(2);

fn date(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn month(text: &str) -> Month {
    Month::parse(text).unwrap()
}

fn madrid() -> Civil {
    Civil::of("Europe/Madrid").unwrap()
}

/// Open on weekdays, 09:00 to 18:00.
fn office() -> CalendarSpec {
    let mut spec = CalendarSpec { zone: "Europe/Madrid".into(), ..CalendarSpec::default() };
    let week = &mut spec.week;
    for day in [&mut week.mon, &mut week.tue, &mut week.wed, &mut week.thu, &mut week.fri] {
        day.push(Hours::new("09:00", "18:00"));
    }
    spec
}

fn remote(minimum_minutes: i64, step_minutes: i64) -> Price {
    Price::Time(TimePrice {
        work_type: "remote".into(),
        hourly_minor: 90_00,
        after_hours_multiplier: Decimal::new(15, 1),
        minimum_minutes,
        step_minutes,
    })
}

fn seat(monthly_minor: i64, seats: i64, included_minutes: i64) -> Price {
    Price::Seat { monthly_minor, seats, included_minutes }
}

fn contract(lines: &[(&str, Price)]) -> Contract {
    let line =
        |(id, price): &(&str, Price)| Line { id: (*id).into(), display_name: (*id).into(), price: price.clone() };
    Contract {
        id: CONTRACT,
        display_name: "Managed".into(),
        currency: Currency::EUR,
        start: date("2026-01-01"),
        end: None,
        tax_percent: Decimal::from(21),
        calendar: office(),
        lines: lines.iter().map(line).collect(),
    }
}

fn entry(key: &str, start: DateTime<Utc>, seconds: i64) -> Fact {
    Fact {
        contract_id: Some(CONTRACT),
        ticket_id: Some(Uuid::from_u128(9)),
        work_type: "remote".into(),
        ended_at: Some(start + TimeDelta::seconds(seconds)),
        ..Fact::of(TENANT, "tickets", key.into(), Kind::Time, start)
    }
}

fn seats_set(on: &str, version: u32, seats: i64) -> Fact {
    let key = format!("{on}/{version:020}");
    Fact { contract_id: Some(CONTRACT), ..Fact::seats(TENANT, "contracts", key, "seats".into(), date(on), seats) }
}

fn rated_with(contract: &Contract, facts: &[Fact], in_month: &str, past: &Past) -> Rated {
    let contracts = std::slice::from_ref(contract);
    rate(Inputs { civil: &madrid(), month: month(in_month), contracts, facts, past }).unwrap()
}

fn rated(contract: &Contract, facts: &[Fact], in_month: &str) -> Rated {
    rated_with(contract, facts, in_month, &Past::default())
}

fn only(rated: &Rated) -> &Charge {
    assert_eq!(rated.charges.len(), 1, "{:?}", rated.charges);
    &rated.charges[0]
}

fn worked_seconds(charge: &Charge) -> i64 {
    let worked =
        charge.steps.iter().filter_map(|step| if let Step::Entry { worked, .. } = step { Some(worked) } else { None });
    worked.flatten().map(|segment| segment.seconds()).sum()
}

#[test]
fn an_entry_is_cut_where_the_office_closes() {
    // Monday, 17:30 to 18:30 in Madrid: half an hour at 90.00, half at 135.00.
    let rated =
        rated(&contract(&[("remote", remote(0, 0))]), &[entry("1", at("2026-03-02T16:30:00Z"), 3_600)], "2026-03");
    let charge = only(&rated);
    assert_eq!((charge.net_minor, charge.quantity.to_string().as_str()), (112_50, "1"));
    let Step::Entry { worked, .. } = &charge.steps[1] else { panic!("{:?}", charge.steps) };
    assert_eq!(
        worked.iter().map(|segment| (segment.seconds(), segment.after_hours)).collect::<Vec<_>>(),
        [(1_800, false), (1_800, true)]
    );
}

#[test]
fn t58_minimum_and_step_are_of_the_entry_and_not_of_its_segments() {
    // 20 minutes across the edge with a step of 15 are 30, not 15 and 15 more.
    let rated =
        rated(&contract(&[("remote", remote(15, 15))]), &[entry("1", at("2026-03-02T16:55:00Z"), 1_200)], "2026-03");
    // 5 minutes plain, 15 after hours, 10 more as it ended.
    assert_eq!(only(&rated).quantity.to_string(), "0.5");
    assert_eq!(only(&rated).net_minor, (5 * 90_00 + 25 * 135_00) / 60);
}

#[test]
fn t59_an_entry_without_duration_costs_nothing_and_says_why() {
    let rated =
        rated(&contract(&[("remote", remote(15, 15))]), &[entry("1", at("2026-03-02T10:00:00Z"), 0)], "2026-03");
    assert!(rated.charges.is_empty());
    assert_eq!(rated.unbilled[0].reason, Why::NoDuration);
}

#[test]
fn t20_what_begins_with_july_is_not_junes() {
    let contract = contract(&[("remote", remote(0, 0))]);
    let first_of_july = entry("1", at("2026-06-30T22:00:00Z"), 3_600);
    let june = rated(&contract, std::slice::from_ref(&first_of_july), "2026-06");
    assert!(june.charges.is_empty() && june.unbilled.is_empty() && june.held.is_empty());
    assert_eq!(only(&rated(&contract, &[first_of_july], "2026-07")).net_minor, 135_00);
}

#[test]
fn t32_entries_of_one_second_draw_the_pool_once() {
    // 60 minutes are included; three half hours at the same instant: one is charged.
    let contract = contract(&[("seats", seat(0, 2, 30)), ("remote", remote(0, 0))]);
    let facts: Vec<Fact> = ["a", "b", "c"].map(|key| entry(key, at("2026-03-02T10:00:00Z"), 1_800)).into();
    let rated = rated(&contract, &facts, "2026-03");
    let time = &rated.charges[1];
    assert_eq!((time.net_minor, time.shares.iter().map(|share| share.drawn_seconds).sum::<i64>()), (45_00, 3_600));
}

#[test]
fn seats_that_change_in_the_month_are_paid_by_the_day() {
    let contract = contract(&[("seats", seat(50_00, 10, 0))]);
    let rated = rated(&contract, &[seats_set("2026-03-16", 2, 12)], "2026-03");
    // 10 seats for 15 of 31 days: 241.94; 12 for the 16 others: 600.00 - 290.32.
    assert_eq!(only(&rated).net_minor, 241_94 + 309_68);
    assert_eq!(rated.unbilled[0].reason, Why::InSeats);
}

#[test]
fn of_two_numbers_for_one_day_the_later_holds_whichever_comes_first() {
    let contract = contract(&[("seats", seat(50_00, 10, 0))]);
    let (first, second) = (seats_set("2026-03-01", 2, 99), seats_set("2026-03-01", 10, 11));
    for facts in [[first.clone(), second.clone()], [second, first]] {
        assert_eq!(only(&rated(&contract, &facts, "2026-03")).net_minor, 550_00);
    }
}

#[test]
fn i08_a_seat_added_and_taken_back_on_one_day_costs_nothing() {
    let contract = contract(&[("seats", seat(50_00, 10, 0))]);
    let facts = [seats_set("2026-03-10", 2, 11), seats_set("2026-03-10", 3, 10)];
    assert_eq!(only(&rated(&contract, &facts, "2026-03")).net_minor, 500_00);
}

#[test]
fn i07_a_full_month_is_the_list_price_and_parts_of_it_sum_to_it() {
    let whole = contract(&[("flat", Price::Flat { monthly_minor: 99_99 })]);
    assert_eq!(only(&rated(&whole, &[], "2026-02")).net_minor, 99_99);
    let until = Contract { end: Some(date("2026-02-11")), ..whole.clone() };
    let from = Contract { start: date("2026-02-11"), ..whole };
    let parts = [until, from].map(|part| only(&rated(&part, &[], "2026-02")).net_minor);
    assert_eq!((parts[0], parts.iter().sum::<i64>()), (35_71, 99_99));
}

#[test]
fn what_comes_late_is_an_adjustment_of_its_month_and_draws_what_was_left() {
    let contract = contract(&[("seats", seat(50_00, 10, 6)), ("remote", remote(0, 0))]);
    let mut past = Past { through: Some(month("2026-02")), ..Past::default() };
    past.billed.extend([
        ((CONTRACT, "seats".into(), month("2026-01")), 500_00),
        ((CONTRACT, "seats".into(), month("2026-02")), 500_00),
    ]);
    past.drawn.insert((CONTRACT, month("2026-02")), 1_800);
    let facts = [entry("late", at("2026-02-10T10:00:00Z"), 3_600), seats_set("2026-02-15", 2, 11)];
    let rated = rated_with(&contract, &facts, "2026-03", &past);
    let lines: Vec<_> =
        rated.charges.iter().map(|charge| (charge.month.to_string(), charge.line.as_str(), charge.net_minor)).collect();
    // The 11th seat is due for 14 of 28 days; the pool grew to 63 minutes, of
    // which 33 are left: 27 are charged.
    let expected = [("2026-02", "seats", 25_00), ("2026-02", "remote", 40_50), ("2026-03", "seats", 550_00)];
    assert_eq!(lines, expected.map(|(month, line, net)| (month.to_owned(), line, net)));
    assert!(rated.charges[0].period.is_none(), "its days were paid before");
}

#[test]
fn every_fact_is_billed_or_says_why_not() {
    let contract = Contract {
        end: Some(date("2026-03-20")),
        ..contract(&[("remote", remote(0, 0)), ("visit", Price::Visit { each_minor: 75_00 })])
    };
    let noon = at("2026-03-02T11:00:00Z");
    let facts = [
        entry("billed", noon, 60),
        Fact { billable: false, ..entry("free", noon, 60) },
        Fact { work_type: "magic".into(), ..entry("unpriced", noon, 60) },
        Fact { contract_id: None, ..entry("uncovered", noon, 60) },
        entry("after", at("2026-03-20T11:00:00Z"), 60),
        Fact { contract_id: Some(Uuid::from_u128(77)), ..entry("held", noon, 60) },
        Fact { contract_id: Some(CONTRACT), ..Fact::of(TENANT, "dispatch", "v".into(), Kind::Visit, noon) },
        Fact { contract_id: Some(CONTRACT), ..Fact::of(TENANT, "tickets", "t".into(), Kind::Ticket, noon) },
    ];
    let rated = rated(&contract, &facts, "2026-03");
    let why = |key: &str| {
        let id = facts.iter().find(|fact| fact.key == key).unwrap().id;
        rated.unbilled.iter().find(|unbilled| unbilled.fact == id).map(|unbilled| unbilled.reason)
    };
    let reasons = ["billed", "free", "unpriced", "uncovered", "after", "held", "v", "t"].map(why);
    let expected = [
        None,
        Some(Why::NotBillable),
        Some(Why::NoPrice),
        Some(Why::NoContract),
        Some(Why::OutsideContract),
        None,
        None,
        Some(Why::NoPrice),
    ];
    assert_eq!(reasons, expected);
    assert_eq!(rated.held, [facts[5].id]);
    assert_eq!(rated.charges.iter().map(|charge| charge.net_minor).collect::<Vec<_>>(), [1_50, 75_00]);
}

prop_compose! {
    fn any_entry()(nr in 0u32..500, minute in 0i64..44_580, seconds in 0i64..30_000, billable in prop::bool::weighted(0.9), known in prop::bool::weighted(0.9)) -> Fact {
        let start = at("2026-02-28T23:00:00Z") + TimeDelta::minutes(minute);
        let contract_id = known.then_some(CONTRACT);
        Fact { billable, contract_id, ..entry(&format!("{nr} {minute} {seconds} {billable} {known}"), start, seconds) }
    }
}

fn full() -> Contract {
    contract(&[("seats", seat(49_90, 7, 33)), ("remote", remote(10, 15))])
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn i04_shuffled_and_repeated_facts_give_the_same_bytes(facts in prop::collection::vec(any_entry(), 0..12), shuffled in Just(()).prop_perturb(|(), mut rng| rng.next_u64())) {
        let mut again: Vec<Fact> = facts.iter().chain(&facts).cloned().collect();
        again.sort_by_key(|fact| (fact.id.as_u128() as u64).wrapping_mul(shuffled | 1));
        let text = |facts: &[Fact]| serde_json::to_string(&rated(&full(), facts, "2026-03").charges).unwrap();
        prop_assert_eq!(text(&facts), text(&again));
    }

    #[test]
    fn i03_a_fact_is_on_one_charge_or_has_one_reason(facts in prop::collection::vec(any_entry(), 0..12)) {
        let rated = rated(&full(), &facts, "2026-03");
        let mut settled: Vec<Uuid> = rated.charges.iter().flat_map(|charge| &charge.shares).map(|share| share.fact).collect();
        settled.extend(rated.unbilled.iter().map(|unbilled| unbilled.fact));
        let mut told: Vec<Uuid> = facts.iter().map(|fact| fact.id).collect();
        settled.sort();
        told.sort();
        told.dedup();
        prop_assert_eq!(settled, told);
    }

    #[test]
    fn i21_the_segments_of_an_entry_have_its_minutes(minute in 0i64..44_580, seconds in 1i64..300_000) {
        let start = at("2026-02-28T23:00:00Z") + TimeDelta::minutes(minute);
        let rated = rated(&contract(&[("remote", remote(0, 0))]), &[entry("1", start, seconds)], "2026-03");
        prop_assert_eq!(worked_seconds(only(&rated)), seconds);
    }

    #[test]
    fn i05_what_is_left_of_the_pool_after_a_is_what_b_draws(facts in prop::collection::vec((0i64..20_000, 1i64..20_000), 2..8), cut in 1usize..7) {
        let contract = contract(&[("seats", seat(0, 5, 60)), ("remote", remote(0, 0))]);
        let facts: Vec<Fact> = (0..).zip(facts).map(|(nr, (minute, seconds))| entry(&format!("{nr}"), at("2026-02-28T23:00:00Z") + TimeDelta::minutes(minute), seconds)).collect();
        let cut = cut.min(facts.len() - 1);
        let drawn = |rated: &Rated| rated.charges.iter().flat_map(|charge| &charge.shares).map(|share| share.drawn_seconds).sum::<i64>();
        let (before, after) = facts.split_at(cut);
        let first = drawn(&rated(&contract, before, "2026-03"));
        let past = Past { drawn: [((CONTRACT, month("2026-03")), first)].into(), ..Past::default() };
        let second = drawn(&rated_with(&contract, after, "2026-03", &past));
        prop_assert_eq!(first + second, drawn(&rated(&contract, &facts, "2026-03")));
    }

    #[test]
    fn i06_seats_split_at_any_days_sum_to_the_whole(price in 1i64..1_000_00, seats in 0i64..500, mut days in prop::collection::vec(1u32..=31, 0..5)) {
        days.sort();
        let contract = contract(&[("seats", seat(price, seats, 0))]);
        let net = |facts: &[Fact]| rated(&contract, facts, "2026-03").charges.iter().map(|charge| charge.net_minor).sum::<i64>();
        let same: Vec<Fact> = days.iter().map(|day| seats_set(&format!("2026-03-{day:02}"), 2, seats)).collect();
        prop_assert_eq!(net(&same), price * seats);
        // Ended and begun anew between any two days: nothing is lost.
        let edges = || [1].into_iter().chain(days.iter().copied()).chain([32]).collect::<Vec<_>>();
        let on = |day: u32| date("2026-03-01") + TimeDelta::days(i64::from(day) - 1);
        let parts = edges().windows(2).filter(|pair| pair[0] < pair[1]).map(|pair| {
            let part = Contract { start: on(pair[0]), end: Some(on(pair[1])), ..contract.clone() };
            rated(&part, &[], "2026-03").charges.iter().map(|charge| charge.net_minor).sum::<i64>()
        }).sum::<i64>();
        prop_assert_eq!(parts, price * seats);
    }

    #[test]
    fn i18_more_work_never_costs_less(facts in prop::collection::vec(any_entry(), 1..8)) {
        // At one price for every hour: of two, which minutes are included
        // depends on what came before.
        let contract = Contract { calendar: CalendarSpec::always("Europe/Madrid"), ..full() };
        let net = |facts: &[Fact]| rated(&contract, facts, "2026-03").charges.iter().map(|charge| charge.net_minor).sum::<i64>();
        prop_assert!(net(&facts[1..]) <= net(&facts));
    }

    #[test]
    fn i17_the_same_civil_facts_cost_the_same_in_any_zone(zone in prop::sample::select(vec!["Europe/Madrid", "America/Santiago", "Asia/Tokyo", "UTC"]), day in 1u32..=28, hour in 0u32..20, minutes in 1i64..200) {
        let civil = Civil::of(zone).unwrap();
        let mut contract = full();
        contract.calendar.zone = zone.into();
        // June has no clock change in any of them.
        let start = civil.start(date(&format!("2026-06-{day:02}"))) + TimeDelta::hours(hour.into());
        let facts = [entry("1", start, minutes * 60)];
        let contracts = std::slice::from_ref(&contract);
        let inputs = Inputs { civil: &civil, month: month("2026-06"), contracts, facts: &facts, past: &Past::default() };
        let nets: Vec<i64> = rate(inputs).unwrap().charges.iter().map(|charge| charge.net_minor).collect();
        let there = madrid().start(date(&format!("2026-06-{day:02}"))) + TimeDelta::hours(hour.into());
        let here: Vec<i64> = rated(&full(), &[entry("1", there, minutes * 60)], "2026-06").charges.iter().map(|charge| charge.net_minor).collect();
        prop_assert_eq!(nets, here);
    }
}
