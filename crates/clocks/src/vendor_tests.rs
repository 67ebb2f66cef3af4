//! A vendor's promises, one holding at a time.

use super::scene::{Scene, at, hours, opened, terms};
use super::{Derived, Terms};
use crate::words::ClockKind;
use crate::words::ClockState::{Met, Missed, Running, Void};
use crate::words::HandoffState::{Accepted, Approved, Declined, Expired, Offered, Proposed, Recalled, Returned};
use crate::words::Metric::{Acceptance, Work};
use crate::words::Priority::P3;
use crate::words::WaitReason::Vendor;

fn nothing_pauses() -> Terms {
    terms(&[])
}

fn offered() -> Scene {
    opened(P3, "Fri 09:00").handoff(1, 1, Offered, "Fri 10:00", None, "Fri 10:00")
}

fn accepted() -> Scene {
    offered().handoff(1, 2, Accepted, "Fri 10:00", Some("Fri 10:30"), "Fri 10:30")
}

fn proposed() -> Scene {
    accepted().handoff(1, 3, Proposed, "Fri 10:00", Some("Fri 10:30"), "Fri 12:30")
}

fn passed(scene: Scene, version: i64, state: crate::words::HandoffState, when: &str) -> Scene {
    scene.handoff(1, version, state, "Fri 10:00", Some("Fri 10:30"), when)
}

#[test]
fn s14_acceptance_runs_from_offer_to_acceptance_and_work_from_there_to_the_proposal() {
    assert_eq!(offered().clocks(&nothing_pauses(), "Fri 10:00").len(), 3);
    let asked = offered().clock(Acceptance, &nothing_pauses(), "Fri 10:00");
    assert_eq!((asked.kind, asked.verdict.due), (ClockKind::Uc, Some(at("Fri 11:00"))));
    let asked = proposed().clock(Acceptance, &nothing_pauses(), "Mon 09:00");
    assert_eq!((asked.verdict.state, asked.verdict.stopped), (Met, Some(at("Fri 10:30"))));
    let working = accepted().clock(Work, &nothing_pauses(), "Fri 10:30");
    assert_eq!((working.verdict.state, working.verdict.due), (Running, Some(at("Fri 14:30"))));
    let done = passed(proposed(), 4, Approved, "Mon 12:00").clock(Work, &nothing_pauses(), "Tue 09:00");
    assert_eq!((done.verdict.state, done.verdict.stopped), (Met, Some(at("Fri 12:30"))));
}

#[test]
fn s14_a_rejected_proposal_goes_on_with_what_is_left() {
    let rejected = passed(proposed(), 4, Accepted, "Mon 09:00");
    let clock = rejected.clock(Work, &nothing_pauses(), "Mon 09:00");
    assert_eq!((clock.verdict.consumed, clock.verdict.due), (hours(2), Some(at("Mon 11:00"))));
    let again = passed(rejected, 5, Proposed, "Mon 11:01").clock(Work, &nothing_pauses(), "Tue 09:00");
    assert_eq!((again.verdict.state, again.verdict.breach), (Missed, Some(at("Mon 11:00"))));
}

#[test]
fn s14_giving_back_stops_the_clock_and_taking_back_voids_it() {
    let returned = passed(accepted(), 3, Returned, "Fri 14:30").clock(Work, &nothing_pauses(), "Mon 09:00");
    assert_eq!((returned.verdict.state, returned.verdict.stopped), (Met, Some(at("Fri 14:30"))));
    let recalled = passed(accepted(), 3, Recalled, "Fri 14:30").clock(Work, &nothing_pauses(), "Mon 09:00");
    assert_eq!((recalled.verdict.state, recalled.verdict.void_reason), (Void, "recalled"));
    let too_late = passed(accepted(), 3, Recalled, "Fri 14:31").clock(Work, &nothing_pauses(), "Mon 09:00");
    assert_eq!((too_late.verdict.state, too_late.verdict.breach), (Missed, Some(at("Fri 14:30"))));
}

#[test]
fn s14_a_refusal_answers_an_offer_and_silence_does_not() {
    let ended = |state, when| {
        offered().handoff(1, 2, state, "Fri 10:00", None, when).clock(Acceptance, &nothing_pauses(), "Mon 09:00")
    };
    assert_eq!(ended(Declined, "Fri 10:45").verdict.state, Met);
    assert_eq!(ended(Expired, "Fri 10:45").verdict.state, Void);
    assert_eq!(ended(Expired, "Fri 11:15").verdict.state, Missed);
}

#[test]
fn f11_a_colleague_does_not_restart_the_clock_and_a_second_vendor_has_its_own() {
    let helped = accepted().assigned("Fri 13:00").assigned("Fri 14:00");
    assert_eq!(helped.clock(Work, &nothing_pauses(), "Fri 14:00").verdict.due, Some(at("Fri 14:30")));
    let second = passed(helped, 3, Returned, "Fri 14:00")
        .handoff(2, 1, Offered, "Fri 15:00", None, "Fri 15:00")
        .handoff(2, 2, Accepted, "Fri 15:00", Some("Fri 16:00"), "Fri 16:00");
    let clocks = second.clocks(&nothing_pauses(), "Fri 16:00");
    let work: Vec<&Derived> = clocks.iter().filter(|clock| clock.metric == Work).collect();
    assert_eq!(work.len(), 2);
    assert_eq!(work[0].verdict.state, Met);
    assert_eq!((work[1].verdict.state, work[1].verdict.due), (Running, Some(at("Mon 12:00"))));
}

#[test]
fn s20_the_vendors_clock_runs_while_the_clients_may_stand_still() {
    let waiting = accepted().held(Vendor, "Fri 10:30");
    let paused = waiting.resolution(&terms(&[Vendor]), "Fri 12:00");
    assert_eq!(paused.verdict.due, None);
    assert_eq!(waiting.clock(Work, &terms(&[Vendor]), "Fri 12:00").verdict.due, Some(at("Fri 14:30")));
}

#[test]
fn a_vendor_without_a_promise_has_no_clock() {
    let terms = Terms { underpinning: std::collections::HashMap::new(), ..nothing_pauses() };
    assert_eq!(accepted().clocks(&terms, "Fri 12:00").len(), 2);
}
