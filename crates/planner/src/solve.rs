//! The search: ruin, recreate, and accept by simulated annealing.

use crate::load::load;
use crate::model::Model;
use crate::plan::{Plan, write};
use crate::problem::Problem;
use crate::recreate::Recreate;
use crate::rng::Rng;
use crate::ruin::Ruin;
use crate::state::{Snapshot, State};
use crate::swap::Swap;

/// How long to search.
#[derive(Clone, Copy, Debug, Default)]
pub struct Budget {
    /// Stop after this many iterations; the same number gives the same bytes.
    pub iterations: Option<u64>,
}

/// Iterations between two looks at what is spent.
const PULSE: u64 = 64;
/// First and last temperature, in mean costs of travel to one visit.
const HOT: f64 = 5.0;
const COLD: f64 = 0.03;

/// Probability of a change of tours instead of a ruin, where tours differ.
const SWAP: f64 = 0.05;

/// Plans as well as the budget allows, from nothing or from a plan that need not fit any more.
///
/// `spent` tells the part of the time that is spent: the search cools as it grows from 0 to 1, where
/// it ends. It is asked once in 64 iterations, so it may read a clock. Without a limit of iterations
/// it must reach 1; with one it may stay 0, and the plan depends on nothing but the arguments.
///
/// The problem must have passed `validate`. A visit of `start` that no longer fits where it was is
/// planned anew; `check` of the old plan against the new problem says why it did not fit.
#[must_use]
pub fn solve(
    problem: &Problem,
    start: Option<&Plan>,
    budget: Budget,
    seed: u64,
    spent: &mut dyn FnMut() -> f64,
) -> Plan {
    let published = start.map(Plan::holders).unwrap_or_default();
    let model = Model::new(problem, &published);
    let mut search = Search::new(&model, start, seed);
    while search.temper(budget, spent) {
        for _ in 0..PULSE.min(budget.iterations.map_or(PULSE, |most| most - search.iteration)) {
            search.step();
        }
    }
    search.state.restore(&search.best);
    write(&search.state, search.iteration)
}

/// A search under way.
struct Search<'m> {
    state: State<'m>,
    best: Snapshot,
    rng: Rng,
    ruin: Ruin,
    recreate: Recreate,
    swap: Swap,
    temperature: f64,
    iteration: u64,
    /// Visits taken out in this iteration or absent before it.
    absent: Vec<u32>,
    /// Visits absent before this iteration, and after it.
    missing: (Vec<u32>, Vec<u32>),
    /// How often each visit has been absent: what is hard to place is worth more.
    missed: Vec<u64>,
}

impl<'m> Search<'m> {
    fn new(model: &'m Model<'m>, start: Option<&Plan>, seed: u64) -> Self {
        let mut search = Self {
            state: State::new(model),
            best: Snapshot::default(),
            rng: Rng::new(seed),
            ruin: Ruin::new(),
            recreate: Recreate::new(model),
            swap: Swap::default(),
            temperature: 0.0,
            iteration: 0,
            absent: Vec::new(),
            missing: (Vec::new(), Vec::new()),
            missed: vec![1; model.jobs.len()],
        };
        if let Some(plan) = start {
            load(&mut search.state, plan);
        }
        search.absent = search.state.absent();
        search.recreate.run(&mut search.state, &mut search.rng, &mut search.absent);
        search.state.checkpoint();
        search.state.keep(&mut search.best);
        search
    }

    /// Sets the temperature by what is spent; false when no time or no visit is left.
    #[allow(clippy::cast_precision_loss)]
    fn temper(&mut self, budget: Budget, spent: &mut dyn FnMut() -> f64) -> bool {
        let counted = match budget.iterations {
            Some(most) if self.iteration >= most => 1.0,
            Some(most) => self.iteration as f64 / most as f64,
            None => 0.0,
        };
        let part = spent().max(counted);
        let travelled: i64 = self.state.routes.iter().map(|route| route.cost - route.soft).sum();
        let mean = travelled as f64 / self.missed.len().max(1) as f64;
        self.temperature = mean * HOT * f64::powf(COLD / HOT, part);
        self.ruin.adapt(&self.state);
        part < 1.0 && !self.missed.is_empty()
    }

    /// Takes some visits out, puts what can be put back, and keeps or forgets the result.
    fn step(&mut self) {
        self.iteration += 1;
        let before = self.state.cost;
        self.state.list_absent(&mut self.missing.0);
        self.absent.clear();
        if self.state.model.kinds > 1 && self.rng.chance(SWAP) {
            self.swap.run(&mut self.state, &mut self.rng, &mut self.absent);
        } else {
            self.ruin.strings(&self.state, &mut self.rng, &mut self.absent);
            self.state.remove(&mut self.absent);
        }
        self.absent.extend(&self.missing.0);
        self.recreate.run(&mut self.state, &mut self.rng, &mut self.absent);
        if self.accepts(before) {
            self.state.checkpoint();
            if self.state.cost < self.best.cost {
                self.state.keep(&mut self.best);
            }
        } else {
            self.state.undo(before);
        }
    }

    #[allow(clippy::cast_precision_loss)]
    fn accepts(&mut self, before: i64) -> bool {
        let limit = before as f64 - self.temperature * self.rng.unit().max(1e-300).ln();
        self.is_easier() || (self.state.cost as f64) < limit
    }

    /// Whether the visits absent now have been absent less often, at no higher a price.
    fn is_easier(&mut self) -> bool {
        let Self { state, missing: (before, now), missed, .. } = self;
        if before.is_empty() {
            return false;
        }
        state.list_absent(now);
        let price = |set: &[u32]| set.iter().map(|&v| state.model.jobs[v as usize].penalty).sum::<i64>();
        let count = |set: &[u32]| set.iter().map(|&v| missed[v as usize]).sum::<u64>();
        let easier = price(now) <= price(before) && count(now) < count(before);
        now.iter().for_each(|&v| missed[v as usize] += 1);
        easier
    }
}
