//! Who could take a visit now, and which times could be promised: priced against the live plan.

use serde::Serialize;

use crate::load::load;
use crate::model::{Model, number};
use crate::plan::Plan;
use crate::problem::{Id, Problem, overlaps};
use crate::route::Route;
use crate::state::State;
use crate::tied::{Offer, offers};
use crate::timetable;

/// One way to add a visit to a plan without moving any other to another technician.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Suggestion {
    /// Who is sent; the first of a crew.
    pub technician: Id,
    /// The rest of the crew.
    pub with: Vec<Id>,
    /// Index of the shift of that technician.
    pub shift: usize,
    /// Index among the stops of that tour.
    pub position: usize,
    /// Start and end of work.
    pub start: i64,
    /// End of work.
    pub end: i64,
    /// Seconds of travel added, for the whole crew.
    pub travel_seconds: i64,
    /// Seconds of overtime added, for the whole crew.
    pub overtime_seconds: i64,
    /// Seconds between the start and the latest start that keeps the SLA; negative when missed.
    pub sla_slack: Option<i64>,
    /// Whether this visit or one it delays misses its SLA by this suggestion.
    pub breach: bool,
    /// The objective it adds, by which suggestions are ranked.
    pub cost: i64,
}

/// A window offered to a client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Slot {
    /// `[earliest, latest]` start.
    pub window: (i64, i64),
    /// The best way to keep it.
    pub best: Suggestion,
}

/// Ranks the ways to add a visit to a plan, cheapest first, at most two for each tour. A visit
/// that is in the plan is taken out first: this also answers "where else?".
#[must_use]
pub fn suggest(problem: &Problem, plan: &Plan, visit: &Id) -> Vec<Suggestion> {
    let model = Model::new(problem, &plan.holders());
    let Some((state, v)) = without(&model, plan, visit) else { return Vec::new() };
    let node = model.jobs[v as usize].nodes.start;
    let found = offers(&state, v, &model.nodes[node as usize].windows, None);
    let mut found: Vec<Suggestion> = found.iter().filter_map(|offer| price(&state, v, offer)).collect();
    found.sort_by_key(rank);
    found.dedup_by(|a, b| (&a.technician, a.start, a.position) == (&b.technician, b.start, b.position));
    found
}

/// The windows that can be kept, each with its cheapest way, cheapest window first. A window in
/// which the SLA is missed is marked by `breach`, never hidden.
#[must_use]
pub fn slots(problem: &Problem, plan: &Plan, visit: &Id, windows: &[(i64, i64)]) -> Vec<Slot> {
    let model = Model::new(problem, &plan.holders());
    let Some((state, v)) = without(&model, plan, visit) else { return Vec::new() };
    let node = model.jobs[v as usize].nodes.start;
    let own = &model.nodes[node as usize].windows;
    let best = |&window: &(i64, i64)| {
        let found = offers(&state, v, &overlaps(own, &[window]), None);
        let least = found.iter().map(|offer| offer.cost).min()?;
        let cheapest = found.iter().filter(|offer| offer.cost == least);
        let best = cheapest.filter_map(|offer| price(&state, v, offer)).min_by_key(rank)?;
        Some(Slot { window, best })
    };
    let mut slots: Vec<Slot> = windows.iter().filter_map(best).collect();
    slots.sort_by_key(|slot| slot.best.cost);
    slots
}

/// The plan without a visit, and its number; `None` if there is no such visit.
fn without<'m>(model: &'m Model<'m>, plan: &Plan, visit: &Id) -> Option<(State<'m>, u32)> {
    let v = model.problem.visits.iter().position(|one| one.id == *visit).map(number)?;
    let mut state = State::new(model);
    load(&mut state, plan);
    state.remove(&mut vec![v]);
    Some((state, v))
}

const fn rank(one: &Suggestion) -> (i64, i64, usize) {
    (one.cost, one.start, one.position)
}

/// What one tour is like: seconds of travel, of overtime, breaches, and the starts.
struct Toll {
    travel: i64,
    overtime: i64,
    breaches: usize,
    starts: Vec<i64>,
}

fn toll(model: &Model, r: usize, route: &Route) -> Option<Toll> {
    let tour = &model.tours[r];
    if route.stops.is_empty() {
        return Some(Toll { travel: 0, overtime: 0, breaches: 0, starts: Vec::new() });
    }
    let day = timetable::day(model, r, route)?;
    let pairs = route.legs.windows(2);
    let travel = pairs.map(|pair| i64::from(model.arc(pair[0].place, pair[1].place).time)).sum();
    let due = |node: u32| model.nodes.get(node as usize).map_or(i64::MAX, |what| what.due);
    let late = route.stops.iter().zip(&day.starts).filter(|(stop, start)| **start > due(stop.node));
    let (breaches, overtime) = (late.count(), (day.back - tour.end).max(0));
    Some(Toll { travel, overtime, breaches, starts: day.starts })
}

fn price(state: &State, v: u32, offer: &Offer) -> Option<Suggestion> {
    let model = state.model;
    let technicians = &model.problem.technicians;
    let visit = &model.problem.visits[v as usize];
    let &(r, spot) = offer.members.first()?;
    let who = |r: usize| technicians[model.tours[r].technician as usize].id.clone();
    let first = model.tours.iter().position(|tour| tour.technician == model.tours[r].technician);
    let mut suggestion = Suggestion {
        technician: who(r),
        with: offer.members[1..].iter().map(|&(other, _)| who(other)).collect(),
        shift: r - first?,
        position: spot.position as usize + usize::from(spot.depot.is_some()),
        start: 0,
        end: 0,
        travel_seconds: 0,
        overtime_seconds: 0,
        sla_slack: None,
        breach: false,
        cost: offer.cost,
    };
    let nodes = model.jobs[v as usize].nodes.clone();
    for (node, &(r, spot)) in nodes.clone().zip(&offer.members) {
        let before = toll(model, r, &state.routes[r])?;
        let mut route = state.routes[r].clone();
        let (lo, hi) = offer.window;
        route.insert(model, node, spot, (lo, hi.min(model.terms(r, node).latest)));
        route.refresh(model, r, 0);
        let after = toll(model, r, &route)?;
        suggestion.travel_seconds += after.travel - before.travel;
        suggestion.overtime_seconds += after.overtime - before.overtime;
        suggestion.breach |= after.breaches > before.breaches;
        if node == nodes.start {
            suggestion.start = *after.starts.get(suggestion.position)?;
        }
    }
    suggestion.end = suggestion.start + visit.seconds;
    suggestion.sla_slack = visit.due_start().map(|due| due - suggestion.start);
    Some(suggestion)
}
