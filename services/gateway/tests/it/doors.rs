//! Who comes in.

use std::sync::atomic::Ordering;

use proto::directory::v1::Grant;
use service::{Party, Signer};

use crate::edge::{Edge, TENANT};

fn bearer(token: &str) -> String {
    format!("Bearer {token}")
}

async fn status(edge: &Edge, token: &str) -> u16 {
    let answer = edge.ask("GET", "/v1/tickets/1", &[("authorization", &bearer(token))], "").await;
    if answer.status == 401 {
        assert_eq!(
            (answer.header("www-authenticate"), answer.json()["reason"].as_str()),
            ("Bearer", Some("TOKEN_INVALID"))
        );
    }
    answer.status.as_u16()
}

#[tokio::test]
async fn only_who_the_directory_vouches_for() {
    let edge = Edge::start().await;
    assert_eq!(status(&edge, &edge.token()).await, 200);
    assert_eq!(status(&edge, "nonsense").await, 401);
    assert_eq!(status(&edge, &edge.token_with(|claims| claims.exp = 1)).await, 401);
    assert_eq!(status(&edge, &edge.token_with(|claims| claims.aud = service::INTERNAL.into())).await, 401);
    assert_eq!(status(&edge, &edge.token_with(|claims| claims.iss = "somebody".into())).await, 401);
    assert_eq!(status(&edge, &edge.signed(&Signer::of_seed(&[9; 32]).unwrap(), |_| {})).await, 401);
    // The internal key signs nothing that comes from outside.
    assert_eq!(status(&edge, &edge.signed(&Signer::of_seed(&[7; 32]).unwrap(), |_| {})).await, 401);
    let service = |claims: &mut service::Claims| claims.party = "service".into();
    assert_eq!(status(&edge, &edge.token_with(service)).await, 401);
}

#[tokio::test]
async fn a_new_signing_key_is_fetched_when_it_is_first_seen() {
    let edge = Edge::start().await;
    assert_eq!(status(&edge, &edge.token()).await, 200);
    let next = Signer::of_seed(&[4; 32]).unwrap();
    edge.fake.keys.lock().unwrap().push(next.public().clone());
    // Keys are not fetched more than once a second, whoever asks.
    let token = |n: u32| edge.signed(&next, |claims| claims.jti = n.to_string());
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(10);
    let mut tries = 0;
    while status(&edge, &token(tries)).await != 200 {
        tries += 1;
        assert!(std::time::Instant::now() < deadline, "never trusted");
    }
    assert_eq!(status(&edge, &edge.token()).await, 200);
    assert!(edge.fake.jwks_asked.load(Ordering::SeqCst) <= 4);
}

#[tokio::test]
async fn what_anybody_may_call_needs_nothing() {
    let edge = Edge::start().await;
    let answer = edge.ask("GET", "/.well-known/jwks.json", &[("authorization", "Bearer x")], "").await;
    let keys = answer.json();
    assert_eq!((keys["keys"][0]["kty"].as_str(), keys["keys"][0]["crv"].as_str()), (Some("OKP"), Some("Ed25519")));
}

#[tokio::test]
async fn an_api_key_is_resolved_once_and_stands_for_its_scope() {
    let edge = Edge::start().await;
    let grant =
        Grant { subject: "apiKeys/7".into(), party: "tenant".into(), tenant: TENANT.into(), ..Grant::default() };
    edge.fake.grant("rlv_good", grant);
    for headers in
        [[("x-api-key", "rlv_good")], [("authorization", "Bearer rlv_good")], [("authorization", "bearer rlv_good")]]
    {
        assert_eq!(edge.ask("GET", "/v1/tickets/1", &headers, "").await.status, 200);
    }
    assert_eq!(edge.fake.resolve_asked.load(Ordering::SeqCst), 1);
    let (_, caller) = edge.fake.last();
    assert_eq!(caller.subject, "apiKeys/7");
    assert!(matches!(caller.party, Party::Tenant { .. }));
    for _ in 0..3 {
        assert_eq!(edge.ask("GET", "/v1/tickets/1", &[("x-api-key", "rlv_bad")], "").await.status, 401);
    }
    assert_eq!(edge.fake.resolve_asked.load(Ordering::SeqCst), 2);
}

#[tokio::test]
async fn without_the_directory_nobody_new_comes_in() {
    let edge = Edge::with(|config| config.services[0] = "http://127.0.0.1:9".parse().unwrap()).await;
    assert_eq!(status(&edge, &edge.token()).await, 503);
}
