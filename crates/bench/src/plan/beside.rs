//! PyVRP in a process of its own, on the same problem.

use std::io::Write;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use planner::{Problem, Technician, Visit};
use serde_json::{Value, json};

/// An interpreter that has PyVRP.
pub struct PyVrp(String);

const SCRIPT: &str = include_str!("beside.py");

impl PyVrp {
    /// The interpreter that `RELEVO_BENCH_PYTHON` names, or `python3`, if it has PyVRP.
    pub fn find() -> Option<Self> {
        let python = std::env::var("RELEVO_BENCH_PYTHON").unwrap_or_else(|_| "python3".to_owned());
        let mut command = Command::new(&python);
        command.args(["-c", "import pyvrp"]).stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success()).then_some(Self(python))
    }

    /// The distance it arrives at within so many CPU seconds, in the problem's reported unit. None
    /// for a problem that it has no words for, or when it serves not everybody.
    ///
    /// # Errors
    /// If the interpreter fails.
    pub fn solve(&self, problem: &Problem, cpu: f64, seed: u64) -> Result<Option<f64>> {
        if !is_plain(problem) {
            return Ok(None);
        }
        let mut command = Command::new(&self.0);
        command.args(["-c", SCRIPT]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn()?;
        let input = worded(problem, cpu, seed).to_string();
        child.stdin.take().context("a pipe")?.write_all(input.as_bytes())?;
        let output = child.wait_with_output()?;
        ensure!(output.status.success(), "PyVRP failed on {}", problem.name);
        let distance: Option<f64> = serde_json::from_slice(&output.stdout).context("reading what PyVRP says")?;
        Ok(distance.map(|units| units / problem.scale as f64))
    }
}

/// Whether routes, windows, loads and lasting skills say it all.
fn is_plain(problem: &Problem) -> bool {
    let plain = |visit: &Visit| {
        let bare = Visit {
            seconds: visit.seconds,
            windows: visit.windows.clone(),
            skills: visit.skills.clone(),
            parts: visit.parts.clone(),
            priority: visit.priority,
            ..Visit::new(visit.id.clone(), visit.place)
        };
        *visit == bare && visit.windows.len() == 1
    };
    let simple = |one: &Technician| {
        let lasting = one.skills.iter().all(|skill| skill.until.is_none());
        let shift = one.shifts.iter().all(|shift| shift.breaks.is_empty() && shift.overtime == 0);
        one.shifts.len() == 1 && lasting && shift
    };
    problem.depot.is_none() && problem.visits.iter().all(plain) && problem.technicians.iter().all(simple)
}

/// The problem in the words of the script.
fn worded(problem: &Problem, cpu: f64, seed: u64) -> Value {
    let mut parts: Vec<&str> = problem.visits.iter().flat_map(|v| v.parts.iter().map(|p| &*p.name)).collect();
    parts.sort_unstable();
    parts.dedup();
    let counts = |held: &[planner::Part]| {
        let count = |name: &&str| held.iter().filter(|part| part.name == **name).map(|part| part.count).sum();
        parts.iter().map(count).collect::<Vec<i64>>()
    };
    let vehicle = |one: &Technician| {
        let shift = &one.shifts[0];
        let serves: Vec<usize> = (0..problem.visits.len()).filter(|&v| is_able(&problem.visits[v], one)).collect();
        json!({"from": shift.from, "to": shift.to, "start": shift.start, "end": shift.end,
            "capacity": counts(&one.parts), "serves": serves})
    };
    let mut vehicles: Vec<(Value, usize)> = Vec::new();
    for vehicle in problem.technicians.iter().map(vehicle) {
        match vehicles.iter_mut().find(|(other, _)| *other == vehicle) {
            Some((_, count)) => *count += 1,
            None => vehicles.push((vehicle, 1)),
        }
    }
    for (vehicle, count) in &mut vehicles {
        vehicle["count"] = json!(*count);
    }
    let visit = |one: &Visit| {
        let (open, close) = one.windows[0];
        json!({"place": one.place, "seconds": one.seconds, "open": open, "close": close, "load": counts(&one.parts)})
    };
    let travel = &problem.travel;
    json!({
        "places": problem.places.iter().map(|place| (place.x, place.y)).collect::<Vec<_>>(),
        "distance": if travel.metres.is_empty() { &travel.seconds } else { &travel.metres },
        "duration": travel.seconds,
        "vehicles": vehicles.into_iter().map(|(vehicle, _)| vehicle).collect::<Vec<_>>(),
        "visits": problem.visits.iter().map(visit).collect::<Vec<_>>(),
        "cpu": cpu,
        "seed": seed,
    })
}

fn is_able(visit: &Visit, technician: &Technician) -> bool {
    let holds =
        |need: &planner::Skill| technician.skills.iter().any(|held| held.name == need.name && held.level >= need.level);
    visit.skills.iter().all(holds)
}
