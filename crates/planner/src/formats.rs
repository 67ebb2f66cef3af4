//! Problems read from JSON: our own, or a benchmark instance under its own rule of distance.

mod trsp;
mod vrptw;

use serde_json::Value;

use crate::problem::Problem;
use crate::validate::{Violations, validate};
use crate::weights::Weights;

/// A visit not served must cost more than any detour, in units that are finer than seconds.
const DETOURS: i64 = 1_000;

/// Reads a problem; a field `kind` of `VRPTW` or `TRSP` tells a benchmark instance from our own.
///
/// # Errors
/// Everything that is wrong with it.
pub fn parse(json: &str) -> Result<Problem, Violations> {
    let value: Value = serde_json::from_str(json).map_err(|e| unreadable(&e))?;
    let problem = match value.get("kind").and_then(Value::as_str) {
        Some("VRPTW") => serde_json::from_value(value).map(vrptw::Instance::into_problem),
        Some("TRSP") => serde_json::from_value(value).map(trsp::Instance::into_problem),
        Some(other) => {
            return Err(Violations::one("kind", format!("must be VRPTW or TRSP, not {other}")));
        }
        None => serde_json::from_str(json),
    };
    let problem = problem.map_err(|e| unreadable(&e))?;
    validate(&problem)?;
    Ok(problem)
}

fn unreadable(error: &serde_json::Error) -> Violations {
    Violations::one("json", error.to_string())
}

/// Only distance counts, and every visit is to be served.
fn distance_only(longest: i64) -> Weights {
    Weights { unserved: DETOURS * longest.max(1), second: 0, metre: 1, overtime: 0, preferred: 0, ..Weights::default() }
}
