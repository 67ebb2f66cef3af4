//! The door of every service: trace, token, access and measure, before any
//! handler runs.

use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Instant;

use futures::future::BoxFuture;
use http::header::AUTHORIZATION;
use http::{Request, Response};
use tonic::body::Body;
use tonic::{Code, Status};
use tower::{Layer, Service};
use tracing::Instrument;

use crate::access::{access, allows};
use crate::caller::Caller;
use crate::telemetry::{Metrics, adopt_trace};
use crate::tokens::Verifier;

/// Lets in whoever may come in.
#[derive(Clone)]
pub struct Guard {
    verifier: Arc<Verifier>,
    metrics: Metrics,
}

impl Guard {
    /// Trusts what `verifier` verifies.
    pub fn new(verifier: Arc<Verifier>, metrics: Metrics) -> Self {
        Self { verifier, metrics }
    }

    /// The caller that the request's own token names, if it may call this.
    fn admit<B>(&self, request: &Request<B>) -> Result<Option<Caller>, Status> {
        let path = request.uri().path();
        let Some(access) = access(path) else {
            // Health and reflection are for everybody; what is ours and has no
            // declaration is for nobody.
            return if path.starts_with("/relevo.") { Err(Status::unimplemented("no such method")) } else { Ok(None) };
        };
        if access.anyone {
            return Ok(None);
        }
        let token = request.headers().get(AUTHORIZATION).and_then(|h| h.to_str().ok());
        let token = token.and_then(|h| h.strip_prefix("Bearer ")).ok_or_else(|| refuse(Code::Unauthenticated))?;
        let claims = self.verifier.verify(token).map_err(|error| {
            tracing::debug!(%error, "refused a token");
            refuse(Code::Unauthenticated)
        })?;
        let caller = Caller::of(&claims).ok_or_else(|| refuse(Code::Unauthenticated))?;
        if allows(access, &caller) { Ok(Some(caller)) } else { Err(refuse(Code::PermissionDenied)) }
    }
}

fn refuse(code: Code) -> Status {
    let (reason, message) = match code {
        Code::PermissionDenied => ("ROLE_MISSING", "this is not for your role"),
        _ => ("TOKEN_INVALID", "a valid token is needed"),
    };
    let details = tonic_types::ErrorDetails::with_error_info(reason, "relevo", std::collections::HashMap::new());
    <Status as tonic_types::StatusExt>::with_error_details(code, message, details)
}

impl<S> Layer<S> for Guard {
    type Service = Guarded<S>;

    fn layer(&self, inner: S) -> Self::Service {
        Guarded { guard: self.clone(), inner }
    }
}

/// A service behind its door.
#[derive(Clone)]
pub struct Guarded<S> {
    guard: Guard,
    inner: S,
}

impl<S> Service<Request<Body>> for Guarded<S>
where
    S: Service<Request<Body>, Response = Response<Body>> + Clone + Send + 'static,
    S::Future: Send,
    S::Error: Send,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<Self::Response, Self::Error>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        let started = Instant::now();
        let path = request.uri().path().to_owned();
        let span = tracing::info_span!("serve", rpc = path, trace_id = tracing::field::Empty);
        adopt_trace(&span, request.headers());
        let admitted = span.in_scope(|| self.guard.admit(&request));
        let metrics = self.guard.metrics.clone();
        // The clone takes the place of the service that was made ready.
        let ready = self.inner.clone();
        let mut inner = std::mem::replace(&mut self.inner, ready);
        let serve = async move {
            let response = match admitted {
                Ok(caller) => {
                    if let Some(caller) = caller {
                        request.extensions_mut().insert(caller);
                    }
                    inner.call(request).await?
                }
                Err(status) => status.into_http(),
            };
            // A unary answer that failed says so in its headers.
            let code = response.headers().get("grpc-status").map_or(Code::Ok, |c| Code::from_bytes(c.as_bytes()));
            metrics.served(&path, code, started.elapsed());
            Ok(response)
        };
        Box::pin(serve.instrument(span))
    }
}
