//! Plans for technicians in the field: who goes where and when, and why not otherwise.
//!
//! Pure: no clock, no input or output. `parse` reads a problem, `solve` plans it for as long as
//! the caller allows, `check` verifies a plan with code of its own, `suggest`, `slots` and
//! `why_not` answer questions about a plan in milliseconds.

mod check;
mod clock;
mod eligible;
mod explain;
mod formats;
mod load;
mod model;
mod plan;
mod problem;
mod recreate;
mod rng;
mod route;
mod ruin;
mod scan;
mod solve;
mod state;
mod suggest;
mod svg;
mod swap;
mod tied;
mod timetable;
mod validate;
mod weights;

pub use check::{Broken, check};
pub use explain::{Reason, explain, why_not};
pub use formats::parse;
pub use plan::{Change, DEPOT_STOP, Plan, Times, Tour, Unassigned};
pub use problem::{
    After, Break, Depot, Due, DueBy, Id, Part, Pin, Place, Problem, Shift, Skill, Technician, Travel, Visit,
};
pub use solve::{Budget, solve};
pub use suggest::{Slot, Suggestion, slots, suggest};
pub use svg::svg;
pub use validate::{Violation, Violations, validate};
pub use weights::Weights;
