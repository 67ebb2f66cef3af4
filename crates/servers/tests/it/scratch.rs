//! A folder for one test, and a plain client.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::time::Duration;

use servers::{Kind, Server};

/// The test's own folder, without data of earlier runs. What is slow to make, such as an
/// initialised PostgreSQL, is kept from run to run.
pub fn folder(test: &str) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(test);
    servers::forget(&path).unwrap();
    path
}

/// A private server in that folder.
pub fn start(kind: Kind, folder: &std::path::Path) -> Server {
    Server::private(kind, folder, &mut |_| {}).unwrap()
}

/// A connection that speaks in lines.
pub struct Line(BufReader<TcpStream>);

impl Line {
    pub fn to(server: &Server) -> Line {
        let stream = TcpStream::connect(("127.0.0.1", server.port().unwrap())).unwrap();
        stream.set_nodelay(true).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        Line(BufReader::new(stream))
    }

    pub fn send(&mut self, text: &str) {
        self.0.get_mut().write_all(text.as_bytes()).unwrap();
    }

    pub fn read(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }
}

/// Whether nobody listens any more.
pub fn is_silent(port: u16) -> bool {
    TcpStream::connect(("127.0.0.1", port)).is_err()
}
