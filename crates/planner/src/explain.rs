//! Why not: the first rule that stands between a visit and a technician, in words and numbers.

use serde::Serialize;

use crate::eligible::{able, stocked};
use crate::load::load;
use crate::model::{Model, Terms, number};
use crate::plan::{Plan, Unassigned};
use crate::problem::{Id, Problem};
use crate::route::Route;
use crate::state::State;
use crate::tied;

/// The rule that stands in the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// A stable name: `UNKNOWN`, `PINNED`, `FORBIDDEN`, `TERRITORY`, `SKILL`, `SKILL_EXPIRED`,
    /// `TOOL`, `PART`, `NO_START`, `AFTER`, `HOURS`, `PART_USED`, `NO_ROOM`, `BREAK`, `CREW`,
    /// `PRICE`.
    pub code: &'static str,
    /// The rule in words and numbers.
    pub text: String,
    /// The cheapest relaxation: seconds by which windows or hours would have to give.
    pub short_by: Option<i64>,
}

impl Reason {
    fn new(code: &'static str, text: impl Into<String>) -> Self {
        Self { code, text: text.into(), short_by: None }
    }
}

/// Why a technician cannot take a visit on top of a plan; `None` when nothing stands in the way.
/// A visit that is in the plan is looked at as if it were not.
#[must_use]
pub fn why_not(problem: &Problem, plan: &Plan, visit: &Id, technician: &Id) -> Option<Reason> {
    let model = Model::new(problem, &plan.holders());
    let mut state = State::new(&model);
    load(&mut state, plan);
    let named = problem.visits.iter().position(|one| one.id == *visit);
    let person = problem.technicians.iter().position(|one| one.id == *technician);
    let (Some(v), Some(t)) = (named, person) else {
        return Some(Reason::new("UNKNOWN", "the visit or the technician is not in the problem"));
    };
    let v = number(v);
    state.remove(&mut vec![v]);
    reason(&state, v, t)
}

/// Every technician with what stands in the way of a visit, `None` where nothing does.
#[must_use]
pub fn explain(problem: &Problem, plan: &Plan, visit: &Id) -> Vec<(Id, Option<Reason>)> {
    let model = Model::new(problem, &plan.holders());
    let mut state = State::new(&model);
    load(&mut state, plan);
    let Some(v) = problem.visits.iter().position(|one| one.id == *visit) else {
        return Vec::new();
    };
    let v = number(v);
    state.remove(&mut vec![v]);
    let people = problem.technicians.iter().enumerate();
    people.map(|(t, technician)| (technician.id.clone(), reason(&state, v, t))).collect()
}

/// For each visit left out, the technician who comes closest and what stands in the way.
pub(crate) fn left_out(state: &State) -> Vec<Unassigned> {
    let problem = state.model.problem;
    let closest = |&v: &u32| {
        let people = problem.technicians.iter().enumerate();
        let reasons = people.map(|(t, who)| {
            let price = || Reason::new("PRICE", "serving it costs more than leaving it out");
            (who, reason(state, v, t).unwrap_or_else(price))
        });
        let nearest = reasons.max_by_key(|(_, why)| (rank(why.code), std::cmp::Reverse(why.short_by.unwrap_or(0))));
        let (code, why) = nearest.map_or(("NOBODY", "there is no technician".to_owned()), |found| {
            (found.1.code, format!("technician {}: {}", found.0.id, found.1.text))
        });
        Unassigned { stop: problem.visits[v as usize].id.clone(), code: code.to_owned(), why }
    };
    state.absent().iter().map(closest).collect()
}

/// How close to being served a reason leaves a visit.
fn rank(code: &str) -> usize {
    const ORDER: [&str; 15] = [
        "PINNED",
        "FORBIDDEN",
        "TERRITORY",
        "SKILL",
        "SKILL_EXPIRED",
        "TOOL",
        "PART",
        "NO_START",
        "HOURS",
        "AFTER",
        "PART_USED",
        "NO_ROOM",
        "BREAK",
        "CREW",
        "PRICE",
    ];
    ORDER.iter().position(|&one| one == code).unwrap_or(0)
}

/// The first rule between an absent visit and a technician.
pub(crate) fn reason(state: &State, v: u32, t: usize) -> Option<Reason> {
    let model = state.model;
    let problem = model.problem;
    let (visit, technician) = (&problem.visits[v as usize], &problem.technicians[t]);
    let leads = visit.crew == 1 || visit.pin.technician.is_none();
    if let Err(barrier) = able(visit, technician, leads) {
        return Some(Reason::new(barrier.code(), barrier.to_string()));
    }
    let stores = problem.depot.is_some() || visit.crew > 1;
    if let Err(barrier) = stocked(visit, technician, |_| 0)
        && !stores
    {
        return Some(Reason::new(barrier.code(), barrier.to_string()));
    }
    let node = member(model, v, t);
    let windows = &model.nodes[node as usize].windows;
    if windows.is_empty() {
        let text = "windows, access hours, promise and pin leave no common start";
        return Some(Reason::new("NO_START", text));
    }
    let tours = || (0..model.tours.len()).filter(|&r| model.tours[r].technician as usize == t);
    let alone = |r| shortfall(model, &idle(model, r), r, node, windows);
    let short = tours().map(alone).min();
    if short != Some(0) {
        let text = short.map_or("no working time".to_owned(), |short| {
            format!("even with an empty day the hours and windows are missed by {short} s")
        });
        return Some(Reason { code: "HOURS", text, short_by: short });
    }
    let Some(release) = tied::release(state, v) else {
        return Some(Reason::new("AFTER", "a visit that must be finished before is not planned"));
    };
    let open = windows.iter().map(|&(lo, hi)| (lo.max(release), hi));
    let windows: Vec<(i64, i64)> = open.filter(|(lo, hi)| lo <= hi).collect();
    if windows.is_empty() {
        let text = format!("the visits before it end at {release}, after its last start");
        return Some(Reason::new("AFTER", text));
    }
    in_plan(state, v, t, &windows)
}

/// The first rule that the rest of the plan causes.
fn in_plan(state: &State, v: u32, t: usize, windows: &[(i64, i64)]) -> Option<Reason> {
    let model = state.model;
    let problem = model.problem;
    let (visit, technician) = (&problem.visits[v as usize], &problem.technicians[t]);
    let job = &model.jobs[v as usize];
    let tours = || (0..model.tours.len()).filter(|&r| model.tours[r].technician as usize == t);
    if visit.crew == 1 {
        let used = |part: &str| {
            let used = tours().flat_map(|r| used(state, r, part));
            used.sum()
        };
        if problem.depot.is_none()
            && let Err(barrier) = stocked(visit, technician, used)
        {
            let text = format!("{barrier} once the planned visits are served");
            return Some(Reason::new("PART_USED", text));
        }
    }
    let nodes = || job.nodes.clone().take(2);
    let fits = |r: usize| nodes().any(|node| state.scan(r, node, windows).spots[0].cost < i64::MAX);
    if tours().any(fits) {
        let someone = visit.crew == 1 || !tied::offers(state, v, windows, None).is_empty();
        let text = format!("no {} technicians can be there together", visit.crew);
        return (!someone).then(|| Reason::new("CREW", text));
    }
    let short = tours().map(|r| shortfall(model, &state.routes[r], r, member(model, v, t), windows));
    let short = short.min().unwrap_or(0);
    if short == 0 {
        return Some(Reason::new("BREAK", "no room is left beside the breaks and the parts"));
    }
    let text = format!("between the planned visits it is missed by {short} s");
    Some(Reason { code: "NO_ROOM", text, short_by: Some(short) })
}

/// The member of the crew that a technician could be.
fn member(model: &Model, v: u32, t: usize) -> u32 {
    let nodes = model.jobs[v as usize].nodes.clone();
    let tour = model.tours.iter().position(|tour| tour.technician as usize == t);
    let able = |node: &u32| tour.is_some_and(|r| model.terms(r, *node).latest > i64::MIN);
    nodes.clone().find(able).unwrap_or(nodes.start)
}

/// Parts of a name used on a tour before its call at the depot.
fn used<'a>(state: &'a State, r: usize, part: &'a str) -> impl Iterator<Item = i64> + 'a {
    let route = &state.routes[r];
    let stops = route.stops[..route.depot.unwrap_or(route.stops.len())].iter();
    let led = stops.filter(|stop| state.model.job(stop.node).nodes.start == stop.node);
    let visits = led.map(|stop| &state.model.nodes[stop.node as usize].visit);
    let visits = visits.map(|&visit| &state.model.problem.visits[visit as usize]);
    visits.flat_map(move |visit| visit.parts.iter().filter(move |p| p.name == part)).map(|p| p.count)
}

fn idle(model: &Model, r: usize) -> Route {
    let mut route = Route::default();
    route.refresh(model, r, 0);
    route
}

/// Seconds by which the best position in a route misses windows and hours, rests left aside.
fn shortfall(model: &Model, route: &Route, r: usize, node: u32, windows: &[(i64, i64)]) -> i64 {
    let what = &model.nodes[node as usize];
    let Terms { latest, .. } = model.terms(r, node);
    let miss = |pair: &[crate::route::Leg], (lo, hi): (i64, i64)| {
        let arrival = pair[0].depart + i64::from(model.arc(pair[0].place, what.place).time);
        let start = arrival.max(lo);
        let next = start + what.service + i64::from(model.arc(what.place, pair[1].place).time);
        start.saturating_sub(hi.min(latest)).max(0) + (next - pair[1].latest).max(0)
    };
    let pairs = route.legs.windows(2);
    let misses = pairs.flat_map(|pair| windows.iter().map(move |&window| miss(pair, window)));
    misses.min().unwrap_or(0)
}
