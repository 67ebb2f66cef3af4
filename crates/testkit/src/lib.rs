//! A whole platform for a test: real Postgres, NATS and Redis, real processes,
//! databases of its own. It is gone when it is dropped.
//!
//! Tests do not sleep: [`Platform::drain`] returns once everything that was
//! announced has been heard by everybody.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "this crate is a test")]

mod images;
mod platform;
mod processes;
mod settings;

pub use images::Images;
pub use platform::{Platform, Shape};
pub use processes::{eventually, until};
pub use settings::{BOOTSTRAP_KEY, INTERNAL_KEY, SERVICES};
