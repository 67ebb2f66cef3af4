//! NATS: the configuration that every deployment uses, with a store and passwords of our own.

use std::collections::BTreeMap;
use std::env;
use std::io;
use std::path::Path;
use std::process::Command;

use crate::body::Body;
use crate::container::{Container, Needs};
use crate::folder::Folder;
use crate::notes::write_private;
use crate::server::Recipe;
use crate::{Error, Kind, Notes, find, port};

const CONFIG: &str = include_str!("../../../deploy/nats/nats.conf");
const ADMIN: &str = "RELEVO_ADMIN_NATS_PASSWORD";
const STORE: &str = "RELEVO_NATS_STORE";

/// Runs `program` with its store under `folder`.
pub fn program(program: &Path, folder: &mut Folder, port: u16) -> Result<Recipe, Error> {
    let version = find::version(program)?;
    let config = folder.path.join("nats.conf");
    write_private(&config, &config_for(&version))?;
    let passwords = passwords(&mut folder.notes)?;
    let mut command = Command::new(program);
    command.arg("-c").arg(&config).args(["-a", "127.0.0.1", "-p", &port.to_string()]);
    // The value is read as configuration: quotes keep a path with a space or `#` in one piece.
    command.env(STORE, format!("\"{}\"", folder.data().display()));
    command.envs(&passwords);
    Ok(recipe(port, passwords, version, Body::program(command)))
}

/// Runs the official image.
pub fn container(folder: &mut Folder, port: u16) -> Result<Recipe, Error> {
    let config = folder.path.join("nats.conf");
    write_private(&config, CONFIG)?;
    let passwords = passwords(&mut folder.notes)?;
    let mut options = vec![format!("--volume={}:/relevo.conf:ro", config.display()), format!("--env={STORE}=/data")];
    options.extend(passwords.iter().map(|(name, value)| format!("--env={name}={value}")));
    let needs =
        Needs { port: 4222, data: "/data", options, arguments: vec!["-c".to_owned(), "/relevo.conf".to_owned()] };
    let container = Container::new(Kind::Nats, folder, port, needs)?;
    let version = Kind::Nats.image().to_owned();
    Ok(recipe(port, passwords, version, Body::Container(container)))
}

fn recipe(port: u16, passwords: BTreeMap<String, String>, version: String, body: Body) -> Recipe {
    Recipe { url: format!("nats://admin:{}@127.0.0.1:{port}", passwords[ADMIN]), version, passwords, body }
}

/// Before 2.10 a server does not know `sync_interval` and refuses to start with it. Such a
/// server may lose what it acknowledged when power fails; the outbox of each service does not.
fn config_for(version: &str) -> String {
    let mut numbers = version.split('.').map_while(|number| number.parse::<u32>().ok());
    let knows = (numbers.next(), numbers.next()) >= (Some(2), Some(10));
    let lines = CONFIG.lines().filter(|line| knows || !line.trim().starts_with("sync_interval:"));
    lines.map(|line| format!("{line}\n")).collect()
}

/// The variables that the configuration refers to for passwords.
fn variables() -> impl Iterator<Item = &'static str> {
    let words = CONFIG.split_whitespace().filter_map(|word| word.strip_prefix('$'));
    words.filter(|word| word.ends_with("_NATS_PASSWORD"))
}

fn passwords(notes: &mut Notes) -> Result<BTreeMap<String, String>, Error> {
    let password = |variable: &str| Ok((variable.to_owned(), notes.password(variable)?));
    variables().map(password).collect()
}

/// The passwords that go with a NATS whose address was given.
pub fn given_passwords() -> BTreeMap<String, String> {
    let given = |variable: &str| Some((variable.to_owned(), env::var(variable).ok()?));
    variables().filter_map(given).collect()
}

/// Whether it introduces itself, which it does once the streams are recovered.
pub fn answers(port: u16) -> io::Result<bool> {
    Ok(port::first_bytes(port, b"")? == *b"INFO ")
}
