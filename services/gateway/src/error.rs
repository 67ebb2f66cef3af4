//! Every way in which the edge itself says no, before or instead of a service.

use std::collections::HashMap;
use std::time::Duration;

use http::StatusCode;
use service::{Refuse, Violation, Violations};
use tonic::{Code, Status};
use tonic_types::{ErrorDetails, StatusExt};

#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    #[error("a valid token is needed")]
    Token,
    #[error("too many requests; try again in {} ms", wait.as_millis())]
    Limited { wait: Duration },
    #[error("there is no such method")]
    Method,
    #[error("there is nothing at this path")]
    Path,
    #[error("this path answers {allow} only")]
    Verb { allow: String },
    #[error("gRPC needs HTTP/2; over HTTP/1.1 there is gRPC-Web")]
    Protocol,
    #[error("the body must be JSON and say so: content-type: application/json")]
    MediaType,
    #[error("the body must not be larger than 1 MiB")]
    TooLarge,
    #[error("the body did not arrive as a whole")]
    Torn,
    #[error("the body is not JSON: {0}")]
    Json(serde_json::Error),
    #[error("{0}")]
    Invalid(#[from] Violations),
    /// What a service answered, or why it could not.
    #[error("{}", .0.message())]
    Service(Box<Status>),
}

impl From<Status> for Error {
    fn from(status: Status) -> Self {
        Self::Service(Box::new(status))
    }
}

impl Refuse for Error {
    fn code(&self) -> Code {
        match self {
            Self::Token => Code::Unauthenticated,
            Self::Limited { .. } => Code::ResourceExhausted,
            Self::Path => Code::NotFound,
            Self::Method | Self::Verb { .. } | Self::Protocol => Code::Unimplemented,
            Self::TooLarge => Code::OutOfRange,
            Self::MediaType | Self::Torn | Self::Json(_) | Self::Invalid(_) => Code::InvalidArgument,
            Self::Service(status) => status.code(),
        }
    }

    fn reason(&self) -> &'static str {
        match self {
            Self::Token => "TOKEN_INVALID",
            Self::Limited { .. } => "RATE_LIMITED",
            Self::Method => "METHOD_UNKNOWN",
            Self::Path => "PATH_UNKNOWN",
            Self::Verb { .. } => "VERB_NOT_ALLOWED",
            Self::Protocol => "HTTP2_NEEDED",
            Self::MediaType => "MEDIA_TYPE",
            Self::TooLarge => "BODY_TOO_LARGE",
            Self::Torn => "BODY_TORN",
            Self::Json(_) => "MALFORMED_JSON",
            Self::Invalid(_) => "INVALID_ARGUMENT",
            Self::Service(_) => "SERVICE",
        }
    }

    fn violations(&self) -> &[Violation] {
        match self {
            Self::Invalid(violations) => &violations.0,
            _ => &[],
        }
    }
}

impl Error {
    /// As gRPC says it.
    pub(crate) fn status(&self) -> Status {
        match self {
            Self::Service(status) => Status::clone(status),
            Self::Limited { wait } => {
                let mut details = ErrorDetails::with_error_info(self.reason(), "relevo", HashMap::new());
                details.set_retry_info(Some(*wait));
                Status::with_error_details(self.code(), self.to_string(), details)
            }
            _ => service::status(self),
        }
    }

    /// As HTTP says it.
    pub(crate) fn http(&self) -> StatusCode {
        match self {
            Self::Verb { .. } => StatusCode::METHOD_NOT_ALLOWED,
            Self::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Protocol => StatusCode::HTTP_VERSION_NOT_SUPPORTED,
            _ => http(self.code()),
        }
    }
}

/// The standard mapping (google/rpc/code.proto). `FAILED_PRECONDITION` is 400
/// and not 409 there: repeating the request as it is would not help.
pub(crate) fn http(code: Code) -> StatusCode {
    match code {
        Code::Ok => StatusCode::OK,
        Code::InvalidArgument | Code::FailedPrecondition | Code::OutOfRange => StatusCode::BAD_REQUEST,
        Code::Unauthenticated => StatusCode::UNAUTHORIZED,
        Code::PermissionDenied => StatusCode::FORBIDDEN,
        Code::NotFound => StatusCode::NOT_FOUND,
        Code::AlreadyExists | Code::Aborted => StatusCode::CONFLICT,
        Code::ResourceExhausted => StatusCode::TOO_MANY_REQUESTS,
        // 499, which nginx gave to a caller that did not wait.
        Code::Cancelled => StatusCode::from_u16(499).unwrap_or(StatusCode::BAD_REQUEST),
        Code::Unimplemented => StatusCode::NOT_IMPLEMENTED,
        Code::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        Code::DeadlineExceeded => StatusCode::GATEWAY_TIMEOUT,
        Code::Unknown | Code::Internal | Code::DataLoss => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
