//! Measures the solver: `bench FOLDER SECONDS SEED [PREFIX]`, one thread, CPU seconds. `20000i`
//! instead of seconds asks for so many iterations.
//!
//! CPU time is read from `/proc/self/stat` (user and system ticks of 10 ms), so a busy machine
//! does not spoil the figures; between two ticks of the clock the wall stands in.

use std::error::Error;
use std::time::Instant;

use planner::Budget;

/// User and system time of this process in seconds; 0 where `/proc` is missing.
fn cpu() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks: f64 = fields.skip(11).take(2).filter_map(|field| field.parse::<f64>().ok()).sum();
    ticks / 100.0
}

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().collect();
    let [_, folder, seconds, seed, rest @ ..] = args.as_slice() else {
        return Err("usage: bench FOLDER SECONDS SEED [PREFIX]".into());
    };
    let seed: u64 = seed.parse()?;
    let (budget, seconds) = match seconds.strip_suffix('i') {
        Some(count) => (Budget { iterations: Some(count.parse()?) }, f64::INFINITY),
        None => (Budget::default(), seconds.parse()?),
    };
    let prefix = rest.first().map_or("", String::as_str);
    let mut files: Vec<_> = std::fs::read_dir(folder)?.filter_map(Result::ok).collect();
    files.sort_by_key(std::fs::DirEntry::file_name);
    let (mut sum, mut count, mut travelled) = (0.0, 0, 0.0);
    for file in files {
        let name = file.file_name().to_string_lossy().into_owned();
        if !name.ends_with(".json") || !name.starts_with(prefix) {
            continue;
        }
        let problem = planner::parse(&std::fs::read_to_string(file.path())?)?;
        let begun = cpu();
        let wall = Instant::now();
        let mut looks = 0_u32;
        let mut part = 0.0;
        let mut spent = || {
            looks += 1;
            if looks.is_multiple_of(2) {
                part = (cpu() - begun) / seconds;
            }
            part
        };
        let plan = planner::solve(&problem, None, budget, seed, &mut spent);
        let gap = problem.best_known.map(|best| 100.0 * (plan.distance / best - 1.0));
        println!(
            "{name:14} {:10.3} {:>8} tours {:3} left {} broken {} iterations {:8} cpu {:.2} wall {:.2}",
            plan.distance,
            gap.map_or("-".to_owned(), |gap| format!("{gap:.3} %")),
            plan.routes.len(),
            plan.unassigned.len(),
            planner::check(&problem, &plan).len(),
            plan.iterations,
            cpu() - begun,
            wall.elapsed().as_secs_f64(),
        );
        if let Some(visit) = problem.visits.first() {
            let begun = Instant::now();
            let found = planner::suggest(&problem, &plan, &visit.id).len();
            println!("{:14} {found} suggestions for visit {} in {:.2?}", "", visit.id, begun.elapsed());
        }
        travelled += plan.distance;
        if let Some(gap) = gap {
            sum += gap;
            count += 1;
        }
    }
    println!("mean gap {:.3} % over {count}, {travelled:.1} travelled in all", sum / f64::from(count.max(1)),);
    Ok(())
}
