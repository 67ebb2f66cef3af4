//! Measurements, on servers without a past.

use crate::env::Environment;
use crate::stop::Stop;
use crate::{places, run, up};

/// Starts fresh servers and runs the release build's `bench` with `what`.
///
/// Plans are pure: they are measured without a server.
pub fn bench(what: &[String]) -> Result<(), Stop> {
    if what.first().is_some_and(|first| first == "plan") {
        run::shown(&mut places::cargo(&["build", "--release", "--package", "bench"]))?;
        return run::shown(places::binary("bench", true)?.args(what));
    }
    let dir = places::target()?.join("relevo-bench");
    servers::forget(&dir)?;
    let servers = up::start_servers(&dir)?;
    up::build(true)?;
    let environment = Environment::of(&servers, &dir)?;
    let mut bench = places::binary("bench", true)?;
    bench.args(what).envs(&environment.services).envs(&environment.administration);
    run::shown(&mut bench)
}
