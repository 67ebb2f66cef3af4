//! The door for those who run it: health, measures, dead letters. It is never
//! reached through the gateway.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use events::Inbox;
use store::Store;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::program::Reason;
use crate::telemetry::Metrics;

/// A service that hears, and where its dead letters are.
type Listener = (&'static str, Store, Arc<Inbox>);

/// What the programs of one process share.
#[derive(Clone, Default)]
pub struct Admin {
    /// RED measures of the process.
    pub metrics: Metrics,
    waiting: Arc<AtomicUsize>,
    listeners: Arc<Mutex<Vec<Listener>>>,
}

impl Admin {
    /// Of a process that is ready once `programs` have said so.
    pub fn new(programs: usize) -> Self {
        Self { waiting: Arc::new(AtomicUsize::new(programs)), ..Self::default() }
    }

    /// One program more is ready.
    pub fn ready(&self) {
        self.waiting.fetch_sub(1, Ordering::SeqCst);
    }

    /// Makes a service's dead letters visible here.
    pub(crate) fn listens(&self, service: &'static str, store: &Store, inbox: &Arc<Inbox>) {
        if let Ok(mut listeners) = self.listeners.lock() {
            listeners.push((service, store.clone(), Arc::clone(inbox)));
        }
    }

    fn listeners(&self) -> Vec<Listener> {
        self.listeners.lock().map(|listeners| listeners.clone()).unwrap_or_default()
    }

    /// Serves until `stop`.
    pub(crate) async fn serve(self, listen: SocketAddr, stop: CancellationToken) -> Result<(), Reason> {
        let router = Router::new()
            .route("/livez", get(|| async { "ok" }))
            .route("/readyz", get(readyz))
            .route("/metrics", get(metrics))
            .route("/dead-letters", get(dead_letters))
            .route("/dead-letters/{service}/{id}/replay", post(replay))
            .with_state(self);
        let listener = tokio::net::TcpListener::bind(listen).await?;
        axum::serve(listener, router).with_graceful_shutdown(stop.cancelled_owned()).await?;
        Ok(())
    }
}

async fn readyz(State(admin): State<Admin>) -> Response {
    match admin.waiting.load(Ordering::SeqCst) {
        0 => "ready".into_response(),
        n => (StatusCode::SERVICE_UNAVAILABLE, format!("{n} not ready")).into_response(),
    }
}

async fn metrics(State(admin): State<Admin>) -> Response {
    match admin.metrics.render() {
        Ok(text) => text.into_response(),
        Err(error) => (StatusCode::INTERNAL_SERVER_ERROR, error.to_string()).into_response(),
    }
}

async fn dead_letters(State(admin): State<Admin>) -> Response {
    let mut all = Vec::new();
    for (service, store, _) in admin.listeners() {
        match events::dead_letters(&store).await {
            Ok(letters) => all.extend(letters.into_iter().map(|letter| {
                serde_json::json!({
                    "service": service, "id": letter.id, "tenant": letter.tenant_id, "kind": letter.kind,
                    "reason": letter.reason, "deliveries": letter.deliveries, "died_at": letter.died_at.to_rfc3339(),
                })
            })),
            Err(error) => return (StatusCode::SERVICE_UNAVAILABLE, error.to_string()).into_response(),
        }
    }
    Json(all).into_response()
}

async fn replay(State(admin): State<Admin>, Path((service, id)): Path<(String, Uuid)>) -> Response {
    for (name, store, inbox) in admin.listeners() {
        if name == service {
            return match events::replay(&store, &inbox, id).await {
                Ok(()) => "replayed".into_response(),
                Err(error) => (StatusCode::CONFLICT, error.to_string()).into_response(),
            };
        }
    }
    StatusCode::NOT_FOUND.into_response()
}
