//! Vehicle routing with time windows: Solomon, and Gehring and Homberger.
//!
//! Rule of the DIMACS challenge: each arc is the Euclidean distance truncated to one decimal, for
//! time and for cost. Everything is counted in tenths, so nothing is rounded a second time.

use serde::Deserialize;

use crate::problem::{Id, Part, Place, Problem, Shift, Technician, Travel, Visit};

/// Tenths.
const SCALE: i64 = 10;
const LOAD: &str = "capacity";

/// An instance as it is published; the first node is the depot.
#[derive(Deserialize)]
pub(crate) struct Instance {
    name: String,
    best_known: Option<f64>,
    vehicles: u64,
    capacity: i64,
    nodes: Vec<Node>,
}

#[derive(Deserialize)]
struct Node {
    x: f64,
    y: f64,
    demand: i64,
    open: f64,
    close: f64,
    service: f64,
}

impl Instance {
    /// The same as a problem: each vehicle is a technician whose capacity is a stock of parts.
    pub fn into_problem(self) -> Problem {
        let places: Vec<Place> = self.nodes.iter().map(|n| Place { x: n.x, y: n.y }).collect();
        let row = |a: &Place| places.iter().map(|b| tenths((a.x - b.x).hypot(a.y - b.y))).collect();
        let seconds: Vec<Vec<i32>> = places.iter().map(row).collect();
        let longest = seconds.iter().flatten().copied().max().unwrap_or(0);
        let shift = self.nodes.first().map(|depot| Shift {
            start: instant(depot.open),
            end: instant(depot.close),
            overtime: 0,
            from: 0,
            to: 0,
            breaks: Vec::new(),
        });
        let load = |count: i64| vec![Part { name: LOAD.to_owned(), count }];
        let vehicle = |number: u64| Technician {
            id: Id::Number(number),
            shifts: shift.iter().cloned().collect(),
            skills: Vec::new(),
            tools: Vec::new(),
            parts: load(self.capacity),
            territories: Vec::new(),
        };
        let visit = |(number, node): (usize, &Node)| Visit {
            seconds: instant(node.service),
            windows: vec![(instant(node.open), instant(node.close))],
            parts: load(node.demand),
            ..Visit::new(Id::Number(number as u64), number)
        };
        Problem {
            name: self.name,
            scale: SCALE,
            best_known: self.best_known,
            travel: Travel { seconds, metres: Vec::new() },
            depot: None,
            technicians: (1..=self.vehicles).map(vehicle).collect(),
            visits: self.nodes.iter().enumerate().skip(1).map(visit).collect(),
            weights: super::distance_only(i64::from(longest)),
            places,
        }
    }
}

/// The name that the file has for a field of the problem.
pub(crate) fn field(ours: &str) -> String {
    if let Some((visit, rest)) = super::indexed(ours, "visits") {
        let rest = match rest {
            ".seconds" => ".service",
            ".windows" => ".close",
            ".parts[0].count" => ".demand",
            other => other,
        };
        return format!("nodes[{}]{rest}", visit + 1);
    }
    if let Some((place, _)) = super::indexed(ours, "places") {
        return format!("nodes[{place}]");
    }
    match super::indexed(ours, "technicians") {
        Some((_, rest)) if rest.starts_with(".parts") => "capacity".to_owned(),
        Some((_, rest)) if rest.starts_with(".shifts") => "nodes[0].close".to_owned(),
        _ => ours.to_owned(),
    }
}

/// Truncated to one decimal and counted in tenths.
#[allow(clippy::cast_possible_truncation)]
fn tenths(distance: f64) -> i32 {
    (distance * 10.0).floor() as i32
}

#[allow(clippy::cast_possible_truncation)]
fn instant(time: f64) -> i64 {
    (time * 10.0).round() as i64
}
