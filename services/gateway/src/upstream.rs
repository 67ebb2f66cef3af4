//! Pooled HTTP/2 connections to the services.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use http::uri::{Authority, PathAndQuery, Scheme};
use http::{Request, Response, Uri, Version};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::{Client, Error};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use service::Reason;
use tonic::Status;
use tonic::body::Body;
use tonic_types::{ErrorDetails, StatusExt};

use crate::config::{Config, SERVICES};

/// How long a service may take until it begins to answer.
const PATIENCE: Duration = Duration::from_secs(15);

/// One service. Its requests go over several connections in turn: one HTTP/2
/// connection is one task at either end, and so at most one core.
#[derive(Clone)]
pub(crate) struct Upstream(Arc<Connections>);

struct Connections {
    scheme: Scheme,
    authority: Authority,
    clients: Vec<Client<HttpConnector, Body>>,
    next: AtomicUsize,
}

impl Upstream {
    /// Connects when it is first needed, and again whenever it must.
    fn new(url: &Uri, connections: usize) -> Result<Self, Reason> {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(Duration::from_secs(2)));
        let mut builder = Client::builder(TokioExecutor::new());
        builder.http2_only(true).timer(TokioTimer::new());
        builder.http2_keep_alive_interval(Duration::from_secs(20));
        builder.http2_keep_alive_timeout(Duration::from_secs(5));
        let authority = url.authority().ok_or_else(|| format!("{url} must be like http://host:port"))?;
        if url.scheme() != Some(&Scheme::HTTP) {
            return Err(format!("{url} must begin with http://").into());
        }
        Ok(Self(Arc::new(Connections {
            scheme: Scheme::HTTP,
            authority: authority.clone(),
            clients: (0..connections).map(|_| builder.build(connector.clone())).collect(),
            next: AtomicUsize::new(0),
        })))
    }

    /// Sends `request` to the path that it names.
    pub(crate) async fn send(&self, mut request: Request<Body>) -> Result<Response<Body>, Box<Status>> {
        let connections = &*self.0;
        let mut uri = std::mem::take(request.uri_mut()).into_parts();
        uri.scheme = Some(connections.scheme.clone());
        uri.authority = Some(connections.authority.clone());
        uri.path_and_query.get_or_insert_with(|| PathAndQuery::from_static("/"));
        *request.uri_mut() = Uri::from_parts(uri).map_err(|_| Status::internal("no such address"))?;
        *request.version_mut() = Version::HTTP_2;
        let turn = connections.next.fetch_add(1, Ordering::Relaxed);
        let client = &connections.clients[turn % connections.clients.len()];
        match tokio::time::timeout(PATIENCE, client.request(request)).await {
            Ok(Ok(response)) => Ok(response.map(Body::new)),
            Ok(Err(error)) => Err(Box::new(self.unavailable(&error))),
            Err(_) => Err(Box::new(Status::deadline_exceeded("the service took too long"))),
        }
    }

    fn unavailable(&self, error: &Error) -> Status {
        let cause = std::error::Error::source(error).map(ToString::to_string);
        tracing::warn!(service = %self.0.authority, %error, cause, "unreachable");
        let mut details =
            ErrorDetails::with_error_info("SERVICE_UNREACHABLE", "relevo", std::collections::HashMap::new());
        details.set_retry_info(Some(Duration::from_secs(1)));
        Status::with_error_details(
            tonic::Code::Unavailable,
            "the service cannot be reached just now; try again",
            details,
        )
    }
}

/// So that generated and generic clients can call through it.
impl tower::Service<Request<Body>> for Upstream {
    type Response = Response<Body>;
    type Error = Status;
    type Future = BoxFuture<'static, Result<Response<Body>, Status>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let upstream = self.clone();
        async move { upstream.send(request).await.map_err(|status| *status) }.boxed()
    }
}

/// All the services, by the beginning of their methods' paths.
pub(crate) struct Upstreams(Vec<(String, Upstream)>);

impl Upstreams {
    pub(crate) fn new(config: &Config) -> Result<Self, Reason> {
        let connections = config.connections.get() as usize;
        let services = SERVICES.iter().zip(&config.services);
        let all = services.map(|(name, url)| Ok((format!("/relevo.{name}."), Upstream::new(url, connections)?)));
        Ok(Self(all.collect::<Result<_, Reason>>()?))
    }

    /// The service that a path such as `/relevo.tickets.v1.Tickets/GetTicket`
    /// belongs to.
    pub(crate) fn of(&self, path: &str) -> Option<&Upstream> {
        let mut all = self.0.iter();
        all.find(|(prefix, _)| path.starts_with(prefix.as_str())).map(|(_, upstream)| upstream)
    }
}
