//! The edge: parse, find, decide, keep, render.

mod parties;
mod tenants;
mod tokens;

pub use parties::Parties;
pub use tokens::Tokens;

use tonic::{Response, Status};

/// What every method answers.
type Answer<T> = Result<Response<T>, Status>;
