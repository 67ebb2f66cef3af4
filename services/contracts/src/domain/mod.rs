//! What is true of promises: what was promised, to whom, and whether it was kept.

pub mod calendar;
pub mod clock;
pub mod contract;
pub mod entitlement;
pub mod line;
pub mod seat_count;
pub mod sla_policy;
pub mod tenant;
pub mod underpinning_contract;
pub mod words;

pub use ::clocks::{self, entry};
