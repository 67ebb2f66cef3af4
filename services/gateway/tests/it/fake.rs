//! A directory and a tickets service in one, which remember what they were asked.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll};

use futures::FutureExt;
use futures::future::BoxFuture;
use http::{Request, Response};
use proto::directory::v1 as directory;
use proto::tickets::v1 as tickets;
use service::{Caller, Guard, Metrics, PublicKey, Signer, Verifier, Violation, Violations};
use sha2::{Digest, Sha256};
use tokio_stream::wrappers::TcpListenerStream;
use tonic::body::Body;
use tonic::server::{Grpc, NamedService};
use tonic::{Code, Status};
use tonic_prost::ProstCodec;

/// What the fake was asked, and what it answers.
#[derive(Clone, Default)]
pub struct Fake {
    pub keys: Arc<Mutex<Vec<PublicKey>>>,
    pub grants: Arc<Mutex<HashMap<Vec<u8>, directory::Grant>>>,
    pub jwks_asked: Arc<AtomicU32>,
    pub resolve_asked: Arc<AtomicU32>,
    /// The head of the last request to the tickets service, and who sent it.
    pub last: Arc<Mutex<Option<(http::HeaderMap, Caller)>>>,
}

impl Fake {
    /// A key that stands for `grant`.
    pub fn grant(&self, key: &str, grant: directory::Grant) {
        self.grants.lock().unwrap().insert(Sha256::digest(key).to_vec(), grant);
    }

    pub fn last(&self) -> (http::HeaderMap, Caller) {
        self.last.lock().unwrap().clone().expect("the service was asked")
    }

    /// Serves on a free port, behind the guard that every service has.
    pub async fn serve(self, internal_seed: &[u8]) -> String {
        let verifier = Verifier::new(service::INTERNAL);
        let signer = Signer::of_seed(internal_seed).unwrap();
        verifier.trust(std::slice::from_ref(signer.public())).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let server = tonic::transport::Server::builder()
            .layer(Guard::new(Arc::new(verifier), Metrics::default()))
            .add_service(Tokens(self.clone()))
            .add_service(Tickets(self));
        tokio::spawn(server.serve_with_incoming(TcpListenerStream::new(listener)));
        url
    }

    fn jwks(&self) -> directory::Jwks {
        self.jwks_asked.fetch_add(1, Ordering::SeqCst);
        let keys = self.keys.lock().unwrap();
        let keys = keys.iter().map(|key| directory::Jwk {
            kty: "OKP".into(),
            crv: "Ed25519".into(),
            kid: key.kid.clone(),
            alg: "EdDSA".into(),
            r#use: "sig".into(),
            x: key.x.clone(),
        });
        directory::Jwks { keys: keys.collect() }
    }

    fn resolve(&self, digest: &[u8]) -> Result<directory::Grant, Status> {
        self.resolve_asked.fetch_add(1, Ordering::SeqCst);
        let grant = self.grants.lock().unwrap().get(digest).cloned();
        grant.ok_or_else(|| Status::not_found("no such key"))
    }
}

#[derive(Debug, thiserror::Error)]
#[error("{1}")]
struct Refusal(Code, &'static str, &'static str, Violations);

impl service::Refuse for Refusal {
    fn code(&self) -> Code {
        self.0
    }
    fn reason(&self) -> &'static str {
        self.2
    }
    fn violations(&self) -> &[Violation] {
        &self.3.0
    }
}

fn refuse(code: Code, message: &'static str, reason: &'static str) -> Status {
    service::status(&Refusal(code, message, reason, Violations::default()))
}

fn get(name: &str) -> Result<tickets::Ticket, Status> {
    match name {
        "tickets/none" => Err(refuse(Code::NotFound, "there is no such ticket", "TICKET_NOT_FOUND")),
        "tickets/stale" => Err(refuse(Code::Aborted, "it has changed", "STALE_ETAG")),
        "tickets/down" => Err(refuse(Code::Unavailable, "secret cause", "STORE_UNAVAILABLE")),
        name => Ok(tickets::Ticket {
            name: name.to_owned(),
            number: 1 << 53,
            subject: "Printer".into(),
            ..Default::default()
        }),
    }
}

fn create(request: tickets::CreateTicketRequest) -> Result<tickets::Ticket, Status> {
    let ticket = request.ticket.unwrap_or_default();
    if ticket.subject == "bad" {
        let violation = |field: &str, reason| Violation { field: field.into(), rule: "is wrong".into(), reason };
        let violations = Violations(vec![violation("ticket.subject", "LENGTH"), violation("ticket.site", "NAME")]);
        return Err(service::status(&Refusal(Code::InvalidArgument, "two are wrong", "INVALID_ARGUMENT", violations)));
    }
    Ok(tickets::Ticket { name: "tickets/new".into(), ..ticket })
}

async fn unary<Q, A>(request: Request<Body>, answer: impl Fn(Q) -> Result<A, Status> + Send) -> Response<Body>
where
    Q: prost::Message + Default + 'static,
    A: prost::Message + Default + 'static,
{
    let service = tower::service_fn(|request: tonic::Request<Q>| {
        let answered = answer(request.into_inner());
        async { answered.map(tonic::Response::new) }
    });
    Grpc::new(ProstCodec::<A, Q>::default()).unary(service, request).await
}

#[derive(Clone)]
struct Tokens(Fake);

#[derive(Clone)]
struct Tickets(Fake);

impl NamedService for Tokens {
    const NAME: &'static str = "relevo.directory.v1.Tokens";
}

impl NamedService for Tickets {
    const NAME: &'static str = "relevo.tickets.v1.Tickets";
}

impl tower::Service<Request<Body>> for Tokens {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let fake = self.0.clone();
        let answer = async move {
            Ok(match request.uri().path().rsplit('/').next() {
                Some("GetJwks") => unary(request, |_: directory::GetJwksRequest| Ok(fake.jwks())).await,
                Some("ResolveApiKey") => {
                    unary(request, |q: directory::ResolveApiKeyRequest| fake.resolve(&q.digest)).await
                }
                _ => Status::unimplemented("not faked").into_http(),
            })
        };
        answer.boxed()
    }
}

impl tower::Service<Request<Body>> for Tickets {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let caller = request.extensions().get::<Caller>().cloned().unwrap();
        *self.0.last.lock().unwrap() = Some((request.headers().clone(), caller));
        let answer = async move {
            Ok(match request.uri().path().rsplit('/').next() {
                Some("GetTicket") => unary(request, |q: tickets::GetTicketRequest| get(&q.name)).await,
                Some("CreateTicket") => unary(request, create).await,
                _ => Status::unimplemented("not faked").into_http(),
            })
        };
        answer.boxed()
    }
}
