//! What comes out: who goes where and when, what is left over and why.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::model::{DEPOT, Model};
use crate::problem::{Id, Problem};
use crate::state::State;
use crate::timetable;

/// The name of a call at the depot among the stops of a tour.
pub const DEPOT_STOP: &str = "depot";

/// A plan, draft or published.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Travelled in all, in the reported unit of the problem.
    pub distance: f64,
    /// The objective that was minimised, in the units of `Weights`.
    #[serde(default)]
    pub cost: i64,
    /// Tours with at least one stop.
    pub routes: Vec<Tour>,
    /// Visits not served.
    #[serde(default)]
    pub unassigned: Vec<Unassigned>,
    /// Iterations of the search.
    #[serde(default)]
    pub iterations: u64,
    /// Time spent, filled in by the caller: the solver has no clock.
    #[serde(default)]
    pub seconds: f64,
}

/// One shift of one technician.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tour {
    /// The technician.
    pub vehicle: Id,
    /// Index of the shift of that technician.
    #[serde(default)]
    pub shift: usize,
    /// Visits in order; `"depot"` stands for a call at the depot.
    pub stops: Vec<Id>,
    /// Visits of a crew among the stops that another technician leads.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assists: Vec<Id>,
    /// When each of the stops happens, in the same order. A plan made elsewhere may leave it out.
    #[serde(default)]
    pub timetable: Vec<Times>,
    /// Rests taken, `[begin, end]`.
    #[serde(default)]
    pub breaks: Vec<(i64, i64)>,
    /// Departure, as late as the first stop allows.
    #[serde(default)]
    pub leave: i64,
    /// Arrival at the end of the tour.
    #[serde(default)]
    pub back: i64,
    /// Travelled, in the reported unit.
    #[serde(default)]
    pub distance: f64,
}

/// The instants of one stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Times {
    /// On site.
    pub arrive: i64,
    /// Work begins.
    pub start: i64,
    /// Work ends.
    pub end: i64,
}

/// A visit left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unassigned {
    /// The visit.
    pub stop: Id,
    /// The rule that stands against the technician who comes closest, as a stable name.
    #[serde(default)]
    pub code: String,
    /// The same in words and numbers.
    pub why: String,
}

/// A visit whose technician or start differs between two plans.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Change {
    /// The visit.
    pub visit: Id,
    /// Technicians and start before; nobody when it was not planned.
    pub before: Option<(Vec<Id>, Option<i64>)>,
    /// Technicians and start after.
    pub after: Option<(Vec<Id>, Option<i64>)>,
}

type Appointment = (Vec<Id>, Option<i64>);

impl Plan {
    /// What differs from an earlier plan, by visit.
    #[must_use]
    pub fn changes(&self, before: &Self) -> Vec<Change> {
        let (old, new) = (before.appointments(), self.appointments());
        let mut visits: Vec<&Id> = old.keys().chain(new.keys()).copied().collect();
        visits.sort_unstable();
        visits.dedup();
        let pairs = visits.into_iter().map(|visit| (visit, old.get(visit), new.get(visit)));
        let changed = pairs.filter(|(_, before, after)| before != after);
        changed
            .map(|(visit, before, after)| Change {
                visit: visit.clone(),
                before: before.cloned(),
                after: after.cloned(),
            })
            .collect()
    }

    /// Visits of an earlier plan that someone else serves now, or nobody: what a re-plan keeps few.
    #[must_use]
    pub fn handed_over(&self, before: &Self) -> Vec<Id> {
        let changed = self.changes(before).into_iter();
        let others = changed.filter_map(|Change { visit, before, after }| {
            let (crew, _) = before?;
            after.is_none_or(|(now, _)| now != crew).then_some(visit)
        });
        others.collect()
    }

    fn appointments(&self) -> HashMap<&Id, Appointment> {
        let mut visits: HashMap<&Id, Appointment> = HashMap::new();
        for tour in &self.routes {
            for (i, stop) in tour.stops.iter().enumerate() {
                if *stop == Id::from(DEPOT_STOP) {
                    continue;
                }
                let start = tour.timetable.get(i).map(|times| times.start);
                let entry = visits.entry(stop).or_insert_with(|| (Vec::new(), start));
                entry.0.push(tour.vehicle.clone());
            }
        }
        visits.values_mut().for_each(|(crew, _)| crew.sort_unstable());
        visits
    }

    /// The technician of each visit, the first of a crew.
    pub(crate) fn holders(&self) -> HashMap<&Id, &Id> {
        let mut holders = HashMap::new();
        for tour in &self.routes {
            for stop in &tour.stops {
                if !tour.assists.contains(stop) {
                    holders.insert(stop, &tour.vehicle);
                }
            }
        }
        holders
    }
}

/// Writes a plan down.
pub(crate) fn write(state: &State, iterations: u64) -> Plan {
    let model = state.model;
    let mut plan = Plan { cost: state.cost, iterations, ..Plan::default() };
    let mut metres = 0;
    for (r, route) in state.routes.iter().enumerate() {
        let Some(day) = timetable::day(model, r, route).filter(|_| !route.stops.is_empty()) else {
            continue;
        };
        let times = route.stops.iter().zip(day.arrivals.iter().zip(&day.starts));
        let length = length(model, r, &route.stops.iter().map(|s| s.place).collect::<Vec<_>>());
        metres += length;
        let assists =
            route.stops.iter().filter(|stop| stop.node != DEPOT && model.job(stop.node).nodes.start != stop.node);
        let technician = &model.problem.technicians[model.tours[r].technician as usize];
        let first = model.tours.iter().position(|t| t.technician == model.tours[r].technician);
        plan.routes.push(Tour {
            vehicle: technician.id.clone(),
            shift: r - first.unwrap_or(r),
            stops: route.stops.iter().map(|stop| name(model, stop.node)).collect(),
            assists: assists.map(|stop| name(model, stop.node)).collect(),
            timetable: times
                .map(|(stop, (&arrive, &start))| Times { arrive, start, end: start + stop.service })
                .collect(),
            breaks: day.rests,
            leave: day.leave,
            back: day.back,
            distance: reported(model.problem, length),
        });
    }
    plan.distance = reported(model.problem, metres);
    plan.unassigned = crate::explain::left_out(state);
    plan
}

fn name(model: &Model, node: u32) -> Id {
    if node == DEPOT {
        return Id::from(DEPOT_STOP);
    }
    model.problem.visits[model.nodes[node as usize].visit as usize].id.clone()
}

fn length(model: &Model, r: usize, places: &[u32]) -> i64 {
    let tour = &model.tours[r];
    let mut from = tour.from;
    let mut sum = 0;
    for &place in places.iter().chain([&tour.to]) {
        sum += model.problem.travel.distance(from as usize, place as usize);
        from = place;
    }
    sum
}

/// A distance in the unit the problem is reported in.
#[allow(clippy::cast_precision_loss)]
pub(crate) fn reported(problem: &Problem, metres: i64) -> f64 {
    metres as f64 / problem.scale as f64
}
