//! An invoice from a file: a client, a contract, facts and a month as JSON in,
//! the document as JSON out, by the very [`rate`] that closes a month.
//!
//! Amounts are text, in whole units of the contract's currency (`"85.50"` or
//! `"85.50 EUR"`): a JSON number would pass through a binary fraction. What is
//! wrong with a file is told all at once.

mod fields;
mod help;
mod read;
mod render;
#[cfg(test)]
mod tests;

pub use help::HELP;
use serde_json::{Value, json};

use crate::document::Document;
use crate::{Inputs, Past, rate};

/// One field that breaks one rule.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Violation {
    /// Its path, such as `facts[2].time.end`.
    pub field: String,
    /// The rule in words, to be read after the field.
    pub rule: String,
    /// A name for programs. It never changes.
    pub reason: &'static str,
}

/// What a file asks for, or `{"error": {"reason", "violations"}}`; and whether
/// it is the former. With `explain`, each line says step by step how it came
/// about.
#[must_use]
pub fn answer(text: &str, explain: bool) -> (Value, bool) {
    match document(text, explain) {
        Ok(document) => (document, true),
        Err(Refusal::Violations(violations)) => {
            (json!({ "error": { "reason": "INPUT_INVALID", "violations": violations } }), false)
        }
        Err(Refusal::OutOfBounds) => (json!({ "error": { "reason": "AMOUNT_OUT_OF_BOUNDS" } }), false),
    }
}

enum Refusal {
    Violations(Vec<Violation>),
    /// Every field is right, and together they exceed what an amount can be.
    OutOfBounds,
}

fn document(text: &str, explain: bool) -> Result<Value, Refusal> {
    let file = read::file(text).map_err(Refusal::Violations)?;
    let past = Past::default();
    let inputs =
        Inputs { civil: &file.civil, month: file.month, contracts: &file.contracts, facts: &file.facts, past: &past };
    let rated = rate(inputs).map_err(|_| Refusal::OutOfBounds)?;
    let document = Document::of(file.buyer, file.currency, file.month, rated).map_err(|_| Refusal::OutOfBounds)?;
    Ok(render::document(&document, &file.facts, explain))
}
