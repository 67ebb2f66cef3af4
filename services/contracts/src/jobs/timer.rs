//! Notices what no event tells: that a budget ran out.

use service::{Clock as Time, Reason};
use store::{Scope, Store};

use crate::convert;
use crate::error::Error;
use crate::store::clocks;

/// Marks every clock that ticks past its due instant, and tells of it. Any
/// number of replicas may do it: each clock is claimed by one.
///
/// # Errors
/// Those of the store; what is overdue is found again.
pub async fn notice(store: Store, time: Time) -> Result<(), Reason> {
    while notice_some(&store, &time).await? {}
    Ok(())
}

/// Whether there may be more.
async fn notice_some(store: &Store, time: &Time) -> Result<bool, Error> {
    let now = time.now();
    let mut work = store.begin(&Scope::worker(None)).await?;
    let overdue = clocks::claim_overdue(&work, now).await?;
    if overdue.is_empty() {
        return Ok(false);
    }
    let mut missed = Vec::with_capacity(overdue.len());
    for clock in overdue {
        let mut clock = clock.missed(now);
        if let Some(telling) = clock.tell() {
            work.announce(convert::clocks::told(&clock, telling, now));
        }
        missed.push(clock);
    }
    clocks::keep(&work, missed).await?;
    work.commit().await?;
    Ok(true)
}
