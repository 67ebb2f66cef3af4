//! What is true of tickets: pure rules on rows, without I/O and without a clock.

pub mod change;
pub mod handoff;
pub mod message;
pub mod states;
pub mod ticket;
pub mod time_entry;
pub mod words;

#[cfg(test)]
mod handoff_tests;
#[cfg(test)]
#[path = "sample_tests.rs"]
mod sample;
#[cfg(test)]
mod ticket_tests;
