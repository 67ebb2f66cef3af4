//! The earliest timetable of a plan that has none.

use std::collections::HashMap;

use super::{Call, Findings, Shown};
use crate::plan::Times;
use crate::problem::{Id, Problem, Visit};

/// Times every tour by starting each visit as early as its windows, its crew and the visits
/// before it allow. Start times only ever grow, so that the rounds end or the plan is impossible.
pub(super) fn fill(problem: &Problem, shown: &mut [Shown], found: &mut Findings) {
    let mut bounds: HashMap<&Id, i64> = HashMap::new();
    for _ in 0..=problem.visits.len() + 1 {
        for one in shown.iter_mut() {
            one.times = run(problem, one, &bounds);
        }
        let mut settled = true;
        let visits = shown.iter().flat_map(|one| one.stops.iter().zip(&one.times));
        let visits = visits.filter_map(|(call, times)| match call {
            Call::Visit { visit, .. } => Some((*visit, times)),
            Call::Depot { .. } => None,
        });
        let visits: Vec<(&Visit, &Times)> = visits.collect();
        let mut ends: HashMap<&Id, i64> = HashMap::new();
        for (visit, times) in &visits {
            let end = ends.entry(&visit.id).or_insert(times.end);
            *end = times.end.max(*end);
        }
        for (visit, times) in &visits {
            let waits = visit.after.iter().filter_map(|a| ends.get(&a.visit).map(|end| end + a.gap));
            let start = waits.fold(times.start, i64::max);
            let bound = bounds.entry(&visit.id).or_insert(i64::MIN);
            if start > *bound {
                *bound = start;
                settled = false;
            }
        }
        if settled {
            return;
        }
    }
    let text = "crews and dependencies wait for each other in a circle";
    found.add("TIMETABLE", (None, None), text);
}

fn run(problem: &Problem, one: &Shown, bounds: &HashMap<&Id, i64>) -> Vec<Times> {
    let mut time = one.shift.start;
    let mut from = one.shift.from;
    let mut times = Vec::with_capacity(one.stops.len());
    for call in &one.stops {
        let arrive = time + problem.travel.time(from, call.place());
        let start = match call {
            Call::Depot { .. } => arrive,
            Call::Visit { visit, .. } => {
                let bound = bounds.get(&visit.id).copied().unwrap_or(i64::MIN);
                opening(visit, arrive.max(bound))
            }
        };
        time = start + call.seconds();
        times.push(Times { arrive, start, end: time });
        from = call.place();
    }
    times
}

/// The first instant from `time` on at which a visit may start; `time` itself when none is left.
fn opening(visit: &Visit, time: i64) -> i64 {
    let one = |window: (i64, i64)| vec![window];
    let lists = [
        visit.windows.clone(),
        visit.access.iter().map(|&(open, close)| (open, close - visit.seconds)).collect(),
        visit.promised.map_or_else(Vec::new, one),
        visit.pin.start.map_or_else(Vec::new, one),
    ];
    let mut start = time;
    // Each list in turn can only push the start on; four rounds suffice for four nested lists
    // unless windows interleave, so go on until nothing moves.
    loop {
        let before = start;
        for list in lists.iter().filter(|list| !list.is_empty()) {
            let open = list.iter().filter(|(open, close)| start <= *close && open <= close);
            match open.map(|&(open, _)| open.max(start)).min() {
                Some(next) => start = next,
                None => return time,
            }
        }
        if start == before {
            return start;
        }
    }
}
