//! The edge in front of a service that is not there: a fake that speaks real
//! gRPC behind the real guard.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "the helpers of a test fail it as the test itself does"
)]

mod doors;
mod edge;
mod fake;
mod grpc;
mod limits;
mod rest;
