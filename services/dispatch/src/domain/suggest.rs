//! Who could go, and when; and why the others could not.
//!
//! What is in a technician's day already stays where it is, so each day is a
//! small problem of its own for the planner, and the answers are comparable:
//! by the driving that they add, then by the hour.

use chrono::{DateTime, Utc};
use jiff::{Span, Timestamp};
use planner::{Id, Pin, Plan, Problem, Shift, Times, Tour, Travel};
use uuid::Uuid;

use crate::domain::day::{Day, to_chrono, to_jiff};
use crate::domain::travel::{Point, seconds};
use crate::domain::{technician, visit};
use crate::error::Error;

/// Somebody who might go, with what is in the day already.
#[derive(Debug, Clone)]
pub struct Candidate {
    /// Who.
    pub technician: technician::Model,
    /// In the order of their beginning.
    pub booked: Vec<Booked>,
}

/// A visit that a technician makes anyway.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Booked {
    /// Its beginning on site.
    pub start: DateTime<Utc>,
    /// Its end on site.
    pub end: DateTime<Utc>,
    /// Where.
    pub at: Point,
}

/// Who could go, and when.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suggestion {
    /// Who.
    pub technician_id: Uuid,
    /// For people.
    pub display_name: String,
    /// Work on site could start then.
    pub start_at: DateTime<Utc>,
    /// Driving that the visit adds to the day.
    pub added_travel_seconds: i64,
    /// In one sentence.
    pub reason: String,
}

/// Who could not, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exclusion {
    /// Who.
    pub technician_id: Uuid,
    /// For people.
    pub display_name: String,
    /// `SKILL_MISSING`, `NOT_WORKING`, `HOURS_TOO_SHORT` or `DAY_FULL`.
    pub code: &'static str,
    /// With the numbers.
    pub reason: String,
}

/// What is looked for.
#[derive(Debug, Clone)]
pub struct Wanted<'a> {
    /// The visit, planned or not.
    pub visit: &'a visit::Model,
    /// Where.
    pub at: Point,
    /// The day, in the site's zone.
    pub day: &'a Day,
    /// On the day itself, what has passed is no longer to be had.
    pub now: DateTime<Utc>,
}

/// Every candidate is among the suggestions, best first, or among the exclusions.
///
/// # Errors
/// [`Error::Hours`] of a technician.
pub fn suggest(wanted: &Wanted, candidates: &[Candidate]) -> Result<(Vec<Suggestion>, Vec<Exclusion>), Error> {
    let (mut suggestions, mut exclusions) = (Vec::new(), Vec::new());
    for candidate in candidates {
        match wanted.offers(candidate)? {
            Ok(offers) => suggestions.extend(offers),
            Err(exclusion) => exclusions.push(exclusion),
        }
    }
    suggestions.sort_by_key(|s| (s.added_travel_seconds, s.start_at, s.technician_id));
    Ok((suggestions, exclusions))
}

/// The wanted visit, in the planner's words.
fn wanted_id() -> Id {
    Id::from("wanted")
}

/// One technician's day, in the planner's words.
struct Puzzle {
    problem: Problem,
    plan: Plan,
}

impl Wanted<'_> {
    fn offers(&self, candidate: &Candidate) -> Result<Result<Vec<Suggestion>, Exclusion>, Error> {
        let Candidate { technician, booked } = candidate;
        let refuse = |code, reason| {
            let (technician_id, display_name) = (technician.id, technician.display_name.clone());
            Ok(Err(Exclusion { technician_id, display_name, code, reason }))
        };
        let lacks = technician.lacks(&self.visit.skills);
        if !lacks.is_empty() {
            let (count, all) = (lacks.len(), self.visit.skills.len());
            return refuse("SKILL_MISSING", format!("lacks {count} of {all} skills: {}", lacks.join(", ")));
        }
        let shifts = self.shifts(technician)?;
        if shifts.is_empty() {
            return refuse("NOT_WORKING", format!("does not work on {}", self.day.date));
        }
        let inside = |b: &&Booked| shifts.iter().any(|&(open, close)| b.overlaps(open, close));
        let booked: Vec<Booked> = booked.iter().filter(inside).copied().collect();
        let puzzle = self.puzzle(technician, &booked, &shifts);
        let offers = puzzle.offers(self, technician, &booked);
        if !offers.is_empty() {
            return Ok(Ok(offers));
        }
        let why = planner::why_not(&puzzle.problem, &puzzle.plan, &wanted_id(), &Id::from("technician"));
        let short = why.as_ref().and_then(|why| why.short_by).map_or(0, |short| (short + 59) / 60);
        let minutes = self.visit.duration_minutes;
        match why.as_ref().map(|why| why.code) {
            Some("HOURS") => refuse(
                "HOURS_TOO_SHORT",
                format!("{minutes} min of work and the drives do not fit the working hours: {short} min are missing"),
            ),
            _ => refuse(
                "DAY_FULL",
                format!(
                    "{minutes} min of work and the drives do not fit beside {} planned visits: {short} min are missing",
                    booked.len()
                ),
            ),
        }
    }

    /// The stretches of work that touch the day. Those that begin the evening
    /// before, or end the morning after, are taken whole.
    fn shifts(&self, technician: &technician::Model) -> Result<Vec<(i64, i64)>, Error> {
        let around = |at: Timestamp, hours| at.saturating_add(Span::new().hours(hours)).unwrap_or(at);
        let calendar = technician.calendar()?;
        let stretches = calendar.intervals(around(self.day.start, -24), around(self.day.end, 24));
        Ok(stretches
            .filter(|s| s.start < self.day.end && s.end > self.day.start)
            .map(|s| (s.start.as_second(), s.end.as_second()))
            .collect())
    }

    fn puzzle(&self, technician: &technician::Model, booked: &[Booked], shifts: &[(i64, i64)]) -> Puzzle {
        let points: Vec<Point> = [technician.home(), self.at].into_iter().chain(booked.iter().map(|b| b.at)).collect();
        let row = |from: &Point| points.iter().map(|to| seconds(*from, *to)).collect();
        let me = planner::Technician {
            id: Id::from("technician"),
            shifts: shifts
                .iter()
                .map(|&(start, end)| Shift { start, end, overtime: 0, from: 0, to: 0, breaks: Vec::new() })
                .collect(),
            skills: Vec::new(),
            tools: Vec::new(),
            parts: Vec::new(),
            territories: Vec::new(),
        };
        let mut problem = Problem {
            name: String::new(),
            scale: 1,
            best_known: None,
            places: points.iter().map(|p| planner::Place { x: p.longitude, y: p.latitude }).collect(),
            travel: Travel { seconds: points.iter().map(row).collect(), metres: Vec::new() },
            depot: None,
            technicians: vec![me],
            visits: vec![planner::Visit {
                seconds: self.visit.duration().num_seconds(),
                windows: vec![self.window()],
                ..planner::Visit::new(wanted_id(), 1)
            }],
            weights: planner::Weights::default(),
        };
        let fixed = (2..).zip(booked).map(|(place, booked)| booked.fixed(place));
        problem.visits.extend(fixed);
        let plan = plan(shifts, &problem.visits[1..]);
        Puzzle { problem, plan }
    }

    /// When work may start: on the day, and not in the past of today.
    fn window(&self) -> (i64, i64) {
        let now = to_jiff(self.now);
        let today = (self.day.start..self.day.end).contains(&now);
        let from = if today { now.as_second() } else { self.day.start.as_second() };
        (from, self.day.end.as_second() - 1)
    }
}

impl Booked {
    fn fixed(&self, place: usize) -> planner::Visit {
        let start = self.start.timestamp();
        planner::Visit {
            seconds: (self.end - self.start).num_seconds(),
            pin: Pin { technician: None, start: Some((start, start)) },
            ..planner::Visit::new(Id::Number(place as u64), place)
        }
    }

    fn overlaps(&self, start: i64, end: i64) -> bool {
        start < self.end.timestamp() && end > self.start.timestamp()
    }
}

/// The day as it is.
fn plan(shifts: &[(i64, i64)], booked: &[planner::Visit]) -> Plan {
    let starts = |visit: &planner::Visit| visit.pin.start.map_or(0, |(start, _)| start);
    let tour = |(shift, &(open, close)): (usize, &(i64, i64))| {
        let inside: Vec<_> = booked.iter().filter(|v| (open..close).contains(&starts(v))).collect();
        let times = |v: &&planner::Visit| Times { arrive: starts(v), start: starts(v), end: starts(v) + v.seconds };
        Tour {
            vehicle: Id::from("technician"),
            shift,
            stops: inside.iter().map(|v| v.id.clone()).collect(),
            assists: Vec::new(),
            timetable: inside.iter().map(times).collect(),
            breaks: Vec::new(),
            leave: open,
            back: close,
            distance: 0.0,
        }
    };
    Plan { routes: shifts.iter().enumerate().map(tour).collect(), ..Plan::default() }
}

impl Puzzle {
    fn offers(&self, wanted: &Wanted, technician: &technician::Model, booked: &[Booked]) -> Vec<Suggestion> {
        let offers = planner::suggest(&self.problem, &self.plan, &wanted_id());
        let describe = |offer: planner::Suggestion| {
            let start = Timestamp::from_second(offer.start).unwrap_or(wanted.day.start);
            let (minutes, wall) = (offer.travel_seconds / 60, wanted.day.wall(start));
            Suggestion {
                technician_id: technician.id,
                display_name: technician.display_name.clone(),
                start_at: to_chrono(start),
                added_travel_seconds: offer.travel_seconds,
                reason: format!(
                    "adds {minutes} min of driving to a day of {} visits; work can start at {wall}",
                    booked.len()
                ),
            }
        };
        // What the dispatcher has squeezed in against the map is not in the
        // planner's day; the technician is there all the same.
        let free = |offer: &planner::Suggestion| !booked.iter().any(|b| b.overlaps(offer.start, offer.end));
        offers.into_iter().filter(free).map(describe).collect()
    }
}

#[cfg(test)]
#[path = "suggest_tests.rs"]
mod tests;
