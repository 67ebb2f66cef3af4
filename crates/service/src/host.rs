//! One service, hosted: database, events, door and drain.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use events::{Inbox, Relay};
use futures::FutureExt;
use futures::future::BoxFuture;
use prost::Name;
use store::{Migration, Store, Work};
use tokio::task::JoinSet;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::service::RoutesBuilder;
use tonic::transport::Server;

use crate::admin::Admin;
use crate::config::Env;
use crate::desk::{Clock, Desk};
use crate::guard::Guard;
use crate::program::{Reason, Stop};
use crate::tokens::{Signer, Verifier};

/// What a service is: a name, a schema, and what it mounts on its host.
pub trait Service {
    /// Such as `tickets`.
    const NAME: &'static str;
    /// Its schema, step by step.
    const MIGRATIONS: &'static [Migration];

    /// Mounts API, inbox and jobs.
    ///
    /// # Errors
    /// When its own configuration is wrong.
    fn mount(host: Host) -> impl Future<Output = Result<Host, Reason>> + Send;
}

type Job = Box<dyn Fn() -> BoxFuture<'static, Result<(), Reason>> + Send + Sync>;

/// What a service is mounted on.
pub struct Host {
    /// Its database.
    pub store: Store,
    /// Its time.
    pub clock: Clock,
    /// Signs its own calls to other services.
    pub signer: Arc<Signer>,
    routes: RoutesBuilder,
    inbox: Inbox,
    jobs: Vec<(&'static str, Duration, Job)>,
}

struct Config {
    listen: SocketAddr,
    database_url: String,
    nats_url: String,
    internal_key: Vec<u8>,
    connections: u32,
}

impl Config {
    fn read(service: &str) -> Result<Self, Reason> {
        let upper = service.to_uppercase();
        let mut env = Env::default();
        let config = Self {
            listen: env.or(&format!("RELEVO_{upper}_LISTEN"), SocketAddr::from(([127, 0, 0, 1], 0))),
            database_url: env.required(&format!("RELEVO_{upper}_DATABASE_URL")),
            nats_url: env.required(&format!("RELEVO_{upper}_NATS_URL")),
            internal_key: env.key("RELEVO_INTERNAL_KEY"),
            connections: env.or("RELEVO_DATABASE_CONNECTIONS", 16),
        };
        Ok(env.finish(config)?)
    }
}

impl Host {
    /// Where this service's requests become transactions.
    pub fn desk(&self) -> Desk {
        Desk::new(self.store.clone(), self.clock.clone())
    }

    /// Serves one gRPC service.
    #[must_use]
    pub fn serve<S>(mut self, service: S) -> Self
    where
        S: tower::Service<http::Request<tonic::body::Body>, Error = std::convert::Infallible>
            + tonic::server::NamedService
            + Clone
            + Send
            + Sync
            + 'static,
        S::Response: axum::response::IntoResponse,
        S::Future: Send + 'static,
    {
        self.routes.add_service(service);
        self
    }

    /// Takes in each `E`; see [`Inbox::hear`].
    #[must_use]
    pub fn hear<E, X>(
        mut self,
        handler: impl for<'w> Fn(&'w mut Work, E) -> BoxFuture<'w, Result<(), X>> + Send + Sync + 'static,
    ) -> Self
    where
        E: Name + Default + 'static,
        X: Into<Reason> + 'static,
    {
        self.inbox = self.inbox.hear(handler);
        self
    }

    /// Does `job` every so often, as long as the service runs. Any number of
    /// replicas do it: a job claims what it works on.
    #[must_use]
    pub fn every(
        mut self,
        name: &'static str,
        period: Duration,
        job: impl Fn() -> BoxFuture<'static, Result<(), Reason>> + Send + Sync + 'static,
    ) -> Self {
        self.jobs.push((name, period, Box::new(job)));
        self
    }
}

/// Runs one service until `stop`, then lets it finish what it has begun.
pub(crate) async fn host<S: Service>(stop: Stop, admin: Admin) -> Result<(), Reason> {
    let config = Config::read(S::NAME)?;
    let missing = store::check(&config.database_url, S::MIGRATIONS).await?;
    if !missing.is_empty() {
        return Err(format!("{}: the database lacks {}; run `setup` first", S::NAME, missing.join(", ")).into());
    }
    let flaws = store::flaws(&config.database_url).await?;
    if !flaws.is_empty() {
        let flaws: Vec<String> = flaws.iter().map(ToString::to_string).collect();
        return Err(format!("{}: the database keeps nobody apart: {}", S::NAME, flaws.join(", ")).into());
    }
    let store = Store::open(&config.database_url, config.connections)?;
    let client = events::connect(&config.nats_url, S::NAME).await?;
    let signer = Arc::new(Signer::of_seed(&config.internal_key)?);
    let verifier = Arc::new(Verifier::new(crate::program::INTERNAL));
    verifier.trust(std::slice::from_ref(signer.public()))?;
    let blank = Host {
        store: store.clone(),
        clock: Clock::default(),
        signer,
        routes: RoutesBuilder::default(),
        inbox: Inbox::new(store.clone(), S::NAME),
        jobs: Vec::new(),
    };
    let Host { routes, inbox, jobs, .. } = S::mount(blank).await?;
    let inbox = Arc::new(inbox);
    admin.listens(S::NAME, &store, &inbox);

    let mut tasks = JoinSet::new();
    tasks.spawn(Relay::new(store.clone(), client.clone(), S::NAME).run(stop.clone()));
    let listening = Arc::clone(&inbox);
    let (heard, ending) = (client.clone(), stop.clone());
    tasks.spawn(async move { listening.run(heard, ending).await });
    for (name, period, job) in jobs {
        tasks.spawn(repeat(name, period, job, stop.clone()));
    }
    serve(config.listen, routes, Guard::new(verifier, admin.metrics.clone()), &stop, || admin.ready()).await?;
    while tasks.join_next().await.is_some() {}
    store.close().await;
    Ok(())
}

async fn serve(
    listen: SocketAddr,
    mut routes: RoutesBuilder,
    guard: Guard,
    stop: &Stop,
    ready: impl FnOnce(),
) -> Result<(), Reason> {
    let (health, health_service) = tonic_health::server::health_reporter();
    health.set_service_status("", tonic_health::ServingStatus::Serving).await;
    let reflection = tonic_reflection::server::Builder::configure()
        .register_encoded_file_descriptor_set(proto::DESCRIPTORS)
        .build_v1()?;
    routes.add_service(health_service).add_service(reflection);
    let listener = tokio::net::TcpListener::bind(listen).await?;
    ready();
    let draining = stop.clone();
    let end = async move {
        draining.cancelled().await;
        health.set_service_status("", tonic_health::ServingStatus::NotServing).await;
    };
    Server::builder()
        .layer(guard)
        .http2_keepalive_interval(Some(Duration::from_secs(30)))
        .add_routes(routes.routes())
        .serve_with_incoming_shutdown(TcpListenerStream::new(listener), end)
        .await?;
    Ok(())
}

async fn repeat(name: &'static str, period: Duration, job: Job, stop: Stop) {
    let mut ticks = tokio::time::interval(period);
    ticks.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => {}
        }
        if let Err(error) =
            std::panic::AssertUnwindSafe(job()).catch_unwind().await.unwrap_or_else(|_| Err("it panicked".into()))
        {
            tracing::warn!(job = name, %error, "will try again");
        }
    }
}
