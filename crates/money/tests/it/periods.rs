//! Billing periods: anchored for ever, without gap, overlap or sliver.

use jiff::civil::{Date, date};
use money::{Currency, Money, MoneyError, Period, Schedule};
use proptest::prelude::*;

use crate::eur;

fn schedule(anchor: Date, months: u16) -> Schedule {
    Schedule::new(anchor, months).expect("a schedule")
}

fn boundaries(anchor: Date, months: u16, count: i64) -> Vec<String> {
    let boundary = |index| schedule(anchor, months).boundary(index).expect("a date").to_string();
    (0..count).map(boundary).collect()
}

fn period(from: Date, to: Date) -> Period {
    Period::new(from, to).expect("a period")
}

/// One period begins where the one before ended, and ends later.
fn assert_tiles(schedule: Schedule, periods: std::ops::Range<i64>) {
    let mut end = schedule.boundary(periods.start).expect("a date");
    for index in periods {
        let period = schedule.period(index).expect("a period");
        assert_eq!(period.from(), end);
        assert!(period.to() > end, "{period}");
        end = period.to();
    }
}

#[test]
fn t01_an_anchor_on_the_31st_is_billed_every_month_for_ever() {
    let monthly = schedule(date(2026, 1, 31), 1);
    assert_tiles(monthly, -5_000..50_000);
    assert_eq!(
        boundaries(date(2026, 1, 31), 1, 5),
        ["2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30", "2026-05-31"]
    );
}

#[test]
fn t02_a_short_month_does_not_move_the_anchor() {
    let monthly = schedule(date(2023, 12, 31), 1);
    for (index, day) in [(1, 31), (2, 29), (3, 31), (4, 30), (14, 28), (15, 31)] {
        assert_eq!(monthly.boundary(index).expect("a date").day(), day, "{index}");
    }
    // Boundary n depends on the anchor and n alone: any order, the same dates.
    assert_eq!(monthly.boundary(240), monthly.boundary(240));
    assert_eq!(monthly.boundary(240), Ok(date(2043, 12, 31)));
}

#[test]
fn t03_an_anchor_on_30_january_neither_overlaps_nor_leaves_a_gap() {
    let anchor = date(2026, 1, 30);
    assert_tiles(schedule(anchor, 1), 0..1_200);
    assert_eq!(boundaries(anchor, 1, 4), ["2026-01-30", "2026-02-28", "2026-03-30", "2026-04-30"]);
}

#[test]
fn t04_an_anchor_on_29_february_returns_in_every_leap_year() {
    let anchor = date(2024, 2, 29);
    assert_tiles(schedule(anchor, 12), 0..400);
    assert_eq!(boundaries(anchor, 12, 5), ["2024-02-29", "2025-02-28", "2026-02-28", "2027-02-28", "2028-02-29"]);
}

#[test]
fn t05_quarters_anchored_late_in_the_month_tile() {
    for day in 29..=31 {
        assert_tiles(schedule(date(2025, 8, day), 3), 0..400);
    }
    assert_eq!(
        boundaries(date(2025, 8, 31), 3, 5),
        ["2025-08-31", "2025-11-30", "2026-02-28", "2026-05-31", "2026-08-31"]
    );
}

#[test]
fn t06_a_monthly_line_fits_a_quarterly_plan_without_a_sliver() {
    let anchor = date(2026, 1, 31);
    let (monthly, quarterly) = (schedule(anchor, 1), schedule(anchor, 3));
    for quarter in 0..80 {
        let whole = quarterly.period(quarter).expect("a period");
        let inside: Vec<Period> = (3 * quarter - 1..3 * quarter + 4)
            .filter_map(|month| monthly.period(month).expect("a period").intersection(whole))
            .collect();
        assert_eq!(inside.len(), 3, "{whole}");
        assert!(inside.iter().all(|month| month.days() >= 28), "{inside:?}");
    }
}

#[test]
fn t07_a_reset_on_31_may_lands_on_30_june() {
    assert_eq!(schedule(date(2026, 5, 31), 1).boundary(1), Ok(date(2026, 6, 30)));
}

#[test]
fn t08_a_period_is_divided_by_its_own_days() {
    let february = schedule(date(2026, 1, 27), 1).period(1).expect("a period");
    assert_eq!((february.to_string().as_str(), february.days()), ("[2026-02-27, 2026-03-27)", 28));
    let march = schedule(date(2026, 1, 29), 1).period(1).expect("a period");
    assert_eq!((march.to_string().as_str(), march.days()), ("[2026-02-28, 2026-03-29)", 29));
    let leap = schedule(date(2024, 2, 1), 1).period(0).expect("a period");
    assert_eq!(leap.days(), 29);
}

#[test]
fn t09_the_last_days_of_february_cost_their_part_of_february() {
    let february = period(date(2026, 2, 1), date(2026, 3, 1));
    let last_two = period(date(2026, 2, 27), date(2026, 3, 1));
    assert_eq!(february.prorate(eur("28.00"), last_two), Ok(eur("2.00")));
    assert_eq!(february.prorate(eur("28.00"), february), Ok(eur("28.00")));
    let beyond = period(date(2026, 2, 27), date(2026, 3, 2));
    assert_eq!(february.prorate(eur("28.00"), beyond), Err(MoneyError::OutsidePeriod));
}

#[test]
fn t13_a_clock_change_costs_no_part_of_a_day() {
    // Civil dates: the 23 hours of the last Sunday in March are a day like any other.
    let march = period(date(2026, 3, 1), date(2026, 4, 1));
    let sunday = period(date(2026, 3, 29), date(2026, 3, 30));
    assert_eq!((march.days(), sunday.days()), (31, 1));
    assert_eq!(march.prorate(eur("31.00"), sunday), Ok(eur("1.00")));
}

#[test]
fn t20_the_end_of_a_period_is_not_part_of_it() {
    let june = period(date(2026, 6, 1), date(2026, 7, 1));
    assert!(june.contains(date(2026, 6, 30)) && !june.contains(date(2026, 7, 1)));
    assert_eq!(june.intersection(period(date(2026, 7, 1), date(2026, 8, 1))), None);
    assert_eq!(Period::new(date(2026, 7, 1), date(2026, 7, 1)), Err(MoneyError::EmptyPeriod));
}

#[test]
fn what_lies_outside_the_calendar_is_an_error() {
    let monthly = schedule(date(9999, 11, 30), 1);
    assert!(monthly.boundary(1).is_ok());
    for index in [2, i64::MAX, i64::MIN] {
        assert_eq!(monthly.boundary(index), Err(MoneyError::DateOutOfRange));
        assert_eq!(monthly.period(index), Err(MoneyError::DateOutOfRange));
    }
    assert_eq!(Schedule::new(date(2026, 1, 1), 0), Err(MoneyError::EmptyInterval));
}

fn any_date() -> impl Strategy<Value = Date> {
    let late = prop_oneof![2 => 28..=31_i8, 1 => 1..=28_i8];
    (1970..2100_i16, 1..=12_i8, late)
        .prop_filter_map("no such date", |(year, month, day)| Date::new(year, month, day).ok())
}

proptest! {
    #[test]
    fn i01_periods_tile_time(anchor in any_date(), months in 1..=24_u16, index in -500..500_i64) {
        let schedule = schedule(anchor, months);
        let (this, next) = (schedule.period(index)?, schedule.period(index + 1)?);
        prop_assert_eq!(this.to(), next.from());
        prop_assert_eq!(this.intersection(next), None);
        prop_assert!(this.days() >= 28 * u32::from(months));
        prop_assert_eq!(schedule.boundary(0)?, anchor);
    }

    #[test]
    fn every_boundary_keeps_the_day_of_the_anchor(anchor in any_date(), months in 1..=24_u16, index in -500..500_i64) {
        let boundary = schedule(anchor, months).boundary(index)?;
        prop_assert_eq!(boundary.day(), anchor.day().min(boundary.days_in_month()));
    }

    #[test]
    fn every_date_belongs_to_the_period_of_its_index(anchor in any_date(), months in 1..=24_u16, date in any_date()) {
        let schedule = schedule(anchor, months);
        prop_assert!(schedule.period(schedule.index_of(date)?)?.contains(date));
    }

    #[test]
    fn i06_the_parts_of_a_period_sum_to_its_price(
        anchor in any_date(), months in 1..=12_u16, minor in -1_000_000_000..1_000_000_000_i64, cut in 1..365_u32,
    ) {
        let whole = schedule(anchor, months).period(7)?;
        let cut = whole.from() + jiff::SignedDuration::from_hours(24 * i64::from(cut % whole.days()));
        let price = Money::new(minor, Currency::EUR);
        let parts = [Period::new(whole.from(), cut), Period::new(cut, whole.to())];
        let parts = parts.into_iter().flatten().map(|part| whole.prorate(price, part));
        prop_assert_eq!(Money::sum(Currency::EUR, parts.collect::<Result<Vec<_>, _>>()?)?, price);
    }
}
