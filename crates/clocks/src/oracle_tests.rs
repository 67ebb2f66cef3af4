//! The engine against a walk that asks each minute whether it counts.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::scene::{Scene, at, hours, office, opened_at, terms};
use super::{derive, timeline};
use crate::words::ClockState::{Missed, Paused, Running};
use crate::words::Metric::Resolution;
use crate::words::Priority::P3;
use crate::words::WaitReason::{self, Client, Parts, Vendor};

const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const PAUSING: [WaitReason; 2] = [Client, Parts];

/// Minutes after the start at which a reason comes or goes.
fn pauses() -> impl Strategy<Value = Vec<(i32, WaitReason)>> {
    let one = (0..6_000, prop::sample::select(vec![Client, Parts, Vendor]));
    prop::collection::vec(one, 0..12).prop_map(|mut toggles| {
        toggles.sort();
        toggles
    })
}

fn scene(start: Timestamp, toggles: &[(i32, WaitReason)]) -> Scene {
    let mut waiting = Vec::new();
    toggles.iter().fold(opened_at(P3, start), |scene, (minute, reason)| {
        let when = start + MINUTE * *minute;
        if waiting.contains(reason) {
            waiting.retain(|r| r != reason);
            scene.resumed_at(*reason, when)
        } else {
            waiting.push(*reason);
            scene.held_at(*reason, when)
        }
    })
}

/// Open minutes without a pausing reason before `end`, and the instant after
/// which the four hours of the target were exceeded.
fn walk(start: Timestamp, toggles: &[(i32, WaitReason)], end: i32) -> (SignedDuration, Option<Timestamp>) {
    let office = office();
    let (mut consumed, mut full, mut missed) = (SignedDuration::ZERO, None, None);
    for minute in 0..end {
        let now = start + MINUTE * minute;
        let waits = |reason| toggles.iter().filter(|(at, r)| *at <= minute && *r == reason).count() % 2 == 1;
        let runs = !PAUSING.into_iter().any(waits);
        if runs && consumed == hours(4) {
            missed = missed.or(full.or(Some(now)));
        }
        if !runs {
            // A budget that is used up to the last second is due when it resumes.
            full = None;
        }
        if runs && office.calendar.is_open(now) {
            consumed += MINUTE;
            if consumed == hours(4) {
                full = Some(now + MINUTE);
            }
        }
    }
    (consumed, missed)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn the_engine_counts_what_a_walk_by_the_minute_counts(offset in 0..7_000_i32, toggles in pauses()) {
        let start = at("Thu 00:00") + MINUTE * offset;
        let log = scene(start, &toggles).log;
        let end = 6_500;
        let now = start + MINUTE * end;
        let clock = derive(&log, &terms(&PAUSING)).into_iter().find(|clock| clock.metric == Resolution).unwrap();
        let (consumed, missed) = walk(start, &toggles, end);

        let intervals = timeline(&clock.course, &office(), now);
        let counted: SignedDuration = intervals.iter().map(super::Interval::consumed).sum();
        prop_assert_eq!(counted, consumed);
        prop_assert_eq!(intervals.first().unwrap().start, start);
        prop_assert_eq!(intervals.last().unwrap().end, now);
        prop_assert!(intervals.windows(2).all(|pair| pair[0].end == pair[1].start));

        let since = clock.verdict.running_since.map_or(SignedDuration::ZERO, |since| office().calendar.elapsed(since, now));
        prop_assert_eq!(clock.verdict.consumed + since, consumed);
        let verdict = clock.verdict.at(now);
        match verdict.state {
            Missed => prop_assert!(consumed >= hours(4)),
            Running | Paused => prop_assert!(consumed <= hours(4)),
            other => prop_assert!(false, "{other:?}"),
        }
        if consumed > hours(4) {
            // A miss at the very close is found by the walk at the next opening.
            let breach = verdict.breach.unwrap();
            prop_assert_eq!(office().calendar.next_open(breach).unwrap(), office().calendar.next_open(missed.unwrap()).unwrap());
        }
    }
}
