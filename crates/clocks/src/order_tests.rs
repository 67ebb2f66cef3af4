//! Whatever the order in which things are told, and however often.

use std::sync::LazyLock;

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;

use super::scene::{Scene, at, opened, opened_at, terms};
use super::{Terms, derive, moment, timeline};
use crate::entry::{Entry, Phase};
use crate::words::ClockState::{Met, Missed};
use crate::words::Priority::{P1, P3, P4};
use crate::words::WaitReason::{Client, Parts};

/// Minutes since the step before, and what happens.
type Step = (i32, u8);

fn step(scene: Scene, when: Timestamp, kind: u8) -> Scene {
    match kind {
        0 => scene.became_at(when, |ticket| ticket.priority = P1),
        1 => scene.became_at(when, |ticket| ticket.priority = P3),
        2 => scene.became_at(when, |ticket| ticket.priority = P4),
        3 => scene.became_at(when, |ticket| ticket.waits = vec![Client]),
        4 => scene.became_at(when, |ticket| ticket.waits = vec![Parts, Client]),
        5 => scene.became_at(when, |ticket| ticket.waits.clear()),
        6 => scene.became_at(when, |ticket| ticket.phase = Phase::Resolved { at: moment(when) }),
        7 => scene.became_at(when, |ticket| ticket.phase = Phase::Open),
        _ => scene.wrote_at(true, when),
    }
}

fn lived(steps: &[Step]) -> Vec<Entry> {
    let mut when = at("Fri 10:00");
    let opened = opened_at(P3, when);
    let scene = steps.iter().fold(opened, |scene, (minutes, kind)| {
        when += SignedDuration::from_mins(i64::from(*minutes));
        step(scene, when, *kind)
    });
    scene.log
}

/// A log as it happened, and the same with lines told twice, in any order.
fn tellings() -> impl Strategy<Value = (Vec<Entry>, Vec<Entry>)> {
    let steps = prop::collection::vec((0..300_i32, 0..9_u8), 0..10);
    (steps, 0..12_usize).prop_flat_map(|(steps, twice)| {
        let log = lived(&steps);
        let again: Vec<Entry> = log.iter().chain(log.iter().take(twice)).cloned().collect();
        (Just(log), Just(again).prop_shuffle())
    })
}

/// Laid out once: calendars keep the years that they were asked for.
static TERMS: LazyLock<Terms> = LazyLock::new(|| terms(&[Client]));

fn told(log: &[Entry]) -> String {
    let line = |clock: &super::Derived| {
        let intervals = timeline(&clock.course, &clock.target.hours, at("next Mon 09:00"));
        format!("{clock:?}\n{intervals:?}\n")
    };
    derive(log, &TERMS).iter().map(line).collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn s38_any_order_and_any_repetition_give_the_same_bytes((log, again) in tellings()) {
        prop_assert_eq!(told(&log), told(&again));
    }
}

#[test]
fn s37_two_events_of_one_version_have_an_order_of_their_own() {
    let mut log = opened(P3, "Fri 10:00").held(Client, "Fri 11:00").log;
    let twin = Entry { kind: "TicketTouched".into(), occurred_at: moment(at("Fri 12:00")), ..log[1].clone() };
    log.push(twin);
    let forwards = told(&log);
    log.reverse();
    assert_eq!(told(&log), forwards);
}

#[test]
fn s37_at_the_due_instant_what_people_did_comes_before_what_time_did() {
    let due = "Fri 13:00";
    let in_time = opened(P3, "Fri 09:00").resolved(due).resolution(&terms(&[Client]), "Mon 09:00");
    assert_eq!((in_time.verdict.state, in_time.verdict.breach), (Met, None));
    let paused = opened(P3, "Fri 09:00").held(Client, due).resolution(&terms(&[Client]), "Mon 09:00");
    assert_eq!(paused.verdict.breach, None);
    let late = opened(P3, "Fri 09:00").resolved("Fri 13:01").resolution(&terms(&[Client]), "Mon 09:00");
    assert_eq!((late.verdict.state, late.verdict.breach), (Missed, Some(at(due))));
}
