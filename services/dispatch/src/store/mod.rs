//! How dispatch keeps what is true: the only SQL.

pub mod sites;
pub mod technicians;
pub mod visits;
