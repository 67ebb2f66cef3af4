//! From `main` to the last drained request.

use std::net::SocketAddr;
use std::process::ExitCode;
use std::time::Duration;

use futures::FutureExt;
use futures::future::BoxFuture;
use store::{Migration, Setup};
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinSet;

use crate::admin::Admin;
use crate::config::Env;
use crate::host::{Service, host};

/// Why a process could not go on.
pub type Reason = Box<dyn std::error::Error + Send + Sync>;

/// Cancelled when the process is to end.
pub type Stop = tokio_util::sync::CancellationToken;

/// The audience of tokens between the platform's own processes.
pub const INTERNAL: &str = "relevo-internal";

/// How long requests that have begun may take to end.
const DRAIN: Duration = Duration::from_secs(20);

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Something a process can run, alone or beside others.
#[derive(Clone, Copy)]
pub struct Program {
    /// Such as `tickets`.
    pub name: &'static str,
    /// Runs until it is stopped.
    pub serve: fn(Stop, Admin) -> BoxFuture<'static, Result<(), Reason>>,
    /// The schema of its database, if it has one.
    pub migrations: Option<&'static [Migration]>,
}

impl Program {
    /// A service on its host.
    pub const fn of<S: Service + 'static>() -> Self {
        Self { name: S::NAME, serve: |stop, admin| host::<S>(stop, admin).boxed(), migrations: Some(S::MIGRATIONS) }
    }
}

/// The whole of every `main`: `<program>` serves, `<program> setup` prepares
/// databases, streams and consumers, and ends.
pub fn run(process: &str, programs: &[Program]) -> ExitCode {
    let argument = std::env::args().nth(1);
    let done =
        tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(Reason::from).and_then(|runtime| {
            runtime.block_on(async {
                match argument.as_deref() {
                    None => serve(process, programs).await,
                    Some("setup") => setup(programs).await,
                    Some(other) => Err(format!("unknown argument {other}; say nothing, or `setup`").into()),
                }
            })
        });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{process}: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn serve(process: &str, programs: &[Program]) -> Result<(), Reason> {
    let traces = crate::telemetry::start(process)?;
    let stop = Stop::new();
    let admin = Admin::new(programs.len());
    let mut running = JoinSet::new();
    for program in programs {
        running.spawn((program.serve)(stop.clone(), admin.clone()));
    }
    let mut env = Env::default();
    let listen: Option<SocketAddr> = env.optional("RELEVO_ADMIN_LISTEN");
    if let Some(listen) = env.finish(listen)? {
        running.spawn(admin.serve(listen, stop.clone()));
    }
    let mut terminate = signal(SignalKind::terminate())?;
    let ended = tokio::select! {
        _ = terminate.recv() => Ok(()),
        _ = tokio::signal::ctrl_c() => Ok(()),
        // Nothing here ends by itself: one that does has failed.
        Some(ended) = running.join_next() => ended?,
    };
    stop.cancel();
    let drained = async {
        let mut result = ended;
        while let Some(next) = running.join_next().await {
            result = result.and(next?);
        }
        result
    };
    let result =
        tokio::time::timeout(DRAIN, drained).await.unwrap_or_else(|_| Err("requests did not end in time".into()));
    // Nobody may be there any more to take the last spans; that is no failure.
    let _ = traces.shutdown();
    result
}

async fn setup(programs: &[Program]) -> Result<(), Reason> {
    let mut env = Env::default();
    let database: String = env.required("RELEVO_ADMIN_DATABASE_URL");
    let nats: String = env.required("RELEVO_ADMIN_NATS_URL");
    let replicas: usize = env.or("RELEVO_NATS_REPLICAS", 1);
    let logins: Vec<_> = programs
        .iter()
        .filter_map(|program| {
            let steps = program.migrations?;
            let url: String = env.required(&format!("RELEVO_{}_DATABASE_URL", program.name.to_uppercase()));
            Some((program.name, steps, url))
        })
        .collect();
    let logins = env.finish(logins)?;
    for (service, steps, url) in logins {
        let (password, name) = login(&url)
            .ok_or_else(|| format!("{service}: the database URL must be postgres://login:password@host/database"))?;
        let setup = Setup { service, database: name, password };
        store::prepare(&database, &setup).await?;
        store::migrate(&database, &setup, steps).await?;
    }
    events::prepare(&nats, replicas).await
}

/// Password and database of `postgres://login:password@host/database`.
fn login(url: &str) -> Option<(&str, &str)> {
    let (login, rest) = url.split_once("://")?.1.rsplit_once('@')?;
    let database = rest.split_once('/')?.1;
    Some((login.split_once(':')?.1, database.split('?').next()?))
}
