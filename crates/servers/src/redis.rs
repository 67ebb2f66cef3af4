//! Redis: nothing kept on disk, for it holds only what may be lost.

use std::collections::BTreeMap;
use std::io;
use std::path::Path;
use std::process::Command;

use crate::body::Body;
use crate::container::{Container, Needs};
use crate::folder::Folder;
use crate::notes::write_private;
use crate::server::Recipe;
use crate::{Error, Kind, find, port};

/// Runs `program` with a configuration file: a password as argument would show in `ps`.
pub fn program(program: &Path, folder: &mut Folder, port: u16) -> Result<Recipe, Error> {
    let password = folder.notes.password("password")?;
    let config = folder.path.join("redis.conf");
    let text = format!("bind 127.0.0.1\nport {port}\nrequirepass {password}\nsave \"\"\nappendonly no\n");
    write_private(&config, &text)?;
    let mut command = Command::new(program);
    command.arg(&config).current_dir(&folder.path);
    let version = find::version(program)?;
    Ok(recipe(port, &password, version, Body::program(command)))
}

/// Runs the official image.
pub fn container(folder: &mut Folder, port: u16) -> Result<Recipe, Error> {
    let password = folder.notes.password("password")?;
    let arguments = ["--save", "", "--appendonly", "no", "--requirepass", &password];
    let needs =
        Needs { port: 6379, data: "/data", options: Vec::new(), arguments: arguments.map(str::to_owned).to_vec() };
    let container = Container::new(Kind::Redis, folder, port, needs)?;
    let version = Kind::Redis.image().to_owned();
    Ok(recipe(port, &password, version, Body::Container(container)))
}

fn recipe(port: u16, password: &str, version: String, body: Body) -> Recipe {
    Recipe { url: format!("redis://:{password}@127.0.0.1:{port}"), version, passwords: BTreeMap::new(), body }
}

/// Whether it speaks: `+PONG`, or `-NOAUTH` before the password; `-LOADING` is not ready.
pub fn answers(port: u16) -> io::Result<bool> {
    let answer: [u8; 5] = port::first_bytes(port, b"PING\r\n")?;
    Ok(answer == *b"+PONG" || answer == *b"-NOAU")
}
