//! Private PostgreSQL, NATS and Redis for development and tests.
//!
//! Each server is looked for in this order: an address in the environment
//! (`RELEVO_POSTGRES_URL`, `RELEVO_NATS_URL`, `RELEVO_REDIS_URL`), a program on this machine
//! (`RELEVO_<KIND>_SERVER` names one outright), the system's package manager, Docker. Except for
//! a given address the instance is ours alone: a free port on 127.0.0.1, its data under the
//! caller's folder, nothing shared with a server that the system itself may run.
//!
//! ```text
//! <dir>/postgres/  state  lock  data/  template-<version>/
//! <dir>/nats/      state  lock  data/  nats.conf
//! <dir>/redis/     state  lock  data/  redis.conf
//! <dir>/logs/      postgres.log  nats.log  redis.log
//! ```
//!
//! A second start continues with the same data, passwords and, where still free, ports. Servers
//! stop when their value is dropped, and also when the process that started them is killed.

mod account;
mod body;
mod command;
mod container;
mod error;
mod find;
mod folder;
mod install;
mod keeper;
mod kind;
mod nats;
mod notes;
mod patience;
mod port;
mod postgres;
mod process;
mod redis;
pub mod secret;
mod server;
mod table;

pub use error::Error;
pub use kind::Kind;
pub use notes::{Notes, write_private};
pub use patience::poll;
pub use port::free as free_port;
pub use process::{Process, tail};
pub use server::Server;
pub use table::signal;

use std::path::Path;

/// All three servers. They stop in the order of the fields when this is dropped.
#[derive(Debug)]
pub struct Servers {
    /// Holds only what may be lost.
    pub redis: Server,
    /// JetStream, with the logins of `deploy/nats/nats.conf`.
    pub nats: Server,
    /// `url` is the superuser's.
    pub postgres: Server,
}

impl Servers {
    /// Finds and starts all three under `dir`; `progress` hears what takes time.
    ///
    /// # Errors
    /// See [`Server::start`].
    pub fn start(dir: &Path, progress: &mut dyn FnMut(&str)) -> Result<Servers, Error> {
        Ok(Servers {
            redis: Server::start(Kind::Redis, dir, progress)?,
            nats: Server::start(Kind::Nats, dir, progress)?,
            postgres: Server::start(Kind::Postgres, dir, progress)?,
        })
    }
}

/// Removes the data of earlier runs under `dir`, and stops what such a run left behind. Ports,
/// passwords and the initialised template stay, so the next start is fast.
///
/// # Errors
/// [`Error::InUse`] while another run holds the folder, [`Error::Io`].
pub fn forget(dir: &Path) -> Result<(), Error> {
    for kind in Kind::ALL {
        folder::Folder::open(dir, kind)?.forget()?;
    }
    Ok(())
}
