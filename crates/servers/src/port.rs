//! Free ports that stay ours.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use crate::secret;

/// Below the range from which systems number outgoing connections. Inside that range a client
/// that redials a stopped server can be given the server's own port, connect to itself, and
/// keep the server from ever coming back.
const FIRST: u16 = 20_000;
const COUNT: u16 = 10_000;

/// A free TCP port of 127.0.0.1: `wanted` when it is free, else a random one.
///
/// # Errors
/// When the system has no random bytes or no free port.
pub fn free(wanted: Option<u16>) -> io::Result<u16> {
    if let Some(port) = wanted.filter(|port| is_free(*port)) {
        return Ok(port);
    }
    let start = u16::from_be_bytes(secret::bytes()?) % COUNT;
    (0..COUNT)
        .map(|step| FIRST + (start + step) % COUNT)
        .find(|port| is_free(*port))
        .ok_or_else(|| io::Error::other("no TCP port of 20000-29999 is free"))
}

fn is_free(port: u16) -> bool {
    TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok()
}

/// Connects, sends `greeting` and returns the first `N` bytes of the answer, each step within
/// a second.
pub(crate) fn first_bytes<const N: usize>(port: u16, greeting: &[u8]) -> io::Result<[u8; N]> {
    let patience = Duration::from_secs(1);
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let mut stream = TcpStream::connect_timeout(&address, patience)?;
    stream.set_read_timeout(Some(patience))?;
    stream.write_all(greeting)?;
    let mut answer = [0; N];
    stream.read_exact(&mut answer)?;
    Ok(answer)
}
