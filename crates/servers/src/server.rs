//! One running server.

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::path::Path;
use std::time::Duration;

use crate::body::Body;
use crate::find::{self, Found};
use crate::folder::Folder;
use crate::{Error, Kind, container, nats, patience, port, postgres, redis};

/// How long a server may take until it answers; PostgreSQL may have a crash to recover from.
const START_PATIENCE: Duration = Duration::from_secs(60);

/// A server that answers. Dropping it stops it, if it is ours.
#[derive(Debug)]
pub struct Server {
    /// Which of the three.
    pub kind: Kind,
    /// The administrator's address, with the password.
    pub url: String,
    /// The version in use; for a given address the variable that gave it.
    pub version: String,
    /// NATS only: the password of each login by the variable that `deploy/nats/nats.conf` names.
    pub passwords: BTreeMap<String, String>,
    instance: Option<Instance>,
}

/// How to run one kind: the answer of `postgres.rs`, `nats.rs` and `redis.rs`.
pub(crate) struct Recipe {
    pub url: String,
    pub version: String,
    pub passwords: BTreeMap<String, String>,
    pub body: Body,
}

/// A server that is ours. The body comes first: it must have stopped when the folder is released.
#[derive(Debug)]
struct Instance {
    body: Body,
    port: u16,
    folder: Folder,
}

impl Server {
    /// Takes the server whose address the environment gives, else starts a private one.
    ///
    /// # Errors
    /// See [`Server::private`].
    pub fn start(kind: Kind, dir: &Path, progress: &mut dyn FnMut(&str)) -> Result<Server, Error> {
        let variable = kind.url_variable();
        match env::var(&variable) {
            Ok(url) => {
                let passwords = match kind {
                    Kind::Nats => nats::given_passwords(),
                    Kind::Postgres | Kind::Redis => BTreeMap::new(),
                };
                Ok(Server::given(kind, url, &format!("given by {variable}"), passwords))
            }
            Err(_) => Server::private(kind, dir, progress),
        }
    }

    /// A server that somebody else runs. `passwords` is for NATS; see [`Server::passwords`].
    pub fn given(kind: Kind, url: String, version: &str, passwords: BTreeMap<String, String>) -> Server {
        Server { kind, url, version: version.to_owned(), passwords, instance: None }
    }

    /// Starts a private server under `dir`, whatever address the environment gives: for tests
    /// that kill it.
    ///
    /// # Errors
    /// [`Error::InUse`] while another run holds the folder, [`Error::Missing`] when there is no
    /// such server on this machine and none can be had, [`Error::Failed`] when it does not start.
    pub fn private(kind: Kind, dir: &Path, progress: &mut dyn FnMut(&str)) -> Result<Server, Error> {
        let mut folder = Folder::open(dir, kind)?;
        let found = match container::runs(&folder) {
            true => Found::Docker,
            false => find::find(kind, progress)?,
        };
        let port = port::free(folder.notes.get("port"));
        let port = port.map_err(Error::io("finding a port for", Path::new(kind.name())))?;
        folder.notes.set("port", &port.to_string())?;
        let recipe = match (kind, found) {
            (Kind::Postgres, Found::Program(program)) => postgres::program(&program, &folder, port, progress)?,
            (Kind::Postgres, Found::Docker) => postgres::container(&mut folder, port)?,
            (Kind::Nats, Found::Program(program)) => nats::program(&program, &mut folder, port)?,
            (Kind::Nats, Found::Docker) => nats::container(&mut folder, port)?,
            (Kind::Redis, Found::Program(program)) => redis::program(&program, &mut folder, port)?,
            (Kind::Redis, Found::Docker) => redis::container(&mut folder, port)?,
        };
        let _first_run = fs::remove_file(&folder.log);
        let mut instance = Instance { body: recipe.body, port, folder };
        progress("starting");
        instance.start(kind)?;
        Ok(Server {
            kind,
            url: recipe.url,
            version: recipe.version,
            passwords: recipe.passwords,
            instance: Some(instance),
        })
    }

    /// The process id of the server, when it is a program that we run.
    pub fn pid(&self) -> Option<u32> {
        self.instance.as_ref()?.body.pid()
    }

    /// The port on 127.0.0.1, when the server is ours.
    pub fn port(&self) -> Option<u16> {
        self.instance.as_ref().map(|instance| instance.port)
    }

    /// The server's program, when we run one. PostgreSQL's tools, `psql` for one, stand beside it.
    pub fn program(&self) -> Option<&Path> {
        self.instance.as_ref()?.body.path()
    }

    /// Kills the server and its children, as a loss of power would. Returns when they are gone.
    ///
    /// # Errors
    /// [`Error::NotOurs`].
    pub fn kill(&mut self) -> Result<(), Error> {
        self.ours()?.body.kill();
        Ok(())
    }

    /// Stops the server in an orderly way. Its port and data stay reserved for `restart`.
    ///
    /// # Errors
    /// [`Error::NotOurs`].
    pub fn stop(&mut self) -> Result<(), Error> {
        self.ours()?.body.stop();
        Ok(())
    }

    /// Starts the server again on its port and data, stopping it first if it still runs.
    ///
    /// # Errors
    /// [`Error::NotOurs`], [`Error::Failed`] when it does not start.
    pub fn restart(&mut self) -> Result<(), Error> {
        let kind = self.kind;
        let instance = self.ours()?;
        instance.body.stop();
        instance.start(kind)
    }

    /// NATS only: the address for `user`. A NATS that was given without that user's password
    /// is used with the login of its own address.
    pub fn url_for(&self, user: &str) -> String {
        let variable = format!("RELEVO_{}_NATS_PASSWORD", user.to_uppercase());
        match (self.passwords.get(&variable), self.url.split_once("://")) {
            (Some(password), Some((scheme, rest))) => {
                let address = rest.rsplit_once('@').map_or(rest, |(_, address)| address);
                format!("{scheme}://{user}:{password}@{address}")
            }
            _ => self.url.clone(),
        }
    }

    fn ours(&mut self) -> Result<&mut Instance, Error> {
        self.instance.as_mut().ok_or(Error::NotOurs(self.kind))
    }
}

impl Instance {
    /// Starts the body and waits until it answers.
    fn start(&mut self, kind: Kind) -> Result<(), Error> {
        self.body.start(kind.stop_signal(), &self.folder.log)?;
        if let Some(pid) = self.body.pid() {
            self.folder.note_process(pid)?;
        }
        let how = match patience::poll(START_PATIENCE, || self.outcome(kind)) {
            Some(true) => return Ok(()),
            Some(false) => "ended while starting",
            None => "did not answer within a minute",
        };
        self.body.stop();
        Err(Error::failed(format!("{} {how}", kind.name()), &self.folder.log))
    }

    /// `Some(true)` once it answers, `Some(false)` when it has ended.
    fn outcome(&mut self, kind: Kind) -> Option<bool> {
        if self.body.ended() {
            return Some(false);
        }
        kind.answers(self.port).then_some(true)
    }
}
