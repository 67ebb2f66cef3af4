//! One tour: its stops and what follows from them.
//!
//! A stop keeps one window, chosen when it is inserted. So the question "does it fit here?" is
//! answered in constant time from the earliest departure before and the latest arrival after; only
//! a tour with rests, overtime, lateness or balance must be walked through for its price.

use crate::clock::Clock;
use crate::model::{DEPOT, Model, Tour, number};
use crate::problem::Depot;
use crate::scan::Spot;

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
    pub clocks: Vec<Clock>,
    /// Parts used before the call at the depot, by part.
    pub load: Vec<i64>,
    /// Index of the call at the depot in `stops`.
    pub depot: Option<usize>,
    /// Seconds of work and travel.
    pub work: i64,
    pub cost: i64,
    /// Price of lateness, overtime and balance within `cost`.
    pub soft: i64,
    pub feasible: bool,
    /// Changes with every change of the route.
    pub version: u64,
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
        let time = |legs: &[Leg], i: usize| i64::from(model.arc(legs[i].place, legs[i + 1].place).time);
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
pub(crate) fn call(depot: Depot) -> Stop {
    let (place, free) = (number(depot.place), i64::MAX / 4);
    Stop { node: DEPOT, place, service: depot.seconds, lo: -free, hi: free, cap: free }
}

/// Price of a tour with so many seconds of work and travel.
pub(crate) fn balance(model: &Model, tour: &Tour, work: i64) -> i64 {
    if model.problem.weights.fairness == 0 {
        return 0;
    }
    let span = (tour.end - tour.start).max(1);
    model.problem.weights.fairness * (work * work / span)
}
