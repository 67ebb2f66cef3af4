//! The rules of tickets, each tried.

use sea_orm::entity::prelude::Uuid;
use sea_orm::{ActiveEnum, Iterable};

use super::sample::{at, ticket};
use super::states::{ACTS, Act, next};
use super::ticket::{Change, Happening, Ticket, Update};
use super::words::{Level, Priority, State, WaitReason, priority};
use crate::error::Error;

/// Does `act` by the rule that the API would use.
fn perform(ticket: &Ticket, act: Act) -> Result<Change, Error> {
    match act {
        Act::Update => ticket.update(Update::default(), at(60)),
        Act::Assign => ticket.assign("network".into(), None, at(60)),
        Act::Triage => ticket.triage(Level::High, Level::High, at(60)),
        Act::Start => ticket.start(at(60)),
        Act::Hold => ticket.hold(WaitReason::Parts, at(60)),
        Act::Resume => ticket.resume(None, at(60)),
        Act::Resolve => ticket.resolve("replaced it".into(), at(60)),
        Act::Reopen => ticket.reopen(at(60)),
        Act::Close => ticket.close(at(60)),
        Act::Cancel => ticket.cancel("a joke".into(), at(60)),
        Act::RequestVisit => ticket.request_visit(at(60)),
        Act::Offer => {
            let offer = super::sample::wanted(&[]);
            let passed = super::handoff::offer(ticket, Uuid::nil(), offer, &Default::default(), at(60), at(60))?;
            Ok(passed.ticket.unwrap())
        }
    }
}

#[test]
fn every_act_in_every_state_does_what_the_table_says() {
    for state in State::iter() {
        for act in ACTS {
            let before = ticket(state);
            match (next(state, act), perform(&before, act)) {
                (None, Err(Error::State(refused))) => assert_eq!(refused, state, "{act:?}"),
                (Some(expected), Ok(change)) => {
                    // Asking for a visit makes the ticket wait for it.
                    let expected = if act == Act::RequestVisit { State::Waiting } else { expected };
                    assert_eq!(change.after.state, expected, "{act:?} in {state:?}");
                    assert_eq!(change.after.version, before.version + 1);
                    assert_eq!(change.after.state == State::Waiting, !change.after.wait_reasons.is_empty());
                }
                (expected, got) => panic!("{act:?} in {state:?}: {expected:?}, but {got:?}"),
            }
        }
    }
}

#[test]
fn the_default_matrix_is_the_one_of_the_log() {
    use Level::{High, Low, Medium};
    let known = [
        (High, High, Priority::P1),
        (High, Medium, Priority::P2),
        (Medium, High, Priority::P2),
        (Medium, Medium, Priority::P3),
        (Low, High, Priority::P3),
        (High, Low, Priority::P3),
        (Medium, Low, Priority::P4),
        (Low, Medium, Priority::P4),
        (Low, Low, Priority::P4),
    ];
    for (impact, urgency, expected) in known {
        assert_eq!(priority(impact, urgency), expected, "{impact:?} × {urgency:?}");
    }
}

#[test]
fn only_a_move_to_another_queue_is_a_reassignment() {
    let assign =
        |ticket: &Ticket, queue: &str| ticket.assign(queue.into(), Some(Uuid::from_u128(9)), at(60)).unwrap().after;
    let first = assign(&ticket(State::New), "first line");
    let colleague = assign(&first, "first line");
    let moved = assign(&colleague, "network");
    let cleared = assign(&moved, "");
    let again = assign(&cleared, "network");
    let counts = [&first, &colleague, &moved, &cleared, &again].map(|ticket| ticket.reassignment_count);
    assert_eq!(counts, [0, 0, 1, 1, 2]);
}

#[test]
fn a_ticket_waits_until_its_last_reason_is_gone() {
    let twice = ticket(State::InProgress).hold(WaitReason::Client, at(1)).unwrap().after;
    let twice = twice.hold(WaitReason::Parts, at(2)).unwrap().after.hold(WaitReason::Parts, at(3)).unwrap().after;
    assert_eq!(twice.reasons(), [WaitReason::Client, WaitReason::Parts]);
    let once = twice.resume(Some(WaitReason::Client), at(4)).unwrap().after;
    assert_eq!((once.state, once.reasons()), (State::Waiting, vec![WaitReason::Parts]));
    assert_eq!(once.resume(Some(WaitReason::Parts), at(5)).unwrap().after.state, State::InProgress);
    assert_eq!(twice.resume(None, at(4)).unwrap().after.state, State::InProgress);
}

#[test]
fn a_second_solution_replaces_the_first_and_a_reopening_takes_it_back() {
    let first = ticket(State::InProgress).resolve("one".into(), at(10)).unwrap().after;
    let second = first.resolve("two".into(), at(20)).unwrap().after;
    assert_eq!((second.resolved_at, second.solution.as_str()), (Some(at(20)), "two"));
    let reopened = second.reopen(at(30)).unwrap().after;
    assert_eq!((reopened.resolved_at, reopened.reopen_count), (None, 1));
}

#[test]
fn a_ticket_closed_long_ago_is_not_reopened() {
    let closed = ticket(State::Closed);
    let day = 24 * 60;
    assert!(closed.reopen(at(2 + 30 * day)).is_ok());
    assert!(matches!(closed.reopen(at(3 + 30 * day)), Err(Error::ReopenWindow)));
}

#[test]
fn the_first_response_is_the_first_for_ever() {
    let answered = ticket(State::New).responded(at(5)).unwrap().after;
    assert_eq!(answered.first_responded_at, Some(at(5)));
    assert!(answered.responded(at(9)).is_none());
}

#[test]
fn a_change_of_impact_is_a_reclassification() {
    let update = Update { impact: Some(Level::High), ..Update::default() };
    let change = ticket(State::New).update(update, at(1)).unwrap();
    assert_eq!((change.happening, change.after.priority), (Happening::TicketReclassified, Priority::P2));
}

#[test]
fn words_have_the_numbers_that_the_database_has() {
    for state in State::iter() {
        assert_eq!(state.to_value(), state.number());
        assert_eq!(State::of(state.number()), Some(state));
    }
}
