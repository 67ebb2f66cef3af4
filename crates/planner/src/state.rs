//! A plan under change: every route, who is where, and the way back.

use crate::model::{DEPOT, Job, Model, NONE, number};
use crate::route::{Route, Stop};
use crate::scan::{Best, Spot};

/// All routes with what they cost; changes since `checkpoint` can be undone.
pub(crate) struct State<'m> {
    pub model: &'m Model<'m>,
    pub routes: Vec<Route>,
    /// The route of each node, or `NONE`.
    pub at: Vec<u32>,
    /// Cost of all routes and of visits not served.
    pub cost: i64,
    version: u64,
    /// The best spots of each node in each route, as far as known.
    known: Vec<Best>,
    /// Version of each route and whether it is empty, side by side for speed.
    tags: Vec<(u64, bool)>,
    /// Visits not in the plan, now and at the checkpoint.
    missing: usize,
    missing_before: usize,
    saved: Vec<(u32, Route)>,
    saved_count: usize,
    is_saved: Vec<bool>,
    /// Routes whose stops have changed and that wait for a refresh.
    stale: Vec<u32>,
}

/// A plan kept aside: the version and the stops of every route.
#[derive(Default)]
pub(crate) struct Snapshot {
    routes: Vec<(u64, Vec<Stop>)>,
    pub cost: i64,
}

impl<'m> State<'m> {
    /// Nobody sent anywhere.
    pub fn new(model: &'m Model<'m>) -> Self {
        let tours = model.tours.len();
        let mut state = Self {
            model,
            routes: vec![Route::default(); tours],
            at: vec![NONE; model.nodes.len()],
            cost: model.jobs.iter().map(|job| job.penalty).sum(),
            version: 0,
            known: Vec::new(),
            tags: vec![(0, true); tours],
            missing: model.jobs.len(),
            missing_before: model.jobs.len(),
            saved: Vec::new(),
            saved_count: 0,
            is_saved: vec![false; tours],
            stale: Vec::new(),
        };
        for r in 0..tours {
            state.refresh(r);
        }
        state
    }

    /// Whether a visit is in the plan.
    pub fn serves(&self, visit: u32) -> bool {
        self.at[self.model.jobs[visit as usize].nodes.start as usize] != NONE
    }

    /// Visits not in the plan.
    pub fn absent(&self) -> Vec<u32> {
        let mut absent = Vec::new();
        self.list_absent(&mut absent);
        absent
    }

    /// Replaces what is in `out` by the visits not in the plan.
    pub fn list_absent(&self, out: &mut Vec<u32>) {
        out.clear();
        if self.missing > 0 {
            out.extend((0..number(self.model.jobs.len())).filter(|&v| !self.serves(v)));
        }
    }

    /// Forgets the way back: what is now is the plan to return to.
    pub fn checkpoint(&mut self) {
        for (r, _) in &self.saved[..self.saved_count] {
            self.is_saved[*r as usize] = false;
        }
        self.saved_count = 0;
        self.missing_before = self.missing;
    }

    /// Returns to the last checkpoint, whose cost was `cost`.
    pub fn undo(&mut self, cost: i64) {
        for i in 0..self.saved_count {
            let r = self.saved[i].0 as usize;
            for stop in &self.routes[r].stops {
                if stop.node != DEPOT {
                    self.at[stop.node as usize] = NONE;
                }
            }
        }
        for i in 0..self.saved_count {
            let (r, route) = &mut self.saved[i];
            let index = *r as usize;
            std::mem::swap(&mut self.routes[index], route);
            self.tags[index] = self.routes[index].tag();
            for stop in &self.routes[index].stops {
                if stop.node != DEPOT {
                    self.at[stop.node as usize] = *r;
                }
            }
        }
        self.cost = cost;
        self.missing = self.missing_before;
        self.checkpoint();
    }

    /// Keeps a route as it is before its first change.
    fn save(&mut self, r: usize) {
        if self.is_saved[r] {
            return;
        }
        self.is_saved[r] = true;
        let index = number(r);
        if let Some((kept, route)) = self.saved.get_mut(self.saved_count) {
            *kept = index;
            route.copy(&self.routes[r]);
        } else {
            self.saved.push((index, self.routes[r].clone()));
        }
        self.saved_count += 1;
    }

    fn refresh(&mut self, r: usize) {
        self.version += 1;
        self.routes[r].refresh(self.model, r, self.version);
        self.announce(r);
    }

    /// Tells what is known elsewhere that a route has changed.
    fn announce(&mut self, r: usize) {
        self.tags[r] = self.routes[r].tag();
        // Shifts of one technician share a stock: what is known of the others is out of date.
        for &other in &self.model.tours[r].siblings {
            self.save(other as usize);
            self.version += 1;
            self.routes[other as usize].version = self.version;
            self.tags[other as usize].0 = self.version;
        }
    }

    /// Whether nobody is sent on a tour.
    pub fn is_empty(&self, r: usize) -> bool {
        self.tags[r].1
    }

    /// The best spots of a node in a route, from memory while the route is unchanged.
    pub fn best(&mut self, r: usize, node: u32) -> Best {
        if self.known.is_empty() {
            self.known.resize(self.routes.len() * self.at.len(), Best::NONE);
        }
        let at = node as usize * self.routes.len() + r;
        if self.known[at].version != self.tags[r].0 {
            self.known[at] = self.scan(r, node, &self.model.nodes[node as usize].windows);
        }
        self.known[at]
    }

    /// The best spots of a node in a route within other windows than its own.
    pub fn scan(&self, r: usize, node: u32, windows: &[(i64, i64)]) -> Best {
        self.scan_from(r, node, windows, 0)
    }

    /// The same from a position on.
    pub fn scan_from(&self, r: usize, node: u32, windows: &[(i64, i64)], from: usize) -> Best {
        let siblings = &self.model.tours[r].siblings;
        let load = |part: u16| {
            let loads = siblings.iter().map(|&other| self.routes[other as usize].load[part as usize]);
            loads.sum()
        };
        self.routes[r].scan((self.model, r), node, (windows, from), load)
    }

    /// Adds a stop at the end of a route, unless it cannot be reached.
    pub fn push(&mut self, r: usize, stop: Stop) {
        self.save(r);
        self.routes[r].stops.push(stop);
        self.reprice(r);
        if !self.routes[r].feasible {
            self.routes[r].stops.pop();
            self.reprice(r);
        }
    }

    /// Drops or moves the calls at the depot of every route.
    pub fn tidy_depots(&mut self) {
        for r in 0..self.routes.len() {
            if self.routes[r].depot.is_some() {
                self.save(r);
                self.settle_depot(r);
                self.reprice(r);
            }
        }
    }

    /// Inserts a node into a route and keeps it in a window.
    pub fn insert(&mut self, r: usize, node: u32, spot: Spot, window: (i64, i64)) {
        self.save(r);
        let (lo, hi) = window;
        let window = (lo, hi.min(self.model.terms(r, node).latest));
        self.at[node as usize] = number(r);
        let job = self.model.job(node);
        if node == job.nodes.start {
            self.cost -= job.penalty;
            self.missing -= 1;
        }
        self.version += 1;
        if self.routes[r].splice((self.model, r), node, spot, window, self.version) {
            self.cost += spot.cost;
            self.announce(r);
        } else {
            self.routes[r].insert(self.model, node, spot, window);
            self.reprice(r);
        }
    }

    fn reprice(&mut self, r: usize) {
        let before = self.routes[r].cost;
        self.refresh(r);
        self.cost += self.routes[r].cost - before;
    }

    /// Takes visits out, with every visit that waits for one of them. What the caller lists is
    /// extended by what has gone with it.
    pub fn remove(&mut self, visits: &mut Vec<u32>) {
        let mut i = 0;
        visits.retain(|&visit| self.serves(visit));
        loop {
            while let Some(&visit) = visits.get(i) {
                i += 1;
                self.detach(visit);
                let waiting = self.model.jobs[visit as usize].before.iter();
                visits.extend(waiting.map(|&(v, _)| v).filter(|&v| self.serves(v)));
                self.relax(visit);
            }
            let Some(r) = self.stale.pop() else { break };
            let r = r as usize;
            let at = &self.at;
            self.routes[r].stops.retain(|s| s.node == DEPOT || at[s.node as usize] != NONE);
            self.settle_depot(r);
            self.reprice(r);
            if !self.routes[r].feasible {
                // A detour can be shorter than the direct way: then someone else must go too.
                let last = self.routes[r].stops.iter().rev().find(|stop| stop.node != DEPOT);
                visits.extend(last.map(|stop| self.model.nodes[stop.node as usize].visit));
            }
        }
        // A crew is listed once for each member that was cut out.
        visits.sort_unstable();
        visits.dedup();
    }

    fn detach(&mut self, visit: u32) {
        let job = &self.model.jobs[visit as usize];
        for node in job.nodes.clone() {
            let r = std::mem::replace(&mut self.at[node as usize], NONE);
            if r == NONE {
                continue;
            }
            if node == job.nodes.start {
                self.cost += job.penalty;
                self.missing += 1;
            }
            self.save(r as usize);
            if !self.stale.contains(&r) {
                self.stale.push(r);
            }
        }
    }

    /// Gives the visits that `visit` waited for their time back.
    fn relax(&mut self, visit: u32) {
        let model = self.model;
        for &(first, _) in &model.jobs[visit as usize].after {
            let mut limit = i64::MAX;
            for &(other, gap) in &model.jobs[first as usize].before {
                if let Some((r, i)) = self.find(model.jobs[other as usize].nodes.start) {
                    limit = limit.min(self.routes[r].stops[i].lo - gap);
                }
            }
            for node in model.jobs[first as usize].nodes.clone() {
                self.narrow(node, limit, true);
            }
        }
    }

    /// Bounds the end of a node that is in the plan; `afresh` forgets earlier bounds.
    pub fn narrow(&mut self, node: u32, limit: i64, afresh: bool) {
        let Some((r, i)) = self.find(node) else { return };
        self.save(r);
        let stop = &mut self.routes[r].stops[i];
        let hi = if afresh { stop.cap } else { stop.hi };
        stop.hi = hi.min(limit.saturating_sub(stop.service));
        self.reprice(r);
    }

    /// Keeps a node from starting earlier than it does now.
    pub fn hold(&mut self, node: u32, start: i64) {
        let Some((r, i)) = self.find(node) else { return };
        self.save(r);
        let stop = &mut self.routes[r].stops[i];
        stop.lo = stop.lo.max(start);
        self.reprice(r);
    }

    /// The route and position of a node.
    pub fn find(&self, node: u32) -> Option<(usize, usize)> {
        let r = self.at[node as usize];
        let route = self.routes.get(r as usize)?;
        Some((r as usize, route.position(node)?))
    }

    /// Drops the call at the depot when nothing needs it, else moves it to its best position.
    fn settle_depot(&mut self, r: usize) {
        let Some(depot) = self.routes[r].stops.iter().position(|stop| stop.node == DEPOT) else {
            return;
        };
        let call = self.routes[r].stops.remove(depot);
        let Some(needed) = self.needs_depot(r) else { return };
        self.routes[r].stops.insert(depot.min(needed), call);
        let mut best = (i64::MAX, depot.min(needed));
        for position in 0..=needed {
            let route = &mut self.routes[r];
            if let Some(now) = route.stops.iter().position(|stop| stop.node == DEPOT) {
                let stop = route.stops.remove(now);
                route.stops.insert(position, stop);
            }
            let before = route.cost;
            route.refresh(self.model, r, 0);
            if route.feasible && route.cost < best.0 {
                best = (route.cost, position);
            }
            route.cost = before;
        }
        let route = &mut self.routes[r];
        if let Some(now) = route.stops.iter().position(|stop| stop.node == DEPOT) {
            let stop = route.stops.remove(now);
            route.stops.insert(best.1, stop);
        }
    }

    /// The first position that cannot be served from what is on board.
    fn needs_depot(&self, r: usize) -> Option<usize> {
        let tour = &self.model.tours[r];
        let mut left = tour.stock.clone();
        for &other in &tour.siblings {
            for (left, used) in left.iter_mut().zip(&self.routes[other as usize].load) {
                *left -= used;
            }
        }
        self.routes[r].stops.iter().position(|stop| {
            let node = &self.model.nodes[stop.node as usize];
            node.parts.iter().for_each(|&(part, count)| left[part as usize] -= count);
            node.tools & !tour.tools != 0 || left.iter().any(|&left| left < 0)
        })
    }

    /// Keeps the plan aside, copying only the routes that differ from what is kept there.
    pub fn keep(&self, kept: &mut Snapshot) {
        kept.cost = self.cost;
        kept.routes.resize_with(self.routes.len(), Default::default);
        for (route, (version, stops)) in self.routes.iter().zip(&mut kept.routes) {
            if *version != route.version {
                *version = route.version;
                stops.clone_from(&route.stops);
            }
        }
    }

    /// Replaces the plan by one kept aside.
    pub fn restore(&mut self, kept: &Snapshot) {
        self.at.fill(NONE);
        for (r, (version, stops)) in kept.routes.iter().enumerate() {
            for stop in stops.iter().filter(|stop| stop.node != DEPOT) {
                self.at[stop.node as usize] = number(r);
            }
            if *version != self.routes[r].version {
                self.routes[r].stops.clone_from(stops);
                self.refresh(r);
            }
        }
        self.cost = kept.cost;
        let served = |job: &&Job| self.at[job.nodes.start as usize] != NONE;
        self.missing = self.model.jobs.len() - self.model.jobs.iter().filter(served).count();
        self.checkpoint();
    }
}
