//! Ctrl-C and its relatives: noticed between two looks, so that everything stops in order.

use std::sync::Arc;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::flag;

use crate::stop::Stop;

static ASKED: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

/// How often [`until`] looks whether someone asked us to stop.
const GLANCE: Duration = Duration::from_millis(50);

/// Takes the signals over. The first asks for an orderly stop. A second ends this process at
/// once: what watches over the servers then stops them behind our back.
pub fn listen() -> Result<(), Stop> {
    for signal in [SIGINT, SIGTERM] {
        flag::register_conditional_shutdown(signal, 130, Arc::clone(&ASKED))
            .and_then(|_| flag::register(signal, Arc::clone(&ASKED)))
            .map_err(|error| Stop::Failed(format!("listening for signals: {error}")))?;
    }
    Ok(())
}

/// Asks `probe` until it gives something or someone asks us to stop.
pub fn until<T>(mut probe: impl FnMut() -> Option<T>) -> Result<T, Stop> {
    loop {
        if ASKED.load(Ordering::Relaxed) {
            return Err(Stop::Interrupted);
        }
        if let Some(found) = servers::poll(GLANCE, &mut probe) {
            return Ok(found);
        }
    }
}
