//! The door: parse, find, decide, keep, render.

mod billing;

use service::Desk;
use tonic::{Response, Status};

type Answer<T> = Result<Response<T>, Status>;

/// Everything that billing answers.
#[derive(Clone)]
pub struct Billing {
    /// Where requests become transactions.
    pub desk: Desk,
}
