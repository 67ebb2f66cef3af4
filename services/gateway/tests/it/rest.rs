//! REST/JSON and its problems.

use serde_json::json;

use crate::edge::Edge;

#[tokio::test]
async fn a_request_becomes_a_call_and_its_answer_json() {
    let edge = Edge::start().await;
    let answer = edge.get("/v1/tickets/42").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), "application/json");
    let ticket = answer.json();
    assert_eq!(ticket["name"], "tickets/42");
    assert_eq!(ticket["number"], "9007199254740992");
    assert_eq!(ticket["state"], "STATE_UNSPECIFIED");
    let created =
        edge.post("/v1/tickets", json!({"ticket": {"tenant": crate::edge::TENANT, "subject": "Ünïcode"}})).await;
    assert_eq!((created.status.as_u16(), created.json()["subject"].as_str()), (200, Some("Ünïcode")));
}

#[tokio::test]
async fn every_answer_is_protected() {
    let edge = Edge::start().await;
    for path in ["/v1/tickets/42", "/v1/nothing", "/docs", "/healthz", "/"] {
        let answer = edge.get(path).await;
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{path}");
        assert!(answer.header("content-security-policy").starts_with("default-src 'none'"), "{path}");
    }
    assert_eq!(edge.get("/v1/tickets/42").await.header("cache-control"), "no-store");
    assert_eq!(edge.get("/").await.header("location"), "/docs");
    assert_eq!(edge.get("/openapi.json").await.json()["openapi"], "3.1.0");
}

#[tokio::test]
async fn what_a_service_refuses_is_a_problem() {
    let edge = Edge::start().await;
    let answer = edge.get("/v1/tickets/none").await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (404, "application/problem+json"));
    assert_eq!(
        answer.json(),
        json!({
            "type": "urn:relevo:problem:TICKET_NOT_FOUND", "title": "Ticket not found", "status": 404,
            "detail": "there is no such ticket", "reason": "TICKET_NOT_FOUND",
        })
    );
    assert_eq!(edge.get("/v1/tickets/stale").await.status, 409);
    let down = edge.get("/v1/tickets/down").await;
    assert_eq!((down.status.as_u16(), down.header("retry-after")), (503, "1"));
    assert!(!down.json().to_string().contains("secret"));
    let bad = edge.post("/v1/tickets", json!({"ticket": {"tenant": "tenants/1", "subject": "bad"}})).await;
    assert_eq!(bad.status, 400);
    let violations = json!([
        {"field": "ticket.subject", "rule": "is wrong", "reason": "LENGTH"},
        {"field": "ticket.site", "rule": "is wrong", "reason": "NAME"},
    ]);
    assert_eq!(bad.json()["violations"], violations);
}

#[tokio::test]
async fn what_the_edge_refuses_is_one_too() {
    let edge = Edge::start().await;
    let wrong = edge.post("/v1/tickets", json!({"ticket": {"subject": 1}, "more": 2})).await;
    let problem = wrong.json();
    assert_eq!((wrong.status.as_u16(), problem["reason"].as_str()), (400, Some("INVALID_ARGUMENT")));
    let violations = problem["violations"].as_array().unwrap().iter();
    let mut fields: Vec<_> = violations.map(|violation| violation["field"].as_str().unwrap()).collect();
    fields.sort_unstable();
    assert_eq!(fields, ["more", "ticket.subject", "ticket.tenant"]);
    let json = [("content-type", "application/json")];
    let cases = [
        (edge.ask("POST", "/v1/tickets", &json, "{").await, 400, "MALFORMED_JSON"),
        (edge.ask("POST", "/v1/tickets", &json, vec![b' '; (1 << 20) + 1]).await, 413, "BODY_TOO_LARGE"),
        (edge.ask("POST", "/v1/tickets", &[("content-type", "text/plain")], "{}").await, 415, "MEDIA_TYPE"),
        (edge.ask("DELETE", "/v1/tickets", &[], "").await, 405, "VERB_NOT_ALLOWED"),
        (edge.get("/v1/unicorns").await, 404, "PATH_UNKNOWN"),
    ];
    for (answer, status, reason) in cases {
        assert_eq!((answer.status.as_u16(), answer.json()["reason"].as_str()), (status, Some(reason)));
    }
    assert_eq!(edge.ask("DELETE", "/v1/tickets", &[], "").await.header("allow"), "POST, GET");
}

#[tokio::test]
async fn nobody_elses_page_may_read_an_answer() {
    let edge = Edge::start().await;
    let origin = [("origin", "https://evil.example")];
    let asked = edge.ask("GET", "/v1/tickets/42", &origin, "").await;
    let preflight = edge.ask("OPTIONS", "/v1/tickets/42", &origin, "").await;
    assert_eq!(preflight.status, 405);
    for answer in [asked, preflight] {
        assert!(!answer.headers.keys().any(|name| name.as_str().starts_with("access-control-")));
    }
}

#[tokio::test]
async fn a_head_is_not_endless() {
    let edge = Edge::start().await;
    let long = "x".repeat(64 << 10);
    assert_eq!(edge.ask("GET", "/v1/tickets/42", &[("x-long", &long)], "").await.status, 431);
}

#[tokio::test]
async fn a_service_that_is_not_there_is_unavailable() {
    let edge = Edge::with(|config| config.services[4] = "http://127.0.0.1:9".parse().unwrap()).await;
    let answer = edge.get("/v1/invoices").await;
    assert_eq!((answer.status.as_u16(), answer.header("retry-after")), (503, "1"));
    assert_eq!(answer.json()["reason"], "SERVICE_UNREACHABLE");
}

#[tokio::test]
async fn it_stops_when_it_is_told() {
    let edge = Edge::start().await;
    assert_eq!(edge.get("/healthz").await.status, 200);
    edge.stop.cancel();
    let ended = tokio::time::timeout(std::time::Duration::from_secs(5), edge.done).await;
    assert!(ended.expect("an idle connection does not hold it").unwrap().is_ok());
}
