//! What was judged a moment ago is not judged again.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::{Duration, Instant};

use tokio::sync::OnceCell;
use tonic::Status;

use super::Pass;

/// More credentials than this are not remembered at once.
const REMEMBERED: usize = 50_000;

/// What became of a credential, and for how long that holds.
pub(super) struct Verdict {
    pub(super) pass: Option<Arc<Pass>>,
    pub(super) until: Instant,
}

impl Verdict {
    /// No good, for so long.
    pub(super) fn no(long: Duration) -> Self {
        Self { pass: None, until: Instant::now() + long }
    }
}

/// Verdicts by credential. Of many that ask for one at the same time, one
/// judges and the others wait for it.
#[derive(Default)]
pub(super) struct Passes(RwLock<HashMap<Box<str>, Arc<OnceCell<Verdict>>>>);

impl Passes {
    /// The verdict that is remembered, or else the one that `judge` gives now.
    ///
    /// # Errors
    /// What `judge` says; that is not remembered.
    pub(super) async fn get<F>(&self, credential: &str, judge: impl FnOnce() -> F) -> Result<Option<Arc<Pass>>, Status>
    where
        F: Future<Output = Result<Verdict, Status>>,
    {
        let cell = self.remembered(credential).unwrap_or_else(|| self.open(credential));
        let verdict = cell.get_or_try_init(judge).await?;
        Ok(verdict.pass.clone())
    }

    fn remembered(&self, credential: &str) -> Option<Arc<OnceCell<Verdict>>> {
        let cells = self.0.read().unwrap_or_else(PoisonError::into_inner);
        cells.get(credential).filter(|cell| holds(cell)).cloned()
    }

    fn open(&self, credential: &str) -> Arc<OnceCell<Verdict>> {
        let mut cells = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if let Some(cell) = cells.get(credential).filter(|cell| holds(cell)) {
            return Arc::clone(cell);
        }
        if cells.len() >= REMEMBERED {
            // Those who try out credentials must not push out the good ones.
            cells.retain(|_, cell| cell.get().is_some_and(|v| v.pass.is_some()) && holds(cell));
        }
        if cells.len() >= REMEMBERED {
            cells.clear();
        }
        let cell = Arc::new(OnceCell::new());
        cells.insert(credential.into(), Arc::clone(&cell));
        cell
    }
}

fn holds(cell: &OnceCell<Verdict>) -> bool {
    cell.get().is_none_or(|verdict| Instant::now() < verdict.until)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[tokio::test]
    async fn one_judges_for_all_and_a_failure_is_not_remembered() {
        let (passes, judged) = (Passes::default(), AtomicU32::new(0));
        let judge = || async {
            judged.fetch_add(1, Ordering::SeqCst);
            tokio::task::yield_now().await;
            Ok(Verdict::no(Duration::from_secs(60)))
        };
        let failed = passes.get("k", || async { Err(Status::unavailable("down")) }).await;
        assert!(failed.is_err());
        let (a, b) = tokio::join!(passes.get("k", judge), passes.get("k", judge));
        assert!(a.is_ok_and(|pass| pass.is_none()) && b.is_ok_and(|pass| pass.is_none()));
        assert_eq!(judged.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn a_verdict_ends() {
        let (passes, judged) = (Passes::default(), AtomicU32::new(0));
        for _ in 0..2 {
            let judge = || async {
                judged.fetch_add(1, Ordering::SeqCst);
                Ok(Verdict::no(Duration::ZERO))
            };
            assert!(passes.get("k", judge).await.is_ok());
        }
        assert_eq!(judged.load(Ordering::SeqCst), 2);
    }
}
