//! A plan read back into the solver, as far as it still fits.

use std::collections::HashMap;

use crate::model::{Model, NONE, number};
use crate::plan::{DEPOT_STOP, Plan};
use crate::problem::Id;
use crate::route::call;
use crate::state::State;

/// Puts every visit of a plan where the plan has it. What no longer fits is left out, with every
/// visit that depends on it. Visits that tie tours together keep the start they have in the plan.
pub(crate) fn load(state: &mut State, plan: &Plan) {
    let model = state.model;
    let tours = tours(model);
    let visits: HashMap<&Id, u32> = model.problem.visits.iter().map(|v| &v.id).zip(0..).collect();
    for tour in &plan.routes {
        let Some(&r) = tours.get(&(&tour.vehicle, tour.shift)) else { continue };
        for (i, stop) in tour.stops.iter().enumerate() {
            if *stop == Id::from(DEPOT_STOP) {
                if let Some(depot) = model.problem.depot {
                    state.push(r, call(depot));
                }
                continue;
            }
            let Some(&visit) = visits.get(stop) else { continue };
            let start = tour.timetable.get(i).map(|times| times.start);
            append(state, r, visit, start, !tour.assists.contains(stop));
        }
    }
    let mut broken = (0..number(model.jobs.len())).filter(|&visit| is_broken(state, visit)).collect();
    state.remove(&mut broken);
    state.tidy_depots();
}

/// The route of each technician and shift.
pub(crate) fn tours<'p>(model: &Model<'p>) -> HashMap<(&'p Id, usize), usize> {
    let mut tours = HashMap::new();
    let mut r = 0;
    for technician in &model.problem.technicians {
        for shift in 0..technician.shifts.len() {
            tours.insert((&technician.id, shift), r);
            r += 1;
        }
    }
    tours
}

fn append(state: &mut State, r: usize, visit: u32, start: Option<i64>, leads: bool) {
    let job = &state.model.jobs[visit as usize];
    let mut members = job.nodes.clone().skip(usize::from(!leads));
    let members = if leads { members.by_ref().take(1).collect() } else { members.collect::<Vec<_>>() };
    let is_free = |node: &u32| state.at[*node as usize] == NONE;
    let Some(node) = members.into_iter().find(is_free) else { return };
    let windows = &state.model.nodes[node as usize].windows;
    let then = windows.iter().filter(|&&(lo, hi)| start.is_some_and(|at| lo <= at && at <= hi));
    let windows: Vec<(i64, i64)> = if job.tied || !job.before.is_empty() {
        start.filter(|_| then.count() > 0).map(|at| (at, at)).into_iter().collect()
    } else {
        let then: Vec<(i64, i64)> = then.copied().collect();
        if then.is_empty() { windows.clone() } else { then }
    };
    let last = state.routes[r].stops.len();
    let spot = state.scan_from(r, node, &windows, last).spots[0];
    if spot.cost < i64::MAX {
        state.insert(r, node, spot, windows[spot.window as usize]);
    }
}

/// Whether a visit is there in part only, or before one it waits for.
fn is_broken(state: &State, visit: u32) -> bool {
    let job = &state.model.jobs[visit as usize];
    let start = |node: u32| state.find(node).map(|(r, i)| state.routes[r].start(i));
    let present = job.nodes.clone().filter(|&node| start(node).is_some()).count();
    let early = |&(first, gap): &(u32, i64)| {
        let first = &state.model.jobs[first as usize];
        first.nodes.clone().any(|node| {
            let end = start(node).map(|at| at + state.model.nodes[node as usize].service + gap);
            end.is_none_or(|end| start(job.nodes.start).is_some_and(|begin| begin < end))
        })
    };
    present > 0 && (present < job.nodes.len() || job.after.iter().any(early))
}
