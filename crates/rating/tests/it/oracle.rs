//! Generated months, reckoned day by day and minute by minute. The reckoner
//! knows 2026 in Madrid by heart: its month lengths, the weekday of its first
//! day and its two changes of the clock; it reads no calendar and shares no code.

use std::ops::Range;

use calendar::{CalendarSpec, Hours};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use money::Currency;
use rating::civil::{Civil, Month};
use rating::fact::{Fact, Kind};
use rating::terms::{Contract, Line, Price, TimePrice};
use rating::{Inputs, Past, Rated, rate};
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::chance::Chance;

const LENGTHS: [i64; 12] = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
const DAY: i64 = 1_440;
/// From 29 March to 25 October, 01:00 UTC each, in minutes of the year.
const SUMMER: Range<i64> = (87 * DAY + 60)..(297 * DAY + 60);
const TENANT: Uuid = Uuid::from_u128(1);
const WORK: Uuid = Uuid::from_u128(2);
const PLAN: Uuid = Uuid::from_u128(3);

/// Days of the year before a month, 0 for January.
fn days_before(month: usize) -> i64 {
    LENGTHS[..month].iter().sum()
}

/// Minutes that Madrid is ahead of UTC, at a minute of the year in UTC.
fn ahead(minute: i64) -> i64 {
    if SUMMER.contains(&minute) { 120 } else { 60 }
}

/// Half away from zero, by doubling; of what is not negative.
fn rounded(num: i128, den: i128) -> i64 {
    i64::try_from((2 * num + den) / (2 * den)).unwrap()
}

struct Entry {
    line: usize,
    start: i64,
    minutes: i64,
    id: Uuid,
}

/// What time costs under one contract.
struct Office {
    open: i64,
    close: i64,
    /// A day of the year on which nobody is there.
    holiday: i64,
    pool_minutes: i64,
    prices: Vec<TimePrice>,
}

impl Office {
    fn is_open(&self, utc: i64) -> bool {
        let wall = utc + ahead(utc);
        let (day, minute) = (wall.div_euclid(DAY), wall.rem_euclid(DAY));
        // 1 January 2026 was a Thursday.
        let weekday = (day + 3).rem_euclid(7);
        weekday < 5 && day != self.holiday && (self.open * 60..self.close * 60).contains(&minute)
    }

    /// The net of each line: one minute after the other, in order of time.
    fn reckon(&self, entries: &mut [Entry]) -> Vec<Option<i64>> {
        entries.sort_by_key(|entry| (entry.start, entry.id));
        let mut pool = self.pool_minutes;
        let mut tenths: Vec<Option<i128>> = vec![None; self.prices.len()];
        for entry in entries {
            let price = &self.prices[entry.line];
            let mut charged = entry.minutes.max(price.minimum_minutes);
            while price.step_minutes > 0 && charged % price.step_minutes != 0 {
                charged += 1;
            }
            let multiple = (price.after_hours_multiplier * Decimal::TEN).mantissa()
                / 10_i128.pow((price.after_hours_multiplier * Decimal::TEN).scale());
            let due = tenths[entry.line].get_or_insert(0);
            for nr in 0..charged {
                if pool > 0 {
                    pool -= 1;
                } else if self.is_open(entry.start + nr.min(entry.minutes - 1)) {
                    *due += 10;
                } else {
                    *due += multiple;
                }
            }
        }
        let nets = tenths.iter().zip(&self.prices);
        nets.map(|(due, price)| due.map(|due| rounded(due * i128::from(price.hourly_minor), 600))).collect()
    }
}

/// What each day costs of what is paid by the day; `seats` by day of the month,
/// none where nothing is covered.
fn by_day(monthly: i64, seats: &[Option<i64>]) -> i64 {
    let days = i128::try_from(seats.len()).unwrap();
    let until = |whole: i64, day: usize| rounded(i128::from(whole) * i128::try_from(day).unwrap(), days);
    let covered = seats.iter().enumerate().filter_map(|(day, seats)| seats.map(|seats| (day, monthly * seats)));
    covered.map(|(day, whole)| until(whole, day + 1) - until(whole, day)).sum()
}

fn instant(minute: i64) -> DateTime<Utc> {
    "2026-01-01T00:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::minutes(minute)
}

fn date(day: i64) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 1, 1).unwrap() + TimeDelta::days(day)
}

fn line(id: String, price: Price) -> Line {
    Line { display_name: id.clone(), id, price }
}

fn office(chance: &mut Chance, month: usize) -> Office {
    let price = |nr: i64, chance: &mut Chance| TimePrice {
        work_type: nr.to_string(),
        hourly_minor: chance.of(0, 20_000),
        after_hours_multiplier: Decimal::new(chance.of(10, 31), 1),
        minimum_minutes: [0, 10, 30][usize::try_from(chance.of(0, 3)).unwrap()],
        step_minutes: [0, 1, 6, 15, 60][usize::try_from(chance.of(0, 5)).unwrap()],
    };
    Office {
        open: chance.of(7, 11),
        close: chance.of(15, 21),
        holiday: days_before(month) + chance.of(0, LENGTHS[month]),
        pool_minutes: chance.of(0, 40) * 15,
        prices: (0..40).map(|nr| price(nr, chance)).collect(),
    }
}

fn contract(id: Uuid, lines: Vec<Line>) -> Contract {
    Contract {
        id,
        display_name: String::new(),
        currency: Currency::EUR,
        start: date(0),
        end: None,
        tax_percent: Decimal::from(21),
        calendar: CalendarSpec::always("Europe/Madrid"),
        lines,
    }
}

fn of_office(office: &Office) -> Contract {
    let mut calendar = CalendarSpec { zone: "Europe/Madrid".into(), ..CalendarSpec::default() };
    let week = &mut calendar.week;
    for day in [&mut week.mon, &mut week.tue, &mut week.wed, &mut week.thu, &mut week.fri] {
        day.push(Hours::new(format!("{:02}:00", office.open), format!("{:02}:00", office.close)));
    }
    calendar.exceptions.push(calendar::Exception { date: date(office.holiday).to_string(), open: Vec::new() });
    let pool = Price::Seat { monthly_minor: 0, seats: 1, included_minutes: office.pool_minutes };
    let lines = office.prices.iter().map(|price| line(price.work_type.clone(), Price::Time(price.clone())));
    Contract { calendar, ..contract(WORK, lines.chain([line("pool".into(), pool)]).collect()) }
}

fn net(rated: &Rated, contract: Uuid, line: &str) -> Option<i64> {
    let mut charges = rated.charges.iter().filter(|charge| charge.contract == contract && charge.line == line);
    let net = charges.next().map(|charge| charge.net_minor);
    assert!(charges.next().is_none(), "two charges of {line}");
    net
}

fn entries(chance: &mut Chance, month: usize, lines: i64) -> (Vec<Entry>, Vec<Fact>) {
    let mut entries = Vec::new();
    let mut facts = Vec::new();
    for nr in 0..lines * 5 / 4 {
        let start = days_before(month) * DAY + chance.of(0, LENGTHS[month] * DAY - 120);
        let minutes = if chance.of(0, 20) == 0 { chance.of(1, 3_000) } else { chance.of(1, 150) };
        let line = chance.of(0, lines);
        let fact = Fact::of(TENANT, "oracle", nr.to_string(), Kind::Time, instant(start));
        entries.push(Entry { line: usize::try_from(line).unwrap(), start, minutes, id: fact.id });
        let ended_at = Some(instant(start + minutes));
        facts.push(Fact { contract_id: Some(WORK), work_type: line.to_string(), ended_at, ..fact });
    }
    (entries, facts)
}

/// A contract that begins, ends and changes its seats somewhere in the month,
/// with what each day of it has.
fn plan(chance: &mut Chance, month: usize, facts: &mut Vec<Fact>) -> (Contract, i64, Vec<Option<i64>>) {
    let (first, length) = (days_before(month), LENGTHS[month]);
    let (start, end) = (chance.of(0, length), chance.of(1, length + 8));
    let (monthly, mut seats) = (chance.of(0, 50_000), chance.of(0, 300));
    let lines = vec![
        line("seats".into(), Price::Seat { monthly_minor: monthly, seats, included_minutes: 0 }),
        line("flat".into(), Price::Flat { monthly_minor: monthly }),
    ];
    let changes: Vec<(i64, i64)> = (0..chance.of(0, 4)).map(|_| (chance.of(0, length), chance.of(0, 300))).collect();
    for (nr, (day, seats)) in changes.iter().enumerate() {
        let fact = Fact::seats(TENANT, "oracle", format!("seats {nr}"), "seats".into(), date(first + day), *seats);
        facts.push(Fact { contract_id: Some(PLAN), ..fact });
    }
    let mut days = Vec::new();
    for day in 0..length {
        if let Some((_, changed)) = changes.iter().rfind(|(on, _)| *on == day) {
            seats = *changed;
        }
        days.push((start <= day && day < end).then_some(seats));
    }
    let contract = Contract { start: date(first + start), end: Some(date(first + end)), ..contract(PLAN, lines) };
    (contract, monthly, days)
}

/// 2,500 months of 42 lines each: 105,000 lines, each with a price of its own.
#[test]
fn a_hundred_thousand_lines_are_what_the_oracle_reckons() {
    let civil = Civil::of("Europe/Madrid").unwrap();
    let mut lines = 0;
    let mut charged = 0;
    for seed in 0..2_500 {
        let chance = &mut Chance(seed);
        let month = usize::try_from(chance.of(0, 12)).unwrap();
        let office = office(chance, month);
        let (mut worked, mut facts) = entries(chance, month, 40);
        let (plan, monthly, days) = plan(chance, month, &mut facts);
        let contracts = [of_office(&office), plan];
        let past = Past::default();
        let of_month = Month::of(date(days_before(month)));
        let inputs = Inputs { civil: &civil, month: of_month, contracts: &contracts, facts: &facts, past: &past };
        let rated = rate(inputs).unwrap();

        let reckoned = office.reckon(&mut worked);
        for (nr, expected) in reckoned.iter().enumerate() {
            assert_eq!(net(&rated, WORK, &nr.to_string()), *expected, "seed {seed}, line {nr}");
            charged += usize::from(expected.is_some_and(|net| net > 0));
        }
        let flat: Vec<Option<i64>> = days.iter().map(|seats| seats.map(|_| 1)).collect();
        for (line, expected) in [("seats", by_day(monthly, &days)), ("flat", by_day(monthly, &flat))] {
            assert_eq!(net(&rated, PLAN, line).unwrap_or_default(), expected, "seed {seed}, {line}");
        }
        lines += reckoned.len() + 2;
    }
    assert!(lines >= 100_000 && charged > lines / 3, "{charged} of {lines} lines cost something");
}
