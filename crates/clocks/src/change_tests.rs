//! Changes in flight, and the ways in which a ticket ends and begins again.

use super::Terms;
use super::scene::{at, hours, opened, terms};
use crate::words::ClockState::{Met, Missed, Running, Void};
use crate::words::Metric::{FirstResponse, Resolution};
use crate::words::Priority::{P1, P2, P3, P4};
use crate::words::WaitReason::Client;

fn for_client() -> Terms {
    terms(&[Client])
}

#[test]
fn f03_a_reopened_ticket_is_watched_again() {
    let ticket = opened(P3, "Fri 10:00").resolved("Fri 11:00").reopened("Fri 15:00");
    let clock = ticket.resolution(&for_client(), "Fri 15:00");
    assert_eq!((clock.verdict.state, clock.verdict.stopped), (Running, None));
    assert_eq!(clock.verdict.due, Some(at("Mon 10:00")));
}

#[test]
fn f06_a_change_of_priority_while_paused_keeps_the_pause() {
    let ticket =
        opened(P1, "Fri 10:00").held(Client, "Fri 10:30").reclassified(P2, "Fri 12:00").resumed(Client, "Fri 13:00");
    let clock = ticket.resolution(&for_client(), "Fri 13:00");
    assert_eq!((clock.verdict.state, clock.verdict.due), (Running, Some(at("Fri 14:30"))));
}

#[test]
fn f10_closed_time_is_not_counted_after_a_reopen() {
    let ticket = opened(P2, "Fri 10:00").resolved("Fri 11:00").closed("Sat 11:00").reopened("Mon 09:00");
    let clock = ticket.resolution(&for_client(), "Mon 09:00");
    assert_eq!((clock.verdict.consumed, clock.verdict.due), (hours(1), Some(at("Mon 10:00"))));
}

#[test]
fn s22_a_change_of_priority_judges_the_whole_history_from_the_start() {
    let ticket = opened(P3, "Fri 09:00").reclassified(P2, "Fri 10:00");
    let clock = ticket.resolution(&for_client(), "Fri 10:00");
    assert_eq!((clock.verdict.due, clock.target.budget), (Some(at("Fri 11:00")), hours(2)));
    let downgraded = opened(P2, "Fri 09:00").reclassified(P3, "Fri 10:00").resolution(&for_client(), "Fri 12:59");
    assert_eq!((downgraded.verdict.state, downgraded.verdict.due), (Running, Some(at("Fri 13:00"))));
}

#[test]
fn s23_an_upgrade_past_its_new_due_instant_is_a_late_reclassification() {
    let ticket = opened(P3, "Fri 09:00").reclassified(P1, "Fri 11:00");
    let clock = ticket.resolution(&for_client(), "Fri 11:00");
    assert_eq!((clock.verdict.state, clock.verdict.breach), (Missed, Some(at("Fri 10:00"))));
    assert!(clock.verdict.late_reclassification);
    let plain = opened(P1, "Fri 09:00").resolution(&for_client(), "Fri 11:00");
    assert!(!plain.verdict.late_reclassification);
}

#[test]
fn s24_a_downgrade_never_erases_a_miss() {
    let ticket = opened(P1, "Fri 09:00").reclassified(P3, "Fri 10:30").resolved("Fri 11:00");
    let clock = ticket.resolution(&for_client(), "Mon 09:00");
    assert_eq!((clock.verdict.state, clock.verdict.breach), (Missed, Some(at("Fri 10:00"))));
    let in_time = opened(P1, "Fri 09:00").reclassified(P3, "Fri 10:00").resolved("Fri 11:00");
    assert_eq!(in_time.resolution(&for_client(), "Mon 09:00").verdict.state, Met);
}

#[test]
fn s25_without_a_target_for_the_priority_it_is_tracked_no_more() {
    let ticket = opened(P3, "Fri 09:00").reclassified(P4, "Fri 10:00");
    let clock = ticket.resolution(&for_client(), "next Mon 09:00");
    assert_eq!((clock.verdict.state, clock.verdict.due), (Void, None));
    assert_eq!(clock.verdict.void_reason, "no target for the priority");
    let back = ticket.reclassified(P3, "Fri 11:00").resolution(&for_client(), "Fri 11:00");
    assert_eq!((back.verdict.state, back.verdict.due), (Running, Some(at("Fri 13:00"))));
    assert!(opened(P4, "Fri 09:00").clocks(&for_client(), "Mon 09:00").is_empty());
}

#[test]
fn s28_resolution_stops_at_resolved_not_at_close() {
    let ticket = opened(P3, "Fri 09:00").resolved("Fri 12:00").closed("Wed 12:00");
    let clock = ticket.resolution(&for_client(), "next Mon 09:00");
    assert_eq!((clock.verdict.state, clock.verdict.stopped), (Met, Some(at("Fri 12:00"))));
    assert_eq!(clock.verdict.consumed, hours(3));
}

#[test]
fn s28_a_solution_that_is_replaced_moves_the_stop() {
    let ticket = opened(P3, "Fri 09:00").resolved("Fri 12:00").resolved("Fri 14:00");
    let clock = ticket.resolution(&for_client(), "Mon 09:00");
    assert_eq!((clock.verdict.state, clock.verdict.breach), (Missed, Some(at("Fri 13:00"))));
    let earlier = opened(P3, "Fri 09:00").resolved("Fri 14:00").resolved("Fri 12:00");
    assert_eq!(earlier.resolution(&for_client(), "Mon 09:00").verdict.state, Met);
}

#[test]
fn s29_a_met_verdict_is_judged_again_after_a_reopen() {
    let ticket = opened(P3, "Fri 09:00").resolved("Fri 12:00").reopened("Mon 09:00");
    assert_eq!(ticket.resolution(&for_client(), "Mon 09:00").verdict.due, Some(at("Mon 10:00")));
    let late = ticket.clone().resolved("Mon 10:01").resolution(&for_client(), "Tue 09:00");
    assert_eq!((late.verdict.state, late.verdict.breach), (Missed, Some(at("Mon 10:00"))));
    let in_time = ticket.resolved("Mon 10:00").resolution(&for_client(), "Tue 09:00");
    assert_eq!((in_time.verdict.state, in_time.verdict.consumed), (Met, hours(4)));
}

#[test]
fn s29_a_recorded_miss_stays_after_a_reopen() {
    let ticket = opened(P3, "Fri 09:00").resolved("Fri 15:00").reopened("Mon 09:00").resolved("Mon 09:01");
    let clock = ticket.resolution(&for_client(), "Tue 09:00");
    assert_eq!((clock.verdict.state, clock.verdict.breach), (Missed, Some(at("Fri 13:00"))));
    assert_eq!(clock.verdict.stopped, Some(at("Mon 09:01")));
}

#[test]
fn s33_what_was_cancelled_counts_for_nobody_missed_or_not() {
    let late = opened(P3, "Fri 09:00").cancelled("Fri 16:00");
    for clock in late.clocks(&for_client(), "Mon 09:00") {
        assert_eq!((clock.verdict.state, clock.verdict.void_reason), (Void, "cancelled"));
    }
    assert_eq!(late.clocks(&for_client(), "Mon 09:00").len(), 2);
}

#[test]
fn s19_what_is_told_late_counts_from_when_it_happened() {
    // Told after the change of priority, it happened before it.
    let ticket =
        opened(P3, "Fri 09:00").reclassified(P2, "Fri 10:30").held(Client, "Fri 10:00").resumed(Client, "Fri 12:00");
    let clock = ticket.resolution(&for_client(), "Fri 12:00");
    assert_eq!((clock.verdict.state, clock.verdict.due), (Running, Some(at("Fri 13:00"))));
}

#[test]
fn f20_response_and_resolution_share_nothing() {
    let ticket = opened(P3, "Fri 09:00").wrote(true, "Fri 09:30");
    let due = |metric| ticket.clock(metric, &for_client(), "Fri 09:30").verdict.due;
    assert_eq!((due(FirstResponse), due(Resolution)), (Some(at("Fri 10:00")), Some(at("Fri 13:00"))));
}
