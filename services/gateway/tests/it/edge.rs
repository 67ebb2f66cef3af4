//! A gateway on a free port, and a client for it.

use std::num::NonZeroU32;
use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use gateway::{Config, Rate};
use http::{HeaderMap, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::Value;
use service::{Admin, Claims, Signer, Stop};

use crate::fake::Fake;

pub const TENANT: &str = "tenants/0192f0c1-0000-7000-8000-000000000001";
const SEED: [u8; 32] = [7; 32];

pub struct Edge {
    pub url: String,
    pub fake: Fake,
    pub stop: Stop,
    pub done: tokio::task::JoinHandle<Result<(), service::Reason>>,
    issuer: Signer,
    client: Client<HttpConnector, Full<Bytes>>,
}

pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {:?}", self.body))
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

pub fn rate(per_second: u32) -> Rate {
    let per_second = NonZeroU32::new(per_second).unwrap();
    Rate { per_second, burst: per_second }
}

impl Edge {
    pub async fn start() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with(change: impl FnOnce(&mut Config)) -> Self {
        let fake = Fake::default();
        let issuer = Signer::of_seed(&[3; 32]).unwrap();
        fake.keys.lock().unwrap().push(issuer.public().clone());
        let upstream = fake.clone().serve(&SEED).await;
        let mut config = Config {
            listen: "127.0.0.1:0".parse().unwrap(),
            services: std::array::from_fn(|_| upstream.parse().unwrap()),
            internal_key: SEED.to_vec(),
            redis_url: None,
            tenant: rate(2_000),
            key: rate(1_000),
            connections: NonZeroU32::MIN,
        };
        change(&mut config);
        let listener = tokio::net::TcpListener::bind(config.listen).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let stop = Stop::new();
        let stopping = stop.clone();
        let done = tokio::spawn(async move { gateway::serve(listener, &config, stopping, Admin::new(1)).await });
        let client = Client::builder(TokioExecutor::new()).build_http();
        Self { url, fake, stop, done, issuer, client }
    }

    /// A token of a user of [`TENANT`], as the directory signs it.
    pub fn token(&self) -> String {
        self.signed(&self.issuer, |_| {})
    }

    pub fn token_with(&self, change: impl FnOnce(&mut Claims)) -> String {
        self.signed(&self.issuer, change)
    }

    pub fn signed(&self, signer: &Signer, change: impl FnOnce(&mut Claims)) -> String {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs() as i64;
        let mut claims = Claims {
            sub: "contacts/0192f0c1-0000-7000-8000-0000000000aa".into(),
            party: "tenant".into(),
            tenant: Some(TENANT.into()),
            vendor: None,
            roles: Vec::new(),
            act: None,
            iss: "relevo-directory".into(),
            aud: "relevo".into(),
            iat: now,
            exp: now + 600,
            jti: "1".into(),
        };
        change(&mut claims);
        signer.sign(&claims).unwrap()
    }

    /// With a good token, unless `headers` have another.
    pub async fn ask(&self, verb: &str, path: &str, headers: &[(&str, &str)], body: impl Into<Bytes>) -> Answer {
        let mut request = Request::builder().method(verb).uri(format!("{}{path}", self.url));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        if !headers.iter().any(|(name, _)| matches!(*name, "authorization" | "x-api-key")) {
            request = request.header("authorization", format!("Bearer {}", self.token()));
        }
        let response = self.client.request(request.body(Full::new(body.into())).unwrap()).await.unwrap();
        let (head, body) = response.into_parts();
        Answer { status: head.status, headers: head.headers, body: body.collect().await.unwrap().to_bytes() }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.ask("GET", path, &[], "").await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask("POST", path, &[("content-type", "application/json")], body.to_string()).await
    }
}
