//! Solomon's instances: close to the best known, sound, and the same bytes for the same seed.

use crate::town::solve;
use planner::{Budget, Plan, Problem, check, parse};

fn instance(name: &str) -> Problem {
    let path = format!("{}/tests/data/{name}.json", env!("CARGO_MANIFEST_DIR"));
    parse(&std::fs::read_to_string(path).unwrap()).unwrap()
}

fn gap(problem: &Problem, plan: &Plan) -> f64 {
    100.0 * (plan.distance / problem.best_known.unwrap() - 1.0)
}

#[test]
fn solomon_is_solved_close_to_the_best_known() {
    for (name, allowed) in [("C101", 0.01), ("R101", 2.0), ("RC101", 3.0)] {
        let problem = instance(name);
        let plan = solve(&problem, 6_000);
        assert_eq!(check(&problem, &plan), []);
        assert!(plan.unassigned.is_empty());
        let gap = gap(&problem, &plan);
        assert!((-1e-9..=allowed).contains(&gap), "{name}: {gap} %");
    }
}

#[test]
fn a_plan_without_a_timetable_is_judged_by_the_earliest_one() {
    let problem = instance("R101");
    let mut plan = solve(&problem, 200);
    for tour in &mut plan.routes {
        tour.timetable.clear();
    }
    assert_eq!(check(&problem, &plan), []);
    plan.routes[0].stops.reverse();
    let broken = check(&problem, &plan);
    assert!(broken.iter().any(|one| one.rule == "WINDOW"), "{broken:?}");
}

#[test]
fn a_seed_and_a_number_of_iterations_give_the_same_bytes() {
    let problem = instance("RC101");
    let run = |seed| {
        let budget = Budget { iterations: Some(400) };
        let plan = planner::solve(&problem, None, budget, seed, &mut || 0.0);
        serde_json::to_string(&plan).unwrap()
    };
    assert_eq!(run(7), run(7));
    assert_ne!(run(7), run(8));
}

#[test]
fn the_caller_ends_the_search() {
    let problem = instance("C101");
    let mut looks = 0.0;
    let mut spent = || {
        looks += 0.25;
        looks
    };
    let plan = planner::solve(&problem, None, Budget::default(), 1, &mut spent);
    assert!(plan.iterations > 0 && plan.iterations < 1_000);
    assert_eq!(check(&problem, &plan), []);
}

#[test]
fn more_time_is_never_worse() {
    let problem = instance("R101");
    let cost = |iterations| solve(&problem, iterations).cost;
    let first = cost(0);
    assert!(cost(3_000) < first);
}
