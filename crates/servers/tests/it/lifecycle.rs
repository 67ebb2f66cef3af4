//! Start, kill, start again: the same port, the same data.

use std::io::Write;

use servers::{Error, Kind, Server};

use crate::scratch::{Line, folder, is_silent, start};
use crate::sql::{run, session, sql};

/// Kills and restarts; the address must be the same and the process another.
fn kill_and_restart(server: &mut Server) {
    let (port, pid) = (server.port().unwrap(), server.pid().unwrap());
    server.kill().unwrap();
    assert!(is_silent(port));
    assert_eq!(server.pid(), None);
    server.restart().unwrap();
    assert_eq!(server.port(), Some(port));
    assert_ne!(server.pid(), Some(pid));
}

#[test]
fn postgres_keeps_what_was_committed() {
    let dir = folder("postgres");
    let mut server = start(Kind::Postgres, &dir);
    sql(&server, "CREATE TABLE kept (word text)");
    sql(&server, "INSERT INTO kept VALUES ('before')");
    let mut open = session(&server, "BEGIN; INSERT INTO kept VALUES ('never committed')");
    kill_and_restart(&mut server);
    // The server may have told the session of its end already, so writing may fail.
    let _told = writeln!(open.stdin.take().unwrap(), "COMMIT;");
    let ended = open.wait().unwrap();
    assert!(!ended.success(), "the session fell with its server");
    assert_eq!(sql(&server, "SELECT word FROM kept"), "before");

    let url = server.url.clone();
    drop(server);
    let server = start(Kind::Postgres, &dir);
    assert_eq!(server.url, url, "a second run has the same port and password");
    assert_eq!(sql(&server, "SELECT word FROM kept"), "before");
    assert_eq!(sql(&server, "SHOW fsync"), "on");
    assert_eq!(sql(&server, "SELECT lower('ÄÖ')"), "äö");
}

#[test]
fn postgres_asks_for_a_password() {
    let server = start(Kind::Postgres, &folder("postgres-password"));
    sql(&server, "CREATE ROLE guest LOGIN PASSWORD 'right'");
    let address = server.url.rsplit_once('@').unwrap().1;
    let as_guest = |password: &str| {
        let url = format!("postgres://guest:{password}@{address}");
        run(&server, &url, "SELECT current_user")
    };
    assert_eq!(as_guest("right").as_deref(), Ok("guest"));
    let refused = as_guest("wrong").unwrap_err();
    assert!(refused.contains("password authentication failed"), "{refused}");
}

#[test]
fn redis_answers_after_a_kill() {
    let mut server = start(Kind::Redis, &folder("redis"));
    kill_and_restart(&mut server);
    let password = server.url.split([':', '@']).nth(2).unwrap();
    let mut line = Line::to(&server);
    line.send(&format!("AUTH {password}\r\nPING\r\n"));
    assert_eq!((line.read(), line.read()), ("+OK".into(), "+PONG".into()));
}

#[test]
fn nats_keeps_what_was_acknowledged() {
    let mut server = start(Kind::Nats, &folder("nats"));
    let mut admin = crate::nats::login(&server, "admin");
    let stream = r#"{"name":"relevo-tickets","subjects":["relevo.tickets.>"],"storage":"file"}"#;
    admin.request("$JS.API.STREAM.CREATE.relevo-tickets", stream);
    let acknowledged = admin.request("relevo.tickets.v1.heard", "hello");
    assert!(acknowledged.contains(r#""seq":1"#), "{acknowledged}");
    kill_and_restart(&mut server);
    let mut admin = crate::nats::login(&server, "admin");
    let info = admin.request("$JS.API.STREAM.INFO.relevo-tickets", "");
    assert!(info.contains(r#""messages":1"#), "{info}");
}

#[test]
fn one_folder_serves_one_run() {
    let dir = folder("one-run");
    let first = start(Kind::Redis, &dir);
    let second = Server::private(Kind::Redis, &dir, &mut |_| {});
    assert!(matches!(second, Err(Error::InUse(_))), "{second:?}");
    assert!(matches!(servers::forget(&dir), Err(Error::InUse(_))));
    drop(first);
    start(Kind::Redis, &dir);
}
