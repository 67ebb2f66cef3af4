//! Token buckets of this process alone, for when there is no Redis.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::{Ask, Grant};
use crate::config::Rate;

/// Beyond so many buckets all are forgotten: whoever made them up pays no
/// more than others for it, and memory stays bounded.
const KEPT: usize = 100_000;

/// The buckets of tenants and of keys.
#[derive(Default)]
pub(super) struct Buckets(Mutex<HashMap<String, Bucket>>);

#[derive(Clone, Copy)]
struct Bucket {
    level: f64,
    at: Instant,
}

impl Buckets {
    /// As many requests as both buckets have, up to what is asked for.
    pub(super) fn grant(&self, ask: &Ask, tenant: Rate, key: Rate, now: Instant) -> Grant {
        let mut buckets = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= KEPT {
            buckets.clear();
        }
        let of_tenant = level(buckets.get(ask.tenant), tenant, now);
        let of_key = level(buckets.get(ask.key), key, now);
        let requests = f64::from(ask.requests).min(of_tenant).min(of_key).floor();
        let wait = seconds_to_one(of_tenant, tenant).max(seconds_to_one(of_key, key));
        if requests >= 1.0 {
            for (name, level) in [(ask.tenant, of_tenant), (ask.key, of_key)] {
                let level = level - requests;
                buckets.insert(name.to_owned(), Bucket { level, at: now });
            }
        }
        Grant {
            requests: requests as u32,
            wait: Duration::from_secs_f64(wait),
            tenant: (of_tenant - requests) as u32,
            key: (of_key - requests) as u32,
        }
    }
}

fn level(bucket: Option<&Bucket>, rate: Rate, now: Instant) -> f64 {
    let burst = f64::from(rate.burst.get());
    bucket.map_or(burst, |bucket| {
        let elapsed = now.saturating_duration_since(bucket.at).as_secs_f64();
        (bucket.level + elapsed * f64::from(rate.per_second.get())).min(burst)
    })
}

fn seconds_to_one(level: f64, rate: Rate) -> f64 {
    ((1.0 - level) / f64::from(rate.per_second.get())).max(0.0)
}

#[cfg(test)]
mod tests {
    use std::num::NonZeroU32;

    use super::*;

    fn rate(per_second: u32, burst: u32) -> Rate {
        let [per_second, burst] = [per_second, burst].map(|n| NonZeroU32::new(n).unwrap());
        Rate { per_second, burst }
    }

    #[test]
    fn a_burst_then_the_rate() {
        let (buckets, now) = (Buckets::default(), Instant::now());
        let ask = Ask { tenant: "t", key: "t:k", requests: 8 };
        let grant = |at| buckets.grant(&ask, rate(100, 100), rate(10, 5), at);
        assert_eq!(grant(now).requests, 5);
        let refused = grant(now);
        assert_eq!((refused.requests, refused.wait), (0, Duration::from_millis(100)));
        assert_eq!(grant(now + Duration::from_millis(200)).requests, 2);
    }

    #[test]
    fn the_keys_of_a_tenant_share_its_bucket() {
        let (buckets, now) = (Buckets::default(), Instant::now());
        let grant = |key| {
            let ask = Ask { tenant: "t", key, requests: 6 };
            buckets.grant(&ask, rate(10, 10), rate(10, 10), now)
        };
        assert_eq!(grant("t:a").requests, 6);
        let second = grant("t:b");
        assert_eq!((second.requests, second.tenant, second.key), (4, 0, 6));
    }
}
