//! What is true of technicians and their visits.

pub mod day;
pub mod mover;
pub mod site;
pub mod state;
pub mod suggest;
pub mod technician;
pub mod travel;
pub mod visit;
