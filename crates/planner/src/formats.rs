//! Problems read from JSON: our own, or a benchmark instance under its own rule of distance.

mod trsp;
mod vrptw;

use serde_json::Value;

use crate::problem::Problem;
use crate::validate::{Violation, Violations, validate};
use crate::weights::Weights;

/// A visit not served must cost more than any detour, in units that are finer than seconds.
const DETOURS: i64 = 1_000;

/// Reads a problem; a field `kind` of `VRPTW` or `TRSP` tells a benchmark instance from our own.
///
/// # Errors
/// Everything that is wrong with it.
pub fn parse(json: &str) -> Result<Problem, Violations> {
    let value: Value = serde_json::from_str(json).map_err(|e| unreadable(&e))?;
    let kind = value.get("kind").and_then(Value::as_str).map(str::to_owned);
    let problem = match kind.as_deref() {
        Some("VRPTW") => serde_json::from_value(value).map(vrptw::Instance::into_problem),
        Some("TRSP") => serde_json::from_value(value).map(trsp::Instance::into_problem),
        Some(other) => {
            return Err(Violations::one("kind", "UNKNOWN", format!("must be VRPTW or TRSP, not {other}")));
        }
        None => serde_json::from_str(json),
    };
    let problem = problem.map_err(|e| unreadable(&e))?;
    match (validate(&problem), kind.as_deref()) {
        (Err(found), Some(kind)) => Err(in_the_words_of(kind, found)),
        (Err(found), None) => Err(found),
        (Ok(()), _) => Ok(problem),
    }
}

/// Fields named as the benchmark names them, so that they are found in its file.
fn in_the_words_of(kind: &str, found: Violations) -> Violations {
    let mut named: Vec<Violation> = Vec::new();
    for mut one in found.0 {
        one.field = match kind {
            "VRPTW" => vrptw::field(&one.field),
            _ => trsp::field(&one.field),
        };
        // Every vehicle has the fields of the one depot and the one capacity.
        if !named.contains(&one) {
            named.push(one);
        }
    }
    Violations(named)
}

/// Splits `list[7].rest` into 7 and `.rest`.
fn indexed<'a>(field: &'a str, list: &str) -> Option<(usize, &'a str)> {
    let (index, rest) = field.strip_prefix(list)?.strip_prefix('[')?.split_once(']')?;
    Some((index.parse().ok()?, rest))
}

fn unreadable(error: &serde_json::Error) -> Violations {
    Violations::one("json", "UNREADABLE", error.to_string())
}

/// Only distance counts, and every visit is to be served.
fn distance_only(longest: i64) -> Weights {
    Weights { unserved: DETOURS * longest.max(1), second: 0, metre: 1, overtime: 0, preferred: 0, ..Weights::default() }
}
