//! A published day that surprises meet, and a fortnight into which one more visit shall go.

use std::time::Instant;

use anyhow::{Result, ensure};
use planner::{Due, DueBy, Id, Pin, Place, Plan, Problem, Shift, Skill, Technician, Travel, Visit, Weights};
use relevo::offline::plan::{Limit, search, search_from};

const HOUR: i64 = 3_600;
const MINUTE: i64 = 60;
const SKILLS: [&str; 4] = ["cable", "network", "power", "roof"];
/// When the surprises come.
const NOW: i64 = 10 * HOUR + 30 * MINUTE;

/// A linear congruential generator: enough to scatter visits, the same on every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

/// Measures both.
///
/// # Errors
/// If a plan breaks a rule, or moves what was promised.
pub fn run() -> Result<()> {
    let (problem, published) = published();
    println!("\na published day: 20 technicians, {} visits, 120 promised", problem.visits.len());
    println!(
        "{:<12}{:>14}{:>16}{:>14}{:>10}{:>10}{:>10}",
        "", "first plan ms", "2 s / 10 s cost", "left out", "changed", "needed", "promises"
    );
    surprise("emergency", &emergency(frozen(&problem, &published)), &published)?;
    surprise("sick call", &sick_call(frozen(&problem, &published)), &published)?;
    surprise("overrun", &overrun(frozen(&problem, &published)), &published)?;
    slots()
}

/// Technicians with two of four skills and visits that need one of them, over a city of 40 by 40 km.
fn town(technicians: usize, visits: usize, days: i64) -> Problem {
    let mut dice = Dice(7);
    let places: Vec<Place> =
        (0..technicians + visits).map(|_| Place { x: dice.roll(40_000) as f64, y: dice.roll(40_000) as f64 }).collect();
    let metres: Vec<Vec<i32>> =
        places.iter().map(|a| places.iter().map(|b| (1.3 * (a.x - b.x).hypot(a.y - b.y)) as i32).collect()).collect();
    let seconds = metres.iter().map(|row| row.iter().map(|arc| arc / 12).collect()).collect();
    let skill = |name: usize| Skill { name: SKILLS[name % 4].to_owned(), level: 1, until: None };
    let shift = |day: i64, home: usize| Shift {
        start: (24 * day + 8) * HOUR,
        end: (24 * day + 17) * HOUR,
        overtime: HOUR,
        from: home,
        to: home,
        breaks: Vec::new(),
    };
    let technician = |home: usize| Technician {
        id: Id::Number(home as u64),
        shifts: (0..days).map(|day| shift(day, home)).collect(),
        skills: vec![skill(home), skill(home + 1)],
        tools: Vec::new(),
        parts: Vec::new(),
        territories: Vec::new(),
    };
    let visit = |number: usize, dice: &mut Dice| Visit {
        seconds: (15 + 5 * dice.roll(4) as i64) * MINUTE,
        skills: vec![skill(dice.roll(4) as usize)],
        ..Visit::new(Id::Number(number as u64), technicians + number)
    };
    Problem {
        name: "town".to_owned(),
        scale: 1,
        best_known: None,
        travel: Travel { seconds, metres },
        depot: None,
        technicians: (0..technicians).map(technician).collect(),
        visits: (0..visits).map(|number| visit(number, &mut dice)).collect(),
        weights: Weights { stability: Weights::STEADY, ..Weights::default() },
        places,
    }
}

/// A day that was planned, in which 120 of 200 clients were promised the hour it came to.
fn published() -> (Problem, Plan) {
    let mut problem = town(20, 200, 1);
    let plan = search(&problem, Limit::Iterations(40_000), 1);
    for tour in &plan.routes {
        for (stop, times) in tour.stops.iter().zip(&tour.timetable) {
            let visit = problem.visits.iter_mut().find(|visit| visit.id == *stop);
            let early = times.start - times.start % HOUR;
            if let Some(visit) = visit.filter(|visit| matches!(visit.id, Id::Number(n) if n < 120)) {
                visit.promised = Some((early, early + HOUR));
            }
        }
    }
    (problem, plan)
}

/// What has begun stays as it is.
fn frozen(problem: &Problem, plan: &Plan) -> Problem {
    let mut problem = problem.clone();
    for tour in &plan.routes {
        for (stop, times) in tour.stops.iter().zip(&tour.timetable).filter(|(_, times)| times.start <= NOW) {
            if let Some(visit) = problem.visits.iter_mut().find(|visit| visit.id == *stop) {
                visit.pin = Pin { technician: Some(tour.vehicle.clone()), start: Some((times.start, times.start)) };
            }
        }
    }
    problem
}

/// Somebody needs help within two hours.
fn emergency(mut problem: Problem) -> Problem {
    let due = Some(Due { at: NOW + 2 * HOUR, by: DueBy::Arrival });
    let place = problem.visits[150].place;
    let windows = vec![(NOW, 17 * HOUR)];
    problem.visits.push(Visit { due, windows, priority: 1, seconds: HOUR, ..Visit::new(Id::from("emergency"), place) });
    problem
}

/// A technician goes home.
fn sick_call(mut problem: Problem) -> Problem {
    let sick = problem.technicians[4].id.clone();
    let begun = problem.visits.iter().filter(|visit| visit.pin.technician.as_ref() == Some(&sick));
    let end = begun.filter_map(|visit| visit.pin.start.map(|pin| pin.0 + visit.seconds)).max().unwrap_or(NOW);
    let shift = &mut problem.technicians[4].shifts[0];
    (shift.end, shift.overtime) = (end + 2 * HOUR, 0);
    for visit in problem.visits.iter_mut().filter(|visit| visit.pin.technician.is_none()) {
        visit.forbidden.push(sick.clone());
    }
    problem
}

/// The visits under way at six technicians take an hour longer.
fn overrun(mut problem: Problem) -> Problem {
    for technician in problem.technicians.iter().take(6) {
        let here = problem.visits.iter_mut().filter(|v| v.pin.technician.as_ref() == Some(&technician.id));
        if let Some(last) = here.max_by_key(|visit| visit.pin.start) {
            last.seconds += HOUR;
        }
    }
    problem
}

fn surprise(name: &str, problem: &Problem, published: &Plan) -> Result<()> {
    let mut first_times: Vec<f64> = Vec::new();
    let mut first = Plan::default();
    for _ in 0..20 {
        let began = Instant::now();
        let budget = planner::Budget { iterations: Some(0) };
        first = planner::solve(problem, Some(published), budget, 1, &mut || 0.0);
        first_times.push(1e3 * began.elapsed().as_secs_f64());
    }
    first_times.sort_by(f64::total_cmp);
    let again = |problem: &Problem, seconds| search_from(problem, Some(published), Limit::Seconds(seconds), 1);
    let (soon, late) = (again(problem, 2.0), again(problem, 10.0));
    let mut rigid = problem.clone();
    rigid.weights.stability = 10 * Weights::STEADY;
    let rigid = again(&rigid, 5.0);
    for plan in [&first, &soon, &late] {
        let broken = planner::check(problem, plan);
        ensure!(broken.is_empty(), "{name}: the plan breaks {broken:?}");
    }
    println!(
        "{name:<12}{:>14.2}{:>16.4}{:>14}{:>10}{:>10}{:>10}",
        first_times[first_times.len() / 2],
        soon.cost as f64 / late.cost as f64,
        soon.unassigned.len(),
        soon.handed_over(published).len(),
        rigid.handed_over(published).len(),
        promises_moved(problem, &soon),
    );
    Ok(())
}

/// Promised visits that are no longer planned; one that is planned keeps its promise, or the check
/// would have said so.
fn promises_moved(problem: &Problem, plan: &Plan) -> usize {
    let promised = problem.visits.iter().filter(|visit| visit.promised.is_some());
    promised.filter(|visit| plan.unassigned.iter().any(|left| left.stop == visit.id)).count()
}

/// A fortnight with 400 visits, and four windows a day for one more.
fn slots() -> Result<()> {
    let mut problem = town(20, 401, 14);
    let one_more = problem.visits[400].id.clone();
    let plan = search(&problem, Limit::Iterations(2_000), 1);
    let windows: Vec<(i64, i64)> = (0..14)
        .flat_map(|day| [8, 10, 13, 15].map(|hour| ((24 * day + hour) * HOUR, (24 * day + hour + 2) * HOUR)))
        .collect();
    let mut took: Vec<f64> = Vec::new();
    let mut found = 0;
    for turn in 0..200 {
        problem.visits[400].place = 20 + turn;
        let began = Instant::now();
        found = planner::slots(&problem, &plan, &one_more, &windows).len();
        took.push(1e3 * began.elapsed().as_secs_f64());
    }
    took.sort_by(f64::total_cmp);
    ensure!(found > 0, "no window at all");
    println!(
        "\nslots: 14 days, 20 technicians, 400 visits, 56 windows: {found} ranked, p50 {:.1} ms, p99 {:.1} ms",
        took[took.len() / 2],
        took[took.len() * 99 / 100]
    );
    Ok(())
}
