//! Verifies a plan against the problem alone, with none of the code that made the plan.

mod earliest;
mod tour;

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use crate::plan::{DEPOT_STOP, Plan, Times, Tour};
use crate::problem::{Id, Problem, Shift, Technician, Visit};

/// A rule that a plan breaks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Broken {
    /// A stable name: `UNKNOWN`, `SHIFT_TWICE`, `VISIT_TWICE`, `UNACCOUNTED`, `TIMETABLE`,
    /// `SHIFT_START`, `SHIFT_END`, `TRAVEL`, `DURATION`, `WINDOW`, `ACCESS`, `PROMISE`, `PIN`,
    /// `FORBIDDEN`, `TERRITORY`, `SKILL`, `SKILL_EXPIRED`, `TOOL`, `PART`, `DEPOT`, `BREAK`,
    /// `CREW`, `AFTER`, `DISTANCE`.
    pub rule: &'static str,
    /// The technician concerned.
    pub technician: Option<Id>,
    /// The visit concerned.
    pub visit: Option<Id>,
    /// The rule in words and numbers.
    pub text: String,
}

/// What has been found so far.
#[derive(Default)]
struct Findings(Vec<Broken>);

impl Findings {
    fn add(&mut self, rule: &'static str, (technician, visit): (Option<&Id>, Option<&Id>), text: impl Into<String>) {
        let (technician, visit) = (technician.cloned(), visit.cloned());
        self.0.push(Broken { rule, technician, visit, text: text.into() });
    }
}

/// A tour of the plan with what its names stand for.
struct Shown<'a> {
    tour: &'a Tour,
    technician: &'a Technician,
    shift: &'a Shift,
    stops: Vec<Call<'a>>,
    times: Vec<Times>,
}

/// What a stop of a tour is.
#[derive(Clone, Copy)]
enum Call<'a> {
    Depot { place: usize, seconds: i64 },
    Visit { visit: &'a Visit, leads: bool },
}

impl Call<'_> {
    const fn place(&self) -> usize {
        match self {
            Self::Depot { place, .. } => *place,
            Self::Visit { visit, .. } => visit.place,
        }
    }

    const fn seconds(&self) -> i64 {
        match self {
            Self::Depot { seconds, .. } => *seconds,
            Self::Visit { visit, .. } => visit.seconds,
        }
    }
}

/// Every rule that a plan breaks; none means the plan can be carried out. A plan without a
/// timetable is judged by the earliest one, which exists only where no break is due.
#[must_use]
pub fn check(problem: &Problem, plan: &Plan) -> Vec<Broken> {
    let mut found = Findings::default();
    let mut shown = names(problem, plan, &mut found);
    if shown.iter().any(|one| one.times.len() != one.stops.len()) {
        earliest::fill(problem, &mut shown, &mut found);
    }
    for one in &shown {
        tour::check(problem, one, &mut found);
    }
    stock(&shown, &mut found);
    crews(problem, plan, &shown, &mut found);
    dependencies(&shown, &mut found);
    distance(problem, plan, &shown, &mut found);
    found.0
}

/// Looks every name up and reports those that stand for nothing or come twice.
fn names<'a>(problem: &'a Problem, plan: &'a Plan, found: &mut Findings) -> Vec<Shown<'a>> {
    let visits: HashMap<&Id, &Visit> = problem.visits.iter().map(|v| (&v.id, v)).collect();
    let people: HashMap<&Id, &Technician> = problem.technicians.iter().map(|t| (&t.id, t)).collect();
    let mut seen = HashSet::new();
    let mut shown = Vec::new();
    for tour in &plan.routes {
        let who = Some(&tour.vehicle);
        let technician = people.get(&tour.vehicle).copied();
        let shift = technician.and_then(|one| one.shifts.get(tour.shift));
        let (Some(technician), Some(shift)) = (technician, shift) else {
            found.add("UNKNOWN", (who, None), "no such technician or shift");
            continue;
        };
        if !seen.insert((&tour.vehicle, tour.shift)) {
            found.add("SHIFT_TWICE", (who, None), "one shift has two tours");
        }
        let mut stops = Vec::new();
        let mut known = true;
        for id in &tour.stops {
            let depot = problem.depot.filter(|_| *id == Id::from(DEPOT_STOP));
            if let Some(&visit) = visits.get(id) {
                stops.push(Call::Visit { visit, leads: !tour.assists.contains(id) });
            } else if let Some(depot) = depot {
                stops.push(Call::Depot { place: depot.place, seconds: depot.seconds });
            } else {
                known = false;
                found.add("UNKNOWN", (who, Some(id)), "no such visit");
            }
        }
        let times = if known { tour.timetable.clone() } else { Vec::new() };
        shown.push(Shown { tour, technician, shift, stops, times });
    }
    shown
}

/// Parts on board last for all shifts of a technician; a call at the depot ends the need for them
/// and for tools on that tour.
fn stock(shown: &[Shown], found: &mut Findings) {
    let mut used: HashMap<(&Id, &str), i64> = HashMap::new();
    for one in shown {
        let who = &one.technician.id;
        for call in &one.stops {
            let Call::Visit { visit, leads } = call else { break };
            for part in visit.parts.iter().filter(|_| *leads) {
                *used.entry((who, &part.name)).or_default() += part.count;
            }
            for tool in visit.tools.iter().filter(|_| *leads) {
                if !one.technician.tools.contains(tool) {
                    let text = format!("tool {tool} is not in the vehicle");
                    found.add("TOOL", (Some(who), Some(&visit.id)), text);
                }
            }
        }
    }
    let mut used: Vec<_> = used.into_iter().collect();
    used.sort_unstable();
    for ((who, name), count) in used {
        let owner = shown.iter().find(|one| one.technician.id == *who);
        let parts = owner.iter().flat_map(|one| &one.technician.parts);
        let stock: i64 = parts.filter(|part| part.name == name).map(|part| part.count).sum();
        if count > stock {
            let text = format!("{count} of part {name} are used, {stock} were on board");
            found.add("PART", (Some(who), None), text);
        }
    }
}

/// Who comes, whether they lead, and when.
type Member<'a> = (&'a Id, bool, Option<Times>);

/// Each visit has its whole crew, once and together, or is said to be left out.
fn crews(problem: &Problem, plan: &Plan, shown: &[Shown], found: &mut Findings) {
    let mut crews: HashMap<&Id, Vec<Member>> = HashMap::new();
    for one in shown {
        for (i, call) in one.stops.iter().enumerate() {
            if let Call::Visit { visit, leads } = call {
                let member = (&one.technician.id, *leads, one.times.get(i).copied());
                crews.entry(&visit.id).or_default().push(member);
            }
        }
    }
    let left: HashSet<&Id> = plan.unassigned.iter().map(|left| &left.stop).collect();
    for visit in &problem.visits {
        let concerned = (None, Some(&visit.id));
        let Some(crew) = crews.get(&visit.id) else {
            if !left.contains(&visit.id) {
                found.add("UNACCOUNTED", concerned, "neither served nor said to be left out");
            }
            continue;
        };
        if left.contains(&visit.id) {
            found.add("UNACCOUNTED", concerned, "served and said to be left out");
        }
        let needed = usize::from(visit.crew);
        let people: HashSet<&Id> = crew.iter().map(|(who, ..)| *who).collect();
        if crew.len() > needed || people.len() < crew.len() {
            let text = format!("served {} times, {needed} asked for", crew.len());
            found.add("VISIT_TWICE", concerned, text);
        }
        if people.len() < needed {
            let text = format!("{} technicians come, {needed} must", people.len());
            found.add("CREW", concerned, text);
        }
        if crew.iter().filter(|(_, leads, _)| *leads).count() != 1 {
            found.add("CREW", concerned, "exactly one technician must lead");
        }
        let starts: HashSet<_> = crew.iter().filter_map(|(.., at)| at.map(|at| at.start)).collect();
        if starts.len() > 1 {
            found.add("CREW", concerned, "the crew does not start together");
        }
    }
}

/// Each visit starts after those it waits for.
fn dependencies(shown: &[Shown], found: &mut Findings) {
    let mut ends: HashMap<&Id, i64> = HashMap::new();
    let visits = || {
        let all = shown.iter().flat_map(|one| one.stops.iter().zip(&one.times));
        all.filter_map(|(call, times)| match call {
            Call::Visit { visit, .. } => Some((*visit, *times)),
            Call::Depot { .. } => None,
        })
    };
    for (visit, times) in visits() {
        let end = ends.entry(&visit.id).or_insert(times.end);
        *end = times.end.max(*end);
    }
    for (visit, times) in visits() {
        for after in &visit.after {
            let concerned = (None, Some(&visit.id));
            match ends.get(&after.visit) {
                None => {
                    let text = format!("visit {} must be finished before, is not served", after.visit);
                    found.add("AFTER", concerned, text);
                }
                Some(end) if times.start < end + after.gap => {
                    let early = end + after.gap - times.start;
                    let text = format!("starts {early} s too early after visit {}", after.visit);
                    found.add("AFTER", concerned, text);
                }
                Some(_) => {}
            }
        }
    }
}

/// The distance claimed is the distance travelled, up to half a unit of its last digit.
fn distance(problem: &Problem, plan: &Plan, shown: &[Shown], found: &mut Findings) {
    let leg = |pair: &[usize]| problem.travel.distance(pair[0], pair[1]);
    let tour = |one: &Shown| {
        let stops = one.stops.iter().map(Call::place);
        let way: Vec<usize> = [one.shift.from].into_iter().chain(stops).chain([one.shift.to]).collect();
        if one.stops.is_empty() { 0 } else { way.windows(2).map(leg).sum::<i64>() }
    };
    #[allow(clippy::cast_precision_loss)]
    let travelled = shown.iter().map(tour).sum::<i64>() as f64 / problem.scale as f64;
    if (travelled - plan.distance).abs() > 0.005 {
        let text = format!("{} is claimed, {travelled} is travelled", plan.distance);
        found.add("DISTANCE", (None, None), text);
    }
}
