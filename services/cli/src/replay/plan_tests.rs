//! The plan against the log itself: a model of the platform's rules, in a few
//! lines, must arrive where the log arrives.

use std::collections::HashSet;
use std::fs::File;

use super::*;
use crate::replay::log;

const SAMPLE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/incidents-sample.csv");

fn sample() -> Vec<Incident> {
    log::read(File::open(SAMPLE).unwrap()).unwrap()
}

fn incident(number: &str) -> Incident {
    sample().into_iter().find(|incident| incident.number == number).unwrap()
}

fn steps(incident: &Incident) -> Vec<Step> {
    plan(incident).into_iter().map(|deed| deed.step).collect()
}

fn assigned(incident: &Incident) -> Vec<String> {
    let queue = |step| match step {
        Step::Assign { queue, .. } => Some(queue),
        _ => None,
    };
    steps(incident).into_iter().filter_map(queue).collect()
}

/// What a platform that keeps the rules of `tickets.proto` would have.
#[derive(Debug, Default)]
struct Model {
    queue: Option<String>,
    had_queue: bool,
    reassignments: i32,
    reopens: i32,
    resolved: Option<Timestamp>,
    closed: Option<Timestamp>,
    waits: HashSet<i32>,
    started: bool,
}

impl Model {
    fn take(&mut self, deed: &Deed) {
        assert!(self.closed.is_none(), "{deed:?} after the end");
        match &deed.step {
            Step::Assign { queue, .. } if queue.is_empty() => self.queue = None,
            Step::Assign { queue, .. } => {
                if self.had_queue && self.queue.as_ref() != Some(queue) {
                    self.reassignments += 1;
                }
                (self.queue, self.had_queue) = (Some(queue.clone()), true);
            }
            Step::Start => {
                assert!(!self.started && self.resolved.is_none(), "{deed:?} twice");
                self.started = true;
            }
            Step::Hold(reason) => {
                assert!(self.resolved.is_none(), "{deed:?} of a resolved one");
                assert!(self.waits.insert((*reason).into()), "{deed:?} twice");
            }
            Step::Resume(reason) => {
                assert!(self.waits.remove(&(*reason).into()), "{deed:?} of nothing");
            }
            Step::Resolve => {
                self.waits.clear();
                self.resolved = Some(deed.at);
            }
            Step::Reopen => {
                assert!(self.resolved.take().is_some(), "{deed:?} of an open one");
                self.reopens += 1;
            }
            Step::Close => {
                assert!(self.resolved.is_some(), "{deed:?} of an open one");
                self.closed = Some(deed.at);
            }
            Step::Create { .. } | Step::Weigh { .. } | Step::Reply | Step::Note => {}
        }
    }
}

#[test]
fn every_incident_arrives_where_the_log_arrives() {
    let incidents = sample();
    assert_eq!(incidents.len(), 40);
    for incident in incidents {
        let mut model = Model::default();
        plan(&incident).iter().for_each(|deed| model.take(deed));
        let last = incident.rows.last().unwrap();
        let number = &incident.number;
        assert_eq!(model.reassignments, last.reassignments, "{number}");
        assert_eq!(model.reopens, last.reopens, "{number}");
        assert_eq!(model.closed, incident.closed, "{number}");
        assert!(incident.resolved.is_none_or(|at| model.resolved == Some(at)), "{number}");
    }
}

#[test]
fn every_row_becomes_a_command() {
    for incident in sample() {
        let rows: HashSet<usize> = plan(&incident).iter().map(|deed| deed.row).collect();
        assert_eq!(rows.len(), incident.rows.len(), "{}", incident.number);
    }
}

#[test]
fn the_priorities_of_the_log_follow_the_default_matrix() {
    use proto::r#type::v1::Priority;
    for row in sample().iter().flat_map(|incident| &incident.rows) {
        let expected = match (row.impact, row.urgency) {
            (Level::High, Level::High) => Priority::P1,
            (Level::High, Level::Medium) | (Level::Medium, Level::High) => Priority::P2,
            (Level::Medium, Level::Medium) | (Level::Low, Level::High) | (Level::High, Level::Low) => Priority::P3,
            _ => Priority::P4,
        };
        assert_eq!(row.priority, expected, "{row:?}");
    }
}

#[test]
fn a_hop_that_the_log_hides_is_made() {
    assert_eq!(assigned(&incident("INC0000687")), [UNSEEN, "Group 69"]);
}

#[test]
fn a_count_that_rises_within_a_group_is_a_way_out_and_back() {
    assert_eq!(assigned(&incident("INC0000722")), ["Group 49", "", "Group 49"]);
}

#[test]
fn groups_that_the_log_does_not_name_still_count() {
    let expected = ["Group 70", "Group 25", UNSEEN, "", UNSEEN, "Group 25"];
    assert_eq!(assigned(&incident("INC0001252")), expected);
}

#[test]
fn what_is_reopened_twice_is_resolved_three_times() {
    let steps = steps(&incident("INC0000715"));
    let count = |step: &Step| steps.iter().filter(|other| *other == step).count();
    assert_eq!([Step::Resolve, Step::Reopen, Step::Close].map(|step| count(&step)), [3, 2, 1]);
}

#[test]
fn of_two_reasons_to_wait_the_new_one_comes_before_the_old_one_goes() {
    let steps = steps(&incident("INC0001131"));
    let change = [Step::Hold(WaitReason::Problem), Step::Resume(WaitReason::Client)];
    assert!(steps.windows(2).any(|pair| pair == change), "{steps:?}");
}

#[test]
fn closed_twice_is_closed_at_the_last() {
    let incident = incident("INC0000358");
    let last = plan(&incident).pop().unwrap();
    assert_eq!((last.step, Some(last.at)), (Step::Close, incident.closed));
    assert_eq!(steps(&incident).iter().filter(|step| **step == Step::Close).count(), 1);
}
