//! One request: which protocol it speaks, and what every answer has.

use std::sync::Arc;
use std::time::Instant;

use http::header::{
    AUTHORIZATION, CACHE_CONTROL, CONNECTION, CONTENT_TYPE, HOST, REFERRER_POLICY, TE, TRANSFER_ENCODING, UPGRADE,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response};
use hyper::body::Incoming;
use service::{Metrics, Reason};
use tonic::body::Body;
use tracing::Instrument;

use crate::auth::{API_KEY, Door, Pass};
use crate::config::Config;
use crate::limits::Limits;
use crate::openapi;
use crate::transcode::Router;
use crate::upstream::Upstreams;
use crate::{forward, rest};

/// What all requests share.
pub(crate) struct Edge {
    pub(crate) upstreams: Upstreams,
    pub(crate) door: Door,
    pub(crate) limits: Arc<Limits>,
    pub(crate) router: Router,
    /// Of all routes, made once.
    pub(crate) openapi: bytes::Bytes,
    pub(crate) metrics: Metrics,
}

/// The trace that a request belongs to.
pub(crate) struct Trace {
    parent: Option<String>,
    pub(crate) started: Instant,
}

impl Trace {
    /// 32 hexadecimal digits, if there is one (W3C Trace Context).
    pub(crate) fn id(&self) -> Option<&str> {
        self.parent.as_deref()?.get(3..35)
    }
}

impl Edge {
    pub(crate) fn new(config: &Config, metrics: Metrics) -> Result<Self, Reason> {
        let upstreams = Upstreams::new(config)?;
        let directory = upstreams.of("/relevo.directory.").ok_or("there is no directory")?.clone();
        let limits = Arc::new(Limits::new(config)?);
        let router = Router::of(&proto::POOL)?;
        Ok(Self {
            door: Door::new(directory, &config.internal_key, Arc::clone(&limits))?,
            openapi: serde_json::to_vec(&openapi::document(&router))?.into(),
            upstreams,
            limits,
            router,
            metrics,
        })
    }

    /// Answers one request, whatever it is.
    pub(crate) async fn serve(self: Arc<Self>, request: Request<Incoming>) -> Response<Body> {
        let span = tracing::info_span!("edge", path = request.uri().path(), trace_id = tracing::field::Empty);
        service::adopt_trace(&span, request.headers());
        let trace = Trace { parent: service::traceparent(&span), started: Instant::now() };
        let request = request.map(Body::new);
        let answer = async {
            let mut response = match protocol(request.headers()) {
                Protocol::Grpc => forward::grpc(&self, request, &trace).await,
                Protocol::GrpcWeb => forward::grpc_web(&self, request, &trace).await,
                Protocol::Rest => rest::serve(&self, request, &trace).await,
            };
            protect(response.headers_mut(), &trace);
            response
        };
        answer.instrument(span).await
    }

    /// Who comes in, and that it is not too often.
    pub(crate) async fn admit(&self, rpc: &str, headers: &HeaderMap) -> Result<Arc<Pass>, crate::error::Error> {
        let pass = self.door.admit(rpc, headers).await?;
        self.limits.spend(&pass.lease).await?;
        Ok(pass)
    }
}

enum Protocol {
    Grpc,
    GrpcWeb,
    Rest,
}

fn protocol(headers: &HeaderMap) -> Protocol {
    let said = headers.get(CONTENT_TYPE).map_or(&[][..], HeaderValue::as_bytes);
    match said.strip_prefix(b"application/grpc") {
        Some(more) if more.starts_with(b"-web") => Protocol::GrpcWeb,
        Some(_) => Protocol::Grpc,
        None => Protocol::Rest,
    }
}

/// What no answer goes without. Pages that may run scripts have said so
/// before; nothing else may.
fn protect(headers: &mut HeaderMap, trace: &Trace) {
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    headers.entry(CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    headers
        .entry(http::header::CONTENT_SECURITY_POLICY)
        .or_insert(HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'"));
    if let Some(id) = trace.id().and_then(|id| HeaderValue::from_str(id).ok()) {
        headers.insert(HeaderName::from_static("x-request-id"), id);
    }
}

/// Takes out what must not go on to a service, and puts in what it needs:
/// the pass and the trace.
pub(crate) fn hand_on(headers: &mut HeaderMap, pass: &Pass, trace: &Trace) {
    let ours = |name: &HeaderName| name.as_str().starts_with("x-relevo-");
    if headers.keys().any(ours) {
        let names: Vec<_> = headers.keys().filter(|name| ours(name)).cloned().collect();
        for name in names {
            headers.remove(name);
        }
    }
    // What concerns one connection alone stays on it (RFC 9110, 7.6.1).
    for name in [CONNECTION, HOST, TRANSFER_ENCODING, UPGRADE, AUTHORIZATION] {
        headers.remove(name);
    }
    headers.remove(API_KEY);
    headers.remove("keep-alive");
    headers.remove("proxy-authorization");
    headers.remove("proxy-connection");
    headers.insert(TE, HeaderValue::from_static("trailers"));
    if let Some(authorization) = &pass.authorization {
        headers.insert(AUTHORIZATION, authorization.clone());
    }
    if let Some(parent) = trace.parent.as_deref().and_then(|parent| HeaderValue::from_str(parent).ok()) {
        headers.insert("traceparent", parent);
    }
}
