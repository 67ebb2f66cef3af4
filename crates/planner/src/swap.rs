//! Two technicians change tours, or the rest of them: what strings alone hardly ever find when homes
//! differ.

use crate::model::{DEPOT, Model, NONE};
use crate::rng::Rng;
use crate::state::State;

/// Probability of changing tours whole.
const WHOLE: f64 = 0.5;

/// The visits under way from one tour to the other.
#[derive(Default)]
pub(crate) struct Swap {
    first: Vec<u32>,
    second: Vec<u32>,
}

impl Swap {
    /// Gives each of two tours the visits of the other from some time on, in their order, as far as
    /// they fit. Visits that fit no more are left absent and listed in `out`.
    pub fn run(&mut self, state: &mut State, rng: &mut Rng, out: &mut Vec<u32>) {
        let model = state.model;
        let seed = rng.below(model.jobs.len());
        let node = model.jobs[seed].nodes.start;
        let Some((a, at)) = state.find(node) else { return };
        let whole = rng.chance(WHOLE);
        let b = if whole { rng.below(state.routes.len()) } else { neighbour(state, rng, seed) };
        if a == b || b >= state.routes.len() {
            return;
        }
        let since = if whole { i64::MIN } else { state.routes[a].start(at) };
        tail(state, a, since, &mut self.first);
        tail(state, b, since, &mut self.second);
        out.extend(self.first.iter().chain(&self.second));
        state.remove(out);
        for (r, list) in [(b, &self.first), (a, &self.second)] {
            for &visit in list {
                append(state, r, model, visit);
            }
        }
        out.retain(|&visit| !state.serves(visit));
    }
}

/// Visits whose tours are close enough to change the rest of them.
const NEAR: usize = 20;

/// The tour of a visit nearby.
fn neighbour(state: &State, rng: &mut Rng, visit: usize) -> usize {
    let near = state.model.near(visit);
    let other = near[rng.below(near.len().min(NEAR))];
    state.at[state.model.jobs[other as usize].nodes.start as usize] as usize
}

/// The visits of a tour that start at an instant or later, in order; a visit tied to others stays.
fn tail(state: &State, r: usize, since: i64, out: &mut Vec<u32>) {
    let model = state.model;
    let route = &state.routes[r];
    out.clear();
    for (i, stop) in route.stops.iter().enumerate() {
        if stop.node != DEPOT && !model.job(stop.node).tied && route.start(i) >= since {
            out.push(model.nodes[stop.node as usize].visit);
        }
    }
}

fn append(state: &mut State, r: usize, model: &Model, visit: u32) {
    let node = model.jobs[visit as usize].nodes.start;
    let windows = &model.nodes[node as usize].windows;
    let last = state.routes[r].stops.len();
    let spot = state.scan_from(r, node, windows, last).spots[0];
    if spot.cost < i64::MAX && state.at[node as usize] == NONE {
        state.insert(r, node, spot, windows[spot.window as usize]);
    }
}
