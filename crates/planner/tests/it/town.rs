//! Small problems on a line: places are kilometres apart, a kilometre takes a minute.

use planner::{Budget, Id, Place, Plan, Problem, Shift, Skill, Technician, Travel, Visit, Weights, check};

pub const HOUR: i64 = 3_600;
pub const MINUTE: i64 = 60;

/// An hour of the day in seconds.
pub const fn at(hour: i64) -> i64 {
    hour * HOUR
}

/// Places 0 to `places - 1` along a line, one minute and one kilometre apart.
pub fn line(places: i32) -> Problem {
    let seconds = |a: i32| (0..places).map(|b| (a - b).abs() * 60).collect::<Vec<_>>();
    let metres = |a: i32| (0..places).map(|b| (a - b).abs() * 1_000).collect::<Vec<_>>();
    Problem {
        name: "line".into(),
        scale: 1,
        best_known: None,
        places: (0..places).map(|x| Place { x: f64::from(x), y: 0.0 }).collect(),
        travel: Travel { seconds: (0..places).map(seconds).collect(), metres: (0..places).map(metres).collect() },
        depot: None,
        technicians: Vec::new(),
        visits: Vec::new(),
        weights: Weights::default(),
    }
}

/// A technician at home at a place who works from eight to five.
pub fn technician(id: &str, home: usize) -> Technician {
    Technician {
        id: id.into(),
        shifts: vec![Shift { start: at(8), end: at(17), overtime: 0, from: home, to: home, breaks: Vec::new() }],
        skills: Vec::new(),
        tools: Vec::new(),
        parts: Vec::new(),
        territories: Vec::new(),
    }
}

/// A visit of one hour.
pub fn visit(id: &str, place: usize) -> Visit {
    Visit { seconds: HOUR, ..Visit::new(id.into(), place) }
}

pub fn skill(name: &str) -> Skill {
    Skill { name: name.into(), level: 1, until: None }
}

/// Plans with a fixed number of iterations.
pub fn solve(problem: &Problem, iterations: u64) -> Plan {
    let budget = Budget { iterations: Some(iterations) };
    planner::solve(problem, None, budget, 1, &mut || 0.0)
}

/// Plans and insists that the plan can be carried out.
pub fn sound(problem: &Problem) -> Plan {
    planner::validate(problem).unwrap();
    let plan = solve(problem, 500);
    assert_eq!(check(problem, &plan), [], "{plan:#?}");
    plan
}

/// Start of a visit in a plan, and who comes.
pub fn appointment(plan: &Plan, visit: &str) -> Option<(i64, Vec<String>)> {
    let id = Id::from(visit);
    let tours = plan.routes.iter().filter(|tour| tour.stops.contains(&id));
    let who: Vec<String> = tours.clone().map(|tour| tour.vehicle.to_string()).collect();
    let tour = tours.clone().next()?;
    let index = tour.stops.iter().position(|stop| *stop == id)?;
    Some((tour.timetable[index].start, who))
}

/// The code and the reason for which a visit is left out.
pub fn left_out(plan: &Plan, visit: &str) -> Option<(String, String)> {
    let left = plan.unassigned.iter().find(|left| left.stop == Id::from(visit))?;
    Some((left.code.clone(), left.why.clone()))
}
