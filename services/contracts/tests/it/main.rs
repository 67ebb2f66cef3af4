//! The contracts service as a process, on a real Postgres and a real NATS.
//! What other services would tell it is published as they publish it.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "the helpers of a test fail it as the test itself does"
)]

mod bench;
mod clocks;
mod contracts;
mod inbox;
mod tickets;
