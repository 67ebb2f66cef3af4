//! The edge of the platform: one listener that speaks gRPC, gRPC-Web and
//! REST/JSON, over HTTP/1.1 and HTTP/2 without TLS (which ends before it).
//!
//! It knows no service. gRPC is forwarded by the package in its path, byte
//! for byte; REST is transcoded by the `google.api.http` rules in the
//! descriptors, and documented from them at `/openapi.json` and `/docs`. What
//! it decides is who comes in ([`auth`]) and how often ([`limits`]); what they
//! may do is decided by the services.

mod auth;
mod config;
mod edge;
mod error;
mod forward;
mod limits;
mod listen;
mod openapi;
mod pages;
mod problem;
mod rest;
mod transcode;
mod upstream;

use std::sync::Arc;

use futures::FutureExt;
use service::{Admin, Program, Reason, Stop};
use tokio::net::TcpListener;

pub use config::{Config, Rate};

/// The gateway, to be run alone or beside the services.
pub const PROGRAM: Program =
    Program { name: "gateway", serve: |stop, admin| start(stop, admin).boxed(), migrations: None };

async fn start(stop: Stop, admin: Admin) -> Result<(), Reason> {
    let config = Config::read()?;
    let listener = TcpListener::bind(config.listen).await?;
    serve(listener, &config, stop, admin).await
}

/// Serves at `listener` until `stop`, then lets requests end that have begun.
///
/// # Errors
/// If the configuration cannot be used.
pub async fn serve(listener: TcpListener, config: &Config, stop: Stop, admin: Admin) -> Result<(), Reason> {
    let edge = Arc::new(edge::Edge::new(config, admin.metrics.clone())?);
    let keys = Arc::clone(&edge);
    admin.ready();
    tokio::select! {
        () = listen::serve(listener, edge, stop) => Ok(()),
        never = keys.door.keep_keys() => never,
    }
}
