//! The engine against a reckoner that shares nothing with it.

#![allow(clippy::unwrap_used, reason = "a fixture that cannot be built fails its test")]

mod cases;
mod chance;
mod oracle;
