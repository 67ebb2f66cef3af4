//! So many clients, each asking again as soon as it is answered.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::Result;

/// What came of one window.
#[derive(Debug, Clone)]
pub struct Window {
    /// Answers per second.
    pub rate: f64,
    /// Median latency.
    pub p50: Duration,
    /// 99th percentile.
    pub p99: Duration,
    /// Requests answered.
    pub count: usize,
}

/// Runs `ask` from `clients` tasks for `length`. One refusal ends it all: a
/// fast refusal is no speed.
///
/// # Errors
/// The first refusal.
pub async fn run<F, R>(clients: usize, length: Duration, ask: F) -> Result<Window>
where
    F: Fn(usize) -> R + Clone + Send + Sync + 'static,
    R: Future<Output = Result<()>> + Send,
{
    let (stop, began) = (Arc::new(AtomicBool::new(false)), Instant::now());
    let mut tasks = tokio::task::JoinSet::new();
    for client in 0..clients {
        let (ask, stop) = (ask.clone(), Arc::clone(&stop));
        tasks.spawn(async move {
            let mut took = Vec::new();
            while !stop.load(Ordering::Relaxed) {
                let asked = Instant::now();
                ask(client).await?;
                took.push(asked.elapsed());
            }
            anyhow::Ok(took)
        });
    }
    tokio::time::sleep(length).await;
    stop.store(true, Ordering::Relaxed);
    let mut all = Vec::new();
    while let Some(took) = tasks.join_next().await {
        all.extend(took??);
    }
    let seconds = began.elapsed().as_secs_f64();
    all.sort_unstable();
    let at = |part: f64| all.get((all.len() as f64 * part) as usize).copied().unwrap_or_default();
    Ok(Window { rate: all.len() as f64 / seconds, p50: at(0.5), p99: at(0.99), count: all.len() })
}
