//! Plans for technicians, solved and checked without a platform.

use std::fs;
use std::path::PathBuf;
use std::time::Instant;

use anyhow::{Context, Result};
use planner::{Broken, Budget, Plan, Problem};

use super::text;

/// How long to search.
#[derive(Debug, Clone, Copy)]
pub enum Limit {
    /// CPU time of this process, so that a busy machine does not spoil a comparison.
    Seconds(f64),
    /// The same number with the same seed gives the same plan.
    Iterations(u64),
}

/// What may be chosen about a search.
#[derive(Debug, Clone)]
pub struct Options {
    /// How long.
    pub limit: Limit,
    /// Where chance begins.
    pub seed: u64,
    /// Where to draw the plan, if anywhere.
    pub svg: Option<PathBuf>,
}

/// Plans the problem in the file `instance`, or on standard input for `-`.
///
/// # Errors
/// A problem that cannot be read, with all that is wrong with it.
pub fn solve(instance: &str, options: &Options) -> Result<Plan> {
    let problem = problem(instance)?;
    let plan = search(&problem, options.limit, options.seed);
    if let Some(file) = &options.svg {
        let drawing = planner::svg(&problem, &plan);
        fs::write(file, drawing).with_context(|| format!("writing {}", file.display()))?;
    }
    Ok(plan)
}

/// Plans a problem and notes the CPU seconds it took.
#[must_use]
pub fn search(problem: &Problem, limit: Limit, seed: u64) -> Plan {
    search_from(problem, None, limit, seed)
}

/// The same from a plan that need not fit any more.
#[must_use]
pub fn search_from(problem: &Problem, start: Option<&Plan>, limit: Limit, seed: u64) -> Plan {
    let began = Spent::begin();
    let (budget, seconds) = match limit {
        Limit::Seconds(seconds) => (Budget::default(), seconds),
        Limit::Iterations(most) => {
            let iterations = Some(most);
            (Budget { iterations }, f64::INFINITY)
        }
    };
    let mut spent = || began.seconds() / seconds.max(f64::MIN_POSITIVE);
    let mut plan = planner::solve(problem, start, budget, seed, &mut spent);
    plan.seconds = began.seconds();
    plan
}

/// Every rule that the plan in one file breaks of the problem in the other.
///
/// # Errors
/// If one of the files cannot be read.
pub fn check(instance: &str, plan: &str) -> Result<Vec<Broken>> {
    let problem = problem(instance)?;
    let plan: Plan = serde_json::from_str(&text(plan)?).with_context(|| format!("reading {plan} as a plan"))?;
    Ok(planner::check(&problem, &plan))
}

fn problem(instance: &str) -> Result<Problem> {
    planner::parse(&text(instance)?).with_context(|| format!("reading {instance} as a problem"))
}

/// CPU time since it began; wall time where the system does not tell.
struct Spent {
    wall: Instant,
    cpu: Option<f64>,
}

impl Spent {
    fn begin() -> Self {
        Self { wall: Instant::now(), cpu: cpu() }
    }

    fn seconds(&self) -> f64 {
        match (self.cpu, cpu()) {
            (Some(before), Some(now)) => now - before,
            _ => self.wall.elapsed().as_secs_f64(),
        }
    }
}

/// User and system time of this process, in seconds.
fn cpu() -> Option<f64> {
    /// Linux counts in ticks of 10 ms for programs, whatever the kernel's own.
    const TICKS: f64 = 100.0;
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // The program's name, in brackets, may have blanks: what follows has none.
    let mut fields = stat.rsplit(')').next()?.split_whitespace().skip(11);
    let (user, system): (f64, f64) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
    Some((user + system) / TICKS)
}
