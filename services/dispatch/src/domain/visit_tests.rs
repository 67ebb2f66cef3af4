//! What becomes of a visit.

use super::*;
use crate::domain::technician::tests::{monday, technician};

/// Two hours of fibre work, asked for.
pub fn requested() -> Model {
    Model {
        tenant_id: Uuid::from_u128(10),
        id: Uuid::from_u128(11),
        version: 1,
        ticket_id: Uuid::from_u128(12),
        site_id: Uuid::from_u128(13),
        contract_id: None,
        purpose: "Splice the fibre".into(),
        duration_minutes: 120,
        skills: vec!["fibre".into()],
        priority: Priority::P2,
        state: State::Requested,
        technician_id: None,
        start_at: None,
        end_at: None,
        promised_technician_id: None,
        promised_start_at: None,
        requested_at: monday(8, 0),
        published_at: None,
        travelled_at: None,
        arrived_at: None,
        completed_at: None,
        outcome: String::new(),
    }
}

fn planned() -> Model {
    requested().plan(&technician(), monday(10, 0)).unwrap().row
}

fn promised() -> Model {
    planned().publish(monday(8, 30)).unwrap().row
}

#[test]
fn a_plan_ends_when_the_work_does_and_is_told_to_nobody() {
    let Change { row, news } = requested().plan(&technician(), monday(10, 0)).unwrap();
    assert_eq!((row.start_at, row.end_at), (Some(monday(10, 0)), Some(monday(12, 0))));
    assert_eq!((row.technician_id, row.state, row.version), (Some(technician().id), State::Planned, 2));
    assert_eq!(news, None);
}

#[test]
fn a_plan_keeps_the_hours_and_the_skills() {
    let late = requested().plan(&technician(), monday(13, 0)).unwrap_err();
    assert_eq!(late.to_string(), "60 minutes of the visit lie outside the technician's working hours");
    let visit = Model { skills: vec!["ups".into()], ..requested() };
    assert!(matches!(visit.plan(&technician(), monday(10, 0)), Err(Error::SkillMissing(_))));
}

#[test]
fn what_was_promised_already_is_no_news() {
    let promised = promised();
    let again = promised.clone().plan(&technician(), monday(10, 0)).unwrap().row.publish(monday(8, 45)).unwrap();
    assert_eq!((again.news, again.row.state), (None, State::Promised));
    assert_eq!(again.row.published_at, Some(monday(8, 30)));

    let moved = promised.plan(&technician(), monday(11, 0)).unwrap().row;
    assert_eq!((moved.state, moved.promised_start_at), (State::Planned, Some(monday(10, 0))));
    let moved = moved.publish(monday(8, 45)).unwrap();
    assert_eq!(moved.news, Some(News::Published));
    assert_eq!((moved.row.published_at, moved.row.promised_start_at), (Some(monday(8, 45)), Some(monday(11, 0))));
}

#[test]
fn another_technician_at_the_same_hour_is_news() {
    let other = technician::Model { id: Uuid::from_u128(77), ..technician() };
    let moved = promised().plan(&other, monday(10, 0)).unwrap().row.publish(monday(8, 45)).unwrap();
    assert_eq!(moved.news, Some(News::Published));
}

#[test]
fn the_client_does_not_see_drafts() {
    let draft = planned().known_to_client();
    assert_eq!((draft.state, draft.technician_id, draft.start_at, draft.end_at), (State::Requested, None, None, None));

    let promised = promised();
    let moved = promised.clone().plan(&technician(), monday(11, 0)).unwrap().row.known_to_client();
    let known = (promised.state, promised.technician_id, promised.start_at, promised.end_at);
    assert_eq!((moved.state, moved.technician_id, moved.start_at, moved.end_at), known);
    assert_eq!(promised.clone().known_to_client(), promised);
}

#[test]
fn a_visit_to_its_end() {
    let travelling = promised().travel(monday(9, 30)).unwrap();
    assert_eq!(travelling.news, Some(News::Travelling));
    let arrived = travelling.row.arrive(monday(10, 5)).unwrap();
    assert_eq!(arrived.news, Some(News::Arrived));
    let Change { row, news } = arrived.row.complete("Spliced.".into(), monday(11, 40)).unwrap();
    assert_eq!((news, row.state, row.version), (Some(News::Completed), State::Completed, 6));
    let times = (row.travelled_at, row.arrived_at, row.completed_at);
    assert_eq!(times, (Some(monday(9, 30)), Some(monday(10, 5)), Some(monday(11, 40))));
    assert_eq!(row.outcome, "Spliced.");
}

#[test]
fn no_step_comes_before_the_one_before_it() {
    let travelling = promised().travel(monday(9, 30)).unwrap().row;
    assert!(matches!(travelling.clone().arrive(monday(9, 29)), Err(Error::TooEarly { .. })));
    assert!(matches!(travelling.clone().give_up("Closed.".into(), monday(9, 0)), Err(Error::TooEarly { .. })));
    let arrived = travelling.arrive(monday(10, 0)).unwrap().row;
    assert!(matches!(arrived.complete("Done.".into(), monday(9, 59)), Err(Error::TooEarly { .. })));
}

#[test]
fn a_closed_door_ends_it_with_the_time_it_cost() {
    let Change { row, news } =
        promised().travel(monday(9, 30)).unwrap().row.give_up("Nobody opened.".into(), monday(10, 15)).unwrap();
    assert_eq!((news, row.state), (Some(News::NotAccessible), State::NoAccess));
    assert_eq!((row.arrived_at, row.completed_at), (None, Some(monday(10, 15))));
}

#[test]
fn a_cancelled_visit_says_why() {
    let Change { row, news } = promised().cancel("The link is up again.".into()).unwrap();
    assert_eq!((news, row.state), (Some(News::Cancelled), State::Cancelled));
    assert_eq!(row.outcome, "The link is up again.");
}
