//! What may differ between two deployments.

use std::net::SocketAddr;
use std::num::NonZeroU32;

use http::Uri;
use service::{Env, InvalidConfig};

/// The services behind the edge.
pub const SERVICES: [&str; 5] = ["directory", "contracts", "tickets", "dispatch", "billing"];

/// How the gateway is deployed.
#[derive(Clone)]
pub struct Config {
    /// Where it listens, for HTTP/1.1 and HTTP/2 alike.
    pub listen: SocketAddr,
    /// Where each of [`SERVICES`] listens, in their order.
    pub services: [Uri; SERVICES.len()],
    /// The seed of the key that signs internal tokens, 32 bytes.
    pub internal_key: Vec<u8>,
    /// Where the replicas of the gateway count together. Without it each
    /// counts for itself.
    pub redis_url: Option<String>,
    /// What one tenant may ask for.
    pub tenant: Rate,
    /// What one key or user of a tenant may ask for.
    pub key: Rate,
    /// HTTP/2 connections to each service.
    pub connections: NonZeroU32,
}

/// A token bucket.
#[derive(Debug, Clone, Copy)]
pub struct Rate {
    /// Requests per second in the long run.
    pub per_second: NonZeroU32,
    /// Requests at once after a pause.
    pub burst: NonZeroU32,
}

impl Config {
    /// From the environment.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn read() -> Result<Self, InvalidConfig> {
        let mut env = Env::default();
        let config = Self {
            listen: env.or("RELEVO_GATEWAY_LISTEN", SocketAddr::from(([127, 0, 0, 1], 8080))),
            services: SERVICES.map(|service| env.required(&format!("RELEVO_{}_URL", service.to_uppercase()))),
            internal_key: env.key("RELEVO_INTERNAL_KEY"),
            redis_url: env.optional("RELEVO_REDIS_URL"),
            tenant: rate(&mut env, "TENANT", 2_000),
            key: rate(&mut env, "KEY", 1_000),
            connections: env.or("RELEVO_GATEWAY_CONNECTIONS", CONNECTIONS),
        };
        env.finish(config)
    }
}

const CONNECTIONS: NonZeroU32 = NonZeroU32::MIN.saturating_add(3);

/// `RELEVO_GATEWAY_<who>_RATE` and `_BURST`; a burst is a second's worth unless
/// it is said otherwise.
fn rate(env: &mut Env, who: &str, default: u32) -> Rate {
    let default = NonZeroU32::MIN.saturating_add(default - 1);
    let per_second = env.or(&format!("RELEVO_GATEWAY_{who}_RATE"), default);
    let burst = env.or(&format!("RELEVO_GATEWAY_{who}_BURST"), per_second);
    Rate { per_second, burst }
}
