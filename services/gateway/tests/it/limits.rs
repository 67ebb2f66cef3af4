//! How often.

use std::path::Path;

use servers::{Kind, Server};

use crate::edge::{Edge, rate};

/// Asks until it is refused.
async fn exhaust(edge: &Edge, most: usize) -> (usize, crate::edge::Answer) {
    for n in 0..=most {
        let answer = edge.get("/v1/tickets/1").await;
        if answer.status != 200 {
            return (n, answer);
        }
    }
    panic!("more than {most} in a row");
}

#[tokio::test]
async fn too_many_are_refused_and_told_when_to_come_back() {
    let edge = Edge::with(|config| config.key = rate(2)).await;
    let first = edge.get("/v1/tickets/1").await;
    assert_eq!(first.header("ratelimit-policy"), "\"tenant\";q=2000;w=1, \"key\";q=2;w=1");
    assert!(first.header("ratelimit").contains("\"key\";r=1;t=1"), "{}", first.header("ratelimit"));
    let (_, refused) = exhaust(&edge, 20).await;
    assert_eq!((refused.status.as_u16(), refused.header("retry-after")), (429, "1"));
    assert_eq!(refused.json()["reason"], "RATE_LIMITED");
}

#[tokio::test]
async fn one_key_does_not_take_from_another() {
    let edge = Edge::with(|config| config.key = rate(2)).await;
    exhaust(&edge, 20).await;
    let other = edge.token_with(|claims| claims.sub = "contacts/other".into());
    let answer = edge.ask("GET", "/v1/tickets/1", &[("authorization", &format!("Bearer {other}"))], "").await;
    assert_eq!(answer.status, 200);
}

#[tokio::test]
async fn replicas_count_together_in_redis() {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("redis");
    let redis = Server::start(Kind::Redis, &dir, &mut |_| {}).unwrap();
    let tenant = rate(5);
    let start = async || {
        Edge::with(|config| {
            config.redis_url = Some(redis.url.clone());
            config.tenant = tenant;
        })
        .await
    };
    let (one, two) = (start().await, start().await);
    // The clock runs on meanwhile: a few more may pass, but not twice as many.
    let (first, refused) = exhaust(&one, 50).await;
    assert_eq!(refused.status, 429);
    let (second, _) = exhaust(&two, 50).await;
    assert!(first >= 5 && second < 5, "{first} and {second}");
    drop(redis);
    // Without Redis each counts for itself, and goes on.
    let deadline = std::time::Instant::now() + std::time::Duration::from_secs(10);
    while two.get("/v1/tickets/1").await.status != 200 {
        assert!(std::time::Instant::now() < deadline, "it never goes on");
    }
}

#[tokio::test]
async fn a_redis_that_is_not_there_costs_nothing() {
    let edge = Edge::with(|config| config.redis_url = Some("redis://127.0.0.1:9".into())).await;
    let started = std::time::Instant::now();
    for _ in 0..200 {
        assert_eq!(edge.get("/v1/tickets/1").await.status, 200);
    }
    assert!(started.elapsed() < std::time::Duration::from_secs(3), "{:?}", started.elapsed());
}
