//! What must hold before a problem can be planned: every violation at once, each with its field.

use std::collections::{HashMap, HashSet};
use std::fmt;

use serde::Serialize;

use crate::clock::RESTS;
use crate::plan::DEPOT_STOP;
use crate::problem::{Id, Problem, Shift, Visit};

/// A field that breaks a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// Path of the field, as in `visits[3].windows[0]`.
    pub field: String,
    /// A stable name: `UNREADABLE`, `UNKNOWN`, `EMPTY`, `DUPLICATE`, `OUT_OF_RANGE`, `NOT_FINITE`,
    /// `NOT_SQUARE`, `ORDER` (it ends before it begins), `OVERLAP`, `OUTSIDE`, `TOO_MANY`, `CIRCLE`.
    pub reason: &'static str,
    /// The rule it breaks, in words.
    pub rule: String,
}

/// Everything that is wrong with a problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, thiserror::Error)]
pub struct Violations(pub Vec<Violation>);

impl fmt::Display for Violations {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, Violation { field, reason, rule }) in self.0.iter().enumerate() {
            write!(f, "{}{field}: {reason}: {rule}", if i == 0 { "" } else { "; " })?;
        }
        Ok(())
    }
}

impl Violations {
    /// A single violation.
    pub(crate) fn one(field: &str, reason: &'static str, rule: String) -> Self {
        Self(vec![Violation { field: field.to_owned(), reason, rule }])
    }

    fn unless(&mut self, holds: bool, field: impl FnOnce() -> String, (reason, rule): (&'static str, &str)) {
        if !holds {
            self.0.push(Violation { field: field(), reason, rule: rule.to_owned() });
        }
    }
}

/// Instants and durations stay below this, so that sums cannot overflow.
const FAR: i64 = 1 << 53;
/// Different tools that visits may ask for.
const TOOLS: usize = 64;
const CREW: u8 = 8;
const WINDOWS: usize = 64;

/// Checks every field of a problem.
///
/// # Errors
/// All violations found.
pub fn validate(problem: &Problem) -> Result<(), Violations> {
    let mut found = Violations(Vec::new());
    let places = problem.places.len();
    found.unless(problem.scale > 0, || "scale".into(), ("OUT_OF_RANGE", "must be positive"));
    found.unless(places > 0, || "places".into(), ("EMPTY", "must not be empty"));
    for (i, place) in problem.places.iter().enumerate() {
        let finite = place.x.is_finite() && place.y.is_finite();
        found.unless(finite, || format!("places[{i}]"), ("NOT_FINITE", "coordinates must be finite"));
    }
    travel(problem, &mut found);
    if let Some(depot) = problem.depot {
        found.unless(depot.place < places, || "depot.place".into(), ("UNKNOWN", "must be a known place"));
        found.unless((0..FAR).contains(&depot.seconds), || "depot.seconds".into(), ("OUT_OF_RANGE", NOT_NEGATIVE));
    }
    let w = &problem.weights;
    for (name, weight) in [
        ("breach", w.breach),
        ("late", w.late),
        ("unserved", w.unserved),
        ("second", w.second),
        ("metre", w.metre),
        ("overtime", w.overtime),
        ("fairness", w.fairness),
        ("preferred", w.preferred),
        ("stability", w.stability),
        ("shift", w.shift),
    ] {
        found.unless((0..FAR).contains(&weight), || format!("weights.{name}"), ("OUT_OF_RANGE", NOT_NEGATIVE));
    }
    technicians(problem, &mut found);
    visits(problem, &mut found);
    if found.0.is_empty() { Ok(()) } else { Err(found) }
}

const NOT_NEGATIVE: &str = "must not be negative or astronomic";

fn travel(problem: &Problem, found: &mut Violations) {
    let places = problem.places.len();
    let weights = &problem.weights;
    let matrices = [("seconds", &problem.travel.seconds), ("metres", &problem.travel.metres)];
    for (name, matrix) in matrices {
        if name == "metres" && matrix.is_empty() {
            continue;
        }
        let square = matrix.len() == places && matrix.iter().all(|row| row.len() == places);
        found.unless(square, || format!("travel.{name}"), ("NOT_SQUARE", "must be square, one row per place"));
        for (i, row) in matrix.iter().enumerate() {
            let good = row.iter().all(|&arc| arc >= 0);
            found.unless(good, || format!("travel.{name}[{i}]"), ("OUT_OF_RANGE", "must not be negative"));
        }
    }
    let longest = |matrix: &[Vec<i32>]| i64::from(matrix.iter().flatten().copied().max().unwrap_or(0));
    let (seconds, metres) = (longest(&problem.travel.seconds), longest(&problem.travel.metres));
    let metres = if problem.travel.metres.is_empty() { seconds } else { metres };
    let price = weights.second.saturating_mul(seconds);
    let price = price.saturating_add(weights.metre.saturating_mul(metres));
    let fits = price <= i64::from(i32::MAX / 2);
    found.unless(fits, || "weights".into(), ("OUT_OF_RANGE", "the dearest arc must cost less than 2^30"));
}

fn technicians(problem: &Problem, found: &mut Violations) {
    let mut ids = HashSet::new();
    for (i, technician) in problem.technicians.iter().enumerate() {
        let at = |field: &str| format!("technicians[{i}].{field}");
        found.unless(ids.insert(&technician.id), || at("id"), ("DUPLICATE", "must be unique"));
        for (j, part) in technician.parts.iter().enumerate() {
            let counted = (0..FAR).contains(&part.count);
            found.unless(counted, || at(&format!("parts[{j}].count")), ("OUT_OF_RANGE", NOT_NEGATIVE));
        }
        for (j, one) in technician.shifts.iter().enumerate() {
            shift(problem, one, &at(&format!("shifts[{j}]")), found);
            let apart = technician.shifts[..j]
                .iter()
                .all(|other| one.start >= other.end + other.overtime || other.start >= one.end + one.overtime);
            found.unless(apart, || at(&format!("shifts[{j}]")), ("OVERLAP", "must not overlap another shift"));
        }
    }
}

fn shift(problem: &Problem, shift: &Shift, at: &str, found: &mut Violations) {
    let places = problem.places.len();
    let near = [shift.start, shift.end].iter().all(|t| t.abs() < FAR);
    found.unless(shift.start <= shift.end && near, || format!("{at}.end"), ("ORDER", "must not precede start"));
    found.unless((0..FAR).contains(&shift.overtime), || format!("{at}.overtime"), ("OUT_OF_RANGE", NOT_NEGATIVE));
    found.unless(shift.from < places, || format!("{at}.from"), ("UNKNOWN", "must be a known place"));
    found.unless(shift.to < places, || format!("{at}.to"), ("UNKNOWN", "must be a known place"));
    let few = shift.breaks.len() <= RESTS;
    found.unless(few, || format!("{at}.breaks"), ("TOO_MANY", "must be at most three"));
    let mut after = shift.start;
    for (k, rest) in shift.breaks.iter().enumerate() {
        let inside = after <= rest.open && rest.open <= rest.close && rest.close <= shift.end;
        let rule = "must lie inside the shift, after the break before it";
        found.unless(inside, || format!("{at}.breaks[{k}]"), ("OUTSIDE", rule));
        let length = (0..FAR).contains(&rest.seconds);
        found.unless(length, || format!("{at}.breaks[{k}].seconds"), ("OUT_OF_RANGE", NOT_NEGATIVE));
        after = rest.open;
    }
}

fn visits(problem: &Problem, found: &mut Violations) {
    let mut ids = HashMap::new();
    let people: HashSet<&Id> = problem.technicians.iter().map(|t| &t.id).collect();
    for (i, one) in problem.visits.iter().enumerate() {
        let fresh = ids.insert(&one.id, i).is_none() && one.id != Id::from(DEPOT_STOP);
        found.unless(fresh, || format!("visits[{i}].id"), ("DUPLICATE", "must be unique and not `depot`"));
        visit(problem, one, &format!("visits[{i}]"), found);
        let named = one.pin.technician.iter().chain(&one.forbidden).chain(&one.preferred);
        for id in named {
            let rule = format!("technician {id} is unknown");
            found.unless(people.contains(id), || format!("visits[{i}]"), ("UNKNOWN", &rule));
        }
    }
    let tools: HashSet<_> = problem.visits.iter().flat_map(|visit| &visit.tools).collect();
    found.unless(tools.len() <= TOOLS, || "visits".into(), ("TOO_MANY", "at most 64 different tools are asked for"));
    dependencies(problem, &ids, found);
}

fn visit(problem: &Problem, visit: &Visit, at: &str, found: &mut Violations) {
    let field = |name: &str| format!("{at}.{name}");
    found.unless(visit.place < problem.places.len(), || field("place"), ("UNKNOWN", "must be a known place"));
    found.unless((0..FAR).contains(&visit.seconds), || field("seconds"), ("OUT_OF_RANGE", NOT_NEGATIVE));
    found.unless((1..=5).contains(&visit.priority), || field("priority"), ("OUT_OF_RANGE", "must be 1 to 5"));
    found.unless((1..=CREW).contains(&visit.crew), || field("crew"), ("OUT_OF_RANGE", "must be 1 to 8"));
    let few = visit.windows.len().max(1) * visit.access.len().max(1) <= WINDOWS;
    found.unless(few, || field("windows"), ("TOO_MANY", "windows times access hours must be at most 64"));
    let pairs = [("windows", &visit.windows), ("access", &visit.access)];
    let lists = pairs.iter().flat_map(|(name, list)| list.iter().map(move |w| (*name, w)));
    let single = [("promised", &visit.promised), ("pin.start", &visit.pin.start)];
    let single = single.iter().flat_map(|(name, one)| one.iter().map(move |w| (*name, w)));
    for (name, &(open, close)) in lists.chain(single) {
        let ordered = open <= close && open.abs() < FAR && close.abs() < FAR;
        found.unless(ordered, || field(name), ("ORDER", "must not end before it begins"));
    }
    for (j, part) in visit.parts.iter().enumerate() {
        let counted = (0..FAR).contains(&part.count);
        found.unless(counted, || field(&format!("parts[{j}].count")), ("OUT_OF_RANGE", NOT_NEGATIVE));
    }
    for (j, after) in visit.after.iter().enumerate() {
        let gap = (0..FAR).contains(&after.gap);
        found.unless(gap, || field(&format!("after[{j}].gap")), ("OUT_OF_RANGE", NOT_NEGATIVE));
    }
}

/// Every dependency is known and none leads back to where it came from.
fn dependencies(problem: &Problem, ids: &HashMap<&Id, usize>, found: &mut Violations) {
    let mut left: Vec<usize> = vec![0; problem.visits.len()];
    let mut waiting: Vec<Vec<usize>> = vec![Vec::new(); problem.visits.len()];
    for (i, visit) in problem.visits.iter().enumerate() {
        for (j, after) in visit.after.iter().enumerate() {
            let Some(&first) = ids.get(&after.visit) else {
                let rule = format!("visit {} is unknown", after.visit);
                found.unless(false, || format!("visits[{i}].after[{j}]"), ("UNKNOWN", &rule));
                continue;
            };
            left[i] += 1;
            waiting[first].push(i);
        }
    }
    let mut free: Vec<usize> = (0..left.len()).filter(|&i| left[i] == 0).collect();
    while let Some(i) = free.pop() {
        for &next in &waiting[i] {
            left[next] -= 1;
            if left[next] == 0 {
                free.push(next);
            }
        }
    }
    for (i, _) in left.iter().enumerate().filter(|(_, left)| **left > 0) {
        found.unless(false, || format!("visits[{i}].after"), ("CIRCLE", "must not form a circle"));
    }
}
