//! What time itself does.

pub mod timer;
