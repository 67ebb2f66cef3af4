//! From the outbox to the stream, in batches, at least once.

use std::time::Duration;

use async_nats::HeaderMap;
use async_nats::jetstream::Context;
use store::{Outbox, Pending, Store};
use tokio_util::sync::CancellationToken;

use crate::Reason;

/// At 200 a batch, publishing costs less than the commit that follows.
const BATCH: u32 = 200;
/// A commit in this process wakes the relay; another process's is found by looking.
const LOOK_EVERY: Duration = Duration::from_millis(250);

/// Publishes what a service has committed.
pub struct Relay {
    store: Store,
    context: Context,
    service: &'static str,
}

impl Relay {
    /// Of one service. Any number may run at once.
    pub fn new(store: Store, client: async_nats::Client, service: &'static str) -> Self {
        Self { store, context: async_nats::jetstream::new(client), service }
    }

    /// Runs until `stop`; what cannot be published now is published later.
    pub async fn run(self, stop: CancellationToken) {
        let told = self.store.told();
        let mut failures: u32 = 0;
        loop {
            let pause = match self.publish_batch().await {
                Ok(BATCH) => continue,
                Ok(_) => {
                    failures = 0;
                    LOOK_EVERY
                }
                Err(error) => {
                    failures += 1;
                    tracing::warn!(service = self.service, %error, "relay: will try again");
                    LOOK_EVERY * 2u32.pow(failures.min(4))
                }
            };
            tokio::select! {
                () = stop.cancelled() => return,
                () = told.notified(), if failures == 0 => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
    }

    /// Publishes one batch and says how many there were.
    ///
    /// # Errors
    /// When database or server cannot be reached; whatever was published
    /// meanwhile is published again, under the same id.
    pub async fn publish_batch(&self) -> Result<u32, Reason> {
        let outbox = Outbox::claim(&self.store, BATCH).await?;
        if outbox.batch.is_empty() {
            return Ok(0);
        }
        let mut acks = Vec::with_capacity(outbox.batch.len());
        for pending in &outbox.batch {
            let payload = pending.payload.clone().into();
            let ack =
                self.context.publish_with_headers(pending.subject.clone(), self.headers(pending), payload).await?;
            acks.push((pending.id, ack));
        }
        let mut ids = Vec::with_capacity(acks.len());
        for (id, ack) in acks {
            ack.await?;
            ids.push(id);
        }
        let count = u32::try_from(ids.len()).unwrap_or(BATCH);
        outbox.published(ids).await?;
        Ok(count)
    }

    /// CloudEvents 1.0 in binary mode; the message itself is the payload.
    fn headers(&self, pending: &Pending) -> HeaderMap {
        let mut headers = HeaderMap::new();
        let id = pending.id.to_string();
        headers.insert("Nats-Msg-Id", id.as_str());
        headers.insert("ce-specversion", "1.0");
        headers.insert("ce-id", id.as_str());
        headers.insert("ce-type", pending.kind.as_str());
        headers.insert("ce-source", format!("/relevo/{}", self.service));
        headers.insert("ce-time", pending.created_at.to_rfc3339());
        headers.insert("content-type", "application/protobuf");
        if let Some(traceparent) = &pending.traceparent {
            headers.insert("traceparent", traceparent.as_str());
        }
        headers
    }
}
