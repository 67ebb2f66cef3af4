//! Random problems that mix every rule: whatever the solver plans passes the check.

use crate::town::{HOUR, MINUTE, at, line, technician, visit};
use planner::{
    After, Break, Budget, Depot, Due, DueBy, Id, Part, Pin, Place, Problem, Skill, Visit, check, solve, validate,
};

/// A linear congruential generator: enough to vary problems.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }

    fn once_in(&mut self, sides: u64) -> bool {
        self.roll(sides) == 0
    }

    fn hour(&mut self, from: i64, hours: u64) -> i64 {
        at(from) + i64::try_from(self.roll(hours * 4)).unwrap() * 15 * MINUTE
    }
}

const SKILLS: [&str; 3] = ["gas", "network", "roof"];

fn skill(dice: &mut Dice, until: Option<i64>) -> Skill {
    let name = SKILLS[usize::try_from(dice.roll(3)).unwrap()].to_owned();
    Skill { name, level: u8::try_from(1 + dice.roll(2)).unwrap(), until }
}

fn part(dice: &mut Dice, most: u64) -> Part {
    Part { name: "fuse".into(), count: i64::try_from(dice.roll(most)).unwrap() }
}

/// Roads with one-way streets: neither symmetric nor always shortest.
fn roads(dice: &mut Dice, problem: &mut Problem) {
    let places = problem.places.len();
    for place in &mut problem.places {
        *place = Place { x: dice.roll(60) as f64, y: dice.roll(60) as f64 };
    }
    for a in 0..places {
        for b in 0..places {
            let (p, q) = (problem.places[a], problem.places[b]);
            let minutes = (p.x - q.x).hypot(p.y - q.y);
            let detour = 60.0 + dice.roll(25) as f64;
            let seconds = if a == b { 0 } else { (minutes * detour) as i32 };
            problem.travel.seconds[a][b] = seconds;
            problem.travel.metres[a][b] = seconds * 10;
        }
    }
}

fn people(dice: &mut Dice, problem: &mut Problem) {
    for t in 0..4 {
        let mut one = technician(&format!("t{t}"), t);
        let shift = &mut one.shifts[0];
        shift.to = usize::try_from(dice.roll(4)).unwrap();
        shift.overtime = if dice.once_in(2) { HOUR } else { 0 };
        if dice.once_in(2) {
            shift.breaks.push(Break { open: at(11), close: dice.hour(12, 2), seconds: 30 * MINUTE });
        }
        if dice.once_in(3) {
            shift.breaks.push(Break { open: at(15), close: at(16), seconds: 10 * MINUTE });
        }
        if dice.once_in(4) {
            let mut next = shift.clone();
            (next.start, next.end) = (at(32), at(36));
            next.breaks.clear();
            one.shifts.push(next);
        }
        for _ in 0..3 {
            let until = if dice.once_in(3) { Some(dice.hour(10, 6)) } else { None };
            one.skills.push(skill(dice, until));
        }
        if dice.once_in(2) {
            one.tools.push("ladder".into());
        }
        one.parts.push(part(dice, 5));
        problem.technicians.push(one);
    }
}

fn order(dice: &mut Dice, i: usize, place: usize) -> Visit {
    let mut one = visit(&format!("v{i}"), place);
    one.seconds = i64::try_from(dice.roll(4) + 1).unwrap() * 20 * MINUTE;
    one.priority = u8::try_from(dice.roll(5) + 1).unwrap();
    if dice.once_in(2) {
        let open = dice.hour(8, 6);
        one.windows = vec![(open, open + 2 * HOUR), (at(32), at(34))];
    }
    if dice.once_in(3) {
        one.access = vec![(at(8), at(12)), (at(13), at(17)), (at(32), at(40))];
    }
    if dice.once_in(3) {
        let by = if dice.once_in(2) { DueBy::Arrival } else { DueBy::Resolution };
        one.due = Some(Due { at: dice.hour(9, 6), by });
    }
    if dice.once_in(3) {
        one.skills.push(skill(dice, None));
    }
    if dice.once_in(4) {
        one.parts.push(part(dice, 3));
        one.tools.push("ladder".into());
    }
    if dice.once_in(5) {
        one.crew = 2;
    }
    if i > 2 && dice.once_in(4) {
        let first = usize::try_from(dice.roll(i as u64)).unwrap();
        one.after.push(After { visit: Id::from(&*format!("v{first}")), gap: 5 * MINUTE });
    }
    if dice.once_in(8) {
        let technician = Some(Id::from(&*format!("t{}", dice.roll(4))));
        one.pin = Pin { technician, start: None };
    }
    if dice.once_in(6) {
        one.preferred.push("t0".into());
        one.forbidden.push("t3".into());
    }
    one
}

fn problem(seed: u64) -> Problem {
    let mut dice = Dice(seed);
    let mut problem = line(24);
    roads(&mut dice, &mut problem);
    people(&mut dice, &mut problem);
    problem.visits = (0..20).map(|i| order(&mut dice, i, 4 + i)).collect();
    if dice.once_in(2) {
        problem.depot = Some(Depot { place: 0, seconds: 5 * MINUTE });
    }
    if dice.once_in(3) {
        problem.weights.fairness = 1;
    }
    problem
}

#[test]
fn whatever_is_planned_passes_the_check() {
    let (mut served, mut crews, mut ordered, mut rested, mut fetched) = (0, 0, 0, 0, 0);
    for seed in 0..60 {
        let problem = problem(seed);
        validate(&problem).unwrap();
        let budget = Budget { iterations: Some(300) };
        let plan = solve(&problem, None, budget, seed, &mut || 0.0);
        assert_eq!(check(&problem, &plan), [], "seed {seed}");
        let again = solve(&problem, Some(&plan), Budget { iterations: Some(0) }, 1, &mut || 0.0);
        assert_eq!(check(&problem, &again), [], "seed {seed}, read back");
        assert!(again.cost <= plan.cost, "seed {seed}, read back: {} {}", again.cost, plan.cost);
        let is_served = |one: &&Visit| plan.unassigned.iter().all(|left| left.stop != one.id);
        let here = problem.visits.iter().filter(is_served);
        served += here.clone().count();
        crews += here.clone().filter(|one| one.crew > 1).count();
        ordered += here.filter(|one| !one.after.is_empty()).count();
        rested += plan.routes.iter().map(|tour| tour.breaks.len()).sum::<usize>();
        let depot = Id::from("depot");
        fetched += plan.routes.iter().filter(|tour| tour.stops.contains(&depot)).count();
    }
    let all = (served, crews, ordered, rested, fetched);
    assert!(served > 800 && crews > 60 && ordered > 60 && rested > 60 && fetched > 10, "{all:?}");
}
