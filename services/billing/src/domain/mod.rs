//! What is true of facts, prices and invoices.

pub mod chain;
pub mod civil;
pub mod closing;
pub mod cost;
pub mod document;
pub mod fact;
pub mod invoice;
pub mod ledger;
pub mod margin;
pub mod rating;
pub mod tenant;
pub mod terms;
