//! A published plan lives on: changes, suggestions, slots, and why not.

use crate::town::{HOUR, MINUTE, appointment, at, line, skill, sound, technician, visit};
use planner::{
    Budget, Due, DueBy, Id, Part, Plan, Problem, Visit, Weights, check, explain, slots, solve, suggest, svg, why_not,
};

/// Two technicians with two visits each, at both ends of the line.
fn day() -> (Problem, Plan) {
    let mut problem = line(20);
    problem.technicians = vec![technician("ann", 0), technician("bob", 19)];
    let places = [("a1", 1), ("a2", 3), ("b1", 17), ("b2", 18)];
    problem.visits = places.iter().map(|&(id, place)| visit(id, place)).collect();
    let plan = sound(&problem);
    (problem, plan)
}

fn replan(problem: &Problem, plan: &Plan) -> Plan {
    let budget = Budget { iterations: Some(500) };
    let after = solve(problem, Some(plan), budget, 1, &mut || 0.0);
    assert_eq!(check(problem, &after), []);
    after
}

#[test]
fn a_plan_written_as_json_is_read_back_as_it_was() {
    let (problem, plan) = day();
    let json = serde_json::to_string(&plan).unwrap();
    let back: Plan = serde_json::from_str(&json).unwrap();
    assert_eq!(back, plan);
    let again = solve(&problem, Some(&back), Budget { iterations: Some(0) }, 9, &mut || 0.0);
    assert_eq!(again.routes, plan.routes);
    let copy: Problem = serde_json::from_str(&serde_json::to_string(&problem).unwrap()).unwrap();
    assert_eq!(copy, problem);
}

#[test]
fn an_emergency_moves_nobody_else_when_stability_is_dear() {
    let (mut problem, plan) = day();
    problem.weights = Weights { stability: 10_000, ..Weights::default() };
    let due = Some(Due { at: at(10), by: DueBy::Arrival });
    problem.visits.push(Visit { due, priority: 1, ..visit("fire", 10) });
    let after = replan(&problem, &plan);
    let fire = appointment(&after, "fire").unwrap();
    assert!(fire.0 <= at(10));
    for change in after.changes(&plan) {
        if let (Some(before), Some(now)) = (change.before, change.after) {
            assert_eq!(before.0, now.0, "{} changed hands", change.visit);
        }
    }
}

#[test]
fn a_plan_that_no_longer_fits_is_a_start_all_the_same() {
    let (mut problem, plan) = day();
    problem.technicians[0].shifts[0].end = at(8);
    problem.visits[2].seconds = 2 * HOUR;
    let old = check(&problem, &plan);
    assert!(old.iter().any(|one| one.rule == "SHIFT_END"), "{old:?}");
    let after = replan(&problem, &plan);
    assert!(after.unassigned.is_empty());
    assert_eq!(after.routes.len(), 1);
}

#[test]
fn crews_and_order_survive_being_read_back() {
    let (mut problem, _) = day();
    problem.visits.push(Visit { crew: 2, ..visit("lift", 10) });
    let after = vec![planner::After { visit: "lift".into(), gap: 0 }];
    problem.visits.push(Visit { after, ..visit("test", 10) });
    let plan = sound(&problem);
    assert!(plan.unassigned.is_empty());
    let again = solve(&problem, Some(&plan), Budget { iterations: Some(0) }, 9, &mut || 0.0);
    assert_eq!(again.routes, plan.routes);
}

#[test]
fn suggestions_are_ranked_and_come_true() {
    let (mut problem, plan) = day();
    problem.visits.push(visit("new", 4));
    let found = suggest(&problem, &plan, &"new".into());
    assert_eq!(found[0].technician, Id::from("ann"));
    assert_eq!(found[0].travel_seconds, 2 * MINUTE);
    assert!(found.is_sorted_by_key(|one| one.cost));
    assert!(found.iter().any(|one| one.technician == Id::from("bob")));
    for one in found {
        let mut taken = plan.clone();
        let tour = taken.routes.iter_mut().find(|tour| tour.vehicle == one.technician).unwrap();
        tour.stops.insert(one.position, "new".into());
        taken.routes.iter_mut().for_each(|tour| tour.timetable.clear());
        taken.distance += one.travel_seconds as f64 / 60.0 * 1_000.0;
        assert_eq!(check(&problem, &taken), []);
    }
}

#[test]
fn a_suggestion_tells_what_it_does_to_the_sla() {
    let (mut problem, plan) = day();
    let due = Some(Due { at: at(8) + 10 * MINUTE, by: DueBy::Arrival });
    problem.visits.push(Visit { due, ..visit("hot", 4) });
    let found = suggest(&problem, &plan, &"hot".into());
    assert!(!found[0].breach && found[0].sla_slack >= Some(0), "{found:?}");
    assert!(found.iter().any(|one| one.breach && one.sla_slack < Some(0)));
}

#[test]
fn slots_are_priced_and_a_missed_sla_is_marked() {
    let (mut problem, plan) = day();
    let due = Some(Due { at: at(12), by: DueBy::Arrival });
    problem.visits.push(Visit { due, ..visit("new", 5) });
    let windows = [(at(9), at(10)), (at(14), at(15)), (at(20), at(21))];
    let found = slots(&problem, &plan, &"new".into(), &windows);
    assert_eq!(found.len(), 2, "nobody works at eight in the evening");
    assert_eq!(found[0].window, windows[0]);
    assert!(!found[0].best.breach);
    assert!(found[1].best.breach && found[1].best.start >= at(14));
}

#[test]
fn why_not_names_the_rule_in_the_way() {
    let (mut problem, plan) = day();
    let ask = |problem: &Problem, who: &str| why_not(problem, &plan, &"x".into(), &who.into());
    problem.visits.push(visit("x", 5));
    assert_eq!(ask(&problem, "ann"), None);
    assert_eq!(ask(&problem, "eve").unwrap().code, "UNKNOWN");
    problem.visits[4].skills = vec![skill("gas")];
    assert_eq!(ask(&problem, "ann").unwrap().code, "SKILL");
    problem.visits[4] = Visit { windows: vec![(at(8), at(8))], ..visit("x", 5) };
    let why = ask(&problem, "ann").unwrap();
    assert_eq!((why.code, why.short_by), ("HOURS", Some(5 * MINUTE)));
    problem.visits[4] = Visit { seconds: 8 * HOUR, ..visit("x", 5) };
    let why = ask(&problem, "ann").unwrap();
    assert_eq!((why.code, why.short_by), ("NO_ROOM", Some(HOUR + 10 * MINUTE)));
    problem.visits[4] = Visit { parts: vec![Part { name: "p".into(), count: 1 }], ..visit("x", 5) };
    let all = explain(&problem, &plan, &"x".into());
    assert!(all.iter().all(|(_, why)| why.as_ref().unwrap().code == "PART"));
}

#[test]
fn a_plan_is_drawn() {
    let (mut problem, plan) = day();
    problem.name = "a < b".into();
    let drawing = svg(&problem, &plan);
    assert!(drawing.starts_with("<svg") && drawing.ends_with("</svg>\n"));
    assert_eq!(drawing.matches("<polyline").count(), plan.routes.len());
    assert!(drawing.contains("a &lt; b") && !drawing.contains("a < b"));
}
