//! Real servers, started, killed and started again.

#![allow(clippy::unwrap_used, reason = "the helpers of a test fail it as the test itself does")]

mod killed_parent;
mod lifecycle;
mod nats;
mod scratch;
mod sql;
