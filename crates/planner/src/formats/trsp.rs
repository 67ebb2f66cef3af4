//! Technician routing and scheduling: Pillac, Guéret and Medaglia (2013).
//!
//! Distances are Euclidean numbers. They are counted in millionths: rounded up for time, so that a
//! plan that keeps every window here keeps it in real numbers; rounded to nearest for cost, so that
//! the sum of a hundred arcs is right to the third decimal and better.

use serde::Deserialize;

use crate::problem::{Depot, Id, Part, Place, Problem, Shift, Skill, Technician, Travel, Visit};

/// Millionths.
const SCALE: f64 = 1_000_000.0;

/// An instance as it is published.
#[derive(Deserialize)]
pub(crate) struct Instance {
    name: String,
    best_known: Option<f64>,
    technicians: Vec<Stop>,
    requests: Vec<Stop>,
    depot: Option<(f64, f64)>,
}

/// A technician at home or a request: both have the same fields.
#[derive(Deserialize)]
struct Stop {
    id: u64,
    x: f64,
    y: f64,
    open: f64,
    close: f64,
    service: f64,
    skills: Vec<u64>,
    tools: Vec<u64>,
    parts: Vec<i64>,
}

impl Instance {
    /// The same as a problem; places are homes, requests, and last the depot.
    pub fn into_problem(self) -> Problem {
        let stops = self.technicians.iter().chain(&self.requests).map(|stop| (stop.x, stop.y));
        let points = stops.chain(self.depot);
        let places: Vec<Place> = points.map(|(x, y)| Place { x, y }).collect();
        let matrix = |round: fn(f64) -> f64| {
            let row = |a: &Place| {
                let arcs = places.iter().map(|b| (a.x - b.x).hypot(a.y - b.y) * SCALE);
                arcs.map(|arc| units(round(arc))).collect()
            };
            places.iter().map(row).collect::<Vec<Vec<i32>>>()
        };
        let travel = Travel { seconds: matrix(f64::ceil), metres: matrix(f64::round) };
        let longest = travel.metres.iter().flatten().copied().max().unwrap_or(0);
        let homes = self.technicians.len();
        Problem {
            name: self.name,
            scale: 1_000_000,
            best_known: self.best_known,
            depot: self.depot.map(|_| Depot { place: places.len() - 1, seconds: 0 }),
            technicians: self.technicians.iter().enumerate().map(technician).collect(),
            visits: self.requests.iter().zip(homes..).map(visit).collect(),
            weights: super::distance_only(i64::from(longest)),
            places,
            travel,
        }
    }
}

/// The name that the file has for a field of the problem.
pub(crate) fn field(ours: &str) -> String {
    if let Some((visit, rest)) = super::indexed(ours, "visits") {
        let rest = match rest {
            ".seconds" => ".service",
            ".windows" => ".close",
            other => other,
        };
        return format!("requests[{visit}]{rest}");
    }
    ours.replace(".shifts[0].end", ".close")
}

fn technician((place, stop): (usize, &Stop)) -> Technician {
    Technician {
        id: Id::Number(stop.id),
        shifts: vec![Shift {
            start: instant(stop.open),
            end: instant(stop.close),
            overtime: 0,
            from: place,
            to: place,
            breaks: Vec::new(),
        }],
        skills: skills(stop),
        tools: stop.tools.iter().map(u64::to_string).collect(),
        parts: parts(stop),
        territories: Vec::new(),
    }
}

fn visit((stop, place): (&Stop, usize)) -> Visit {
    Visit {
        seconds: instant(stop.service),
        windows: vec![(instant(stop.open), instant(stop.close))],
        skills: skills(stop),
        tools: stop.tools.iter().map(u64::to_string).collect(),
        parts: parts(stop),
        ..Visit::new(Id::Number(stop.id), place)
    }
}

fn skills(stop: &Stop) -> Vec<Skill> {
    let skill = |number: &u64| Skill { name: number.to_string(), level: 1, until: None };
    stop.skills.iter().map(skill).collect()
}

fn parts(stop: &Stop) -> Vec<Part> {
    let counted = stop.parts.iter().enumerate().filter(|&(_, &count)| count > 0);
    counted.map(|(part, &count)| Part { name: part.to_string(), count }).collect()
}

#[allow(clippy::cast_possible_truncation)]
fn units(value: f64) -> i32 {
    value as i32
}

#[allow(clippy::cast_possible_truncation)]
fn instant(time: f64) -> i64 {
    (time * SCALE).round() as i64
}
