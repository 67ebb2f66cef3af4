//! PostgreSQL: an initialised template, a copy of it, and the settings of a small server.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::account::Account;
use crate::body::Body;
use crate::container::{Container, Needs};
use crate::folder::Folder;
use crate::notes::write_private;
use crate::server::Recipe;
use crate::{Error, Kind, command, find, port, secret};

/// Durability stays as PostgreSQL ships it: a test that kills the server must find what was
/// committed.
const SETTINGS: [&str; 6] = [
    "max_connections=200",
    "shared_buffers=256MB",
    "max_wal_size=2GB",
    // Plans over small tables do not earn back the compiler's time.
    "jit=off",
    "timezone=UTC",
    "log_line_prefix=%m [%p] %u@%d ",
];

/// The administrator's password, inside the data it belongs to.
const PASSWORD_FILE: &str = "admin.password";

/// Runs `program` with data under `folder`.
pub fn program(program: &Path, folder: &Folder, port: u16, progress: &mut dyn FnMut(&str)) -> Result<Recipe, Error> {
    // On PATH it may be a link; its companions stand beside the real one.
    let program = &fs::canonicalize(program).map_err(Error::io("finding", program))?;
    let version = find::version(program)?;
    let home = Home::of(folder)?;
    if !folder.data().join("PG_VERSION").exists() {
        let template = home.template(program, &version, progress)?;
        home.fill(&template, &folder.data())?;
    }
    let data = folder.data();
    let data = fs::canonicalize(&data).map_err(Error::io("finding", &data))?;
    let secret = data.join(PASSWORD_FILE);
    let password = fs::read_to_string(&secret).map_err(Error::io("reading", &secret))?;
    let mut command = home.command(program);
    command.current_dir(&data).arg("-D").arg(&data);
    command.args(["-p", &port.to_string(), "-c", "listen_addresses=127.0.0.1"]);
    command.args(["-c", "unix_socket_directories="]).args(settings());
    Ok(recipe(port, &password, version, Body::program(command)))
}

/// Runs the official image.
pub fn container(folder: &mut Folder, port: u16) -> Result<Recipe, Error> {
    let password = folder.notes.password("password")?;
    let needs = Needs {
        port: 5432,
        data: "/var/lib/postgresql/data",
        options: vec!["--shm-size=512m".to_owned(), format!("--env=POSTGRES_PASSWORD={password}")],
        arguments: settings().map(str::to_owned).collect(),
    };
    let container = Container::new(Kind::Postgres, folder, port, needs)?;
    let version = Kind::Postgres.image().to_owned();
    Ok(recipe(port, &password, version, Body::Container(container)))
}

fn settings() -> impl Iterator<Item = &'static str> {
    SETTINGS.iter().flat_map(|setting| ["-c", *setting])
}

fn recipe(port: u16, password: &str, version: String, body: Body) -> Recipe {
    Recipe {
        url: format!("postgres://postgres:{password}@127.0.0.1:{port}/postgres"),
        version,
        passwords: BTreeMap::new(),
        body,
    }
}

/// Whether it lets a client log in: it asks for a password instead of reporting an error such
/// as "the database system is starting up".
pub fn answers(port: u16) -> io::Result<bool> {
    let startup = b"\0\0\0\x29\0\x03\0\0user\0postgres\0database\0postgres\0\0";
    Ok(port::first_bytes(port, startup)? == *b"R")
}

/// Where PostgreSQL's files are and whose they are. The account it runs under must be able to
/// walk there: a project under `/root` is out of its reach, and its data goes to `/var/lib`.
struct Home {
    path: PathBuf,
    account: Option<Account>,
}

impl Home {
    fn of(folder: &Folder) -> Result<Home, Error> {
        let account = Account::to_drop_to()?;
        let path = match account {
            Some(account) if !account.reaches(&folder.path) => outside(&folder.key())?,
            _ => folder.path.clone(),
        };
        Ok(Home { path, account })
    }

    /// An initialised cluster of this version, made once: `initdb` takes seconds, a copy tenths.
    fn template(&self, program: &Path, version: &str, progress: &mut dyn FnMut(&str)) -> Result<PathBuf, Error> {
        let template = self.path.join(format!("template-{version}"));
        if template.exists() {
            return Ok(template);
        }
        progress("initialising");
        let new = self.path.join("template.new");
        let password = self.path.join("template.password");
        remove(&new)?;
        fs::create_dir(&new).map_err(Error::io("creating", &new))?;
        write_private(&password, &secret::password().map_err(Error::io("making", &password))?)?;
        for path in [&new, &password] {
            self.account.map_or(Ok(()), |account| account.own(path))?;
        }
        let mut initdb = self.command(&program.with_file_name("initdb"));
        initdb.current_dir(&self.path).arg("--pgdata").arg(&new).arg("--pwfile").arg(&password);
        initdb.args(["--username=postgres", "--auth=scram-sha-256", "--encoding=UTF8"]);
        // Sorted by code point, the same on each system; letters are those of Unicode. Not
        // synced: power lost in the first seconds costs a cluster that is empty.
        initdb.args(["--locale=C", CTYPE, "--no-sync"]);
        command::run(&mut initdb).map_err(|reason| Error::io("initialising", &new)(io::Error::other(reason)))?;
        let rename = |from: &Path, to: &Path| fs::rename(from, to).map_err(Error::io("renaming", from));
        rename(&password, &new.join(PASSWORD_FILE))?;
        rename(&new, &template)?;
        Ok(template)
    }

    /// Copies the template to where the data belongs, and leaves a link to it at `link` if that
    /// is elsewhere. Data without a link belongs to a folder that was deleted.
    fn fill(&self, template: &Path, link: &Path) -> Result<(), Error> {
        let (data, new) = (self.path.join("data"), self.path.join("data.new"));
        remove(&data)?;
        remove(&new)?;
        let mut copy = Command::new("cp");
        command::run(copy.arg("-Rp").arg(template).arg(&new))
            .map_err(|reason| Error::io("copying", template)(io::Error::other(reason)))?;
        fs::set_permissions(&new, fs::Permissions::from_mode(0o700))
            .and_then(|()| fs::rename(&new, &data))
            .map_err(Error::io("creating", &data))?;
        if data != *link {
            let _none_yet = fs::remove_file(link);
            symlink(&data, link).map_err(Error::io("linking", link))?;
        }
        Ok(())
    }

    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        if let Some(account) = self.account {
            account.run(&mut command);
        }
        command
    }
}

const CTYPE: &str = if cfg!(target_os = "macos") { "--lc-ctype=en_US.UTF-8" } else { "--lc-ctype=C.UTF-8" };

/// A folder under `/var/lib` that any account may walk into, whatever root's umask.
fn outside(key: &str) -> Result<PathBuf, Error> {
    let parent = PathBuf::from("/var/lib/relevo");
    let path = parent.join(key);
    for folder in [&parent, &path] {
        fs::create_dir_all(folder)
            .and_then(|()| fs::set_permissions(folder, fs::Permissions::from_mode(0o755)))
            .map_err(Error::io("creating", folder))?;
    }
    Ok(path)
}

fn remove(folder: &Path) -> Result<(), Error> {
    match fs::remove_dir_all(folder) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::io("removing", folder)(error)),
        _ => Ok(()),
    }
}
