//! gRPC and gRPC-Web, forwarded.

use bytes::{BufMut, BytesMut};
use prost::Message;
use proto::tickets::v1::tickets_client::TicketsClient;
use proto::tickets::v1::{GetTicketRequest, Ticket};
use tonic::transport::Channel;
use tonic::{Code, Request};
use tonic_types::StatusExt;

use crate::edge::{Edge, TENANT};

async fn client(edge: &Edge) -> TicketsClient<Channel> {
    TicketsClient::connect(edge.url.clone()).await.unwrap()
}

fn ticket(name: &str, edge: &Edge) -> Request<GetTicketRequest> {
    let mut request = Request::new(GetTicketRequest { name: name.into() });
    let token = format!("Bearer {}", edge.token());
    request.metadata_mut().insert("authorization", token.parse().unwrap());
    request
}

#[tokio::test]
async fn calls_go_through_with_another_token_and_without_our_headers() {
    let edge = Edge::start().await;
    let mut request = ticket("tickets/1", &edge);
    for name in ["x-relevo-party", "x-api-key", "x-mine"] {
        request.metadata_mut().insert(name, "1".parse().unwrap());
    }
    let answer = client(&edge).await.get_ticket(request).await.unwrap();
    assert_eq!(answer.get_ref().name, "tickets/1");
    let (headers, caller) = edge.fake.last();
    assert_eq!(caller.tenant().map(|id| service::name("tenants", id)).as_deref(), Some(TENANT));
    assert!(!headers.contains_key("x-relevo-party") && !headers.contains_key("x-api-key"));
    assert_eq!(headers["x-mine"], "1");
    assert_ne!(headers["authorization"].to_str().unwrap(), format!("Bearer {}", edge.token()));
}

#[tokio::test]
async fn refusals_keep_their_details() {
    let edge = Edge::start().await;
    let mut client = client(&edge).await;
    let status = client.get_ticket(ticket("tickets/none", &edge)).await.unwrap_err();
    assert_eq!(status.code(), Code::NotFound);
    assert_eq!(status.get_error_details().error_info().unwrap().reason, "TICKET_NOT_FOUND");
    let nobody = Request::new(GetTicketRequest { name: "tickets/1".into() });
    let status = client.get_ticket(nobody).await.unwrap_err();
    assert_eq!(status.code(), Code::Unauthenticated);
    assert_eq!(status.get_error_details().error_info().unwrap().reason, "TOKEN_INVALID");
}

#[tokio::test]
async fn a_browser_gets_its_trailers_in_the_body() {
    let edge = Edge::start().await;
    let message = GetTicketRequest { name: "tickets/1".into() };
    let mut frame = BytesMut::new();
    frame.put_u8(0);
    frame.put_u32(message.encoded_len() as u32);
    message.encode(&mut frame).unwrap();
    let headers = [("content-type", "application/grpc-web+proto"), ("x-grpc-web", "1")];
    let answer = edge.ask("POST", "/relevo.tickets.v1.Tickets/GetTicket", &headers, frame.freeze()).await;
    assert_eq!((answer.status.as_u16(), answer.header("content-type")), (200, "application/grpc-web+proto"));
    let length = u32::from_be_bytes(answer.body[1..5].try_into().unwrap()) as usize;
    assert_eq!(Ticket::decode(&answer.body[5..5 + length]).unwrap().name, "tickets/1");
    let trailers = &answer.body[5 + length..];
    assert_eq!(trailers[0], 0x80);
    assert!(String::from_utf8_lossy(&trailers[5..]).contains("grpc-status:0"));
}

#[tokio::test]
async fn grpc_over_http_1_is_told_so() {
    let edge = Edge::start().await;
    let answer =
        edge.ask("POST", "/relevo.tickets.v1.Tickets/GetTicket", &[("content-type", "application/grpc")], "").await;
    assert_eq!(answer.json()["reason"], "HTTP2_NEEDED");
}
