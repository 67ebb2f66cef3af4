//! A run that is killed leaves no server behind.

use std::env;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use servers::Kind;

use crate::scratch::{folder, is_silent, start};

/// Set in the child: the folder to start a server in.
const FOLDER: &str = "RELEVO_TEST_FOLDER";

#[test]
fn servers_stop_when_their_process_is_killed() {
    if let Some(dir) = env::var_os(FOLDER) {
        return hold(&PathBuf::from(dir));
    }
    let dir = folder("killed-parent");
    let mut run = Command::new(env::current_exe().unwrap())
        .args(["--exact", "killed_parent::servers_stop_when_their_process_is_killed"])
        .arg("--nocapture")
        .env(FOLDER, &dir)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let lines = BufReader::new(run.stdout.take().unwrap()).lines();
    let mut words = lines.map(|line| line.unwrap());
    let port: u16 = words.find_map(|l| l.strip_prefix("port ")?.parse().ok()).unwrap();
    assert!(!is_silent(port));
    run.kill().unwrap();
    run.wait().unwrap();

    let silent = servers::poll(Duration::from_secs(20), || is_silent(port).then_some(()));
    assert!(silent.is_some(), "the server outlived its run");
    assert_eq!(start(Kind::Redis, &dir).port(), Some(port), "the next run has the port back");
}

/// The child: runs a server until it is killed.
fn hold(dir: &std::path::Path) {
    let server = start(Kind::Redis, dir);
    println!("\nport {}", server.port().unwrap());
    let mut never = String::new();
    std::io::stdin().read_to_string(&mut never).unwrap();
}
