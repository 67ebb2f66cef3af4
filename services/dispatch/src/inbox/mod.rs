//! What dispatch hears.

mod directory;
mod tickets;

pub use directory::site_created;
pub use tickets::{ticket_cancelled, visit_requested};
