//! What is heard of others.

pub mod directory;
pub mod tickets;
