//! The edge: parse, find, decide, keep, render.

mod handoffs;
mod tickets;
mod vendor_desk;

pub use handoffs::Handoffs;
pub use tickets::Tickets;
pub use vendor_desk::VendorDesk;

use service::Call;
use tonic::{Response, Status};

use crate::store::Mark;

/// What every method answers.
type Answer<T> = Result<Response<T>, Status>;

/// Who did it, for the history.
fn mark(call: &Call) -> Mark {
    Mark { actor: call.caller.actor(), now: call.now }
}
