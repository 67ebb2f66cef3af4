//! What technicians need beyond routing: crews, order, breaks, certificates, parts, SLA.

use crate::town::{HOUR, MINUTE, appointment, at, left_out, line, skill, solve, sound, technician, visit};
use planner::{After, Break, Depot, Due, DueBy, Id, Part, Pin, Plan, Problem, Shift, Skill, Visit, Weights, check};

#[test]
fn a_crew_meets_and_works_together() {
    let mut problem = line(20);
    problem.technicians = vec![technician("ann", 0), technician("bob", 19)];
    problem.visits = vec![Visit { crew: 2, ..visit("lift", 10) }, visit("near", 1), visit("far", 18)];
    let plan = sound(&problem);
    let (_, who) = appointment(&plan, "lift").unwrap();
    assert_eq!(who, ["ann", "bob"]);
    assert!(plan.unassigned.is_empty());
}

#[test]
fn a_crew_that_cannot_meet_leaves_the_visit_out() {
    let mut problem = line(5);
    problem.technicians = vec![technician("ann", 0), technician("bob", 4)];
    problem.technicians[0].shifts[0].end = at(12);
    problem.technicians[1].shifts[0].start = at(12);
    problem.visits = vec![Visit { crew: 2, ..visit("lift", 2) }];
    let plan = sound(&problem);
    assert_eq!(left_out(&plan, "lift").unwrap().0, "CREW");
}

#[test]
fn a_dependency_holds_across_technicians() {
    let mut problem = line(10);
    problem.technicians = vec![technician("ann", 0), technician("bob", 9)];
    problem.technicians[0].skills = vec![skill("cable")];
    problem.technicians[1].skills = vec![skill("network")];
    let after = vec![After { visit: "pull".into(), gap: 10 * MINUTE }];
    problem.visits = vec![
        Visit { skills: vec![skill("network")], after, ..visit("patch", 5) },
        Visit { skills: vec![skill("cable")], ..visit("pull", 5) },
    ];
    let plan = sound(&problem);
    let (pull, patch) = (appointment(&plan, "pull").unwrap(), appointment(&plan, "patch").unwrap());
    assert!(patch.0 >= pull.0 + HOUR + 10 * MINUTE);
    assert_ne!(pull.1, patch.1);
}

#[test]
fn what_waits_for_a_visit_left_out_is_left_out_too() {
    let mut problem = line(4);
    problem.technicians = vec![technician("ann", 0)];
    let after = vec![After { visit: "pull".into(), gap: 0 }];
    problem.visits =
        vec![Visit { skills: vec![skill("cable")], ..visit("pull", 1) }, Visit { after, ..visit("patch", 2) }];
    let plan = sound(&problem);
    assert_eq!(left_out(&plan, "pull").unwrap().0, "SKILL");
    assert_eq!(left_out(&plan, "patch").unwrap().0, "AFTER");
}

#[test]
fn a_break_is_taken_in_its_window() {
    let mut problem = line(10);
    let mut ann = technician("ann", 0);
    ann.shifts[0].breaks = vec![Break { open: at(12), close: at(13), seconds: 30 * MINUTE }];
    problem.technicians = vec![ann];
    problem.visits = (1..8).map(|i| visit(&format!("v{i}"), i)).collect();
    let plan = sound(&problem);
    assert!(plan.unassigned.is_empty(), "{plan:#?}");
    let (begin, end) = plan.routes[0].breaks[0];
    assert!((at(12)..=at(13)).contains(&begin) && end - begin == 30 * MINUTE);
    // Half past four leaves time for an eighth visit, but not beside the break.
    problem.visits.push(visit("v8", 8));
    problem.technicians[0].shifts[0].end = at(16) + 30 * MINUTE;
    let plan = sound(&problem);
    assert_eq!(plan.unassigned.len(), 1);
}

#[test]
fn two_breaks_are_taken_in_order() {
    let mut problem = line(6);
    let mut ann = technician("ann", 0);
    let rest = |open, close, minutes| Break { open, close, seconds: minutes * MINUTE };
    ann.shifts[0].breaks = vec![rest(at(10), at(11), 15), rest(at(12), at(13), 45)];
    problem.technicians = vec![ann];
    problem.visits = (1..6).map(|i| visit(&format!("v{i}"), i)).collect();
    problem.visits[0].windows = vec![(at(15), at(15))];
    let plan = sound(&problem);
    assert_eq!(plan.routes[0].breaks.len(), 2);
}

#[test]
fn a_certificate_that_expires_at_noon_ends_work_by_noon() {
    let mut problem = line(4);
    let mut ann = technician("ann", 0);
    ann.skills = vec![Skill { name: "gas".into(), level: 2, until: Some(at(12)) }];
    problem.technicians = vec![ann];
    let gas = |id: &str| Visit { skills: vec![Skill { name: "gas".into(), level: 2, until: None }], ..visit(id, 1) };
    problem.visits = vec![gas("early"), visit("free", 2)];
    problem.visits[1].windows = vec![(at(8), at(9))];
    let plan = sound(&problem);
    assert!(appointment(&plan, "early").unwrap().0 + HOUR <= at(12));
    problem.visits[0].windows = vec![(at(11) + 1, at(16))];
    let plan = sound(&problem);
    let (code, why) = left_out(&plan, "early").unwrap();
    assert_eq!(code, "SKILL_EXPIRED");
    assert!(why.contains("gas") && why.contains(&at(12).to_string()), "{why}");
    // The reason is true: forced into the plan, the visit breaks exactly that rule.
    let forced = force(&problem, "early", at(13));
    assert!(check(&problem, &forced).iter().any(|broken| broken.rule == "SKILL_EXPIRED"));
}

/// A plan in which ann serves one visit at an instant and nothing else.
fn force(problem: &Problem, id: &str, start: i64) -> Plan {
    let mut alone = problem.clone();
    alone.visits = vec![visit(id, problem.visits[0].place)];
    alone.visits[0].pin = Pin { technician: None, start: Some((start, start)) };
    let mut plan = sound(&alone);
    plan.unassigned = Vec::new();
    plan
}

type Spoil = fn(&mut Visit);

#[test]
fn each_reason_is_what_the_check_finds_when_the_visit_is_forced_in() {
    let cases: [(&str, &str, Spoil); 5] = [
        ("SKILL", "SKILL", |v| v.skills = vec![skill("gas")]),
        ("TOOL", "TOOL", |v| v.tools = vec!["ladder".into()]),
        ("PART", "PART", |v| v.parts = vec![Part { name: "fuse".into(), count: 1 }]),
        ("FORBIDDEN", "FORBIDDEN", |v| v.forbidden = vec!["ann".into()]),
        ("TERRITORY", "TERRITORY", |v| v.territory = Some("north".into())),
    ];
    for (code, rule, spoil) in cases {
        let mut problem = line(4);
        problem.technicians = vec![technician("ann", 0)];
        problem.technicians[0].territories = vec!["south".into()];
        problem.visits = vec![visit("v", 2)];
        spoil(&mut problem.visits[0]);
        assert_eq!(left_out(&sound(&problem), "v").unwrap().0, code);
        let broken = check(&problem, &force(&problem, "v", at(10)));
        assert!(broken.iter().any(|one| one.rule == rule), "{code}: {broken:?}");
    }
}

#[test]
fn parts_are_used_up_and_fetched_at_the_depot() {
    let mut problem = line(8);
    problem.technicians = vec![technician("ann", 0)];
    problem.technicians[0].parts = vec![Part { name: "fuse".into(), count: 2 }];
    let fuse = |id: &str, place| Visit { parts: vec![Part { name: "fuse".into(), count: 1 }], ..visit(id, place) };
    problem.visits = vec![fuse("a", 1), fuse("b", 2), fuse("c", 3)];
    let plan = sound(&problem);
    assert_eq!(plan.unassigned.len(), 1);
    assert_eq!(plan.unassigned[0].code, "PART_USED");
    problem.depot = Some(Depot { place: 4, seconds: 5 * MINUTE });
    let plan = sound(&problem);
    assert!(plan.unassigned.is_empty());
    assert!(plan.routes[0].stops.contains(&Id::from("depot")));
}

#[test]
fn several_windows_access_hours_and_a_promise_hold_together() {
    let mut problem = line(4);
    problem.technicians = vec![technician("ann", 0)];
    problem.visits = vec![
        Visit {
            windows: vec![(at(8), at(9)), (at(13), at(16))],
            access: vec![(at(8), at(12)), (at(14), at(16))],
            promised: Some((at(13), at(15))),
            ..visit("v", 1)
        },
        Visit { pin: Pin { technician: None, start: Some((at(9), at(9))) }, ..visit("w", 3) },
    ];
    let plan = sound(&problem);
    assert_eq!(appointment(&plan, "v").unwrap().0, at(14));
    assert_eq!(appointment(&plan, "w").unwrap().0, at(9));
}

#[test]
fn an_urgent_visit_keeps_its_sla_at_the_price_of_others() {
    let mut problem = line(3);
    problem.technicians = vec![technician("ann", 0)];
    problem.visits = (0..6).map(|i| visit(&format!("v{i}"), 1)).collect();
    let due = Some(Due { at: at(10), by: DueBy::Resolution });
    problem.visits.push(Visit { due, priority: 1, ..visit("urgent", 2) });
    let plan = sound(&problem);
    assert!(appointment(&plan, "urgent").unwrap().0 + HOUR <= at(10));
    assert!(plan.unassigned.is_empty());
}

#[test]
fn when_not_all_fit_the_least_urgent_stays_behind() {
    let mut problem = line(2);
    problem.technicians = vec![technician("ann", 0)];
    problem.technicians[0].shifts[0].end = at(11);
    for priority in 1..=4 {
        problem.visits.push(Visit { priority, ..visit(&format!("p{priority}"), 0) });
    }
    let plan = sound(&problem);
    let (code, why) = left_out(&plan, "p4").unwrap();
    assert_eq!(code, "NO_ROOM");
    assert!(why.contains("3600 s"), "{why}");
    assert_eq!(plan.unassigned.len(), 1);
}

#[test]
fn overtime_is_used_only_where_allowed_and_worth_it() {
    let mut problem = line(2);
    problem.technicians = vec![technician("ann", 0)];
    problem.technicians[0].shifts[0].end = at(10);
    problem.visits = (0..3).map(|i| visit(&format!("v{i}"), 0)).collect();
    assert_eq!(sound(&problem).unassigned.len(), 1);
    problem.technicians[0].shifts[0].overtime = HOUR;
    let plan = sound(&problem);
    assert!(plan.unassigned.is_empty());
    assert_eq!(plan.routes[0].back, at(11));
    problem.weights.overtime = 1_000;
    assert_eq!(sound(&problem).unassigned.len(), 1);
}

#[test]
fn days_share_the_parts_on_board_and_work_is_shared_fairly() {
    let mut problem = line(4);
    let mut ann = technician("ann", 0);
    let tomorrow = Shift { start: at(32), end: at(41), ..ann.shifts[0].clone() };
    ann.shifts.push(tomorrow);
    ann.parts = vec![Part { name: "fuse".into(), count: 1 }];
    problem.technicians = vec![ann];
    let fuse = |id: &str, day: i64| Visit {
        parts: vec![Part { name: "fuse".into(), count: 1 }],
        windows: vec![(at(24 * day + 8), at(24 * day + 16))],
        ..visit(id, 1)
    };
    problem.visits = vec![fuse("today", 0), fuse("tomorrow", 1)];
    assert_eq!(sound(&problem).unassigned.len(), 1);

    let mut problem = line(4);
    problem.technicians = vec![technician("ann", 0), technician("bob", 0)];
    problem.visits = (0..6).map(|i| visit(&format!("v{i}"), 1)).collect();
    assert_eq!(sound(&problem).routes.len(), 1);
    problem.weights = Weights { fairness: 1, ..Weights::default() };
    let plan = sound(&problem);
    assert_eq!(plan.routes.iter().map(|tour| tour.stops.len()).collect::<Vec<_>>(), [3, 3]);
}

#[test]
fn preferred_technicians_come_where_it_is_cheap() {
    let mut problem = line(10);
    problem.technicians = vec![technician("ann", 2), technician("bob", 3)];
    problem.visits = vec![Visit { preferred: vec!["bob".into()], ..visit("v", 2) }];
    assert_eq!(appointment(&sound(&problem), "v").unwrap().1, ["bob"]);
    problem.weights.preferred = 0;
    assert_eq!(appointment(&sound(&problem), "v").unwrap().1, ["ann"]);
    assert_eq!(solve(&problem, 0).routes.len(), 1);
}

#[test]
fn nothing_to_do_and_nobody_to_do_it_are_plans_too() {
    let mut problem = line(3);
    problem.technicians = vec![technician("ann", 0)];
    assert_eq!(sound(&problem).routes, []);
    problem.technicians.clear();
    problem.visits = vec![visit("v", 1)];
    assert_eq!(left_out(&sound(&problem), "v").unwrap().0, "NOBODY");
}
