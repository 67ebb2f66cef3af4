//! The edge: parse, find, decide, keep, render.

mod clocks;
mod contracts;

pub use clocks::Clocks;
pub use contracts::Contracts;

use tonic::{Response, Status};

/// What every method answers.
type Answer<T> = Result<Response<T>, Status>;
