//! The rules of one tour: its times, its breaks, and whether its technician may serve its visits.

use super::{Call, Findings, Shown};
use crate::plan::Times;
use crate::problem::{Problem, Visit};

/// Checks a tour by the times it has.
pub(super) fn check(problem: &Problem, one: &Shown, found: &mut Findings) {
    for (call, times) in one.stops.iter().zip(&one.times) {
        if let Call::Visit { visit, leads } = call {
            allowed(one, visit, *leads, *times, found);
            hours(one, visit, *times, found);
        }
    }
    if one.times.len() == one.stops.len() && !one.stops.is_empty() {
        travel(problem, one, found);
        breaks(one, found);
    }
}

/// Nobody is in two places: each leg leaves enough time for travel and for the breaks within it.
fn travel(problem: &Problem, one: &Shown, found: &mut Findings) {
    let who = Some(&one.technician.id);
    let (tour, shift) = (one.tour, one.shift);
    let told = !tour.timetable.is_empty();
    let first = problem.travel.time(shift.from, one.stops[0].place());
    let leave = if told { tour.leave } else { one.times[0].arrive - first };
    if leave < shift.start {
        let text = format!("leaves {} s before the shift", shift.start - leave);
        found.add("SHIFT_START", (who, None), text);
    }
    let mut free = leave;
    let mut from = shift.from;
    for (call, times) in one.stops.iter().zip(&one.times) {
        let visit = match call {
            Call::Visit { visit, .. } => Some(&visit.id),
            Call::Depot { .. } => None,
        };
        let needed = problem.travel.time(from, call.place());
        let rest = resting(one, free, times.start);
        let short = (free + needed - times.arrive).max(free + needed + rest - times.start);
        if short > 0 || times.arrive > times.start {
            let text = format!("travel takes {needed} s and breaks {rest} s: {short} s are missing");
            found.add("TRAVEL", (who, visit), text);
        }
        if times.end - times.start != call.seconds() {
            let text = format!("lasts {} s, not {}", times.end - times.start, call.seconds());
            found.add("DURATION", (who, visit), text);
        }
        (free, from) = (times.end, call.place());
    }
    let home = problem.travel.time(from, shift.to);
    let back = if told { tour.back } else { free + home };
    if back < free + home + resting(one, free, back) {
        found.add("TRAVEL", (who, None), "is back sooner than the way takes");
    }
    let close = shift.end + shift.overtime;
    if back > close {
        let text = format!("is back {} s after shift and overtime", back - close);
        found.add("SHIFT_END", (who, None), text);
    }
}

/// Seconds of break that begin in a stretch.
fn resting(one: &Shown, from: i64, to: i64) -> i64 {
    let within = one.tour.breaks.iter().filter(|(begin, end)| from <= *begin && *end <= to);
    within.map(|(begin, end)| end - begin).sum()
}

/// Breaks come in order, in their windows, whole, never during work; none that is due is missing.
fn breaks(one: &Shown, found: &mut Findings) {
    let who = Some(&one.technician.id);
    let taken = &one.tour.breaks;
    for (i, &(begin, end)) in taken.iter().enumerate() {
        let Some(rest) = one.shift.breaks.get(i) else {
            found.add("BREAK", (who, None), "takes more breaks than the shift has");
            return;
        };
        if begin < rest.open || begin > rest.close || end - begin < rest.seconds {
            let text = format!(
                "break {i} from {begin} to {end} must begin in {} to {} and last {} s",
                rest.open, rest.close, rest.seconds
            );
            found.add("BREAK", (who, None), text);
        }
        if one.times.iter().any(|times| begin < times.end && times.start < end) {
            found.add("BREAK", (who, None), format!("break {i} falls into a visit"));
        }
    }
    let told = !one.tour.timetable.is_empty();
    let last = one.times.last().map_or(0, |times| times.end);
    let back = if told { one.tour.back } else { last };
    for (i, rest) in one.shift.breaks.iter().enumerate().skip(taken.len()) {
        if back > rest.close {
            let text = format!("break {i} is due by {} and is not taken", rest.close);
            found.add("BREAK", (who, None), text);
        }
    }
}

/// The technician may serve the visit.
fn allowed(one: &Shown, visit: &Visit, leads: bool, times: Times, found: &mut Findings) {
    let technician = one.technician;
    let concerned = (Some(&technician.id), Some(&visit.id));
    if let Some(pinned) = &visit.pin.technician
        && leads
        && *pinned != technician.id
    {
        found.add("PIN", concerned, format!("pinned to technician {pinned}"));
    }
    if visit.forbidden.contains(&technician.id) {
        found.add("FORBIDDEN", concerned, "the technician is forbidden for this visit");
    }
    if let Some(territory) = &visit.territory
        && !technician.territories.is_empty()
        && !technician.territories.contains(territory)
    {
        let text = format!("the technician does not serve territory {territory}");
        found.add("TERRITORY", concerned, text);
    }
    for need in &visit.skills {
        let held = technician.skills.iter().filter(|s| s.name == need.name && s.level >= need.level);
        let mut held = held.peekable();
        if held.peek().is_none() {
            let text = format!("skill {} at level {} is not held", need.name, need.level);
            found.add("SKILL", concerned, text);
        } else if held.all(|skill| skill.until.is_some_and(|until| until < times.end)) {
            let text = format!("skill {} expires before the visit ends at {}", need.name, times.end);
            found.add("SKILL_EXPIRED", concerned, text);
        }
    }
}

/// The visit is served at a time it allows.
fn hours(one: &Shown, visit: &Visit, times: Times, found: &mut Findings) {
    let concerned = (Some(&one.technician.id), Some(&visit.id));
    let start = times.start;
    let within = |&(open, close): &(i64, i64)| open <= start && start <= close;
    if !visit.windows.is_empty() && !visit.windows.iter().any(within) {
        found.add("WINDOW", concerned, format!("starts at {start}, outside its windows"));
    }
    let inside = |&(open, close): &(i64, i64)| open <= start && start + visit.seconds <= close;
    if !visit.access.is_empty() && !visit.access.iter().any(inside) {
        let text = format!("from {start} to {}, not within access hours", times.end);
        found.add("ACCESS", concerned, text);
    }
    if let Some((open, close)) = visit.promised.filter(|window| !within(window)) {
        let text = format!("starts at {start}, promised for {open} to {close}");
        found.add("PROMISE", concerned, text);
    }
    if let Some((open, close)) = visit.pin.start.filter(|window| !within(window)) {
        let text = format!("starts at {start}, pinned to {open} to {close}");
        found.add("PIN", concerned, text);
    }
}
