//! The environment of a platform under test.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use servers::{Server, free_port};

/// The services that have a database and a stream.
pub const SERVICES: [&str; 5] = ["directory", "contracts", "tickets", "dispatch", "billing"];
/// The first administrator's API key.
pub const BOOTSTRAP_KEY: &str = "rlv_only-for-tests-AAAAAAAAAAAAAAAAAAAAAAAAAA";
/// The seed with which the gateway of a platform under test signs.
pub const INTERNAL_KEY: [u8; 32] = [7; 32];
/// Logins are shared by every platform on one Postgres, so is their password.
const PASSWORD: &str = "only-for-tests";

/// Variables by name.
pub type Settings = Vec<(String, String)>;

/// Everything that the processes of one platform are told.
pub fn settings(name: &str, postgres: &Server, nats: &Server, redis: &Server) -> Settings {
    let mut all = Settings::new();
    let mut set = |key: String, value: String| all.push((key, value));
    let address = || format!("127.0.0.1:{}", free_port(None).expect("a free port"));
    let (_, place) = postgres.url.rsplit_once('@').expect("a login in the URL of Postgres");
    let place = place.split_once('/').map_or(place, |(place, _)| place);
    for service in SERVICES {
        let upper = service.to_uppercase();
        let listen = address();
        set(format!("RELEVO_{upper}_URL"), format!("http://{listen}"));
        set(format!("RELEVO_{upper}_LISTEN"), listen);
        let database = format!("postgres://relevo_{service}:{PASSWORD}@{place}/relevo_{service}_{name}");
        set(format!("RELEVO_{upper}_DATABASE_URL"), database);
        set(format!("RELEVO_{upper}_NATS_URL"), nats.url_for(service));
    }
    let gateway = address();
    set("RELEVO_GATEWAY_URL".into(), format!("http://{gateway}"));
    set("RELEVO_GATEWAY_LISTEN".into(), gateway);
    set("RELEVO_REDIS_URL".into(), redis.url.clone());
    set("RELEVO_ADMIN_DATABASE_URL".into(), postgres.url.clone());
    set("RELEVO_ADMIN_NATS_URL".into(), nats.url.clone());
    set("RELEVO_INTERNAL_KEY".into(), STANDARD.encode(INTERNAL_KEY));
    set("RELEVO_DIRECTORY_SEALING_KEY".into(), STANDARD.encode([9; 32]));
    set("RELEVO_BOOTSTRAP_KEY".into(), BOOTSTRAP_KEY.into());
    set("RELEVO_DATABASE_CONNECTIONS".into(), "8".into());
    all
}
