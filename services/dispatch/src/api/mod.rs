//! The edge: parse, find, decide, keep, render.

mod dispatch;

pub use dispatch::Dispatch;

use tonic::{Response, Status};

/// What every method answers.
type Answer<T> = Result<Response<T>, Status>;
