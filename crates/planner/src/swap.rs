//! Two technicians change tours: what strings alone hardly ever find when homes differ.

use crate::model::{DEPOT, NONE};
use crate::rng::Rng;
use crate::state::State;

/// Gives each of two tours the visits of the other, in their order, as far as they fit. Visits that
/// fit no more are left absent and listed in `out`.
pub(crate) fn swap(state: &mut State, rng: &mut Rng, out: &mut Vec<u32>) {
    let model = state.model;
    let node = model.jobs[rng.below(model.jobs.len())].nodes.start;
    let a = state.at[node as usize];
    let b = rng.below(state.routes.len());
    if a == NONE || a as usize == b {
        return;
    }
    let a = a as usize;
    let visits = |state: &State, r: usize| {
        let stops = state.routes[r].stops.iter().filter(|stop| stop.node != DEPOT);
        let free = stops.filter(|stop| !model.job(stop.node).tied);
        free.map(|stop| model.nodes[stop.node as usize].visit).collect::<Vec<_>>()
    };
    let (first, second) = (visits(state, a), visits(state, b));
    out.extend(first.iter().chain(&second));
    state.remove(out);
    for (r, list) in [(b, first), (a, second)] {
        for visit in list {
            let node = model.jobs[visit as usize].nodes.start;
            let windows = &model.nodes[node as usize].windows;
            let last = state.routes[r].stops.len();
            let spot = state.scan_from(r, node, windows, last).spots[0];
            if spot.cost < i64::MAX {
                state.insert(r, node, spot, windows[spot.window as usize]);
            }
        }
    }
    out.retain(|&visit| !state.serves(visit));
}
