//! What the edge answers by itself: its documentation and its health.

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, LOCATION};
use http::{HeaderValue, Method, Response, StatusCode};
use http_body_util::Full;
use tonic::body::Body;

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'";

/// The page at `path`, if there is one.
pub(crate) fn page(verb: &Method, path: &str, openapi: &Bytes) -> Option<Response<Body>> {
    if !matches!(*verb, Method::GET | Method::HEAD) {
        return None;
    }
    let (media_type, text) = match path {
        "/" => return Some(redirect("/docs")),
        "/docs" => ("text/html; charset=utf-8", Bytes::from_static(include_bytes!("pages/docs.html"))),
        "/docs.js" => ("text/javascript; charset=utf-8", Bytes::from_static(include_bytes!("pages/docs.js"))),
        "/docs.css" => ("text/css; charset=utf-8", Bytes::from_static(include_bytes!("pages/docs.css"))),
        "/openapi.json" => ("application/json", openapi.clone()),
        "/healthz" => ("text/plain; charset=utf-8", Bytes::from_static(b"ok")),
        _ => return None,
    };
    let mut response = Response::new(Body::new(Full::new(text)));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(media_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
    Some(response)
}

fn redirect(to: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::FOUND;
    response.headers_mut().insert(LOCATION, HeaderValue::from_static(to));
    response
}
