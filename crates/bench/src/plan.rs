//! Plans: how far from the best known, and beside PyVRP on the same CPU time in the same run.
//!
//! `RELEVO_BENCH_PYTHON` names an interpreter that has PyVRP (`pip install pyvrp`, `python3` when
//! unset); without one, everything else is measured all the same.

mod beside;
mod day;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use planner::{Plan, Problem};
use relevo::offline::plan::{Limit, search};

use crate::plan::beside::PyVrp;

/// The same seed for everybody.
const SEED: u64 = 1;

/// What came of one instance.
struct Outcome {
    /// Visits in the instance, if it is one of routing alone.
    routing: Option<usize>,
    gap: Option<f64>,
    ratio: Option<f64>,
}

/// Measures every instance of a folder, then a day's surprises and the windows that can be promised.
///
/// # Errors
/// A folder that cannot be read, or a plan that the check refuses.
pub fn run(arguments: &[&str]) -> Result<()> {
    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/../planner/tests/data");
    let folder = Path::new(arguments.first().copied().unwrap_or(own));
    let limit = limit(arguments.get(1).copied().unwrap_or("10"))?;
    let rival = PyVrp::find();
    if rival.is_none() {
        println!("PyVRP is not installed for RELEVO_BENCH_PYTHON: no comparison");
    }
    println!(
        "{:<22}{:>7}{:>7}{:>12}{:>12}{:>9}{:>12}{:>8}{:>12}{:>8}",
        "", "visits", "left", "distance", "best known", "gap %", "iterations", "CPU s", "PyVRP", "ratio"
    );
    let mut outcomes = Vec::new();
    for file in instances(folder)? {
        let text = fs::read_to_string(&file).with_context(|| format!("reading {}", file.display()))?;
        let problem = planner::parse(&text).with_context(|| format!("reading {}", file.display()))?;
        if let Some(simple) = skills_only(&problem) {
            measure(&problem, limit, None)?;
            outcomes.push(measure(&simple, limit, rival.as_ref())?);
        } else {
            outcomes.push(measure(&problem, limit, rival.as_ref())?);
        }
    }
    summary(&outcomes);
    day::run()
}

/// Seconds, or iterations when followed by an `i`: the latter are the same on every machine.
fn limit(text: &str) -> Result<Limit> {
    if let Some(count) = text.strip_suffix('i') {
        return Ok(Limit::Iterations(count.parse().context("a number of iterations")?));
    }
    let seconds: f64 = text.parse().context("a number of CPU seconds")?;
    ensure!(seconds.is_finite() && seconds > 0.0, "the CPU seconds must be more than 0");
    Ok(Limit::Seconds(seconds))
}

fn instances(folder: &Path) -> Result<Vec<PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("reading {}", folder.display()))?;
    let mut files = entries.map(|entry| Ok(entry?.path())).collect::<Result<Vec<_>>>()?;
    files.retain(|file| file.extension().is_some_and(|ending| ending == "json"));
    files.sort();
    ensure!(!files.is_empty(), "no instance in {}", folder.display());
    Ok(files)
}

/// The same problem without tools, parts and depot, where technicians differ in skills.
fn skills_only(problem: &Problem) -> Option<Problem> {
    problem.visits.iter().find(|visit| !visit.skills.is_empty())?;
    let mut simple = problem.clone();
    simple.name.push_str(", skills only");
    simple.depot = None;
    for visit in &mut simple.visits {
        visit.tools.clear();
        visit.parts.clear();
    }
    Some(simple)
}

fn measure(problem: &Problem, limit: Limit, rival: Option<&PyVrp>) -> Result<Outcome> {
    let plan = search(problem, limit, SEED);
    let broken = planner::check(problem, &plan);
    ensure!(broken.is_empty(), "{}: the plan breaks {broken:?}", problem.name);
    let gap = problem.best_known.map(|best| 100.0 * (plan.distance / best - 1.0));
    let theirs = rival.and_then(|rival| rival.solve(problem, plan.seconds, SEED).transpose()).transpose()?;
    let whole = plan.unassigned.is_empty();
    let ratio = theirs.filter(|_| whole).map(|theirs| plan.distance / theirs);
    show(problem, &plan, gap, (theirs, ratio));
    let routing = problem.visits.iter().all(|visit| visit.skills.is_empty());
    Ok(Outcome { routing: routing.then_some(problem.visits.len()), gap: gap.filter(|_| whole), ratio })
}

fn show(problem: &Problem, plan: &Plan, gap: Option<f64>, (theirs, ratio): (Option<f64>, Option<f64>)) {
    let number = |value: Option<f64>, digits: usize| value.map_or("-".to_owned(), |value| format!("{value:.digits$}"));
    println!(
        "{:<22}{:>7}{:>7}{:>12.1}{:>12}{:>9}{:>12}{:>8.2}{:>12}{:>8}",
        problem.name,
        problem.visits.len(),
        plan.unassigned.len(),
        plan.distance,
        number(problem.best_known, 1),
        number(gap, 3),
        plan.iterations,
        plan.seconds,
        number(theirs, 1),
        number(ratio, 3),
    );
}

fn summary(outcomes: &[Outcome]) {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let routing = |one: &&Outcome| one.routing.is_some();
    for (name, few) in [("up to 100 visits", true), ("more", false)] {
        let size = |one: &&Outcome| one.routing.is_some_and(|visits| (visits <= 100) == few);
        let gaps: Vec<f64> = outcomes.iter().filter(size).filter_map(|one| one.gap).collect();
        if !gaps.is_empty() {
            println!("mean gap, routing, {name}: {:.3} % over {}", mean(&gaps), gaps.len());
        }
    }
    let (plain, skilled): (Vec<&Outcome>, Vec<&Outcome>) = outcomes.iter().partition(routing);
    for (name, group) in [("routing", plain), ("skills only", skilled)] {
        let ratios: Vec<f64> = group.iter().filter_map(|one| one.ratio).collect();
        if let Some(worst) = ratios.iter().copied().reduce(f64::max) {
            println!("{name} beside PyVRP: mean {:.4}, worst {worst:.4}, over {}", mean(&ratios), ratios.len());
        }
    }
}
