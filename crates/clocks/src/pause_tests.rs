//! Hours, pauses and what is shown of them.

use jiff::SignedDuration;

use super::scene::{always, at, hours, office, opened, policy, terms};
use super::{Derived, Terms, derive, timeline};
use crate::words::ClockState::{Met, Missed, Paused, Running, Void};
use crate::words::Priority::{P1, P3};
use crate::words::WaitReason::{Client, Parts, Vendor};

fn for_client() -> Terms {
    terms(&[Client])
}

#[test]
fn f01_a_pause_over_a_weekend_moves_the_deadline_by_open_time_alone() {
    let ticket = opened(P3, "Fri 14:00").held(Client, "Fri 16:00").resumed(Client, "Mon 09:00");
    let clock = ticket.resolution(&for_client(), "Mon 09:00");
    assert_eq!(clock.verdict.state, Running);
    assert_eq!(clock.verdict.due, Some(at("Mon 11:00")));
    assert_eq!(clock.verdict.consumed, hours(2));
}

#[test]
fn f02_the_true_first_answer_is_kept_after_a_breach() {
    let ticket = opened(P3, "Fri 10:00").wrote(false, "Fri 10:30").wrote(true, "Fri 13:37").wrote(true, "Fri 14:00");
    let clock = ticket.response(&for_client(), "Mon 09:00");
    assert_eq!(clock.verdict.state, Missed);
    assert_eq!(clock.verdict.breach, Some(at("Fri 11:00")));
    assert_eq!(clock.verdict.stopped, Some(at("Fri 13:37")));
}

#[test]
fn f04_the_shown_budget_and_the_deadline_are_one_calculation() {
    let ticket = opened(P3, "Fri 14:00").held(Client, "Fri 16:00").resumed(Client, "Mon 09:00");
    let clock = ticket.resolution(&for_client(), "Mon 09:00");
    let due = clock.verdict.due.unwrap();
    let shown: SignedDuration = timeline(&clock.course, &office(), due).iter().map(super::Interval::consumed).sum();
    assert_eq!(shown, clock.target.budget);
}

#[test]
fn f05_pending_over_a_weekend_credits_nothing_and_stays_inside_the_hours() {
    let ticket = opened(P3, "Fri 15:00").held(Client, "Fri 17:00").resumed(Client, "Mon 09:00");
    assert_eq!(ticket.resolution(&for_client(), "Mon 09:00").verdict.due, Some(at("Mon 11:00")));
    let untouched = opened(P3, "Fri 15:00");
    assert_eq!(untouched.resolution(&for_client(), "Mon 09:00").verdict.due, Some(at("Mon 11:00")));
}

#[test]
fn f08_a_paused_clock_is_not_violated_however_late_it_is() {
    let ticket = opened(P3, "Fri 14:00").held(Client, "Fri 16:00");
    let clock = ticket.resolution(&for_client(), "next Wed 12:00");
    assert_eq!((clock.verdict.state, clock.verdict.due), (Paused, None));
}

#[test]
fn s03_around_the_clock_has_no_hole_at_midnight() {
    let ticket = opened(P1, "Fri 23:30");
    let clock = ticket.resolution(&for_client(), "Fri 23:30");
    assert_eq!(clock.verdict.due, Some(at("Sat 00:30")));
    assert_eq!(timeline(&clock.course, &always(), at("Mon 09:00")).len(), 1);
}

#[test]
fn s07_a_start_outside_hours_counts_from_the_first_open_instant() {
    let ticket = opened(P3, "Sat 03:00");
    assert_eq!(ticket.resolution(&for_client(), "Sat 03:00").verdict.due, Some(at("Mon 13:00")));
}

#[test]
fn s07_a_deadline_at_close_stays_there_and_done_at_that_instant_is_met() {
    let ticket = opened(P3, "Fri 13:00");
    let due = at("Fri 17:00");
    assert_eq!(ticket.resolution(&for_client(), "Fri 17:00").verdict.due, Some(due));
    assert_eq!(ticket.resolution(&for_client(), "Fri 17:00").verdict.state, Running);
    assert_eq!(ticket.clone().resolved("Fri 17:00").resolution(&for_client(), "Mon 09:00").verdict.state, Met);
    let late = ticket.resolved("Fri 17:01").resolution(&for_client(), "Mon 09:00");
    assert_eq!((late.verdict.state, late.verdict.breach), (Missed, Some(due)));
}

#[test]
fn s10_first_response_is_the_first_public_word_of_a_human() {
    let ticket = opened(P3, "Fri 10:00").assigned("Fri 10:05").wrote(false, "Fri 10:10");
    assert_eq!(ticket.response(&for_client(), "Fri 10:30").verdict.state, Running);
    let answered = ticket.wrote(true, "Fri 10:45").response(&for_client(), "Mon 09:00");
    assert_eq!((answered.verdict.state, answered.verdict.stopped), (Met, Some(at("Fri 10:45"))));
    assert_eq!(answered.verdict.consumed, SignedDuration::from_mins(45));
}

#[test]
fn s10_a_solution_without_a_word_owes_no_answer_until_it_is_reopened() {
    let solved = opened(P3, "Fri 10:00").resolved("Fri 10:30");
    let clock = solved.response(&for_client(), "Mon 09:00");
    assert_eq!((clock.verdict.state, clock.verdict.void_reason), (Void, "resolved without an answer"));
    let reopened = solved.reopened("Mon 09:00");
    assert_eq!(reopened.response(&for_client(), "Mon 09:00").verdict.due, Some(at("Mon 09:30")));
}

#[test]
fn s13_an_answer_is_owed_while_the_ticket_waits_for_the_client() {
    let ticket = opened(P3, "Fri 10:00").held(Client, "Fri 10:15");
    let clock = ticket.response(&for_client(), "Fri 10:15");
    assert_eq!((clock.verdict.state, clock.verdict.due), (Running, Some(at("Fri 11:00"))));
}

#[test]
fn s15_it_runs_only_while_no_reason_is_left() {
    let policy = terms(&[Client, Parts]);
    let ticket =
        opened(P3, "Fri 09:00").held(Client, "Fri 10:00").held(Parts, "Fri 11:00").resumed(Client, "Fri 12:00");
    assert_eq!(ticket.resolution(&policy, "Fri 12:30").verdict.state, Paused);
    let running = ticket.resumed(Parts, "Fri 13:00").resolution(&policy, "Fri 13:00");
    assert_eq!((running.verdict.consumed, running.verdict.due), (hours(1), Some(at("Fri 16:00"))));
}

#[test]
fn s16_the_budget_is_counted_and_the_deadline_never_shifted() {
    let mut ticket = opened(P3, "Fri 09:00");
    for minute in 0..20 {
        let (from, until) = (format!("Fri 09:{:02}:30.5", minute * 2), format!("Fri 09:{:02}:00.25", minute * 2 + 1));
        ticket = ticket.held(Client, &from).resumed(Client, &until);
    }
    let clock = ticket.resolution(&for_client(), "Fri 10:00");
    let paused = SignedDuration::from_millis(29_750) * 20;
    assert_eq!(clock.verdict.due, Some(at("Fri 13:00") + paused));
}

#[test]
fn s17_a_pause_wholly_outside_hours_costs_nothing_and_gives_nothing() {
    let ticket = opened(P3, "Fri 15:00").held(Client, "Fri 18:00").resumed(Client, "Sun 20:00");
    assert_eq!(ticket.resolution(&for_client(), "Mon 09:00").verdict.due, Some(at("Mon 11:00")));
}

#[test]
fn s18_a_paused_clock_has_no_deadline_but_one_if_resumed_now() {
    let ticket = opened(P3, "Fri 14:00").held(Client, "Fri 16:00");
    let clock = ticket.resolution(&for_client(), "Sun 12:00");
    assert_eq!((clock.verdict.due, clock.verdict.consumed), (None, hours(2)));
    assert_eq!(clock.due_if_resumed(at("Sun 12:00")), Some(at("Mon 11:00")));
    assert_eq!(clock.due_if_resumed(at("Mon 10:00")), Some(at("Mon 12:00")));
    let running = opened(P3, "Fri 14:00").resolution(&for_client(), "Fri 15:00");
    assert_eq!(running.due_if_resumed(at("Fri 15:00")), None);
}

#[test]
fn s20_waiting_for_a_vendor_stops_the_clients_clock_only_if_the_policy_says_so() {
    let ticket = opened(P3, "Fri 10:00").held(Vendor, "Fri 11:00");
    let counted = ticket.resolution(&for_client(), "Fri 12:00");
    assert_eq!((counted.verdict.state, counted.verdict.due), (Running, Some(at("Fri 14:00"))));
    assert_eq!(ticket.resolution(&terms(&[Vendor]), "Fri 12:00").verdict.state, Paused);
}

#[test]
fn s34_the_breach_instant_is_computed_whenever_it_is_noticed() {
    let ticket = opened(P3, "Fri 14:00");
    for noticed in ["Mon 10:01", "next Wed 12:00"] {
        let clock = ticket.resolution(&for_client(), noticed);
        assert_eq!((clock.verdict.state, clock.verdict.breach), (Missed, Some(at("Mon 10:00"))));
    }
    assert_eq!(ticket.resolution(&for_client(), "Mon 10:00").verdict.state, Running);
}

#[test]
fn s38_the_order_of_arrival_changes_nothing() {
    let ticket = opened(P3, "Fri 14:00")
        .held(Client, "Fri 16:00")
        .wrote(true, "Fri 16:30")
        .resumed(Client, "Mon 09:00")
        .resolved("Mon 10:59");
    let told = derive(&ticket.log, &for_client());
    let mut log = ticket.log;
    for _ in 0..log.len() {
        log.rotate_left(1);
        assert_eq!(derive(&log, &for_client()), told);
        let backwards: Vec<_> = log.iter().rev().cloned().collect();
        assert_eq!(derive(&backwards, &for_client()), told);
        let twice: Vec<_> = log.iter().chain(&log).cloned().collect();
        assert_eq!(derive(&twice, &for_client()), told);
    }
}

#[test]
fn s38_a_timeline_has_no_gap_and_says_why() {
    let ticket = opened(P3, "Fri 14:00").held(Client, "Fri 16:00").resumed(Client, "Mon 09:30").resolved("Mon 10:00");
    let clock = ticket.resolution(&for_client(), "Mon 12:00");
    let intervals = timeline(&clock.course, &office(), at("Mon 12:00"));
    let told: Vec<_> = intervals.iter().map(|i| (i.start, i.counted, i.reason.as_str())).collect();
    let expected = [
        (at("Fri 14:00"), true, "open"),
        (at("Fri 16:00"), false, "waiting for client"),
        (at("Mon 09:30"), true, "open"),
    ];
    assert_eq!(told, expected);
    assert!(intervals.windows(2).all(|pair| pair[0].end == pair[1].start));
    assert_eq!(intervals.last().unwrap().end, at("Mon 10:00"));
}

#[test]
fn s38_closed_hours_are_named() {
    let ticket = opened(P3, "Fri 16:00");
    let Derived { course, .. } = ticket.resolution(&for_client(), "Mon 10:00");
    let reasons: Vec<_> = timeline(&course, &office(), at("Mon 10:00")).into_iter().map(|i| i.reason).collect();
    assert_eq!(reasons, ["open", "closed", "open"]);
}

#[test]
fn no_contract_no_promise() {
    let terms = Terms::default();
    assert!(opened(P1, "Fri 10:00").clocks(&terms, "Fri 12:00").is_empty());
    assert!(!policy(&[]).targets.is_empty());
}
