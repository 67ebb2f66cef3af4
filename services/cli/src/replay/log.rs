//! The audit log of a ServiceNow instance as CSV: one row per update of an
//! incident, oldest first. `?` is unknown.

use std::collections::HashMap;
use std::io::Read;

use anyhow::{Context, Result, bail};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use proto::tickets::v1::{Level, WaitReason};
use proto::r#type::v1::Priority;
use serde::Deserialize;

/// Instants are `DD-MM-YYYY HH:MM`; the log names no zone, so: UTC.
const FORMAT: &str = "%d-%m-%Y %H:%M";
const UNKNOWN: &str = "?";

/// One incident with all its updates.
#[derive(Debug, Clone)]
pub struct Incident {
    /// Such as `INC0000047`.
    pub number: String,
    /// Who called.
    pub caller: Option<String>,
    /// Such as `Category 40, Subcategory 215`.
    pub subject: String,
    /// When it was opened.
    pub opened: Timestamp,
    /// Never empty.
    pub rows: Vec<Row>,
    /// When it was resolved, where the log says so.
    pub resolved: Option<Timestamp>,
    /// When it was closed, where the log says so.
    pub closed: Option<Timestamp>,
    /// Whether its own SLA was kept, by a rule that the log does not tell.
    pub made_sla: bool,
}

/// One update.
#[derive(Debug, Clone)]
pub struct Row {
    /// When.
    pub at: Timestamp,
    /// By whom, such as `Updated by 21`.
    pub by: String,
    /// The state after it.
    pub state: State,
    /// The group that has it.
    pub group: Option<String>,
    /// The person that has it.
    pub resolver: Option<String>,
    /// How often it has changed hands.
    pub reassignments: i32,
    /// How often it has been reopened.
    pub reopens: i32,
    /// How many updates came before.
    pub modification: i32,
    /// How wide.
    pub impact: Level,
    /// How soon.
    pub urgency: Level,
    /// As the log has it, from the two.
    pub priority: Priority,
}

/// A state of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Nobody has looked at it.
    New,
    /// Somebody works on it.
    Active,
    /// Nobody can, for this reason.
    Awaiting(WaitReason),
    /// Solved, unless the caller says otherwise.
    Resolved,
    /// Over.
    Closed,
}

/// A line of the file; columns that are not read have no field.
#[derive(Debug, Deserialize)]
struct Line {
    number: String,
    incident_state: String,
    reassignment_count: i32,
    reopen_count: i32,
    sys_mod_count: i32,
    made_sla: String,
    caller_id: String,
    opened_at: String,
    sys_updated_by: String,
    sys_updated_at: String,
    category: String,
    subcategory: String,
    impact: String,
    urgency: String,
    priority: String,
    assignment_group: String,
    assigned_to: String,
    resolved_at: String,
    closed_at: String,
}

/// Reads a log, incidents in the order of their first rows.
///
/// # Errors
/// The line that is wrong, and how.
pub fn read(source: impl Read) -> Result<Vec<Incident>> {
    let mut incidents: Vec<Incident> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for (index, line) in csv::Reader::from_reader(source).deserialize().enumerate() {
        // The head is line 1.
        let place = || format!("line {} of the log", index + 2);
        let line: Line = line.with_context(place)?;
        let row = line.row().with_context(place)?;
        let at = *places.entry(line.number.clone()).or_insert(incidents.len());
        if at == incidents.len() {
            incidents.push(line.incident().with_context(place)?);
        }
        let incident = &mut incidents[at];
        incident.rows.push(row);
        // The log repeats the end on each row; what made it is only known at the last.
        incident.resolved = instant(&line.resolved_at).with_context(place)?;
        incident.closed = instant(&line.closed_at).with_context(place)?;
        incident.made_sla = line.made_sla.eq_ignore_ascii_case("true");
    }
    Ok(incidents)
}

impl Line {
    fn incident(&self) -> Result<Incident> {
        Ok(Incident {
            number: self.number.clone(),
            caller: known(&self.caller_id),
            subject: format!("{}, {}", self.category, self.subcategory),
            opened: instant(&self.opened_at)?.context("opened_at is required")?,
            rows: Vec::new(),
            resolved: None,
            closed: None,
            made_sla: false,
        })
    }

    fn row(&self) -> Result<Row> {
        Ok(Row {
            at: instant(&self.sys_updated_at)?.context("sys_updated_at is required")?,
            by: self.sys_updated_by.clone(),
            state: state(&self.incident_state)?,
            group: known(&self.assignment_group),
            resolver: known(&self.assigned_to),
            reassignments: self.reassignment_count,
            reopens: self.reopen_count,
            modification: self.sys_mod_count,
            impact: level(&self.impact)?,
            urgency: level(&self.urgency)?,
            priority: priority(&self.priority)?,
        })
    }
}

fn known(text: &str) -> Option<String> {
    (text != UNKNOWN).then(|| text.to_owned())
}

fn instant(text: &str) -> Result<Option<Timestamp>> {
    let parse = |text: String| {
        let wall = DateTime::strptime(FORMAT, &text).with_context(|| format!("{text} is not like 31-12-2016 23:59"))?;
        Ok(TimeZone::UTC.to_timestamp(wall)?)
    };
    known(text).map(parse).transpose()
}

fn state(text: &str) -> Result<State> {
    Ok(match text {
        "New" => State::New,
        "Active" => State::Active,
        "Awaiting User Info" => State::Awaiting(WaitReason::Client),
        "Awaiting Problem" => State::Awaiting(WaitReason::Problem),
        "Awaiting Vendor" => State::Awaiting(WaitReason::Vendor),
        "Resolved" => State::Resolved,
        "Closed" => State::Closed,
        other => bail!("{other} is no state"),
    })
}

fn level(text: &str) -> Result<Level> {
    Ok(match text {
        "1 - High" => Level::High,
        "2 - Medium" => Level::Medium,
        "3 - Low" => Level::Low,
        other => bail!("{other} is no level"),
    })
}

fn priority(text: &str) -> Result<Priority> {
    Ok(match text {
        "1 - Critical" => Priority::P1,
        "2 - High" => Priority::P2,
        "3 - Moderate" => Priority::P3,
        "4 - Low" => Priority::P4,
        other => bail!("{other} is no priority"),
    })
}
