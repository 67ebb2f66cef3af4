//! Where one more node fits into a route, and what it would cost there.

use crate::model::{Arc, Model, Node, Tour, number};
use crate::route::{Route, balance};

/// Where a node would go and at what price.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spot {
    pub cost: i64,
    pub position: u16,
    pub window: u8,
    /// Position of a new call at the depot that goes with it.
    pub depot: Option<u16>,
}

/// The two cheapest spots of a node in a route, as of a version of it.
#[derive(Clone, Copy)]
pub(crate) struct Best {
    pub version: u64,
    pub spots: [Spot; 2],
}

/// Dearer than anything.
pub(crate) const NOWHERE: Spot = Spot { cost: i64::MAX, position: 0, window: 0, depot: None };

impl Best {
    /// Nothing known.
    pub const NONE: Self = Self { version: 0, spots: [NOWHERE; 2] };

    fn offer(&mut self, spot: Spot) {
        if spot.cost < self.spots[0].cost {
            self.spots = [spot, self.spots[0]];
        } else if spot.cost < self.spots[1].cost {
            self.spots[1] = spot;
        }
    }
}

impl Route {
    /// The two cheapest spots for a node at a position not before `from`, each with one of
    /// `windows`; `used` is what the other shifts of the technician take from the stock.
    pub fn scan(
        &self,
        (model, r): (&Model, usize),
        node: u32,
        (windows, from): (&[(i64, i64)], usize),
        used: impl Fn(u16) -> i64,
    ) -> Best {
        let mut best = Best { version: self.version, ..Best::NONE };
        let tour = &model.tours[r];
        let terms = model.terms(r, node);
        if terms.latest == i64::MIN {
            return best;
        }
        let what = &model.nodes[node as usize];
        let on_board = what.tools & !tour.tools == 0
            && what
                .parts
                .iter()
                .all(|&(part, count)| self.load[part as usize] + count + used(part) <= tour.stock[part as usize]);
        let start = match (on_board, self.depot) {
            (true, _) => Some(0),
            (false, Some(depot)) => Some(depot + 1),
            (false, None) => None,
        };
        let opening = if self.stops.is_empty() { model.problem.weights.shift } else { 0 };
        let bias = terms.bias + opening;
        for (window, &(lo, hi)) in (0..).zip(windows) {
            let hi = hi.min(terms.latest);
            let trial = Trial { model, tour, what, r, node, lo, hi, bias, window };
            match start {
                Some(start) => self.scan_window(&trial, start.max(from), &mut best),
                None => self.scan_depot(&trial, from, &mut best),
            }
        }
        best
    }

    /// Tries every position from `start` on.
    fn scan_window(&self, trial: &Trial, start: usize, best: &mut Best) {
        let &Trial { model, what, lo, hi, bias, .. } = trial;
        let (out, into) = (model.from(what.place), model.into(what.place));
        let (rich, service) = (trial.tour.rich, what.service);
        let earliest = lo + service;
        let mut bound = best.spots[1].cost;
        let legs = &self.legs[start..];
        for (i, (here, next)) in legs.iter().zip(&legs[1..]).enumerate() {
            if here.depart > hi {
                break;
            }
            if next.latest < earliest {
                continue;
            }
            let (to, on) = (into[here.place as usize], out[next.place as usize]);
            let cost = i64::from(to.cost) + i64::from(on.cost) - i64::from(here.arc) + bias;
            let arrival = here.depart + i64::from(to.time);
            let leave = arrival.max(lo) + service;
            if cost >= bound || arrival > hi || leave + i64::from(on.time) > next.latest {
                continue;
            }
            let spot = trial.spot(cost, start + i, None);
            best.offer(if rich { self.priced(trial, spot, (to, on)) } else { spot });
            bound = best.spots[1].cost;
        }
    }

    /// A spot with its full price in a tour that must be walked, or nowhere.
    #[inline(never)]
    fn priced(&self, trial: &Trial, spot: Spot, (to, on): (Arc, Arc)) -> Spot {
        let soft = self.price(trial, spot.position as usize, to, on);
        soft.map_or(NOWHERE, |soft| Spot { cost: spot.cost + soft - self.soft, ..spot })
    }

    /// Price of lateness, overtime and balance with the node at position `i`, if rests fit too.
    fn price(&self, trial: &Trial, i: usize, to: Arc, on: Arc) -> Option<i64> {
        let &Trial { model, tour, what, lo, hi, .. } = trial;
        let mut clock = self.clocks[i];
        if !clock.serve(tour, i, to.time, Some(what), ((lo, hi), what.service)) {
            return None;
        }
        let mut travel = on.time;
        for (stop, after) in self.stops[i..].iter().zip(&self.legs[i + 2..]) {
            let node = model.nodes.get(stop.node as usize);
            if !clock.serve(tour, 0, travel, node, ((stop.lo, stop.hi), stop.service)) {
                return None;
            }
            travel = model.arc(stop.place, after.place).time;
        }
        let end = clock.finish(model, tour, 0, travel)?;
        if model.problem.weights.fairness == 0 {
            return Some(end.cost);
        }
        let between = model.arc(self.legs[i].place, self.legs[i + 1].place).time;
        let replaced = if self.stops.is_empty() { 0 } else { i64::from(between) };
        let added = i64::from(to.time) + i64::from(on.time) - replaced + what.service;
        Some(end.cost + balance(model, tour, self.work + added))
    }

    /// Tries every pair of positions from `from` on for a call at the depot and, later, the node.
    fn scan_depot(&self, trial: &Trial, from: usize, best: &mut Best) {
        let &Trial { model, what, lo, hi, bias, .. } = trial;
        let Some(depot) = model.problem.depot else { return };
        let place = number(depot.place);
        let (out, into) = (model.from(what.place), model.into(what.place));
        for (d, pair) in self.legs.windows(2).enumerate().skip(from) {
            let (here, next) = (&pair[0], &pair[1]);
            let to = model.arc(here.place, place);
            let mut leave = here.depart + i64::from(to.time) + depot.seconds;
            let call = i64::from(to.cost) - i64::from(here.arc) + bias;
            let direct = (model.arc(place, what.place), out[next.place as usize]);
            let cost = call + i64::from(direct.0.cost) + i64::from(direct.1.cost);
            let mut offer = |leave: i64, to: Arc, on: Arc, cost: i64, i: usize| {
                let arrival = leave + i64::from(to.time);
                let end = arrival.max(lo) + what.service + i64::from(on.time);
                if arrival <= hi && end <= self.legs[i + 1].latest {
                    let spot = trial.spot(cost, i, Some(d));
                    best.offer(if trial.tour.rich { self.walked(trial, spot) } else { spot });
                }
            };
            offer(leave, direct.0, direct.1, cost, d);
            let on = model.arc(place, next.place);
            let call = call + i64::from(on.cost);
            leave += i64::from(on.time);
            for i in d + 1..self.legs.len() - 1 {
                let stop = &self.stops[i - 1];
                if leave > self.legs[i].latest {
                    break;
                }
                leave = leave.max(stop.lo) + stop.service;
                let (to, on) = (into[stop.place as usize], out[self.legs[i + 1].place as usize]);
                let cost = call + i64::from(to.cost + on.cost - self.legs[i].arc);
                offer(leave, to, on, cost, i);
                leave += i64::from(model.arc(stop.place, self.legs[i + 1].place).time);
            }
        }
    }

    /// The spot with its full price in a tour that must be walked, or nowhere.
    fn walked(&self, trial: &Trial, spot: Spot) -> Spot {
        let mut route = self.clone();
        route.insert(trial.model, trial.node, spot, (trial.lo, trial.hi));
        route.refresh(trial.model, trial.r, 0);
        if route.feasible { Spot { cost: route.cost - self.cost, ..spot } } else { NOWHERE }
    }
}

/// What is being tried in a scan.
struct Trial<'a> {
    model: &'a Model<'a>,
    tour: &'a Tour,
    what: &'a Node,
    r: usize,
    node: u32,
    lo: i64,
    hi: i64,
    bias: i64,
    window: u8,
}

impl Trial<'_> {
    #[allow(clippy::cast_possible_truncation)]
    fn spot(&self, cost: i64, position: usize, depot: Option<usize>) -> Spot {
        let depot = depot.map(|at| at as u16);
        Spot { cost, position: position as u16, window: self.window, depot }
    }
}
