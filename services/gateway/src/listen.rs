//! Connections: taken, kept, and drained at the end.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use service::Stop;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

use crate::edge::Edge;

/// How long a client may take to send the head of a request.
const HEAD: Duration = Duration::from_secs(10);
/// How often a silent HTTP/2 connection is asked whether it is alive.
const ALIVE: Duration = Duration::from_secs(30);
/// Requests at once on one HTTP/2 connection.
const STREAMS: u32 = 1_000;
/// How long it may take to say that it is.
const PULSE: Duration = Duration::from_secs(10);
/// The largest head of a request, in bytes: names, values and the path.
const HEADERS: u32 = 32 << 10;
/// Streams that a client has opened and reset, and that wait to be forgotten:
/// beyond so many its connection is closed (CVE-2023-44487).
const RESETS: usize = 64;
/// When nothing can be accepted, mostly for want of file descriptors.
const RECOVER: Duration = Duration::from_millis(50);

/// Serves until `stop`, and then until the last request has its answer.
pub(crate) async fn serve(listener: TcpListener, edge: Arc<Edge>, stop: Stop) {
    let mut server = Builder::new(TokioExecutor::new());
    server.http1().timer(TokioTimer::new()).header_read_timeout(HEAD).max_buf_size(HEADERS as usize);
    let mut http2 = server.http2();
    http2.timer(TokioTimer::new()).keep_alive_interval(ALIVE).keep_alive_timeout(PULSE);
    http2.max_concurrent_streams(STREAMS).max_header_list_size(HEADERS).max_pending_accept_reset_streams(RESETS);
    let server = Arc::new(server);
    let drain = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            () = stop.cancelled() => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => {
                    connections.spawn(converse(stream, Arc::clone(&server), Arc::clone(&edge), &drain));
                }
                Err(error) => {
                    tracing::warn!(%error, "cannot accept");
                    tokio::time::sleep(RECOVER).await;
                }
            },
            Some(_) = connections.join_next() => {}
        }
    }
    drop(listener);
    drain.shutdown().await;
}

fn converse(
    stream: TcpStream,
    server: Arc<Builder<TokioExecutor>>,
    edge: Arc<Edge>,
    drain: &GracefulShutdown,
) -> impl Future<Output = ()> + use<> {
    let watcher = drain.watcher();
    async move {
        // Answers are small and awaited.
        let _ = stream.set_nodelay(true);
        let serve = service_fn(move |request| {
            let edge = Arc::clone(&edge);
            async move { Ok::<_, Infallible>(edge.serve(request).await) }
        });
        let connection = server.serve_connection(TokioIo::new(stream), serve).into_owned();
        if let Err(error) = watcher.watch(connection).await {
            tracing::debug!(%error, "a connection broke");
        }
    }
}
