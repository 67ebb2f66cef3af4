//! One tour: its stops, what follows from them, and what one more would cost.
//!
//! A stop keeps one window, chosen when it is inserted. So the question "does it fit here?" is
//! answered in constant time from the earliest departure before and the latest arrival after; only
//! a tour with rests, overtime, lateness or balance must be walked through for its price.

use crate::clock::Clock;
use crate::model::{Arc, DEPOT, Model, Node, Tour};

/// A node in a route, with the window it keeps.
#[derive(Clone, Copy)]
pub(crate) struct Stop {
    pub node: u32,
    pub place: u32,
    pub service: i64,
    pub lo: i64,
    pub hi: i64,
    /// `hi` before any visit waiting for this one narrowed it.
    pub cap: i64,
}

/// A place on the way with what holds there; the first is the start, the last the end.
#[derive(Clone, Copy)]
pub(crate) struct Leg {
    /// Earliest departure, rests left aside.
    pub depart: i64,
    /// Latest arrival that keeps every later window, rests left aside.
    pub latest: i64,
    pub place: u32,
    /// Price of the arc to the next place.
    pub arc: i32,
}

/// The stops of one tour and what follows from them.
#[derive(Clone, Default)]
pub(crate) struct Route {
    pub stops: Vec<Stop>,
    pub legs: Vec<Leg>,
    clocks: Vec<Clock>,
    /// Parts used before the call at the depot, by part.
    pub load: Vec<i64>,
    /// Index of the call at the depot in `stops`.
    pub depot: Option<usize>,
    /// Seconds of work and travel.
    work: i64,
    pub cost: i64,
    /// Price of lateness, overtime and balance within `cost`.
    soft: i64,
    pub feasible: bool,
    /// Changes with every change of the route.
    pub version: u64,
}

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
    /// Becomes a copy of another route, within the memory already held.
    pub fn copy(&mut self, other: &Self) {
        self.stops.clone_from(&other.stops);
        self.legs.clone_from(&other.legs);
        self.clocks.clone_from(&other.clocks);
        self.load.clone_from(&other.load);
        let &Self { depot, work, cost, soft, feasible, version, .. } = other;
        (self.depot, self.work, self.cost, self.soft) = (depot, work, cost, soft);
        (self.feasible, self.version) = (feasible, version);
    }

    /// Its version and whether it is empty.
    pub fn tag(&self) -> (u64, bool) {
        (self.version, self.stops.is_empty())
    }

    /// Computes everything that follows from the stops.
    pub fn refresh(&mut self, model: &Model, r: usize, version: u64) {
        let tour = &model.tours[r];
        self.version = version;
        self.load.clear();
        self.load.resize(model.parts, 0);
        self.depot = self.stops.iter().position(|stop| stop.node == DEPOT);
        self.legs.clear();
        let latest = tour.close;
        self.legs.push(Leg { depart: tour.start, latest, place: tour.from, arc: 0 });
        self.cost = 0;
        if self.stops.is_empty() {
            self.legs.push(Leg { depart: tour.start, latest, place: tour.to, arc: 0 });
            self.clocks.clear();
            self.clocks.push(Clock::new(tour));
            (self.work, self.soft, self.feasible) = (0, 0, true);
            return;
        }
        self.forward(model, r, tour);
        let mut latest = tour.close;
        for (i, stop) in self.stops.iter().enumerate().rev() {
            let arc = model.arc(stop.place, self.legs[i + 2].place);
            latest = (latest - i64::from(arc.time) - stop.service).min(stop.hi);
            self.legs[i + 1].latest = latest;
        }
        let first = model.arc(tour.from, self.legs[1].place);
        self.feasible = tour.start + i64::from(first.time) <= latest
            && self.legs.iter().skip(1).zip(&self.stops).all(|(leg, stop)| leg.latest >= stop.lo);
        self.soft = 0;
        if tour.rich {
            self.walk(model, tour);
        }
        self.cost += self.soft;
    }

    fn forward(&mut self, model: &Model, r: usize, tour: &Tour) {
        let mut time = tour.start;
        let mut place = tour.from;
        let latest = tour.close;
        self.work = 0;
        self.cost = model.problem.weights.shift;
        for (i, stop) in self.stops.iter().enumerate() {
            let arc = model.arc(place, stop.place);
            self.legs[i].arc = arc.cost;
            self.cost += i64::from(arc.cost);
            self.work += i64::from(arc.time) + stop.service;
            place = stop.place;
            time = (time + i64::from(arc.time)).max(stop.lo) + stop.service;
            self.legs.push(Leg { depart: time, latest, place, arc: 0 });
            if stop.node == DEPOT {
                continue;
            }
            self.cost += model.terms(r, stop.node).bias;
            if self.depot.is_none_or(|depot| i < depot) {
                for &(part, count) in &model.nodes[stop.node as usize].parts {
                    self.load[part as usize] += count;
                }
            }
        }
        let arc = model.arc(place, tour.to);
        self.legs[self.stops.len()].arc = arc.cost;
        self.cost += i64::from(arc.cost);
        self.work += i64::from(arc.time);
        let depart = time + i64::from(arc.time);
        self.legs.push(Leg { depart, latest, place: tour.to, arc: 0 });
    }

    /// Walks a rich tour for its price.
    fn walk(&mut self, model: &Model, tour: &Tour) {
        let mut clock = Clock::new(tour);
        self.clocks.clear();
        self.clocks.push(clock);
        for (i, stop) in self.stops.iter().enumerate() {
            let travel = model.arc(self.legs[i].place, stop.place).time;
            let node = model.nodes.get(stop.node as usize);
            clock.serve(tour, i, travel, node, ((stop.lo, stop.hi), stop.service));
            self.clocks.push(clock);
        }
        let last = self.stops.len();
        let travel = model.arc(self.legs[last].place, tour.to).time;
        match clock.finish(model, tour, last, travel) {
            Some(end) => self.soft = end.cost + balance(model, tour, self.work),
            None => self.feasible = false,
        }
    }

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
            && what.parts.iter().all(|&(part, count)| {
                self.load[part as usize] + count + used(part) <= tour.stock[part as usize]
            });
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
        let place = crate::model::number(depot.place);
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

    /// Puts a node where `scan` said; what follows from it is out of date then.
    pub fn insert(&mut self, model: &Model, node: u32, spot: Spot, window: (i64, i64)) {
        let stop = Stop::new(model, node, window);
        self.stops.insert(spot.position as usize, stop);
        if let (Some(position), Some(depot)) = (spot.depot, model.problem.depot) {
            self.stops.insert(position as usize, call(depot));
        }
    }

    /// Puts a node where `scan` said and brings up to date only what changes. False, and nothing
    /// done, where that is not enough: in an empty tour, one to be walked, or one with a depot.
    pub fn splice(
        &mut self,
        (model, r): (&Model, usize),
        node: u32,
        spot: Spot,
        window: (i64, i64),
        version: u64,
    ) -> bool {
        let special = model.tours[r].rich || self.depot.is_some() || spot.depot.is_some();
        if special || self.stops.is_empty() {
            return false;
        }
        let at = spot.position as usize;
        let stop = Stop::new(model, node, window);
        self.stops.insert(at, stop);
        let on = model.arc(stop.place, self.legs[at + 1].place).cost;
        self.legs.insert(at + 1, Leg { depart: 0, latest: 0, place: stop.place, arc: on });
        self.legs[at].arc = model.arc(self.legs[at].place, stop.place).cost;
        let time = |legs: &[Leg], i: usize| {
            i64::from(model.arc(legs[i].place, legs[i + 1].place).time)
        };
        let mut depart = self.legs[at].depart;
        for (i, stop) in self.stops.iter().enumerate().skip(at) {
            depart = (depart + time(&self.legs, i)).max(stop.lo) + stop.service;
            if i > at && self.legs[i + 1].depart == depart {
                break;
            }
            self.legs[i + 1].depart = depart;
        }
        let mut latest = self.legs[at + 2].latest;
        for (i, stop) in self.stops.iter().enumerate().take(at + 1).rev() {
            latest = (latest - time(&self.legs, i + 1) - stop.service).min(stop.hi);
            if i < at && self.legs[i + 1].latest == latest {
                break;
            }
            self.legs[i + 1].latest = latest;
        }
        for &(part, count) in &model.nodes[node as usize].parts {
            self.load[part as usize] += count;
        }
        self.cost += spot.cost;
        self.version = version;
        true
    }

    /// Position of a node.
    pub fn position(&self, node: u32) -> Option<usize> {
        self.stops.iter().position(|stop| stop.node == node)
    }

    /// Earliest start of the stop at a position, rests left aside.
    pub fn start(&self, position: usize) -> i64 {
        self.legs[position + 1].depart - self.stops[position].service
    }
}

impl Stop {
    fn new(model: &Model, node: u32, (lo, hi): (i64, i64)) -> Self {
        let what = &model.nodes[node as usize];
        Self { node, place: what.place, service: what.service, lo, hi, cap: hi }
    }
}

/// A call at the depot as a stop.
pub(crate) fn call(depot: crate::problem::Depot) -> Stop {
    let (place, free) = (crate::model::number(depot.place), i64::MAX / 4);
    Stop { node: DEPOT, place, service: depot.seconds, lo: -free, hi: free, cap: free }
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

fn balance(model: &Model, tour: &Tour, work: i64) -> i64 {
    if model.problem.weights.fairness == 0 {
        return 0;
    }
    let span = (tour.end - tour.start).max(1);
    model.problem.weights.fairness * (work * work / span)
}
