//! The dispatch service.
