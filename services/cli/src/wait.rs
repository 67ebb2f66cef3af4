//! Waiting for what arrives a moment later, never for longer than a deadline.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::rest::{Error, Problem};

/// News travels between services in milliseconds; this is when it is lost.
const DEADLINE: Duration = Duration::from_secs(30);
/// The first pause between two looks; each is twice the one before, up to the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(20);
const LONGEST_PAUSE: Duration = Duration::from_millis(500);

/// Looks again and again until there is something to see.
pub(crate) async fn until<T>(what: &str, look: impl AsyncFnMut() -> Result<Option<T>>) -> Result<T> {
    within(DEADLINE, what, look).await
}

/// The same with another deadline, where there is much to arrive.
pub(crate) async fn within<T>(
    deadline: Duration,
    what: &str,
    mut look: impl AsyncFnMut() -> Result<Option<T>>,
) -> Result<T> {
    let (began, mut pause) = (Instant::now(), FIRST_PAUSE);
    loop {
        if let Some(seen) = look().await? {
            return Ok(seen);
        }
        if began.elapsed() > deadline {
            bail!("waited {} s in vain until {what}", deadline.as_secs());
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Acts on something that another service made a moment ago: as long as its
/// news is on the way, the answer is that there is no such thing.
pub(crate) async fn known<T>(mut act: impl AsyncFnMut() -> Result<T, Error>) -> Result<T, Error> {
    let (began, mut pause) = (Instant::now(), FIRST_PAUSE);
    loop {
        match act().await {
            Err(error) if error.problem().is_some_and(Problem::is_not_found) && began.elapsed() < DEADLINE => {}
            settled => return settled,
        }
        tokio::time::sleep(pause).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}
