//! A problem compiled for speed: names become numbers, rules become tables.

use std::cell::OnceCell;
use std::collections::HashMap;

use crate::eligible::{able, stock};
use crate::problem::{Break, Id, Pin, Problem, Shift, Technician, Visit};
use crate::weights::Weights;

/// No route, no visit, no node.
pub(crate) const NONE: u32 = u32::MAX;
/// The node of a call at the depot.
pub(crate) const DEPOT: u32 = u32::MAX - 1;

/// Travel between two places.
#[derive(Clone, Copy, PartialEq)]
pub(crate) struct Arc {
    pub cost: i32,
    pub time: i32,
}

/// One member of the crew of one visit: what is put into routes.
pub(crate) struct Node {
    pub visit: u32,
    pub place: u32,
    pub service: i64,
    /// Stretches in which it may start, ascending.
    pub windows: Vec<(i64, i64)>,
    /// Latest start within the service level and the price of missing it.
    pub due: i64,
    pub breach: i64,
    pub late: i64,
    /// Tools as a bit set, parts as (part, count).
    pub tools: u64,
    pub parts: Vec<(u16, i64)>,
}

/// A visit: its nodes and its ties to others.
pub(crate) struct Job {
    pub nodes: std::ops::Range<u32>,
    /// (visit, gap): to be finished before.
    pub after: Vec<(u32, i64)>,
    /// (visit, gap): waiting for this one.
    pub before: Vec<(u32, i64)>,
    /// Price of not serving it.
    pub penalty: i64,
    /// Needs an agreement between routes: a crew, or another visit before it.
    pub tied: bool,
    /// Distance from the nearest start of a shift, for the order of insertion.
    pub remoteness: i64,
    /// How hard it is to place: tours barred from it, then parts it takes.
    pub scarcity: (usize, i64),
    /// Depth in the graph of dependencies.
    pub depth: u32,
}

/// A shift: what a route belongs to.
pub(crate) struct Tour {
    pub technician: u32,
    pub class: u32,
    /// Equal for tours that no empty route can tell apart.
    pub kind: u32,
    pub from: u32,
    pub to: u32,
    pub start: i64,
    pub end: i64,
    /// End including the overtime allowed.
    pub close: i64,
    pub breaks: Vec<Break>,
    /// Needs a walk through the route to be priced: breaks, overtime, lateness or balance.
    pub rich: bool,
    pub tools: u64,
    pub stock: Vec<i64>,
    /// Other tours of the same technician, who share the stock.
    pub siblings: Vec<u32>,
}

/// What a class of technicians means for a node.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Terms {
    /// Latest start; `i64::MIN` bars the class.
    pub latest: i64,
    /// Price of preference and stability.
    pub bias: i64,
}

/// The compiled problem.
pub(crate) struct Model<'p> {
    pub problem: &'p Problem,
    pub places: usize,
    /// `out[a * places + b]`: from a to b. `into[b * places + a]`: the same arc.
    pub out: Vec<Arc>,
    into: Vec<Arc>,
    pub nodes: Vec<Node>,
    pub jobs: Vec<Job>,
    pub tours: Vec<Tour>,
    /// `terms[class * nodes + node]`.
    terms: Vec<Terms>,
    /// Visits near each visit; only a search asks, so it is found out late.
    near: OnceCell<Vec<Vec<u32>>>,
    pub kinds: usize,
    pub parts: usize,
}

/// Visits kept as neighbours of a visit; strings never reach further.
const NEAR: usize = 250;

impl<'p> Model<'p> {
    /// Compiles a problem that has passed validation. `published` names the technician who had
    /// each visit in the plan started from.
    pub fn new(problem: &'p Problem, published: &HashMap<&Id, &Id>) -> Self {
        let places = problem.places.len();
        let out = arcs(problem, |from, to| (from, to));
        let into = arcs(problem, |from, to| (to, from));
        let into = if into == out { Vec::new() } else { into };
        let parts = index(problem.visits.iter().flat_map(|v| v.parts.iter().map(|p| &*p.name)));
        let tools = index(problem.visits.iter().flat_map(|v| v.tools.iter().map(|t| &**t)));
        let mut model = Self {
            problem,
            places,
            out,
            into,
            nodes: Vec::new(),
            jobs: Vec::new(),
            tours: Vec::new(),
            terms: Vec::new(),
            near: OnceCell::new(),
            kinds: 0,
            parts: parts.len(),
        };
        model.add_visits(&parts, &tools);
        model.add_tours(&parts, &tools, published);
        model.tie();
        model.rank();
        model
    }

    /// Arcs from a place to every other.
    pub fn from(&self, place: u32) -> &[Arc] {
        &self.out[place as usize * self.places..][..self.places]
    }

    /// Arcs from every other place to one.
    pub fn into(&self, place: u32) -> &[Arc] {
        let matrix = if self.into.is_empty() { &self.out } else { &self.into };
        &matrix[place as usize * self.places..][..self.places]
    }

    /// The arc between two places.
    pub fn arc(&self, from: u32, to: u32) -> Arc {
        self.out[from as usize * self.places + to as usize]
    }

    /// What a tour means for a node.
    pub fn terms(&self, tour: usize, node: u32) -> Terms {
        self.terms[self.tours[tour].class as usize * self.nodes.len() + node as usize]
    }

    /// Visits near a visit, nearest first, itself leading.
    pub fn near(&self, visit: usize) -> &[u32] {
        &self.near.get_or_init(|| self.neighbours())[visit]
    }

    /// The job of a node.
    pub fn job(&self, node: u32) -> &Job {
        &self.jobs[self.nodes[node as usize].visit as usize]
    }

    fn add_visits(&mut self, parts: &HashMap<&str, u16>, tools: &HashMap<&str, u16>) {
        let weights = &self.problem.weights;
        for (v, visit) in (0..).zip(&self.problem.visits) {
            let urgency = Weights::urgency(visit.priority);
            let first = number(self.nodes.len());
            for member in 0..visit.crew {
                let leads = member == 0;
                let needs = visit.parts.iter().filter(|_| leads);
                let due = visit.due_start().filter(|_| leads);
                self.nodes.push(Node {
                    visit: v,
                    place: number(visit.place),
                    service: visit.seconds,
                    windows: visit.starts(),
                    due: due.unwrap_or(i64::MAX),
                    breach: weights.breach * urgency,
                    late: weights.late * urgency,
                    tools: bits(visit.tools.iter().filter(|_| leads), tools),
                    parts: needs.map(|part| (parts[&*part.name], part.count)).collect(),
                });
            }
            let breach = if visit.due.is_some() { weights.breach } else { 0 };
            let fixed = visit.promised.is_some() || visit.pin != Pin::default();
            self.jobs.push(Job {
                nodes: first..number(self.nodes.len()),
                after: Vec::new(),
                before: Vec::new(),
                penalty: (weights.unserved * if fixed { 4 } else { 1 } + breach) * urgency,
                tied: visit.crew > 1 || !visit.after.is_empty(),
                remoteness: 0,
                scarcity: (0, 0),
                depth: 0,
            });
        }
    }

    fn add_tours(&mut self, parts: &HashMap<&str, u16>, tools: &HashMap<&str, u16>, published: &HashMap<&Id, &Id>) {
        let mut classes: HashMap<Vec<Terms>, u32> = HashMap::new();
        let mut last: Option<(&Technician, u32)> = None;
        let named = |id: &Id| {
            let mentions = |v: &Visit| {
                let pinned = v.pin.technician.as_ref() == Some(id);
                pinned || v.forbidden.contains(id) || v.preferred.contains(id)
            };
            published.values().any(|one| *one == id) || self.problem.visits.iter().any(mentions)
        };
        let named: Vec<bool> = self.problem.technicians.iter().map(|t| named(&t.id)).collect();
        for (t, technician) in (0..).zip(&self.problem.technicians) {
            let alike = last.filter(|(other, _)| {
                other.skills == technician.skills
                    && other.territories == technician.territories
                    && other.shifts.first() == technician.shifts.first()
                    && !named[t as usize]
            });
            let class = alike.map_or_else(
                || {
                    let row = self.row(technician, published);
                    let next = number(classes.len());
                    let class = *classes.entry(row.clone()).or_insert(next);
                    if class == next {
                        self.terms.extend(row);
                    }
                    class
                },
                |(_, class)| class,
            );
            last = (!named[t as usize]).then_some((technician, class));
            let first = number(self.tours.len());
            let all = first..first + number(technician.shifts.len());
            let mut in_stock = vec![0; parts.len()];
            for (name, &part) in parts {
                in_stock[part as usize] = stock(technician, name);
            }
            for (r, shift) in all.clone().zip(&technician.shifts) {
                self.tours.push(Tour {
                    technician: t,
                    class,
                    kind: 0,
                    from: number(shift.from),
                    to: number(shift.to),
                    start: shift.start,
                    end: shift.end,
                    close: shift.end + shift.overtime,
                    breaks: shift.breaks.clone(),
                    rich: self.is_rich(shift),
                    tools: bits(technician.tools.iter(), tools),
                    stock: in_stock.clone(),
                    siblings: all.clone().filter(|&other| other != r).collect(),
                });
            }
        }
        self.sort_kinds();
    }

    fn is_rich(&self, shift: &Shift) -> bool {
        let due = self.nodes.iter().any(|node| node.due != i64::MAX);
        let balance = self.problem.weights.fairness > 0;
        !shift.breaks.is_empty() || shift.overtime > 0 || due || balance
    }

    /// Terms of every node for a technician.
    fn row(&self, technician: &Technician, published: &HashMap<&Id, &Id>) -> Vec<Terms> {
        let weights = &self.problem.weights;
        let mut row = Vec::with_capacity(self.nodes.len());
        for (visit, job) in self.problem.visits.iter().zip(&self.jobs) {
            let other = !visit.preferred.is_empty() && !visit.preferred.contains(&technician.id);
            let moved = published.get(&visit.id).is_some_and(|id| **id != technician.id);
            let bias = i64::from(other) * weights.preferred + i64::from(moved) * weights.stability;
            row.extend(job.nodes.clone().map(|node| {
                let leads = node == job.nodes.start;
                let latest = able(visit, technician, leads).unwrap_or(i64::MIN);
                Terms { latest, bias: if leads { bias } else { 0 } }
            }));
        }
        row
    }

    /// Tours that an empty route cannot tell apart get the same kind, so that only one is tried.
    fn sort_kinds(&mut self) {
        let mut kinds = HashMap::new();
        for (r, tour) in self.tours.iter_mut().enumerate() {
            let rests: Vec<_> = tour.breaks.iter().map(|b| (b.open, b.close, b.seconds)).collect();
            let apart = if tour.siblings.is_empty() { usize::MAX } else { r };
            let span = (tour.start, tour.end, tour.close, tour.from, tour.to);
            let key = (span, rests, tour.class, tour.tools, tour.stock.clone(), apart);
            let next = kinds.len();
            tour.kind = number(*kinds.entry(key).or_insert(next));
        }
        self.kinds = kinds.len();
    }

    /// Links dependencies both ways; validation has excluded cycles and unknown names.
    fn tie(&mut self) {
        let visits: HashMap<&Id, u32> = self.problem.visits.iter().map(|v| &v.id).zip(0..).collect();
        for (v, visit) in (0..).zip(&self.problem.visits) {
            for after in &visit.after {
                let first = visits[&after.visit];
                self.jobs[v as usize].after.push((first, after.gap));
                self.jobs[first as usize].before.push((v, after.gap));
            }
        }
        let mut settled = false;
        while !settled {
            settled = true;
            for v in 0..self.jobs.len() {
                let above = self.jobs[v].after.iter().map(|&(a, _)| self.jobs[a as usize].depth + 1);
                let depth = above.max().unwrap_or(0);
                settled &= depth == self.jobs[v].depth;
                self.jobs[v].depth = depth;
            }
        }
    }

    /// What the orders of insertion look at.
    fn rank(&mut self) {
        for v in 0..self.jobs.len() {
            let first = self.jobs[v].nodes.start;
            let node = &self.nodes[first as usize];
            let tours = self.tours.iter();
            let reach = tours.map(|tour| i64::from(self.arc(tour.from, node.place).cost)).min();
            let barred = |&r: &usize| {
                let missing = node.tools & !self.tours[r].tools != 0;
                missing || self.terms(r, first).latest == i64::MIN
            };
            let barred = (0..self.tours.len()).filter(barred).count();
            let taken = node.parts.iter().map(|&(_, count)| count).sum();
            self.jobs[v].scarcity = (barred, taken);
            self.jobs[v].remoteness = reach.unwrap_or(0);
        }
    }

    fn neighbours(&self) -> Vec<Vec<u32>> {
        let place = |v: u32| self.nodes[self.jobs[v as usize].nodes.start as usize].place;
        let all = number(self.jobs.len());
        let nearest = |v: u32| {
            let (out, into) = (self.from(place(v)), self.into(place(v)));
            let key = |&w: &u32| {
                let p = place(w) as usize;
                (w != v, out[p].cost.saturating_add(into[p].cost), w)
            };
            let mut near: Vec<u32> = (0..all).collect();
            if near.len() > NEAR {
                near.select_nth_unstable_by_key(NEAR, key);
                near.truncate(NEAR);
            }
            near.sort_unstable_by_key(key);
            near
        };
        (0..all).map(nearest).collect()
    }
}

fn arcs(problem: &Problem, order: impl Fn(usize, usize) -> (usize, usize)) -> Vec<Arc> {
    let weights = &problem.weights;
    let places = problem.places.len();
    let mut arcs = Vec::with_capacity(places * places);
    for a in 0..places {
        for b in 0..places {
            let (from, to) = order(a, b);
            let time = problem.travel.seconds[from][to];
            let cost = weights.second * i64::from(time) + weights.metre * problem.travel.distance(from, to);
            arcs.push(Arc { cost: i32::try_from(cost).unwrap_or(i32::MAX), time });
        }
    }
    arcs
}

fn index<'a>(names: impl Iterator<Item = &'a str>) -> HashMap<&'a str, u16> {
    let mut index = HashMap::new();
    for name in names {
        let next = u16::try_from(index.len()).unwrap_or(u16::MAX);
        index.entry(name).or_insert(next);
    }
    index
}

/// Names as a bit set; names nobody asks for have no bit, validation caps the number of tools.
fn bits<'a>(names: impl Iterator<Item = &'a String>, index: &HashMap<&str, u16>) -> u64 {
    names.filter_map(|name| index.get(&**name)).fold(0, |set, &bit| set | 1 << bit)
}

/// Validation keeps every count far below 2³².
#[allow(clippy::cast_possible_truncation)]
pub(crate) const fn number(count: usize) -> u32 {
    count as u32
}
