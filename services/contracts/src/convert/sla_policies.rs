//! SLA policies.

use std::collections::{BTreeSet, HashSet};

use chrono::{DateTime, Utc};
use proto::contracts::v1 as pb;
use proto::r#type::v1 as shared;
use service::{Fields, Violations, name, parse_name, timestamp};
use uuid::Uuid;

use super::reference;
use crate::domain::sla_policy::{Model, PauseReasons, Target, Targets};
use crate::domain::words::{Metric, Priority, WaitReason};

/// Ten years: nobody promises more, and sums of it stay exact.
pub const LONGEST: i64 = 10 * 366 * 86_400;

/// The calendars that a request names, as far as they are names.
pub fn references(given: Option<&pb::SlaPolicy>) -> Vec<Uuid> {
    let targets = given.iter().flat_map(|policy| &policy.targets);
    targets.filter_map(|target| parse_name("calendars", &target.calendar)).collect()
}

/// Reads a new policy; `known` are the calendars there are.
///
/// # Errors
/// Every violation.
pub fn new(given: Option<pb::SlaPolicy>, known: &HashSet<Uuid>, now: DateTime<Utc>) -> Result<Model, Violations> {
    let mut fields = Fields::default();
    let pb::SlaPolicy { name: _, display_name, targets, pause_reasons, create_time: _, etag: _ } =
        given.unwrap_or_default();
    if targets.is_empty() {
        fields.refuse("sla_policy.targets", "REQUIRED", "is required");
    }
    let mut seen = HashSet::new();
    let mut read = Vec::new();
    for (index, given) in targets.into_iter().enumerate() {
        let path = format!("sla_policy.targets[{index}]");
        if let Some(target) = target(&mut fields, &path, given, known) {
            if !seen.insert((target.priority, target.metric)) {
                fields.refuse(&path, "REPEATED", "must be the only one of its priority and metric");
            }
            read.push(target);
        }
    }
    // What is most urgent would be the one thing that nobody is held to.
    if !read.is_empty() && !read.iter().any(|target| target.priority == Priority::P1) {
        fields.refuse("sla_policy.targets", "P1_MISSING", "must promise something for P1");
    }
    let row = Model {
        id: Uuid::now_v7(),
        version: 1,
        display_name: fields.text("sla_policy.display_name", &display_name, 1..=200),
        targets: Targets(read),
        pause_reasons: PauseReasons(reasons(&mut fields, &pause_reasons)),
        created_at: now,
    };
    fields.finish(row)
}

fn target(fields: &mut Fields, path: &str, given: pb::Target, known: &HashSet<Uuid>) -> Option<Target> {
    let pb::Target { priority, metric, target_seconds, calendar } = given;
    let priority: shared::Priority = fields.chosen(&format!("{path}.priority"), priority);
    let metric: pb::Metric = fields.chosen(&format!("{path}.metric"), metric);
    if matches!(metric, pb::Metric::Acceptance | pb::Metric::Work) {
        fields.refuse(
            &format!("{path}.metric"),
            "METRIC",
            "must be promised to the client: FIRST_RESPONSE or RESOLUTION",
        );
    }
    let seconds = fields.number(&format!("{path}.target_seconds"), target_seconds, 1..=LONGEST);
    let is_known = parse_name("calendars", &calendar).is_some_and(|id| known.contains(&id));
    let calendar_id = reference(fields, &format!("{path}.calendar"), &calendar, "calendars", is_known);
    let (priority, metric) = (Priority::of(priority.into())?, Metric::of(metric.into())?);
    Some(Target { priority, metric, seconds, calendar_id })
}

fn reasons(fields: &mut Fields, given: &[String]) -> BTreeSet<WaitReason> {
    let mut read = BTreeSet::new();
    for (index, text) in given.iter().enumerate() {
        let path = format!("sla_policy.pause_reasons[{index}]");
        match (1..=6).filter_map(WaitReason::of).find(|reason| reason.text() == text) {
            None => fields.refuse(&path, "ENUM", "must be one of client, vendor, parts, visit, problem, change"),
            Some(reason) if !read.insert(reason) => fields.refuse(&path, "REPEATED", "must be listed once"),
            Some(_) => {}
        }
    }
    read
}

/// A policy, as others see it.
pub fn sla_policy(row: &Model) -> pb::SlaPolicy {
    let Model { id, version, display_name, targets, pause_reasons, created_at } = row.clone();
    let targets = targets.0.into_iter().map(|Target { priority, metric, seconds, calendar_id }| pb::Target {
        priority: priority.number(),
        metric: metric.number(),
        target_seconds: seconds,
        calendar: name("calendars", calendar_id),
    });
    pb::SlaPolicy {
        name: name("slaPolicies", id),
        display_name,
        targets: targets.collect(),
        pause_reasons: pause_reasons.0.into_iter().map(|reason| reason.text().to_owned()).collect(),
        create_time: Some(timestamp(created_at)),
        etag: version.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(policy: pb::SlaPolicy, known: Uuid) -> Vec<(String, &'static str)> {
        let found = new(Some(policy), &HashSet::from([known]), DateTime::default()).err().unwrap_or_default();
        found.0.into_iter().map(|v| (v.field.trim_start_matches("sla_policy.").to_owned(), v.reason)).collect()
    }

    #[test]
    fn a_policy_without_a_p1_is_refused() {
        let known = Uuid::from_u128(1);
        let p1 = pb::Target { priority: 1, metric: 2, target_seconds: 3_600, calendar: name("calendars", known) };
        let p2 = pb::Target { priority: 2, ..p1.clone() };
        let policy = |targets| pb::SlaPolicy { display_name: "Gold".into(), targets, ..pb::SlaPolicy::default() };
        assert_eq!(found(policy(vec![p2.clone()]), known), [("targets".to_owned(), "P1_MISSING")]);
        assert_eq!(found(policy(vec![p2, p1]), known), []);
    }

    #[test]
    fn a_target_without_a_calendar_is_refused() {
        let target = pb::Target { priority: 1, metric: 2, target_seconds: 3_600, calendar: String::new() };
        let policy = pb::SlaPolicy { display_name: "Gold".into(), targets: vec![target], ..pb::SlaPolicy::default() };
        assert_eq!(found(policy, Uuid::nil()), [("targets[0].calendar".to_owned(), "REQUIRED")]);
    }

    #[test]
    fn every_violation_of_every_target() {
        let known = Uuid::from_u128(1);
        let good = pb::Target { priority: 1, metric: 2, target_seconds: 3_600, calendar: name("calendars", known) };
        let unknown = pb::Target { calendar: name("calendars", Uuid::from_u128(2)), priority: 2, ..good.clone() };
        let vendors = pb::Target { metric: 3, target_seconds: 0, ..good.clone() };
        let policy = pb::SlaPolicy {
            display_name: "Gold".into(),
            targets: vec![good.clone(), good, unknown, vendors, pb::Target::default()],
            pause_reasons: vec!["client".into(), "weather".into(), "client".into()],
            ..pb::SlaPolicy::default()
        };
        assert_eq!(references(Some(&policy)).len(), 4);
        let found = found(policy, known);
        let found: Vec<_> = found.iter().map(|(field, reason)| (field.as_str(), *reason)).collect();
        assert_eq!(
            found,
            [
                ("targets[1]", "REPEATED"),
                ("targets[2].calendar", "UNKNOWN"),
                ("targets[3].metric", "METRIC"),
                ("targets[3].target_seconds", "RANGE"),
                ("targets[4].priority", "REQUIRED"),
                ("targets[4].metric", "REQUIRED"),
                ("targets[4].target_seconds", "RANGE"),
                ("targets[4].calendar", "REQUIRED"),
                ("pause_reasons[1]", "ENUM"),
                ("pause_reasons[2]", "REPEATED"),
            ]
        );
    }
}
