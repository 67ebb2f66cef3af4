//! gRPC, forwarded as it is: nothing is decoded, bodies stream both ways,
//! trailers stay.

use std::convert::Infallible;
use std::sync::Arc;

use http::{Request, Response, Version};
use service::Refuse;
use tonic::Code;
use tonic::body::Body;
use tonic_web::GrpcWebLayer;
use tower::{Layer, ServiceExt};

use crate::edge::{Edge, Trace, hand_on};
use crate::error::Error;
use crate::problem;

/// Forwards one gRPC request. What the edge refuses, it refuses as a service
/// would: in the header of an answer without a body.
pub(crate) async fn grpc(edge: &Edge, request: Request<Body>, trace: &Trace) -> Response<Body> {
    if request.version() != Version::HTTP_2 {
        return problem::respond(&Error::Protocol, trace.id());
    }
    forward(edge, request, trace).await
}

/// The same for browsers, which cannot see trailers.
pub(crate) async fn grpc_web(edge: &Arc<Edge>, request: Request<Body>, trace: &Trace) -> Response<Body> {
    let forward = tower::service_fn(|request| async { Ok::<_, Infallible>(forward(edge, request, trace).await) });
    match GrpcWebLayer::new().layer(forward).oneshot(request).await {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

async fn forward(edge: &Edge, request: Request<Body>, trace: &Trace) -> Response<Body> {
    let rpc = request.uri().path().to_owned();
    let (response, code) = match send(edge, &rpc, request, trace).await {
        Ok(response) => {
            // A unary answer that failed says so in its headers.
            let said = response.headers().get("grpc-status");
            let code = said.map_or(Code::Ok, |code| Code::from_bytes(code.as_bytes()));
            (response, code)
        }
        Err(error) => (error.status().into_http(), error.code()),
    };
    edge.metrics.served(&rpc, code, trace.started.elapsed());
    response
}

async fn send(edge: &Edge, rpc: &str, mut request: Request<Body>, trace: &Trace) -> Result<Response<Body>, Error> {
    let upstream = edge.upstreams.of(rpc).ok_or(Error::Method)?;
    let pass = edge.admit(rpc, request.headers()).await?;
    hand_on(request.headers_mut(), &pass, trace);
    upstream.send(request).await.map_err(Error::Service)
}
