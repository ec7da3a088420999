//! Takes connections, holds them to their limits, and hands their requests to the routes.
//!
//! hyper with timers instead of `axum::serve`, which holds a slow or silent connection for ever.

mod door;
mod patience;
mod tls;

use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderValue, Request, Response, header};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::limits::Limits;
use crate::peer::Peer;
use door::{Door, Full, Place};
use patience::{LastPart, Patient, Turn};
pub use tls::Tls;

/// Most bytes of headers; also what hyper reads at once, so that no more of a refused body is taken in.
const HEADER_BYTES_MAX: usize = 64 * 1024;
/// Clients of TLS come back by TLS, for a year (RFC 6797).
const TRANSPORT: HeaderValue = HeaderValue::from_static("max-age=31536000");

/// What all connections share.
pub(crate) struct Listening {
    pub router: Router,
    pub limits: Arc<Limits>,
    pub proxies: Vec<IpAddr>,
    pub tls: Option<Tls>,
    pub stopping: watch::Receiver<bool>,
}

/// One connection, and what it works with.
struct Connection {
    service: TowerToHyperService<Router>,
    listening: Arc<Listening>,
    from: SocketAddr,
    /// When the headers of the first request must have come.
    first: Instant,
    _place: Place,
    /// Dropped when the connection ends: the listener waits for that.
    _open: watch::Receiver<()>,
}

/// Answers until `stopping` turns true, then finishes the answers under way.
pub(crate) async fn answer(listener: TcpListener, listening: Listening) {
    let limits = &listening.limits;
    let door = Door::new(limits.connections, limits.connections_per_address);
    let service = TowerToHyperService::new(listening.router.clone());
    let (ended, open) = watch::channel(());
    let mut stopping = listening.stopping.clone();
    let listening = Arc::new(listening);
    loop {
        let (stream, from) = tokio::select! {
            accepted = accepted(&listener) => accepted,
            () = stopped(&mut stopping) => break,
        };
        let is_proxy = listening.proxies.contains(&from.ip().to_canonical());
        let place = match door.enter(from.ip(), is_proxy) {
            Ok(place) => place,
            Err(full) => {
                turn_away(stream, full, &listening);
                continue;
            }
        };
        let first = Instant::now() + listening.limits.header();
        let (service, listening) = (service.clone(), Arc::clone(&listening));
        let connection = Connection { service, listening, from, first, _place: place, _open: open.clone() };
        tokio::spawn(connection.hold(stream));
    }
    drop((listener, open));
    ended.closed().await;
}

/// Waits until the server is told to stop.
async fn stopped(stopping: &mut watch::Receiver<bool>) {
    // Nobody left to tell is as good as being told.
    let _ = stopping.wait_for(|stops| *stops).await;
}

/// The next connection. A client that left at once is passed over; a lack of descriptors is waited out.
async fn accepted(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    use io::ErrorKind as Kind;
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error)
                if matches!(
                    error.kind(),
                    Kind::ConnectionAborted | Kind::ConnectionReset | Kind::ConnectionRefused
                ) => {}
            Err(error) => {
                tracing::error!(%error, "no connection can be taken");
                tokio::time::sleep(Duration::from_millis(200)).await;
            }
        }
    }
}

/// Says which limit is reached, where that can be said in plain text, and closes.
fn turn_away(stream: TcpStream, full: Full, listening: &Listening) {
    if listening.tls.is_some() {
        return;
    }
    let (name, most) = match full {
        Full::InAll => ("limits.connections", listening.limits.connections),
        Full::PerAddress => ("limits.connections_per_address", listening.limits.connections_per_address),
    };
    let detail = format!("{most} connections stand already ({name})");
    let text = short_answer("503 Service Unavailable", "too-many-connections", &detail);
    // Nothing was sent on it yet, so this fits into the socket's buffer; if not, closing has to do.
    if let Ok(mut stream) = stream.into_std() {
        let _ = io::Write::write_all(&mut stream, text.as_bytes());
    }
}

/// An answer to somebody who does not come as far as the routes.
fn short_answer(status: &str, kind: &str, detail: &str) -> String {
    let code = status.split(' ').next().unwrap_or_default();
    let body = format!(
        r#"{{"type":"urn:minemap:problem:{kind}","title":"Refused","status":{code},"detail":"{detail}"}}"#
    );
    let length = body.len();
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/problem+json\r\ncontent-length: {length}\r\n\
         retry-after: 5\r\nconnection: close\r\n\r\n{body}"
    )
}

impl Connection {
    async fn hold(self, stream: TcpStream) {
        let _ = stream.set_nodelay(true);
        match self.listening.tls.as_ref().map(Tls::acceptor) {
            None => self.converse(stream, false).await,
            Some(acceptor) => match timeout_at(self.first, handshake(stream, &acceptor)).await {
                Ok(Ok(Some(stream))) => self.converse(stream, true).await,
                Ok(Ok(None)) => {}
                Ok(Err(error)) => tracing::debug!(%error, from = %self.from, "no TLS"),
                Err(_) => tracing::debug!(from = %self.from, "no TLS in time"),
            },
        }
    }

    /// Answers one request after the other.
    async fn converse<S: AsyncRead + AsyncWrite + Unpin>(self, stream: S, is_encrypted: bool) {
        let (limits, turn) = (&self.listening.limits, Arc::new(Turn::default()));
        let stream = TokioIo::new(Patient::new(stream, Arc::clone(&turn), limits, self.first));
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(Duration::from_secs(limits.idle_seconds))
            .max_buf_size(HEADER_BYTES_MAX)
            .serve_connection(stream, service_fn(|request| self.answer(request, &turn, is_encrypted)));
        let mut connection = std::pin::pin!(connection);
        let mut stopping = self.listening.stopping.clone();
        let ended = tokio::select! {
            ended = connection.as_mut() => ended,
            () = stopped(&mut stopping) => {
                connection.as_mut().graceful_shutdown();
                connection.await
            }
        };
        if let Err(error) = ended {
            tracing::debug!(%error, from = %self.from, "a connection ended early");
        }
    }

    fn answer(
        &self,
        request: Request<Incoming>,
        turn: &Arc<Turn>,
        is_encrypted: bool,
    ) -> impl Future<Output = Result<Response<LastPart>, Infallible>> + use<> {
        turn.answers();
        let turn = Arc::clone(turn);
        let peer = Peer::of(self.from, is_encrypted, &self.listening.proxies, request.headers());
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(peer);
        let answer = self.service.call(request);
        async move {
            let mut response = answer.await?;
            if peer.is_encrypted {
                response.headers_mut().insert(header::STRICT_TRANSPORT_SECURITY, TRANSPORT);
            }
            Ok(response.map(|body| LastPart::new(body, turn)))
        }
    }
}

/// Agrees on TLS; `None` where the client speaks plain HTTP, which is told so.
async fn handshake(
    mut stream: TcpStream,
    acceptor: &TlsAcceptor,
) -> io::Result<Option<TlsStream<TcpStream>>> {
    let mut first = [0];
    if stream.peek(&mut first).await? == 0 || first[0] == tls::HANDSHAKE {
        return acceptor.accept(stream).await.map(Some);
    }
    // What came is read first: closing a socket on unread bytes would take the answer away with it.
    let mut unread = vec![0; HEADER_BYTES_MAX];
    let _ = stream.read(&mut unread).await?;
    let text = short_answer("400 Bad Request", "https-needed", "this address speaks HTTPS; use https://");
    stream.write_all(text.as_bytes()).await?;
    stream.shutdown().await?;
    Ok(None)
}
