//! The very servers that `deploy/compose.yaml` names, in containers.

use std::collections::BTreeMap;
use std::time::Duration;

use servers::{Kind, Server};
use testcontainers::core::{IntoContainerPort, WaitFor};
use testcontainers::runners::SyncRunner;
use testcontainers::{Container, ContainerRequest, GenericImage, ImageExt};

use crate::SERVICES;
use crate::processes::until;

const COMPOSE: &str = include_str!("../../../deploy/compose.yaml");
const NATS: &str = include_str!("../../../deploy/nats/nats.conf");
const PASSWORD: &str = "only-for-tests";

/// Three servers in three containers.
pub struct Images {
    /// The servers in them.
    pub servers: [Server; 3],
    /// Dropped last: each is removed with everything in it.
    pub containers: [Container<GenericImage>; 3],
}

impl Images {
    /// Starts PostgreSQL, NATS and Redis, in this order.
    pub fn start() -> Self {
        let postgres = image("postgres")
            .with_exposed_port(5432.tcp())
            // The first time is that of its own set-up.
            .with_wait_for(WaitFor::message_on_either_std("init process complete; ready for start up"))
            .with_env_var("POSTGRES_PASSWORD", PASSWORD)
            .with_env_var("POSTGRES_INITDB_ARGS", "--locale=C --lc-ctype=C.UTF-8 --encoding=UTF8");
        let passwords: BTreeMap<String, String> = SERVICES
            .iter()
            .chain(&["admin"])
            .map(|user| (format!("RELEVO_{}_NATS_PASSWORD", user.to_uppercase()), PASSWORD.to_owned()))
            .collect();
        let mut nats = image("nats")
            .with_exposed_port(4222.tcp())
            .with_wait_for(WaitFor::message_on_stderr("Server is ready"))
            .with_copy_to("/etc/relevo/nats.conf", NATS.as_bytes().to_vec())
            .with_cmd(["--config", "/etc/relevo/nats.conf"])
            .with_env_var("RELEVO_NATS_STORE", "/data");
        for (name, value) in &passwords {
            nats = nats.with_env_var(name, value);
        }
        let redis = image("redis")
            .with_exposed_port(6379.tcp())
            .with_wait_for(WaitFor::message_on_stdout("Ready to accept connections"));
        let containers = [run(postgres), run(nats), run(redis.into())];
        let [postgres, nats, redis] = [5432, 4222, 6379];
        let at = |nth: usize, inside: u16| {
            let port = containers[nth].get_host_port_ipv4(inside).expect("a published port");
            until(Duration::from_secs(30), "a container to listen", || {
                std::net::TcpStream::connect(("127.0.0.1", port)).is_ok()
            });
            format!("127.0.0.1:{port}")
        };
        let given = |kind, url, passwords| Server::given(kind, url, "in a container", passwords);
        let servers = [
            given(
                Kind::Postgres,
                format!("postgres://postgres:{PASSWORD}@{}/postgres", at(0, postgres)),
                BTreeMap::new(),
            ),
            given(Kind::Nats, format!("nats://admin:{PASSWORD}@{}", at(1, nats)), passwords),
            given(Kind::Redis, format!("redis://{}", at(2, redis)), BTreeMap::new()),
        ];
        Self { servers, containers }
    }
}

/// The image of that server, in the version that is deployed.
fn image(name: &str) -> GenericImage {
    let of = |line: &str| line.trim().strip_prefix("image: ")?.strip_prefix(name)?.strip_prefix(':').map(str::to_owned);
    let tag = COMPOSE.lines().find_map(of).unwrap_or_else(|| panic!("compose.yaml names no {name}"));
    GenericImage::new(name.to_owned(), tag)
}

fn run(request: ContainerRequest<GenericImage>) -> Container<GenericImage> {
    request.start().unwrap_or_else(|error| panic!("a container: {error}"))
}
