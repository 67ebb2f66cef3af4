//! Token buckets that all replicas of the gateway share, in Redis.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use redis::Script;
use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use service::Reason;

use super::{Ask, Grant};
use crate::config::Rate;

/// A limit is worth this much waiting.
const PATIENCE: Duration = Duration::from_millis(20);
/// After a failure nobody asks for so long, so that a dead Redis costs one
/// request in a second its [`PATIENCE`], and the others nothing.
const PAUSE: Duration = Duration::from_secs(1);

pub(super) struct Shared {
    connection: ConnectionManager,
    script: Script,
    paused: Mutex<Option<Instant>>,
}

impl Shared {
    /// Connects when it is first asked.
    pub(super) fn open(url: &str) -> Result<Self, Reason> {
        let client = redis::Client::open(url)?;
        let config = ConnectionManagerConfig::new().set_response_timeout(Some(PATIENCE));
        Ok(Self {
            connection: client.get_connection_manager_lazy(config)?,
            script: Script::new(include_str!("take.lua")),
            paused: Mutex::default(),
        })
    }

    /// As many requests as both buckets have, up to what is asked for; none
    /// if Redis does not answer.
    pub(super) async fn grant(&self, ask: &Ask<'_>, tenant: Rate, key: Rate) -> Option<Grant> {
        if !self.open_again() {
            return None;
        }
        let mut connection = self.connection.clone();
        let mut script = self.script.key(ask.tenant);
        script.key(ask.key).arg(ask.requests);
        for rate in [tenant, key] {
            script.arg(rate.per_second.get()).arg(rate.burst.get());
        }
        let asked = script.invoke_async::<(u32, u64, u32, u32)>(&mut connection);
        match tokio::time::timeout(PATIENCE, asked).await {
            Ok(Ok((requests, wait, tenant, key))) => {
                let wait = Duration::from_millis(wait);
                self.pause(None);
                Some(Grant { requests, wait, tenant, key })
            }
            Ok(Err(error)) => {
                tracing::warn!(%error, "rate limits are local for now");
                self.pause(Some(Instant::now()));
                None
            }
            Err(_) => {
                tracing::warn!("rate limits are local for now: Redis is slow");
                self.pause(Some(Instant::now()));
                None
            }
        }
    }

    /// Whether to ask. The first after a pause asks for everybody.
    fn open_again(&self) -> bool {
        let mut paused = self.paused.lock().unwrap_or_else(PoisonError::into_inner);
        match *paused {
            Some(since) if since.elapsed() < PAUSE => false,
            Some(_) => {
                *paused = Some(Instant::now());
                true
            }
            None => true,
        }
    }

    fn pause(&self, since: Option<Instant>) {
        *self.paused.lock().unwrap_or_else(PoisonError::into_inner) = since;
    }
}
