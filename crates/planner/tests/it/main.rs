//! The planner from outside: benchmarks, rules, explanations, and plans read back.

mod benchmarks;
mod broken;
mod golden;
mod live;
mod parsing;
mod storm;
mod town;
