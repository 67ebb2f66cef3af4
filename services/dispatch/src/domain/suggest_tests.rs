//! Who is suggested, when, and in which order.

use calendar::Week;

use super::*;
use crate::domain::technician::Hours;
use crate::domain::technician::tests::{monday, technician};
use crate::domain::visit::tests::requested;

/// 5 km north of the technician's home: 8 minutes by [`seconds`].
const SITE: Point = Point { latitude: 40.4618, longitude: -3.7038 };
const DRIVE: i64 = 8 * 60;

fn day() -> Day {
    Day::new(jiff::civil::date(2026, 3, 2), "Europe/Madrid").unwrap()
}

fn ask(visit: &visit::Model, candidates: &[Candidate]) -> (Vec<Suggestion>, Vec<Exclusion>) {
    ask_at(visit, candidates, monday(8, 0) - chrono::TimeDelta::days(3))
}

fn ask_at(visit: &visit::Model, candidates: &[Candidate], now: DateTime<Utc>) -> (Vec<Suggestion>, Vec<Exclusion>) {
    let day = day();
    suggest(&Wanted { visit, at: SITE, day: &day, now }, candidates).unwrap()
}

fn free(technician: technician::Model) -> Candidate {
    Candidate { technician, booked: Vec::new() }
}

fn booked(from: (u32, u32), to: (u32, u32), at: Point) -> Booked {
    Booked { start: monday(from.0, from.1), end: monday(to.0, to.1), at }
}

#[test]
fn an_empty_day_begins_with_the_drive() {
    assert_eq!(i64::from(seconds(technician().home(), SITE)), DRIVE);
    let (suggestions, exclusions) = ask(&requested(), &[free(technician())]);
    assert!(exclusions.is_empty());
    let first = &suggestions[0];
    assert_eq!((first.start_at, first.added_travel_seconds), (monday(9, 8), 2 * DRIVE));
    assert_eq!(first.reason, "adds 16 min of driving to a day of 0 visits; work can start at 09:08");
}

#[test]
fn the_one_who_is_near_anyway_comes_first() {
    let far = free(technician());
    let near = technician::Model { id: Uuid::from_u128(5), ..technician() };
    let near = Candidate { technician: near, booked: vec![booked((9, 30), (10, 30), SITE)] };
    let (suggestions, _) = ask(&requested(), &[far, near]);
    let first = &suggestions[0];
    assert_eq!((first.technician_id, first.added_travel_seconds), (Uuid::from_u128(5), 0));
    assert_eq!(first.start_at, monday(10, 30));
    assert!(suggestions.is_sorted_by_key(|s| s.added_travel_seconds));
}

#[test]
fn nothing_suggested_overlaps_what_is_booked() {
    let morning = Candidate { technician: technician(), booked: vec![booked((10, 0), (13, 0), SITE)] };
    let (suggestions, _) = ask(&requested(), std::slice::from_ref(&morning));
    assert!(!suggestions.is_empty());
    for one in suggestions {
        let end = one.start_at + requested().duration();
        assert!(morning.booked.iter().all(|b| end <= b.start || one.start_at >= b.end), "{one:?}");
        assert!(technician().may_work(&[], one.start_at, end).is_ok(), "{one:?}");
    }
}

#[test]
fn bookings_against_the_map_still_take_their_time() {
    let barcelona = Point { latitude: 41.3874, longitude: 2.1686 };
    let hours = vec![booked((9, 0), (14, 0), SITE), booked((16, 0), (19, 0), barcelona)];
    let (suggestions, exclusions) = ask(&requested(), &[Candidate { technician: technician(), booked: hours }]);
    assert_eq!(suggestions, []);
    assert_eq!(exclusions[0].code, "DAY_FULL");
}

#[test]
fn each_exclusion_names_its_rule_and_its_numbers() {
    let unskilled = technician::Model { skills: Vec::new(), ..technician() };
    let week = Week { sun: vec![calendar::Hours::new("09:00", "14:00")], ..Week::default() };
    let sunday = technician::Model { hours: Hours(week), ..technician() };
    let week = Week { mon: vec![calendar::Hours::new("09:00", "11:00")], ..Week::default() };
    let brief = technician::Model { hours: Hours(week), ..technician() };
    let full = Candidate {
        technician: technician(),
        booked: vec![booked((9, 30), (13, 30), SITE), booked((16, 30), (18, 30), SITE)],
    };
    let (suggestions, exclusions) = ask(&requested(), &[free(unskilled), free(sunday), free(brief), full]);
    assert_eq!(suggestions, []);
    let said: Vec<_> = exclusions.iter().map(|e| (e.code, e.reason.as_str())).collect();
    assert_eq!(
        said,
        [
            ("SKILL_MISSING", "lacks 1 of 1 skills: fibre"),
            ("NOT_WORKING", "does not work on 2026-03-02"),
            ("HOURS_TOO_SHORT", "120 min of work and the drives do not fit the working hours: 16 min are missing"),
            ("DAY_FULL", "120 min of work and the drives do not fit beside 2 planned visits: 98 min are missing"),
        ]
    );
}

#[test]
fn today_begins_now() {
    let (suggestions, _) = ask_at(&requested(), &[free(technician())], monday(11, 20));
    assert!(suggestions.iter().all(|s| s.start_at >= monday(11, 20)), "{suggestions:?}");
    assert_eq!(suggestions[0].start_at, monday(11, 20));
}

#[test]
fn the_day_is_the_sites() {
    let tokyo = Day::new(jiff::civil::date(2026, 3, 3), "Asia/Tokyo").unwrap();
    let visit = requested();
    let wanted = Wanted { visit: &visit, at: SITE, day: &tokyo, now: monday(8, 0) };
    let (suggestions, _) = suggest(&wanted, &[free(technician())]).unwrap();
    // The evening of Monday in Madrid is Tuesday in Tokyo already.
    assert_eq!(suggestions[0].start_at, monday(16, 8));
    assert!(suggestions[0].reason.ends_with("00:08"), "{suggestions:?}");
}
