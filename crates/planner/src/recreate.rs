//! Puts absent visits back, each where it is cheapest at its turn, now and then looking away.

use std::cmp::Reverse;

use crate::model::{Model, Node};
use crate::rng::Rng;
use crate::scan::Spot;
use crate::state::State;
use crate::tied;

/// Probability of overlooking a good spot.
pub(crate) const BLINK: f64 = 0.01;

/// The absent visits and what is needed to place them.
pub(crate) struct Recreate {
    /// The last search in which an empty tour of each kind was tried.
    tried: Vec<u64>,
    /// The last search in which each tour was looked at.
    seen: Vec<u64>,
    search: u64,
}

impl Recreate {
    pub fn new(model: &Model) -> Self {
        Self { tried: vec![0; model.kinds], seen: vec![0; model.tours.len()], search: 0 }
    }

    /// Inserts what can be inserted and leaves the rest absent.
    pub fn run(&mut self, state: &mut State, rng: &mut Rng, absent: &mut [u32]) {
        order(state.model, rng, absent);
        for &visit in &*absent {
            let job = &state.model.jobs[visit as usize];
            if job.tied {
                tied::place(state, rng, visit);
                continue;
            }
            let node = job.nodes.start;
            if let Some((r, spot)) = self.cheapest(state, rng, node)
                && spot.cost < job.penalty
            {
                let window = state.model.nodes[node as usize].windows[spot.window as usize];
                state.insert(r, node, spot, window);
            }
        }
    }

    /// The cheapest spot in the tours of visits nearby and in empty tours.
    fn cheapest(&mut self, state: &mut State, rng: &mut Rng, node: u32) -> Option<(usize, Spot)> {
        self.search += 1;
        let model = state.model;
        let visit = model.nodes[node as usize].visit as usize;
        let mut found = Found { place: None, least: i64::MAX };
        if model.jobs.len() > MANY {
            for &visit in &model.near(visit)[1..NEAR] {
                let r = state.at[model.jobs[visit as usize].nodes.start as usize] as usize;
                if let Some(seen) = self.seen.get_mut(r)
                    && std::mem::replace(seen, self.search) != self.search
                {
                    found.look(state, rng, r, node);
                }
            }
        }
        let everywhere = found.place.is_none();
        for r in 0..state.routes.len() {
            if state.is_empty(r) {
                let tried = &mut self.tried[model.tours[r].kind as usize];
                if std::mem::replace(tried, self.search) != self.search {
                    found.look(state, rng, r, node);
                }
            } else if everywhere && self.seen[r] != self.search {
                found.look(state, rng, r, node);
            }
        }
        found.place
    }
}

/// Visits nearby whose tours are looked at before any other, where there are many visits.
const NEAR: usize = 40;
const MANY: usize = 300;

/// The best spot so far.
struct Found {
    place: Option<(usize, Spot)>,
    least: i64,
}

impl Found {
    fn look(&mut self, state: &mut State, rng: &mut Rng, r: usize, node: u32) {
        for spot in state.best(r, node).spots {
            if spot.cost >= self.least {
                return;
            }
            if !rng.chance(BLINK) {
                self.least = spot.cost;
                self.place = Some((r, spot));
                return;
            }
        }
    }
}

/// The orders of the paper with its odds; visits that others wait for always go first.
fn order(model: &Model, rng: &mut Rng, absent: &mut [u32]) {
    let job = |&v: &u32| &model.jobs[v as usize];
    let window = |v: &u32| span(&model.nodes[job(v).nodes.start as usize]);
    rng.shuffle(absent);
    match rng.below(17) {
        0..4 => {}
        4..8 => absent.sort_by_key(|v| Reverse(job(v).scarcity)),
        8..10 => absent.sort_by_key(|v| Reverse(job(v).remoteness)),
        10..11 => absent.sort_by_key(|v| job(v).remoteness),
        11..13 => absent.sort_by_key(|v| window(v).1 - window(v).0),
        13..15 => absent.sort_by_key(|v| window(v).0),
        _ => absent.sort_by_key(|v| Reverse(window(v).1)),
    }
    absent.sort_by_key(|v| job(v).depth);
}

/// First and last instant at which work may start.
fn span(node: &Node) -> (i64, i64) {
    match (node.windows.first(), node.windows.last()) {
        (Some(first), Some(last)) => (first.0, last.1),
        _ => (0, 0),
    }
}
