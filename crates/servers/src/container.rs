//! A server in a container, when Docker is all there is.

use std::io;
use std::path::Path;
use std::process::Command;

use crate::folder::Folder;
use crate::keeper::Keeper;
use crate::{Error, Kind, command};

/// Under which the folder's notes keep the name of its container and volume.
const NAME: &str = "container";

/// A container whose data is in a named volume, so that it can be thrown away at each stop.
#[derive(Debug)]
pub struct Container {
    name: String,
    run: Vec<String>,
    keeper: Option<Keeper>,
}

/// What one kind needs of its container.
pub struct Needs<'a> {
    /// The port inside.
    pub port: u16,
    /// The folder inside that keeps the data.
    pub data: &'a str,
    /// Further options of `docker run`.
    pub options: Vec<String>,
    /// The arguments of the server.
    pub arguments: Vec<String>,
}

/// Whether an engine answers.
pub fn engine() -> Result<(), String> {
    docker(["version", "--format", "{{.Server.Version}}"])
}

/// Whether an earlier run put the data of this folder into a volume and an engine answers: then
/// a program that has appeared since would begin without that data.
pub fn runs(folder: &Folder) -> bool {
    folder.notes.get::<String>(NAME).is_some() && engine().is_ok()
}

/// Removes the container and the volume that an earlier run made for this folder, if it did.
pub fn forget(folder: &Folder) {
    if let Some(name) = folder.notes.get::<String>(NAME) {
        let _gone_already = docker(["rm", "--force", &name]);
        let _gone_already = docker(["volume", "rm", &name]);
    }
}

impl Container {
    /// Writes down how to run `kind` at `port` of 127.0.0.1.
    pub fn new(kind: Kind, folder: &mut Folder, port: u16, needs: Needs) -> Result<Self, Error> {
        let name = format!("relevo-{}-{}", kind.folder(), folder.key());
        folder.notes.set(NAME, &name)?;
        let mut run = vec![
            "run".to_owned(),
            "--detach".to_owned(),
            format!("--name={name}"),
            format!("--publish=127.0.0.1:{port}:{}", needs.port),
            format!("--volume={name}:{}", needs.data),
        ];
        run.extend(needs.options);
        run.push(kind.image().to_owned());
        run.extend(needs.arguments);
        Ok(Container { name, run, keeper: None })
    }

    /// Runs it, in place of one that is left from before.
    pub fn start(&mut self) -> Result<(), Error> {
        let _none_left = docker(["rm", "--force", &self.name]);
        let keeper = Keeper::new(&["docker", "stop", &self.name]);
        self.keeper = Some(keeper.map_err(Error::io("starting", Path::new("sh")))?);
        docker(&self.run).map_err(|reason| Error::io("starting", Path::new(&self.name))(io::Error::other(reason)))
    }

    /// Stops it in an orderly way.
    pub fn stop(&mut self) {
        self.end("stop");
    }

    /// Kills it.
    pub fn kill(&mut self) {
        self.end("kill");
    }

    fn end(&mut self, how: &str) {
        if self.keeper.take().is_some() {
            let _ended_before = docker([how, &self.name]);
        }
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        self.stop();
    }
}

fn docker<S: AsRef<std::ffi::OsStr>>(arguments: impl IntoIterator<Item = S>) -> Result<(), String> {
    command::run(Command::new("docker").args(arguments)).map(drop)
}
