//! Measurements, on servers without a past.

use crate::env::Environment;
use crate::stop::Stop;
use crate::{places, run, up};

/// Starts fresh servers and runs the release build's `bench` with `what`.
pub fn bench(what: &[String]) -> Result<(), Stop> {
    let dir = places::target()?.join("relevo-bench");
    servers::forget(&dir)?;
    let servers = up::start_servers(&dir)?;
    up::build(true)?;
    let environment = Environment::of(&servers, &dir)?;
    let mut bench = places::binary("bench", true)?;
    bench.args(what).envs(&environment.services).envs(&environment.administration);
    run::shown(&mut bench)
}
