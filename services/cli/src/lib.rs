//! `relevo`, the platform's command line, as a library: whole-system tests run
//! the same journeys that people run.
//!
//! Everything that needs a platform goes through its gateway, over REST, with
//! the credentials of whoever would do it; `offline` needs no platform at all.

pub mod demo;
pub mod offline;
pub mod replay;
pub mod rest;
pub mod seed;

mod madrid;
mod table;
mod voice;
mod wait;
mod words;

pub use voice::Voice;
