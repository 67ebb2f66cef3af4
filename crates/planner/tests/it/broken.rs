//! The check catches a plan broken on purpose, rule by rule.

use crate::town::{HOUR, MINUTE, at, line, skill, sound, technician, visit};
use planner::{After, Break, Depot, Id, Part, Pin, Plan, Problem, Skill, Visit, check};

/// A day that touches every rule, and a sound plan for it.
fn day() -> (Problem, Plan) {
    let mut problem = line(12);
    let mut ann = technician("ann", 0);
    ann.shifts[0].breaks = vec![Break { open: at(12), close: at(13), seconds: 30 * MINUTE }];
    ann.skills = vec![Skill { name: "gas".into(), level: 2, until: Some(at(16)) }];
    ann.tools = vec!["ladder".into()];
    ann.parts = vec![Part { name: "fuse".into(), count: 1 }];
    ann.territories = vec!["south".into()];
    problem.technicians = vec![ann, technician("bob", 11)];
    problem.depot = Some(Depot { place: 6, seconds: 0 });
    problem.visits = vec![
        Visit {
            skills: vec![Skill { name: "gas".into(), level: 2, until: None }],
            tools: vec!["ladder".into()],
            parts: vec![Part { name: "fuse".into(), count: 1 }],
            territory: Some("south".into()),
            windows: vec![(at(9), at(10))],
            access: vec![(at(8), at(12))],
            promised: Some((at(9), at(10))),
            pin: Pin { technician: Some("ann".into()), start: Some((at(9), at(10))) },
            forbidden: vec!["bob".into()],
            ..visit("rules", 2)
        },
        Visit { crew: 2, ..visit("crew", 5) },
        Visit { after: vec![After { visit: "crew".into(), gap: 0 }], ..visit("then", 6) },
        Visit { windows: vec![(at(14), at(15))], ..visit("late", 3) },
    ];
    problem.visits[3].pin.technician = Some("ann".into());
    let plan = sound(&problem);
    assert!(plan.unassigned.is_empty());
    (problem, plan)
}

/// Whether a rule is reported once the problem or the plan is spoilt.
fn catches(rule: &str, spoil: impl FnOnce(&mut Problem, &mut Plan)) {
    let (mut problem, mut plan) = day();
    spoil(&mut problem, &mut plan);
    let broken = check(&problem, &plan);
    assert!(broken.iter().any(|one| one.rule == rule), "{rule}: {broken:#?}");
}

fn ann(plan: &mut Plan) -> &mut planner::Tour {
    plan.routes.iter_mut().find(|tour| tour.vehicle == Id::from("ann")).unwrap()
}

/// Moves one stop of ann's by some seconds, leaving everything else as it is.
fn shift(plan: &mut Plan, visit: &str, by: i64) {
    let tour = ann(plan);
    let index = tour.stops.iter().position(|stop| *stop == visit.into()).unwrap();
    let times = &mut tour.timetable[index];
    (times.arrive, times.start, times.end) = (times.arrive + by, times.start + by, times.end + by);
}

#[test]
fn names_and_numbers() {
    catches("UNKNOWN", |_, plan| plan.routes[0].vehicle = "eve".into());
    catches("UNKNOWN", |_, plan| plan.routes[0].stops[0] = "ghost".into());
    catches("SHIFT_TWICE", |_, plan| plan.routes[1].vehicle = plan.routes[0].vehicle.clone());
    catches("UNACCOUNTED", |problem, _| problem.visits.push(visit("more", 1)));
    catches("DISTANCE", |_, plan| plan.distance -= 1.0);
    catches("VISIT_TWICE", |problem, _| problem.visits[1].crew = 1);
}

#[test]
fn who_may_serve() {
    catches("SKILL", |problem, _| problem.visits[0].skills.push(skill("water")));
    catches("SKILL", |problem, _| problem.technicians[0].skills[0].level = 1);
    catches("SKILL_EXPIRED", |problem, _| problem.technicians[0].skills[0].until = Some(at(9)));
    catches("TOOL", |problem, _| problem.technicians[0].tools.clear());
    catches("PART", |problem, _| problem.technicians[0].parts.clear());
    catches("TERRITORY", |problem, _| problem.visits[0].territory = Some("north".into()));
    catches("FORBIDDEN", |problem, _| problem.visits[0].forbidden.push("ann".into()));
    catches("PIN", |problem, _| problem.visits[0].pin.technician = Some("bob".into()));
}

#[test]
fn when_it_is_served() {
    catches("WINDOW", |problem, _| problem.visits[0].windows = vec![(at(15), at(16))]);
    catches("ACCESS", |problem, _| problem.visits[0].access = vec![(at(8), at(9))]);
    catches("PROMISE", |problem, _| problem.visits[0].promised = Some((at(15), at(16))));
    catches("PIN", |problem, _| problem.visits[0].pin.start = Some((at(15), at(16))));
    catches("WINDOW", |_, plan| shift(plan, "late", -4 * HOUR));
    catches("TRAVEL", |_, plan| shift(plan, "rules", -HOUR));
    catches("DURATION", |_, plan| ann(plan).timetable[0].end += 1);
    catches("SHIFT_START", |problem, _| problem.technicians[0].shifts[0].start = at(11));
    catches("SHIFT_END", |problem, _| problem.technicians[0].shifts[0].end = at(12));
    catches("TRAVEL", |_, plan| ann(plan).back = at(9));
}

#[test]
fn breaks() {
    catches("BREAK", |_, plan| ann(plan).breaks.clear());
    catches("BREAK", |_, plan| ann(plan).breaks[0].1 -= 1);
    catches("BREAK", |_, plan| ann(plan).breaks[0] = (at(8), at(9)));
    catches("BREAK", |problem, _| problem.technicians[0].shifts[0].breaks.clear());
    catches("BREAK", |_, plan| {
        let visit = ann(plan).timetable[0];
        ann(plan).breaks[0] = (visit.start, visit.start + HOUR);
    });
}

#[test]
fn ties_between_tours() {
    catches("CREW", |problem, _| problem.visits[1].crew = 3);
    catches("CREW", |_, plan| shift(plan, "crew", 1));
    catches("CREW", |_, plan| plan.routes.iter_mut().for_each(|tour| tour.assists.clear()));
    catches("AFTER", |problem, _| problem.visits[2].after[0].gap = 5 * HOUR);
    catches("AFTER", |problem, _| problem.visits[2].after[0].visit = "none".into());
}

#[test]
fn a_plan_without_times_must_not_wait_in_a_circle() {
    let mut problem = line(4);
    problem.technicians = vec![technician("ann", 0), technician("bob", 3)];
    problem.visits = vec![Visit { crew: 2, ..visit("x", 1) }, Visit { crew: 2, ..visit("y", 2) }];
    let mut plan = sound(&problem);
    plan.routes.iter_mut().for_each(|tour| tour.timetable.clear());
    plan.routes[0].stops.reverse();
    let broken = check(&problem, &plan);
    assert!(broken.iter().any(|one| one.rule == "TIMETABLE"), "{broken:#?}");
}
