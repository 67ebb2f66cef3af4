//! A technician's day walked through in time, with rests.
//!
//! A rest may be taken before leaving a place or on arrival at the next. The clock keeps the
//! earliest time for each number of rests taken so far, so that no way to take them is missed.

use crate::model::{Model, Node, Tour};

/// Rests in one shift, at most.
pub(crate) const RESTS: usize = 3;
/// Later than any window.
const NEVER: i64 = i64::MAX / 2;

/// The earliest time with a given number of rests taken, its price so far, and where they were.
#[derive(Clone, Copy)]
pub(crate) struct Moment {
    pub time: i64,
    pub cost: i64,
    /// For each rest taken: twice the index of the leg, plus one when taken on arrival.
    pub rests: [u16; RESTS],
    /// How many of them count.
    pub taken: usize,
}

/// One moment for each number of rests taken.
#[derive(Clone, Copy)]
pub(crate) struct Clock {
    moments: [Moment; RESTS + 1],
}

impl Clock {
    /// The start of a shift.
    pub fn new(tour: &Tour) -> Self {
        let never = Moment { time: NEVER, cost: 0, rests: [0; RESTS], taken: 0 };
        let mut moments = [never; RESTS + 1];
        moments[0].time = tour.start;
        Self { moments }
    }

    /// Travels along leg `leg` and serves a node as soon as `window` allows. False when too late.
    pub fn serve(
        &mut self,
        tour: &Tour,
        leg: usize,
        travel: i32,
        node: Option<&Node>,
        (window, service): ((i64, i64), i64),
    ) -> bool {
        self.travel(tour, leg, travel);
        let mut alive = false;
        for moment in &mut self.moments[..=tour.breaks.len()] {
            let start = moment.time.max(window.0);
            if start > window.1 {
                moment.time = NEVER;
                continue;
            }
            if let Some(node) = node
                && start > node.due
            {
                moment.cost += node.breach + node.late * (start - node.due);
            }
            moment.time = start + service;
            alive = true;
        }
        alive
    }

    /// Travels to the end of the shift and picks the cheapest way to have spent it.
    pub fn finish(mut self, model: &Model, tour: &Tour, leg: usize, travel: i32) -> Option<Moment> {
        self.travel(tour, leg, travel);
        let overtime = model.problem.weights.overtime;
        let mut best: Option<Moment> = None;
        for (taken, moment) in self.moments[..=tour.breaks.len()].iter().enumerate() {
            let owed = tour.breaks.get(taken).is_some_and(|rest| moment.time > rest.close);
            if owed || moment.time > tour.close {
                continue;
            }
            let cost = moment.cost + overtime * (moment.time - tour.end).max(0);
            if best.is_none_or(|best| (cost, moment.time) < (best.cost, best.time)) {
                best = Some(Moment { cost, taken, ..*moment });
            }
        }
        best
    }

    #[allow(clippy::cast_possible_truncation)]
    fn travel(&mut self, tour: &Tour, leg: usize, travel: i32) {
        let leg = 2 * leg as u16;
        self.rest(tour, leg);
        for moment in &mut self.moments[..=tour.breaks.len()] {
            if moment.time < NEVER {
                moment.time += i64::from(travel);
            }
        }
        self.rest(tour, leg + 1);
    }

    fn rest(&mut self, tour: &Tour, point: u16) {
        for (taken, rest) in tour.breaks.iter().enumerate() {
            let before = self.moments[taken];
            if before.time > rest.close {
                continue;
            }
            let time = before.time.max(rest.open) + rest.seconds;
            let after = &mut self.moments[taken + 1];
            if (time, before.cost) <= (after.time, after.cost) || after.time >= NEVER {
                *after = Moment { time, ..before };
                after.rests[taken] = point;
            }
        }
    }
}
