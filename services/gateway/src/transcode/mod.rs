//! REST/JSON for every method that declares it, read from the descriptors:
//! nothing here knows a service.

mod behavior;
mod bind;
mod codec;
mod router;
mod scalar;
mod template;
mod walk;

pub(crate) use behavior::{Behavior, behaviors};
pub(crate) use bind::bind;
pub(crate) use codec::Json;
pub(crate) use router::{Content, Found, Route, Router};

#[cfg(test)]
#[path = "transcode_tests.rs"]
mod tests;
