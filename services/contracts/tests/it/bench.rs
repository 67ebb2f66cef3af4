//! The service, its servers, and everybody who talks to it.

use std::path::PathBuf;
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

use async_nats::HeaderMap;
use async_nats::jetstream::{self, Context};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use proto::contracts::v1 as pb;
use proto::contracts::v1::clocks_client::ClocksClient;
use proto::contracts::v1::contracts_client::ContractsClient;
use sea_orm::{ConnectionTrait, DbBackend, Statement};
use servers::{Kind, Process, Server};
use service::{Claims, INTERNAL, Signer, name};
use store::{News, Scope, Store};
use testkit::eventually;
use tonic::transport::Channel;
use tonic::{Code, Request, Status};
use uuid::Uuid;

const SEED: [u8; 32] = [7; 32];

/// Dropped in this order: the service before the servers it talks to.
pub struct Bench {
    _service: Process,
    nats: Server,
    _postgres: Server,
    pub store: Store,
    channel: Channel,
    signer: Signer,
    database: String,
    dir: PathBuf,
}

impl Drop for Bench {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("the logs are in {}", self.dir.display());
        } else {
            std::fs::remove_dir_all(&self.dir).ok();
        }
    }
}

/// As whom something is asked.
pub enum As {
    Manager,
    Tenant(Uuid),
    Vendor(Uuid),
}

impl Bench {
    pub async fn start() -> Self {
        static STARTED: AtomicU32 = AtomicU32::new(0);
        let number = STARTED.fetch_add(1, Ordering::Relaxed);
        let dir = std::env::temp_dir().join(format!("relevo-contracts-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&dir).unwrap();
        let server = |kind| Server::private(kind, &dir, &mut |_: &str| {}).unwrap_or_else(|e| panic!("{kind:?}: {e}"));
        let (postgres, nats) = (server(Kind::Postgres), server(Kind::Nats));
        let address = format!("127.0.0.1:{}", servers::free_port(None).unwrap());
        let (_, place) = postgres.url.rsplit_once('@').unwrap();
        let place = place.split_once('/').map_or(place, |(place, _)| place);
        let database = format!("postgres://relevo_contracts:secret@{place}/relevo_contracts");
        let program = || program(&address, &database, &nats);
        let mut setup = program();
        setup.env("RELEVO_ADMIN_DATABASE_URL", &postgres.url).env("RELEVO_ADMIN_NATS_URL", &nats.url);
        let setup = setup.arg("setup").output().unwrap();
        assert!(setup.status.success(), "setup: {}", String::from_utf8_lossy(&setup.stderr));
        let service = Process::spawn(&mut program(), "TERM", &dir.join("contracts.log")).unwrap();
        let endpoint = Channel::from_shared(format!("http://{address}")).unwrap();
        let channel = eventually("the service to listen", || async { endpoint.connect().await.ok() }).await;
        let store = Store::open(&database, 2).unwrap();
        let signer = Signer::of_seed(&SEED).unwrap();
        Self { _service: service, nats, _postgres: postgres, store, channel, signer, database, dir }
    }

    /// One more process of the service, that is killed when it is dropped: it
    /// finishes nothing that it has begun.
    pub fn another(&self) -> Process {
        let mut program = program("127.0.0.1:0", &self.database, &self.nats);
        Process::spawn(&mut program, "KILL", &self.dir.join("another.log")).unwrap()
    }

    pub fn contracts(&self) -> ContractsClient<Channel> {
        ContractsClient::new(self.channel.clone())
    }

    pub fn clocks(&self) -> ClocksClient<Channel> {
        ClocksClient::new(self.channel.clone())
    }

    /// `message` with the token of `who`.
    pub fn by<T>(&self, who: As, message: T) -> Request<T> {
        let now = chrono::Utc::now().timestamp();
        let mut claims = Claims {
            sub: name("staff", Uuid::from_u128(1)),
            party: "operator".into(),
            tenant: None,
            vendor: None,
            roles: Vec::new(),
            act: None,
            iss: "tests".into(),
            aud: INTERNAL.into(),
            iat: now,
            exp: now + 60,
            jti: Uuid::now_v7().to_string(),
        };
        match who {
            As::Manager => claims.roles.push("ROLE_SERVICE_MANAGER".into()),
            As::Tenant(tenant) => {
                (claims.party, claims.tenant) = ("tenant".into(), Some(name("tenants", tenant)));
            }
            As::Vendor(vendor) => {
                (claims.party, claims.vendor) = ("vendor".into(), Some(name("vendors", vendor)));
            }
        }
        let mut request = Request::new(message);
        let token = format!("Bearer {}", self.signer.sign(&claims).unwrap());
        request.metadata_mut().insert("authorization", token.parse().unwrap());
        request
    }

    /// Publishes `news` as its own service's relay does.
    pub async fn tell(&self, news: News) {
        let sender = news.kind.split('.').nth(1).unwrap();
        let client = events::connect(&self.nats.url_for(sender), sender).await.unwrap();
        let context: Context = jetstream::new(client);
        let mut headers = HeaderMap::new();
        let id = news.id.to_string();
        headers.insert("Nats-Msg-Id", id.as_str());
        headers.insert("ce-id", id.as_str());
        headers.insert("ce-type", news.kind.as_str());
        context.publish_with_headers(news.subject, headers, news.payload.into()).await.unwrap().await.unwrap();
    }

    /// What the service has announced under that name, oldest first.
    pub async fn announced<E: prost::Name + Default>(&self) -> Vec<E> {
        let work = self.store.begin(&Scope::worker(None)).await.unwrap();
        let sql = "SELECT payload FROM outbox WHERE kind = $1 ORDER BY seq";
        let statement = Statement::from_sql_and_values(DbBackend::Postgres, sql, [E::full_name().into()]);
        let rows = work.query_all_raw(statement).await.unwrap();
        let payloads = rows.iter().map(|row| row.try_get_by_index::<Vec<u8>>(0).unwrap());
        payloads.map(|payload| E::decode(payload.as_slice()).unwrap()).collect()
    }

    pub async fn clocks_of(&self, who: As, ticket: Uuid) -> Result<Vec<pb::Clock>, Status> {
        let request = self.by(who, pb::ListClocksRequest { ticket: name("tickets", ticket) });
        Ok(self.clocks().list_clocks(request).await?.into_inner().clocks)
    }

    /// The one clock of that metric, once it is as `there` wants it.
    pub async fn clock(&self, ticket: Uuid, metric: pb::Metric, there: impl Fn(&pb::Clock) -> bool) -> pb::Clock {
        eventually(&format!("{metric:?} to be as wanted"), || async {
            let clocks = self.clocks_of(As::Manager, ticket).await.ok()?;
            clocks.into_iter().find(|clock| clock.metric() == metric && there(clock))
        })
        .await
    }
}

fn program(address: &str, database: &str, nats: &Server) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_contracts"));
    command
        .env("RELEVO_CONTRACTS_LISTEN", address)
        .env("RELEVO_CONTRACTS_DATABASE_URL", database)
        .env("RELEVO_CONTRACTS_NATS_URL", nats.url_for("contracts"))
        .env("RELEVO_INTERNAL_KEY", STANDARD.encode(SEED));
    command
}

/// The stable reason of a refusal, with its code.
pub fn reason(status: &Status) -> (Code, String) {
    let info = tonic_types::StatusExt::get_details_error_info(status);
    (status.code(), info.map(|info| info.reason).unwrap_or_default())
}
