//! The planner from outside: benchmarks, rules, explanations, and plans read back.

#![allow(clippy::unwrap_used, reason = "the helpers of a test fail it as the test itself does")]

mod benchmarks;
mod broken;
mod golden;
mod live;
mod parsing;
mod replan;
mod storm;
mod town;
