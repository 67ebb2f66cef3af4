//! How a service says no.

use std::collections::HashMap;
use std::time::Duration;

use tonic::{Code, Status};
use tonic_types::{ErrorDetails, FieldViolation, StatusExt};

use crate::fields::Violation;

/// An error that a caller is told of. Transport-free but for the code, whose
/// meanings every transport knows.
pub trait Refuse: std::fmt::Display {
    /// One of the canonical codes.
    fn code(&self) -> Code;
    /// Stable, in capitals, unique in its service (AIP-193).
    fn reason(&self) -> &'static str;
    /// The fields concerned, all at once.
    fn violations(&self) -> &[Violation] {
        &[]
    }
}

impl Refuse for store::Error {
    fn code(&self) -> Code {
        match self {
            Self::NotFound => Code::NotFound,
            Self::Stale => Code::Aborted,
            Self::PageToken | Self::Value(_) => Code::InvalidArgument,
            Self::RequestIdReused => Code::AlreadyExists,
            Self::Unavailable(_) => Code::Unavailable,
            Self::Constraint(_) | Self::Answered(_) | Self::Database(_) => Code::Internal,
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::NotFound => "NOT_FOUND",
            Self::Stale => "STALE_ETAG",
            Self::PageToken => "PAGE_TOKEN_INVALID",
            Self::Value(_) => "VALUE_NOT_STORABLE",
            Self::RequestIdReused => "REQUEST_ID_REUSED",
            Self::Unavailable(_) => "STORE_UNAVAILABLE",
            Self::Constraint(_) | Self::Answered(_) | Self::Database(_) => "INTERNAL",
        }
    }
}

/// The one place where an error becomes a status. What is inside stays inside:
/// it is logged, and a neutral sentence goes out.
pub fn status(refusal: &(impl Refuse + ?Sized)) -> Status {
    let (code, reason) = (refusal.code(), refusal.reason());
    let message = match code {
        Code::Internal | Code::Unknown => {
            tracing::error!(error = %refusal, "internal");
            "something went wrong on our side".to_owned()
        }
        Code::Unavailable => {
            tracing::warn!(error = %refusal, "unavailable");
            "the service cannot answer just now; try again".to_owned()
        }
        _ => refusal.to_string(),
    };
    let mut details = ErrorDetails::with_error_info(reason, "relevo", HashMap::new());
    if code == Code::Unavailable {
        details.set_retry_info(Some(Duration::from_secs(1)));
    }
    let violations = refusal.violations();
    if !violations.is_empty() {
        let fields = violations.iter().map(|v| FieldViolation {
            field: v.field.clone(),
            description: v.rule.clone(),
            reason: v.reason.to_owned(),
            ..FieldViolation::default()
        });
        details.set_bad_request(fields.collect::<Vec<_>>());
    }
    Status::with_error_details(code, message, details)
}
