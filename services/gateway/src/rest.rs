//! REST/JSON: bound, called, answered.

use bytes::Bytes;
use futures::{StreamExt, TryStreamExt};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, Request, Response};
use http_body::Frame;
use http_body_util::{BodyExt, Full, LengthLimitError, Limited, StreamBody};
use prost_reflect::DynamicMessage;
use service::Refuse;
use tonic::body::Body;
use tonic::client::Grpc;
use tonic::metadata::MetadataMap;
use tonic::{Code, Extensions, Status, Streaming};

use crate::auth::Pass;
use crate::edge::{Edge, Trace, hand_on};
use crate::error::Error;
use crate::pages;
use crate::problem::{self, Problem};
use crate::transcode::{Content, Found, Json, Route, bind};

/// The largest body.
const LARGEST: usize = 1 << 20;
/// What a service is told of the edge's patience.
const DEADLINE: HeaderValue = HeaderValue::from_static("15S");

/// Answers whatever is neither gRPC nor gRPC-Web.
pub(crate) async fn serve(edge: &Edge, request: Request<Body>, trace: &Trace) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let found = match edge.router.find(&parts.method, parts.uri.path()) {
        Ok(found) => found,
        Err(error) => {
            let page = pages::page(&parts.method, parts.uri.path(), &edge.openapi);
            return page.unwrap_or_else(|| problem::respond(&error, trace.id()));
        }
    };
    let rpc = found.route.rpc.path();
    let mut pass = None;
    let answered = match edge.door.admit(rpc, &parts.headers).await {
        Ok(admitted) => {
            let pass = pass.insert(admitted);
            answer(edge, &found, &parts, body, pass, trace).await
        }
        Err(error) => Err(error),
    };
    let code = answered.as_ref().map_or_else(Refuse::code, |_| Code::Ok);
    edge.metrics.served(rpc, code, trace.started.elapsed());
    let mut response = answered.unwrap_or_else(|error| problem::respond(&error, trace.id()));
    if let Some(pass) = pass {
        edge.limits.tell(&pass.lease, response.headers_mut());
    }
    response
}

async fn answer(
    edge: &Edge,
    found: &Found<'_, '_>,
    parts: &http::request::Parts,
    body: Body,
    pass: &Pass,
    trace: &Trace,
) -> Result<Response<Body>, Error> {
    edge.limits.spend(&pass.lease).await?;
    let route = found.route;
    let body = match route.body {
        Content::Nothing => Bytes::new(),
        _ => whole(&parts.headers, body).await?,
    };
    let message = bind(&edge.router.required, found, parts.uri.query(), &body)?;
    let mut headers = HeaderMap::with_capacity(4);
    hand_on(&mut headers, pass, trace);
    headers.insert("grpc-timeout", DEADLINE);
    let request = tonic::Request::from_parts(MetadataMap::from_headers(headers), Extensions::new(), message);
    call(edge, route, request, trace).await
}

async fn call(
    edge: &Edge,
    route: &Route,
    request: tonic::Request<DynamicMessage>,
    trace: &Trace,
) -> Result<Response<Body>, Error> {
    let upstream = edge.upstreams.of(route.rpc.path()).ok_or(Error::Method)?;
    let mut client = Grpc::new(upstream.clone());
    let codec = Json { answer: route.method.output() };
    if route.method.is_server_streaming() {
        let answers = client.server_streaming(request, route.rpc.clone(), codec).await?.into_inner();
        Ok(lines(answers, trace.id().map(str::to_owned)))
    } else {
        let answer = client.unary(request, route.rpc.clone(), codec).await?.into_inner();
        Ok(response(Body::new(Full::from(answer)), "application/json"))
    }
}

fn response(body: Body, media_type: &'static str) -> Response<Body> {
    let mut response = Response::new(body);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    response
}

/// A stream of answers, one JSON document a line. Where it ends badly, the
/// last line says so: `{"error": <problem>}`.
fn lines(answers: Streaming<Vec<u8>>, trace: Option<String>) -> Response<Body> {
    let failed = move |status: Status| {
        let problem = Problem::of(&Error::from(status), trace.as_deref());
        serde_json::to_vec(&serde_json::json!({ "error": problem })).unwrap_or_default()
    };
    let lines = answers.or_else(move |status| std::future::ready(Ok::<_, Status>(failed(status))));
    let lines = lines.map(|line| {
        line.map(|mut line| {
            line.push(b'\n');
            Frame::data(Bytes::from(line))
        })
    });
    response(Body::new(StreamBody::new(lines)), "application/x-ndjson")
}

/// A body as a whole, if it is JSON and not too large.
async fn whole(headers: &HeaderMap, body: Body) -> Result<Bytes, Error> {
    if http_body::Body::size_hint(&body).lower() > LARGEST as u64 {
        return Err(Error::TooLarge);
    }
    let body = Limited::new(body, LARGEST).collect().await;
    let body = body.map_err(|error| match error.downcast_ref::<LengthLimitError>() {
        Some(_) => Error::TooLarge,
        None => Error::Torn,
    })?;
    let body = body.to_bytes();
    if body.is_empty() || is_json(headers) { Ok(body) } else { Err(Error::MediaType) }
}

fn is_json(headers: &HeaderMap) -> bool {
    let Some(said) = headers.get(CONTENT_TYPE) else { return true };
    let said = said.to_str().unwrap_or_default();
    let media_type = said.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    media_type == "application/json" || media_type.starts_with("application/") && media_type.ends_with("+json")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_stream_is_lines_and_says_how_it_ended() {
        let of = proto::POOL.get_message_by_name("relevo.tickets.v1.VendorNote").unwrap();
        let note = |name: &str| {
            let mut frame = vec![0, 0, 0, 0, name.len() as u8 + 2, 10, name.len() as u8];
            frame.extend(name.as_bytes());
            Ok::<_, Status>(Frame::data(Bytes::from(frame)))
        };
        let mut trailers = HeaderMap::new();
        trailers.insert("grpc-status", HeaderValue::from_static("10"));
        trailers.insert("grpc-message", HeaderValue::from_static("moved"));
        let frames = [note("a"), note("b"), Ok(Frame::trailers(trailers))];
        let body = StreamBody::new(futures::stream::iter(frames));
        let answers = Streaming::new_response(Json { answer: of }, body, http::StatusCode::OK, None, None);
        let response = lines(answers, None);
        assert_eq!(response.headers()[CONTENT_TYPE], "application/x-ndjson");
        let body = response.into_body().collect().await.unwrap().to_bytes();
        let read = |line| serde_json::from_slice::<serde_json::Value>(line).unwrap();
        let read: Vec<_> = body.trim_ascii_end().split(|byte| *byte == b'\n').map(read).collect();
        assert_eq!((read.len(), &read[0]["name"], &read[1]["name"]), (3, &"a".into(), &"b".into()));
        assert_eq!((&read[2]["error"]["reason"], &read[2]["error"]["status"]), (&"ABORTED".into(), &409.into()));
    }
}
