//! Streams and durable consumers: made by a job, used by the services.

use std::time::Duration;

use async_nats::jetstream::consumer::{AckPolicy, PullConsumer, pull};
use async_nats::jetstream::stream::{Config, DiscardPolicy, RetentionPolicy, StorageType};
use async_nats::jetstream::{self, Context};

use crate::Reason;

/// Who hears whom. Each service has a stream of its own, and one durable
/// consumer on each stream that it hears.
pub const HEARS: &[(&str, &[&str])] = &[
    ("directory", &[]),
    ("contracts", &["directory", "tickets"]),
    ("tickets", &["directory", "contracts", "dispatch"]),
    ("dispatch", &["directory", "tickets"]),
    ("billing", &["directory", "contracts", "tickets", "dispatch"]),
];

/// The stream of one service.
pub fn stream(service: &str) -> String {
    format!("relevo-{service}")
}

/// Makes every stream and consumer, or brings them up to date.
///
/// # Errors
/// When the server cannot be reached, or `url`'s login may not.
pub async fn prepare(url: &str, replicas: usize) -> Result<(), Reason> {
    let context = jetstream::new(crate::connect(url, "admin").await?);
    for (service, _) in HEARS {
        let config = Config {
            name: stream(service),
            subjects: vec![format!("relevo.{service}.>")],
            retention: RetentionPolicy::Limits,
            discard: DiscardPolicy::Old,
            storage: StorageType::File,
            max_age: Duration::from_secs(30 * 24 * 3600),
            // A relay that died before it wrote down what it had published
            // publishes it again; within this time the server knows.
            duplicate_window: Duration::from_secs(120),
            num_replicas: replicas,
            ..Config::default()
        };
        context.get_or_create_stream(config).await?;
    }
    for (service, heard) in HEARS {
        for other in *heard {
            // One wildcard filter: servers before 2.10 ignore several in silence.
            let config = pull::Config {
                durable_name: Some((*service).to_owned()),
                filter_subject: format!("relevo.{other}.>"),
                ack_policy: AckPolicy::Explicit,
                ack_wait: Duration::from_secs(30),
                max_ack_pending: 1_000,
                ..pull::Config::default()
            };
            context.get_stream(stream(other)).await?.get_or_create_consumer(service, config).await?;
        }
    }
    Ok(())
}

/// Whether every consumer has taken in everything that was published.
///
/// # Errors
/// When the server cannot be reached, or was never prepared.
pub async fn idle(context: &Context) -> Result<bool, Reason> {
    for (service, heard) in HEARS {
        for other in *heard {
            let consumer: PullConsumer = context.get_consumer_from_stream(*service, stream(other)).await?;
            let info = consumer.cached_info();
            if info.num_pending > 0 || info.num_ack_pending > 0 {
                return Ok(false);
            }
        }
    }
    Ok(true)
}
