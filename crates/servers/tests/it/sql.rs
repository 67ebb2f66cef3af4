//! SQL by the `psql` that belongs to the server.

use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use servers::Server;

/// What the statement returns, without headings.
pub fn sql(server: &Server, statement: &str) -> String {
    run(server, &server.url, statement).unwrap()
}

/// The same with another login; the error is what `psql` said.
pub fn run(server: &Server, url: &str, statement: &str) -> Result<String, String> {
    let output = Command::new(psql(server))
        .args([url, "--no-psqlrc", "--tuples-only", "--no-align", "--quiet"])
        .args(["--set=ON_ERROR_STOP=1", "--command", statement])
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap().trim().to_owned();
    match output.status.success() {
        true => Ok(text(output.stdout)),
        false => Err(text(output.stderr)),
    }
}

/// A session that has run `statement` and waits for the next, until it is dropped or killed.
pub fn session(server: &Server, statement: &str) -> Child {
    let mut psql = Command::new(psql(server));
    let mut child = psql
        .args([&server.url, "--no-psqlrc", "--quiet"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let input = child.stdin.as_mut().unwrap();
    writeln!(input, "{statement};\n\\echo done").unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line, "done\n");
    child
}

fn psql(server: &Server) -> PathBuf {
    server.program().unwrap().with_file_name("psql")
}
