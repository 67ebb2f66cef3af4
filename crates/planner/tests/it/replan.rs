//! A published day upset: a whole plan at once, promises kept, few hands changed.

use crate::town::{HOUR, MINUTE, at, line, technician, visit};
use planner::{Budget, Due, DueBy, Id, Pin, Plan, Problem, Visit, Weights, check, solve};

const NOW: i64 = at(10);

/// Four technicians along a line with six visits each, half of them promised to the hour.
fn published() -> (Problem, Plan) {
    let mut problem = line(40);
    problem.technicians = (0..4).map(|t| technician(&format!("t{t}"), 10 * t)).collect();
    let short = |i: usize| Visit { seconds: 40 * MINUTE, ..visit(&format!("v{i}"), (7 * i) % 40) };
    problem.visits = (0..24).map(short).collect();
    let plan = after(&problem, None, 2_000);
    assert!(plan.unassigned.is_empty());
    for (i, one) in problem.visits.iter_mut().enumerate().filter(|(i, _)| i % 2 == 0) {
        let start = start(&plan, &Id::from(&*format!("v{i}")));
        one.promised = Some((start - start % HOUR, start - start % HOUR + HOUR));
    }
    problem.weights.stability = Weights::STEADY;
    for one in problem.visits.iter_mut().filter(|one| start(&plan, &one.id) <= NOW) {
        let holder = plan.routes.iter().find(|tour| tour.stops.contains(&one.id)).unwrap();
        let begun = start(&plan, &one.id);
        one.pin = Pin { technician: Some(holder.vehicle.clone()), start: Some((begun, begun)) };
    }
    (problem, plan)
}

fn start(plan: &Plan, visit: &Id) -> i64 {
    let tour = plan.routes.iter().find(|tour| tour.stops.contains(visit)).unwrap();
    tour.timetable[tour.stops.iter().position(|stop| stop == visit).unwrap()].start
}

fn after(problem: &Problem, published: Option<&Plan>, iterations: u64) -> Plan {
    let budget = Budget { iterations: Some(iterations) };
    let plan = solve(problem, published, budget, 1, &mut || 0.0);
    assert_eq!(check(problem, &plan), []);
    plan
}

#[test]
fn an_emergency_is_served_in_time_and_nobody_else_changes_hands() {
    let (mut problem, published) = published();
    let due = Some(Due { at: at(12), by: DueBy::Arrival });
    let windows = vec![(NOW, at(17))];
    problem.visits.push(Visit { due, windows, priority: 1, ..visit("fire", 25) });
    for iterations in [0, 1_000] {
        let plan = after(&problem, Some(&published), iterations);
        assert!(plan.unassigned.is_empty(), "{:?}", plan.unassigned);
        assert!(start(&plan, &"fire".into()) <= at(12));
        assert_eq!(plan.handed_over(&published), [] as [Id; 0]);
    }
}

#[test]
fn a_sick_call_hands_over_the_rest_of_one_day_and_no_other() {
    let (mut problem, published) = published();
    let mut orphans = Vec::new();
    for one in problem.visits.iter_mut().filter(|one| one.pin.technician.is_none()) {
        let tour = published.routes.iter().find(|tour| tour.stops.contains(&one.id)).unwrap();
        if tour.vehicle == Id::from("t2") {
            orphans.push(one.id.clone());
        }
        one.forbidden.push("t2".into());
    }
    orphans.sort_unstable();
    assert!(orphans.len() >= 3, "{orphans:?}");
    let plan = after(&problem, Some(&published), 1_000);
    assert!(plan.unassigned.is_empty(), "{:?}", plan.unassigned);
    assert_eq!(plan.handed_over(&published), orphans);
}

#[test]
fn an_overrun_keeps_every_promise() {
    let (mut problem, published) = published();
    let begun = problem.visits.iter_mut().filter(|one| one.pin.technician == Some("t1".into()));
    begun.max_by_key(|one| one.pin.start).unwrap().seconds += 90 * MINUTE;
    let plan = after(&problem, Some(&published), 1_000);
    assert!(plan.unassigned.is_empty(), "{:?}", plan.unassigned);
    let freely =
        Problem { weights: Weights { stability: 100 * Weights::STEADY, ..problem.weights }, ..problem.clone() };
    let least = after(&freely, Some(&published), 1_000).handed_over(&published).len();
    assert!(plan.handed_over(&published).len() <= least, "{least}");
}
