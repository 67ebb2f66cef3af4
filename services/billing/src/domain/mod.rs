//! What is true of facts, prices and invoices.

pub mod chain;
pub mod closing;
pub mod cost;
pub mod invoice;
pub mod ledger;
pub mod margin;
pub mod tenant;

pub use ::rating;
pub use ::rating::{civil, document, fact, terms};
