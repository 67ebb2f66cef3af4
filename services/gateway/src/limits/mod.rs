//! How much one tenant, and one key or user of it, may ask for.
//!
//! Redis holds two token buckets for each caller, one of its tenant and one
//! of its own; one script takes from both. A round trip for every request
//! would cost more than most requests, so a busy caller takes several at once
//! and spends them here: twice as many each time while it uses them up within
//! [`BUSY`], and never more than a twentieth of what it may do in a second.
//! What replicas and keys hold unspent is what the limit may be off by.

mod bucket;
mod shared;

use std::collections::HashMap;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use http::{HeaderMap, HeaderValue};
use service::Reason;
use tokio::sync::Mutex;

use crate::config::{Config, Rate};
use crate::error::Error;

/// Whoever needs a lease again within this takes a larger one.
const BUSY: Duration = Duration::from_millis(50);
/// Leases of callers that nobody holds are swept beyond so many.
const KEPT: usize = 50_000;

/// What is asked of the buckets.
struct Ask<'a> {
    tenant: &'a str,
    key: &'a str,
    requests: u32,
}

/// What they gave.
struct Grant {
    requests: u32,
    /// Until there is more, where they gave nothing.
    wait: Duration,
    /// Left in the tenant's bucket.
    tenant: u32,
    /// Left in the key's bucket.
    key: u32,
}

/// Requests that one caller has taken and not yet spent.
pub(crate) struct Lease {
    tenant: String,
    key: String,
    requests: AtomicU32,
    tenant_left: AtomicU32,
    key_left: AtomicU32,
    next: Mutex<Next>,
}

/// How the next lease is taken.
struct Next {
    size: u32,
    taken: Instant,
    refused_until: Instant,
}

impl Lease {
    fn spend(&self) -> bool {
        let less = |requests: u32| requests.checked_sub(1);
        let order = Ordering::Relaxed;
        self.requests.fetch_update(order, order, less).is_ok()
    }
}

/// The limits of one process.
pub(crate) struct Limits {
    tenant: Rate,
    key: Rate,
    policy: HeaderValue,
    shared: Option<shared::Shared>,
    buckets: bucket::Buckets,
    leases: RwLock<HashMap<String, Arc<Lease>>>,
}

impl Limits {
    pub(crate) fn new(config: &Config) -> Result<Self, Reason> {
        let window = |rate: Rate| rate.burst.get().div_ceil(rate.per_second.get());
        let policy = format!(
            "\"tenant\";q={};w={}, \"key\";q={};w={}",
            config.tenant.burst,
            window(config.tenant),
            config.key.burst,
            window(config.key)
        );
        let shared = config.redis_url.as_deref().map(shared::Shared::open);
        Ok(Self {
            tenant: config.tenant,
            key: config.key,
            policy: HeaderValue::try_from(policy)?,
            shared: shared.transpose()?,
            buckets: bucket::Buckets::default(),
            leases: RwLock::default(),
        })
    }

    /// The lease of `subject` of `tenant`. In Redis both keys begin with the
    /// tenant, in braces: so a cluster keeps them on one node.
    pub(crate) fn lease(&self, tenant: &str, subject: &str) -> Arc<Lease> {
        let key = format!("{{{tenant}}}:rate:{subject}");
        let leases = self.leases.read().unwrap_or_else(PoisonError::into_inner);
        if let Some(lease) = leases.get(&key) {
            return Arc::clone(lease);
        }
        drop(leases);
        let now = Instant::now();
        let fresh = || Lease {
            tenant: format!("{{{tenant}}}:rate"),
            key: key.clone(),
            requests: AtomicU32::new(0),
            tenant_left: AtomicU32::new(0),
            key_left: AtomicU32::new(0),
            next: Mutex::new(Next { size: 1, taken: now, refused_until: now }),
        };
        let mut leases = self.leases.write().unwrap_or_else(PoisonError::into_inner);
        if leases.len() >= KEPT {
            leases.retain(|_, lease| Arc::strong_count(lease) > 1);
        }
        let lease = leases.entry(key.clone()).or_insert_with(|| Arc::new(fresh()));
        Arc::clone(lease)
    }

    /// Spends one request.
    pub(crate) async fn spend(&self, lease: &Lease) -> Result<(), Error> {
        if lease.spend() {
            return Ok(());
        }
        let mut next = lease.next.lock().await;
        if lease.spend() {
            return Ok(());
        }
        let now = Instant::now();
        if now < next.refused_until {
            return Err(Error::Limited { wait: next.refused_until - now });
        }
        let most = (self.key.per_second.get() / 20).max(1);
        let busy = now.duration_since(next.taken) < BUSY;
        next.size = if busy { (next.size * 2).min(most) } else { 1 };
        next.taken = now;
        let ask = Ask { tenant: &lease.tenant, key: &lease.key, requests: next.size };
        let grant = self.grant(&ask).await;
        lease.tenant_left.store(grant.tenant, Ordering::Relaxed);
        lease.key_left.store(grant.key, Ordering::Relaxed);
        match grant.requests.checked_sub(1) {
            Some(rest) => {
                lease.requests.store(rest, Ordering::Relaxed);
                Ok(())
            }
            None => {
                next.refused_until = now + grant.wait;
                Err(Error::Limited { wait: grant.wait })
            }
        }
    }

    async fn grant(&self, ask: &Ask<'_>) -> Grant {
        if let Some(shared) = &self.shared
            && let Some(grant) = shared.grant(ask, self.tenant, self.key).await
        {
            return grant;
        }
        self.buckets.grant(ask, self.tenant, self.key, Instant::now())
    }

    /// Says how much is left, in the fields of
    /// draft-ietf-httpapi-ratelimit-headers-10.
    pub(crate) fn tell(&self, lease: &Lease, headers: &mut HeaderMap) {
        let leased = lease.requests.load(Ordering::Relaxed);
        let tenant = lease.tenant_left.load(Ordering::Relaxed) + leased;
        let key = lease.key_left.load(Ordering::Relaxed) + leased;
        let left = format!("\"tenant\";r={tenant};t=1, \"key\";r={key};t=1");
        if let Ok(left) = HeaderValue::try_from(left) {
            headers.insert("ratelimit", left);
        }
        headers.insert("ratelimit-policy", self.policy.clone());
    }
}
