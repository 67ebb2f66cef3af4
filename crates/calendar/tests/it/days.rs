//! Dates: exceptions, yearly days and durations in business days.

use calendar::{Calendar, CalendarSpec, Week, Weekday, YearlyDate, YearlyDay};
use jiff::civil::{date, time};

use crate::{always, at, calendar, exception, h, hours, min, office, spec, workdays};

fn yearly(name: &str, on: YearlyDate, open: &str) -> YearlyDay {
    YearlyDay { name: name.into(), on, open: hours(open) }
}

/// Office hours with some dates replaced.
fn office_with(exceptions: &[(&str, &str)], yearly: Vec<YearlyDay>) -> Calendar {
    Calendar::new(CalendarSpec {
        exceptions: exceptions.iter().map(|(date, open)| exception(date, open)).collect(),
        yearly,
        ..spec("Europe/Madrid", workdays("09:00-17:00"))
    })
    .expect("a valid calendar")
}

#[test]
fn s04_an_exception_closes_shortens_or_adds_a_day() {
    let office =
        office_with(&[("2026-12-24", "09:00-13:00"), ("2026-12-25", ""), ("2026-12-26", "10:00-12:00")], vec![]);
    let thursday = at("2026-12-24T12:00+01");
    assert_eq!(office.add(thursday, h(1)), Ok(at("2026-12-24T13:00+01")));
    assert_eq!(office.add(thursday, h(2)), Ok(at("2026-12-26T11:00+01")));
    assert_eq!(office.add(thursday, h(4)), Ok(at("2026-12-28T10:00+01")));
}

#[test]
fn s04_three_weeks_of_closure_are_skipped() {
    let closed: Vec<String> = (3..=21).map(|day| format!("2026-08-{day:02}")).collect();
    let closed: Vec<(&str, &str)> = closed.iter().map(|date| (date.as_str(), "")).collect();
    let office = office_with(&closed, vec![]);
    assert_eq!(office.add(at("2026-07-31T16:00+02"), h(2)), Ok(at("2026-08-24T10:00+02")));
}

#[test]
fn s04_a_shift_belongs_to_the_date_on_which_it_starts() {
    let night = Calendar::new(CalendarSpec {
        exceptions: vec![exception("2026-12-25", "")],
        ..spec("Europe/Madrid", workdays("22:00-06:00"))
    })
    .expect("a valid calendar");
    // The shift of the 24th is worked to its end on the closed 25th,
    assert!(night.is_open(at("2026-12-25T05:59+01")));
    // and the shift that would have begun on the 25th is missing on the 26th.
    assert!(!night.is_open(at("2026-12-25T23:00+01")));
    assert!(!night.is_open(at("2026-12-26T05:00+01")));
    assert_eq!(night.next_open(at("2026-12-25T06:00+01")), Ok(at("2026-12-28T22:00+01")));
}

#[test]
fn s04_an_exception_may_overlap_its_neighbours_and_counts_once() {
    let night = Calendar::new(CalendarSpec {
        exceptions: vec![exception("2026-11-24", "04:00-08:00 20:00-24:00")],
        ..spec("Europe/Madrid", workdays("22:00-06:00"))
    })
    .expect("a valid calendar");
    // Monday's night until six, then the exception's own morning.
    let (from, to) = (at("2026-11-23T22:00+01"), at("2026-11-24T12:00+01"));
    assert_eq!(night.elapsed(from, to), h(10));
    assert_eq!(night.intervals(from, to).count(), 1);
}

#[test]
fn s04_yearly_days_fixed_and_moveable() {
    let office = office_with(
        &[],
        vec![
            yearly("Labour Day", YearlyDate::Fixed("05-01".into()), ""),
            yearly("Good Friday", YearlyDate::Easter(-2), ""),
            yearly("Easter Monday", YearlyDate::Easter(1), ""),
            yearly("Thanksgiving", YearlyDate::Weekday { nth: 4, day: Weekday::Thu, month: 11 }, "09:00-12:00"),
            yearly("Spring holiday", YearlyDate::Weekday { nth: -1, day: Weekday::Mon, month: 5 }, ""),
            yearly("Leap day", YearlyDate::Fixed("02-29".into()), ""),
        ],
    );
    for closed in
        [date(2026, 5, 1), date(2026, 4, 3), date(2027, 3, 26), date(2026, 4, 6), date(2026, 5, 25), date(2028, 2, 29)]
    {
        assert!(!office.is_business_day(closed), "{closed}");
    }
    assert!(office.is_business_day(date(2027, 3, 1)), "no leap day in 2027");
    let thanksgiving = at("2026-11-26T09:00+01");
    assert_eq!(office.add(thanksgiving, h(4)), Ok(at("2026-11-27T10:00+01")));
}

#[test]
fn s04_an_exception_outranks_a_yearly_day_and_the_first_yearly_day_wins() {
    let office = office_with(
        &[("2026-05-01", "10:00-11:00")],
        vec![
            yearly("Labour Day", YearlyDate::Fixed("05-01".into()), ""),
            yearly("May fair", YearlyDate::Fixed("05-01".into()), "09:00-12:00"),
        ],
    );
    assert_eq!(office.next_open(at("2026-05-01T00:00+02")), Ok(at("2026-05-01T10:00+02")));
    assert!(!office.is_business_day(date(2028, 5, 1)));
}

#[test]
fn s04_a_holiday_on_one_side_only_moves_one_side() {
    let vendor = office_with(&[("2026-10-12", "")], vec![]);
    let opened = at("2026-10-09T16:00+02");
    assert_eq!(office().add(opened, h(2)), Ok(at("2026-10-12T10:00+02")));
    assert_eq!(vendor.add(opened, h(2)), Ok(at("2026-10-13T10:00+02")));
}

#[test]
fn s05_the_next_business_day_at_a_wall_time() {
    let office = office_with(&[("2026-11-23", "")], vec![]);
    let nine = time(9, 0, 0, 0);
    let friday = at("2026-11-20T10:00+01");
    assert_eq!(office.next_business_day(friday, nine), Ok(at("2026-11-24T09:00+01")));
    let monday = at("2026-11-23T00:00+01");
    assert_eq!(office.next_business_day(monday, nine), Ok(at("2026-11-24T09:00+01")));
    // The date of the question is the calendar's, not that of UTC.
    let late = at("2026-11-23T23:30Z");
    assert_eq!(office.next_business_day(late, nine), Ok(at("2026-11-25T09:00+01")));
}

#[test]
fn s05_a_business_day_at_a_skipped_wall_time_is_the_first_valid_instant() {
    let always = always("Europe/Madrid");
    let saturday = at("2026-03-28T12:00+01");
    let due = always.next_business_day(saturday, time(2, 30, 0, 0));
    assert_eq!(due, Ok(at("2026-03-29T01:00Z")));
    // Of a time that comes twice it is the first pass.
    let due = always.next_business_day(at("2026-10-24T12:00+02"), time(2, 30, 0, 0));
    assert_eq!(due, Ok(at("2026-10-25T02:30+02")));
}

#[test]
fn s05_business_days_keep_the_wall_time() {
    let office = office();
    let wednesday = at("2026-10-21T10:00:00.5+02");
    assert_eq!(office.add_business_days(wednesday, 0), Ok(wednesday));
    assert_eq!(office.add_business_days(wednesday, 2), Ok(at("2026-10-23T10:00:00.5+02")));
    // Over the end of summer time.
    assert_eq!(office.add_business_days(wednesday, 3), Ok(at("2026-10-26T10:00:00.5+01")));
    assert_eq!(office.add_business_days(wednesday, 2_500), Ok(at("2036-05-21T10:00:00.5+02")));
}

#[test]
fn s05_business_days_count_from_the_first_open_instant() {
    let office = office();
    let saturday = at("2026-11-21T12:00+01");
    assert_eq!(office.add_business_days(saturday, 0), Ok(at("2026-11-23T09:00+01")));
    assert_eq!(office.add_business_days(saturday, 1), Ok(at("2026-11-24T09:00+01")));
}

#[test]
fn s05_business_days_end_inside_the_hours_of_a_part_day() {
    let office = office_with(&[("2026-11-24", "09:00-13:00"), ("2026-11-25", "12:00-17:00")], vec![]);
    let afternoon = at("2026-11-23T16:00+01");
    assert_eq!(office.add_business_days(afternoon, 1), Ok(at("2026-11-24T13:00+01")));
    let morning = at("2026-11-23T10:00+01");
    assert_eq!(office.add_business_days(morning, 2), Ok(at("2026-11-25T12:00+01")));
}

#[test]
fn s05_business_days_keep_the_start_of_an_afternoon_and_avoid_the_break() {
    let shop = calendar("Europe/Madrid", workdays("09:00-14:00 15:00-18:00"));
    let afternoon = at("2026-11-23T15:00+01");
    assert_eq!(shop.add_business_days(afternoon, 1), Ok(at("2026-11-24T15:00+01")));
    let friday = Week { fri: hours("09:00-14:00"), ..workdays("09:00-18:00") };
    let shop = calendar("Europe/Madrid", friday);
    assert_eq!(shop.add_business_days(afternoon, 4), Ok(at("2026-11-27T14:00+01")));
}

#[test]
fn s05_business_days_of_a_night_shift_follow_the_shift() {
    let night = calendar("Europe/Madrid", workdays("22:00-06:00"));
    // Saturday at two is still Friday's shift; the next one is Monday's.
    let saturday = at("2026-11-21T02:00+01");
    assert!(night.is_open(saturday) && !night.is_business_day(date(2026, 11, 21)));
    assert_eq!(night.add_business_days(saturday, 1), Ok(at("2026-11-24T02:00+01")));
}

#[test]
fn s05_a_day_with_any_opening_is_a_business_day() {
    let week = Week { sat: hours("10:00-10:01"), ..Week::default() };
    let saturdays = calendar("Europe/Madrid", week);
    assert!(saturdays.is_business_day(date(2026, 11, 21)));
    assert!(!saturdays.is_business_day(date(2026, 11, 20)));
    assert_eq!(saturdays.elapsed(at("2026-11-01T00:00Z"), at("2026-12-01T00:00Z")), min(4));
}
