//! The command against a gateway that misbehaves.

#![allow(clippy::unwrap_used, reason = "the helpers of a test fail it as the test itself does")]

mod rest;
