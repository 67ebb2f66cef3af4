//! The directory: who is who. Tenants with their sites and contacts, the
//! operator's staff, vendors, and the keys and tokens with which they come in.

mod api;
mod bootstrap;
mod convert;
mod domain;
mod error;
mod store;

use std::sync::Arc;

use ::store::Migration;
use proto::directory::v1 as pb;
use service::{Env, Host, Program, Reason, Service};

use domain::signing_key::Seal;

/// The directory, as a process runs it.
pub const PROGRAM: Program = Program::of::<Directory>();

struct Directory;

impl Service for Directory {
    const NAME: &'static str = "directory";
    const MIGRATIONS: &'static [Migration] =
        &[Migration { name: "0001_directory", sql: include_str!("store/migrations/0001_directory.sql") }];

    async fn mount(host: Host) -> Result<Host, Reason> {
        let mut env = Env::default();
        let sealing_key = env.key("RELEVO_DIRECTORY_SEALING_KEY");
        let bootstrap_key: Option<String> = env.optional("RELEVO_BOOTSTRAP_KEY");
        let seal = Arc::new(env.finish(Seal::new(&sealing_key))??);
        bootstrap::bootstrap(&host, &seal, bootstrap_key.as_deref()).await?;
        let parties = api::Parties { desk: host.desk() };
        let tokens = api::Tokens { desk: host.desk(), store: host.store.clone(), clock: host.clock.clone(), seal };
        Ok(host
            .serve(pb::tenants_server::TenantsServer::new(parties.clone()))
            .serve(pb::parties_server::PartiesServer::new(parties))
            .serve(pb::tokens_server::TokensServer::new(tokens)))
    }
}
