//! Which visits to take out: strings of neighbouring stops from neighbouring tours.
//!
//! Christiaens and Vanden Berghe, "Slack induction by string removals for vehicle routing
//! problems", Transportation Science 54 (2020).

use crate::model::{DEPOT, NONE, number};
use crate::rng::Rng;
use crate::state::State;

/// Visits removed on average, and stops in one string at most.
const AVERAGE: f64 = 10.0;
const LONGEST: f64 = 10.0;
/// Probability of leaving a stop inside a string where it is, and of leaving one more: long gaps,
/// where the paper has short ones, reach both ends of a tour at once.
const SPLIT: f64 = 0.5;
const LEAVE_MORE: f64 = 0.9;

/// The strings of the present stage of the search.
pub(crate) struct Ruin {
    /// Stops in one string at most, by the mean length of a tour.
    longest: f64,
    /// Tours that have given a string in this iteration.
    ruined: Vec<u32>,
}

impl Ruin {
    pub const fn new() -> Self {
        Self { longest: 1.0, ruined: Vec::new() }
    }

    /// Adapts to the length of the tours as they are now.
    #[allow(clippy::cast_precision_loss)]
    pub fn adapt(&mut self, state: &State) {
        let used = state.routes.iter().filter(|route| !route.stops.is_empty());
        let (count, stops) = used.fold((0, 0), |(n, s), route| (n + 1, s + route.stops.len()));
        self.longest = LONGEST.min(stops as f64 / f64::from(count.max(1))).max(1.0);
    }

    /// Chooses the visits of several strings around a random visit.
    #[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    pub fn strings(&mut self, state: &State, rng: &mut Rng, out: &mut Vec<u32>) {
        let model = state.model;
        let most = 4.0 * AVERAGE / (1.0 + self.longest) - 1.0;
        let strings = (rng.unit() * most + 1.0) as usize;
        self.ruined.clear();
        let seed = rng.below(model.jobs.len());
        for &visit in model.near(seed) {
            if self.ruined.len() >= strings {
                break;
            }
            let nodes = model.jobs[visit as usize].nodes.clone();
            let node = nodes.start + number(rng.below(nodes.len()));
            let r = state.at[node as usize];
            if r == NONE || self.ruined.contains(&r) {
                continue;
            }
            let Some((_, at)) = state.find(node) else { continue };
            let length = state.routes[r as usize].stops.len();
            let limit = self.longest.min(length as f64);
            let string = ((rng.unit() * limit + 1.0) as usize).min(length);
            cut(state, rng, r as usize, (at, string), out);
            self.ruined.push(r);
        }
    }
}

/// Takes a string of the given length around a position, whole or with a gap left inside.
fn cut(state: &State, rng: &mut Rng, r: usize, (at, length): (usize, usize), out: &mut Vec<u32>) {
    let stops = &state.routes[r].stops;
    let mut kept = 0;
    if length > 1 && length < stops.len() && rng.chance(SPLIT) {
        kept = 1;
        while length + kept < stops.len() && rng.chance(LEAVE_MORE) {
            kept += 1;
        }
    }
    let span = length + kept;
    let first = at.saturating_sub(span - 1);
    let last = at.min(stops.len() - span);
    let begin = first + rng.below(last - first + 1);
    let gap = begin + if kept > 0 { 1 + rng.below(length - 1) } else { span };
    for (i, stop) in stops.iter().enumerate().skip(begin).take(span) {
        if (i < gap || i >= gap + kept) && stop.node != DEPOT {
            out.push(state.model.nodes[stop.node as usize].visit);
        }
    }
}
