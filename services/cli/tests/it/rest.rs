//! What a call does when the platform is busy, away, or says no.

use proto::directory::v1::{CreateTenantRequest, Tenant};
use proto::tickets::v1::{GetTicketRequest, StartTicketRequest, Ticket};
use relevo::rest::{Error, Gateway};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

const CREATED: &str = r#"{"name": "tenants/1", "displayName": "Sol", "somethingNew": 1}"#;

/// One request per connection, each with the next answer; returns the requests.
async fn gateway(answers: Vec<(&'static str, &'static str)>) -> (Gateway, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let served = tokio::spawn(async move {
        let mut requests = Vec::new();
        for (head, body) in answers {
            let (stream, _) = listener.accept().await.unwrap();
            requests.push(serve(stream, head, body).await);
        }
        requests
    });
    (Gateway::new(&url).unwrap(), served)
}

async fn serve(mut stream: TcpStream, head: &str, body: &str) -> String {
    let mut request = Vec::new();
    while !is_whole(&request) {
        let read = stream.read_buf(&mut request).await.unwrap();
        assert!(read > 0, "the request ends early");
    }
    let length = body.len();
    let answer = format!("HTTP/1.1 {head}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}");
    stream.write_all(answer.as_bytes()).await.unwrap();
    String::from_utf8(request).unwrap()
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request).into_owned();
    let Some((head, body)) = text.split_once("\r\n\r\n") else { return false };
    let length = head.lines().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
    body.len() >= length.unwrap_or(0)
}

fn first_line(request: &str) -> &str {
    request.lines().next().unwrap_or_default()
}

#[tokio::test]
async fn a_busy_platform_is_asked_again_with_the_same_request_id() {
    let busy = ("503 Service Unavailable\r\nRetry-After: 0", r#"{"reason": "STORE_UNAVAILABLE"}"#);
    let limited = ("429 Too Many Requests\r\nRetry-After: 0", "{}");
    let (gateway, served) = gateway(vec![busy, limited, ("200 OK", CREATED)]).await;
    let request = CreateTenantRequest {
        tenant: Some(Tenant { display_name: "Sol".into(), ..Tenant::default() }),
        ..CreateTenantRequest::default()
    };
    let tenant: Tenant = gateway.bearing("key").once("seed/tenant/sol").call(&request).await.unwrap();
    assert_eq!((tenant.name.as_str(), tenant.display_name.as_str()), ("tenants/1", "Sol"));
    assert_eq!(gateway.sent(), 3);
    for request in served.await.unwrap() {
        assert_eq!(first_line(&request), "POST /v1/tenants?requestId=seed%2Ftenant%2Fsol HTTP/1.1");
        assert!(request.contains("authorization: Bearer key"), "{request}");
        assert!(request.ends_with(r#"{"displayName":"Sol"}"#), "{request}");
    }
}

#[tokio::test]
async fn a_platform_that_hangs_up_is_asked_again() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let gateway = Gateway::new(&format!("http://{}", listener.local_addr().unwrap())).unwrap();
    let served = tokio::spawn(async move {
        drop(listener.accept().await.unwrap());
        let (stream, _) = listener.accept().await.unwrap();
        serve(stream, "200 OK", r#"{"name": "tickets/1", "number": "7", "state": "STATE_NEW"}"#).await
    });
    let request = GetTicketRequest { name: "tickets/1".into() };
    let ticket: Ticket = gateway.bearing("key").call(&request).await.unwrap();
    assert_eq!(ticket.number, 7);
    assert_eq!(first_line(&served.await.unwrap()), "GET /v1/tickets/1 HTTP/1.1");
}

#[tokio::test]
async fn a_refusal_is_final_and_says_everything() {
    let problem = r#"{"title": "Invalid request", "status": 400, "detail": "it is wrong", "reason": "INVALID_REQUEST",
        "violations": [{"field": "name", "rule": "must be a name", "reason": "NAME"}]}"#;
    let (gateway, served) = gateway(vec![("400 Bad Request", problem)]).await;
    let request = StartTicketRequest { name: "tickets/x".into(), ..StartTicketRequest::default() };
    let moment = "2026-10-06T07:20:00Z".parse().unwrap();
    let error = gateway.bearing("key").at(moment).call::<_, Ticket>(&request).await.unwrap_err();
    let text = error.to_string();
    assert!(text.ends_with("INVALID_REQUEST it is wrong\n  name: must be a name"), "{text}");
    assert!(matches!(error, Error::Refused { problem, .. } if problem.status == 400));
    let requests = served.await.unwrap();
    assert_eq!(first_line(&requests[0]), "POST /v1/tickets/x:start HTTP/1.1");
    assert!(requests[0].contains(r#""occurredAt":"2026-10-06T07:20:00Z""#), "{}", requests[0]);
    assert!(requests[0].contains(r#""requestId":""#), "{}", requests[0]);
}

#[tokio::test]
async fn an_answer_of_another_kind_is_not_taken() {
    let (gateway, _served) = gateway(vec![("200 OK", "<html>")]).await;
    let request = GetTicketRequest { name: "tickets/1".into() };
    let error = gateway.bearing("key").call::<_, Ticket>(&request).await.unwrap_err();
    assert!(matches!(error, Error::Garbled { .. }), "{error}");
}
