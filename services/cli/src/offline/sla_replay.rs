//! A ticket's promises, derived again from what happened to it.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use calendar::{Calendar, CalendarSpec};
use chrono::{DateTime, Utc};
use clocks::entry::{Entry, Fact};
use clocks::words::{Metric, Priority, WaitReason};
use clocks::{Derived, Hours, Policy, Target, Terms, Underpinning, derive, instant, timeline};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

/// What is replayed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    calendars: BTreeMap<String, CalendarSpec>,
    policy: Promise,
    /// What vendors promised, by the id that hand-offs name.
    #[serde(default)]
    underpinning: BTreeMap<Uuid, VendorPromise>,
    events: Vec<Event>,
    /// Up to when it is told: nothing here asks what time it is.
    until: DateTime<Utc>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Promise {
    targets: Vec<PriorityTarget>,
    #[serde(default)]
    pauses: BTreeSet<WaitReason>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PriorityTarget {
    priority: Priority,
    metric: Metric,
    seconds: i64,
    calendar: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct VendorPromise {
    acceptance_seconds: i64,
    work_seconds: i64,
    calendar: String,
}

/// What was so from `at` on.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Event {
    /// Which message or hand-off; the ticket itself needs none.
    #[serde(default)]
    id: Uuid,
    version: i64,
    at: DateTime<Utc>,
    fact: Fact,
}

/// Every clock of the ticket that `text` tells of: its verdict and its timeline.
///
/// # Errors
/// If `text` is not such a case; every target and calendar that is wrong is named.
pub fn replay(text: &str) -> Result<Value> {
    let case: Case = serde_json::from_str(text).context("reading the case")?;
    let (terms, names) = terms(&case)?;
    let until = instant(case.until);
    let log: Vec<Entry> = case.events.into_iter().map(Event::entry).collect();
    // What had not happened yet by then is not told.
    let log: Vec<Entry> = log.into_iter().filter(|entry| entry.occurred_at <= case.until).collect();
    let clocks: Vec<Value> = derive(&log, &terms).into_iter().map(|clock| told(clock, &names, until)).collect();
    Ok(json!({ "tzdata": calendar::tz_version(), "until": until.to_string(), "clocks": clocks }))
}

impl Event {
    fn entry(self) -> Entry {
        let Self { id, version, at, fact } = self;
        let (tenant_id, ticket_id) = (Uuid::nil(), Uuid::nil());
        Entry { tenant_id, ticket_id, source_id: id, version, kind: String::new(), occurred_at: at, fact }
    }
}

/// What the calendars are called.
type Names = HashMap<Uuid, String>;

/// What was promised, or everything that is wrong with it.
fn terms(case: &Case) -> Result<(Terms, Names)> {
    let (mut wrong, mut names, mut shelf) = (Vec::new(), Names::new(), HashMap::new());
    for (number, (name, spec)) in (1_u128..).zip(&case.calendars) {
        match Calendar::new(spec.clone()) {
            Ok(calendar) => {
                let id = Uuid::from_u128(number);
                names.insert(id, name.clone());
                shelf.insert(name, Arc::new(Hours { id, calendar }));
            }
            Err(violations) => wrong.extend(violations.iter().map(|broken| format!("calendars.{name}.{broken}"))),
        }
    }
    let mut target = |field: String, unit: &str, seconds: i64, calendar: &String| {
        if seconds <= 0 {
            wrong.push(format!("{field}.{unit} must be more than 0"));
        }
        if !case.calendars.contains_key(calendar) {
            wrong.push(format!("{field}.calendar must be one of calendars: {calendar} is not"));
        }
        let budget = SignedDuration::from_secs(seconds);
        shelf.get(calendar).map(|hours| Target { budget, hours: Arc::clone(hours) })
    };
    let mut targets = BTreeMap::new();
    for (index, PriorityTarget { priority, metric, seconds, calendar }) in case.policy.targets.iter().enumerate() {
        if let Some(target) = target(format!("policy.targets[{index}]"), "seconds", *seconds, calendar) {
            targets.insert((*priority, *metric), target);
        }
    }
    let mut underpinning = HashMap::new();
    for (id, VendorPromise { acceptance_seconds, work_seconds, calendar }) in &case.underpinning {
        let field = format!("underpinning.{id}");
        let acceptance = target(field.clone(), "acceptance_seconds", *acceptance_seconds, calendar);
        let work = target(field, "work_seconds", *work_seconds, calendar);
        if let (Some(acceptance), Some(work)) = (acceptance, work) {
            underpinning.insert(*id, Arc::new(Underpinning { id: *id, acceptance, work }));
        }
    }
    if !wrong.is_empty() {
        bail!("the case is refused:\n  {}", wrong.join("\n  "));
    }
    let policy = Policy { id: Uuid::nil(), targets, pauses: case.policy.pauses.clone() };
    Ok((Terms { policy: Some(Arc::new(policy)), underpinning }, names))
}

fn told(clock: Derived, names: &Names, until: Timestamp) -> Value {
    let clock = Derived { verdict: clock.verdict.clone().at(until), ..clock };
    let Derived { kind, metric, holder, priority, target, course, verdict, .. } = &clock;
    let text = |at: Option<Timestamp>| at.map(|at| at.to_string());
    let intervals = timeline(course, &target.hours, until);
    let consumed: SignedDuration = intervals.iter().map(clocks::Interval::consumed).sum();
    let interval = |interval: &clocks::Interval| {
        json!({
            "start": interval.start.to_string(), "end": interval.end.to_string(),
            "counted": interval.counted, "reason": interval.reason,
        })
    };
    json!({
        "kind": kind.text(), "metric": metric.text(), "priority": priority.text(),
        "handoff": holder.map(|(handoff, _)| handoff),
        "calendar": names.get(&target.hours.id), "target_seconds": target.budget.as_secs(),
        "state": verdict.state.text(), "consumed_seconds": consumed.as_secs(),
        "due": text(verdict.due), "due_if_resumed": text(clock.due_if_resumed(until)),
        "stopped": text(verdict.stopped), "breach": text(verdict.breach),
        "late_reclassification": verdict.late_reclassification, "void_reason": verdict.void_reason,
        "timeline": intervals.iter().map(interval).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn s08_everything_that_is_wrong_with_a_promise_is_named_at_once() {
        let text = r#"{
            "calendars": {"never": {"zone": "Europe/Madrid"}, "nowhere": {"zone": "Mars", "week": {"mon": [["09:00", "17:00"], ["16:00", "18:00"]]}}},
            "policy": {"targets": [{"priority": "P1", "metric": "RESOLUTION", "seconds": 0, "calendar": "office"}]},
            "events": [], "until": "2026-11-30T09:00:00Z"
        }"#;
        let refused = replay(text).unwrap_err().to_string();
        for broken in [
            "calendars.never.",
            "calendars.nowhere.zone",
            "calendars.nowhere.week.mon[1]",
            "policy.targets[0].seconds",
            "policy.targets[0].calendar",
        ] {
            assert!(refused.contains(broken), "{broken} is not in {refused}");
        }
    }
}
