//! Errors as RFC 9457 problem details.

use http::header::{ALLOW, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderValue, Response};
use http_body_util::Full;
use serde::Serialize;
use service::Refuse;
use tonic::Code;
use tonic::body::Body;
use tonic_types::StatusExt;

use crate::error::Error;

/// One problem document.
#[derive(Debug, Serialize)]
pub(crate) struct Problem {
    r#type: String,
    title: String,
    status: u16,
    detail: String,
    reason: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    violations: Vec<Violation>,
    #[serde(skip_serializing_if = "Option::is_none")]
    trace_id: Option<String>,
}

#[derive(Debug, Serialize)]
struct Violation {
    field: String,
    rule: String,
    reason: String,
}

impl Problem {
    pub(crate) fn of(error: &Error, trace: Option<&str>) -> Self {
        let status = error.status();
        let details = status.get_error_details();
        let reason = match details.error_info() {
            Some(info) => info.reason.clone(),
            None => name(status.code()).to_owned(),
        };
        let violations = details.bad_request().map_or_else(Vec::new, |bad| {
            let fields = bad.field_violations.iter();
            fields
                .map(|violation| Violation {
                    field: violation.field.clone(),
                    rule: violation.description.clone(),
                    reason: violation.reason.clone(),
                })
                .collect()
        });
        Self {
            r#type: format!("urn:relevo:problem:{reason}"),
            title: title(&reason),
            status: error.http().as_u16(),
            detail: status.message().to_owned(),
            reason,
            violations,
            trace_id: trace.map(str::to_owned),
        }
    }
}

/// `error` as an HTTP answer.
pub(crate) fn respond(error: &Error, trace: Option<&str>) -> Response<Body> {
    let text = serde_json::to_vec(&Problem::of(error, trace)).unwrap_or_default();
    let mut response = Response::new(Body::new(Full::from(text)));
    *response.status_mut() = error.http();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    match error.code() {
        Code::Unauthenticated => {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        Code::ResourceExhausted | Code::Unavailable => {
            headers.insert(RETRY_AFTER, HeaderValue::from(retry_after(error)));
        }
        _ => {}
    }
    if let Error::Verb { allow } = error
        && let Ok(allow) = HeaderValue::from_str(allow)
    {
        headers.insert(ALLOW, allow);
    }
    response
}

/// In whole seconds, and at least one.
fn retry_after(error: &Error) -> u64 {
    let details = error.status().get_error_details();
    let delay = details.retry_info().and_then(|info| info.retry_delay);
    delay.map_or(1, |delay| delay.as_millis().div_ceil(1_000).max(1) as u64)
}

/// `STALE_ETAG` as `Stale etag`.
fn title(reason: &str) -> String {
    let mut title = reason.replace('_', " ").to_lowercase();
    if let Some(first) = title.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    title
}

fn name(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}
