//! A connection that does not wait for ever: for the headers of a request, nor for a client that does not read.
//!
//! Bodies are waited for in `held`, and an idle connection by hyper. hyper's own timer of headers would serve for idle
//! connections and for headers with one and the same figure.

use std::io::{self, ErrorKind, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use http_body::{Body, Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

use crate::limits::{Allowance, Limits};

const HEAD: u8 = 0;
const BUSY: u8 = 1;
const IDLE: u8 = 2;

/// What a connection is at: reading the headers of a request, answering it, or between two.
#[derive(Debug, Default)]
pub(crate) struct Turn(AtomicU8);

impl Turn {
    /// The headers are there.
    pub fn answers(&self) {
        self.0.store(BUSY, Ordering::Relaxed);
    }

    fn ends(&self) {
        self.0.store(IDLE, Ordering::Relaxed);
    }

    /// A byte came; whether it is the first one of a request.
    fn begins(&self) -> bool {
        self.0.compare_exchange(IDLE, HEAD, Ordering::Relaxed, Ordering::Relaxed).is_ok()
    }

    fn reads_head(&self) -> bool {
        self.0.load(Ordering::Relaxed) == HEAD
    }
}

/// A stream that ends in [`ErrorKind::TimedOut`] where its client is too slow.
pub(crate) struct Patient<S> {
    stream: S,
    turn: Arc<Turn>,
    header: Duration,
    head_ends: Pin<Box<Sleep>>,
    unread: Allowance,
    unread_ends: Pin<Box<Sleep>>,
    unread_since: Option<Instant>,
}

impl<S> Patient<S> {
    /// `first` is when the headers of the first request must have come.
    pub fn new(stream: S, turn: Arc<Turn>, limits: &Limits, first: Instant) -> Self {
        Self {
            stream,
            turn,
            header: limits.header(),
            head_ends: Box::pin(sleep_until(first)),
            unread: limits.allowance(),
            unread_ends: Box::pin(sleep_until(first)),
            unread_since: None,
        }
    }

    /// Counts what went out, and how long that took.
    fn paced<T>(
        &mut self,
        cx: &mut Context<'_>,
        written: Poll<io::Result<T>>,
        bytes: impl Fn(&T) -> usize,
    ) -> Poll<io::Result<T>> {
        match written {
            Poll::Ready(Ok(written)) => {
                let waited = self.unread_since.take().map_or(Duration::ZERO, |since| since.elapsed());
                self.unread.moved(waited, bytes(&written));
                Poll::Ready(Ok(written))
            }
            Poll::Ready(Err(error)) => Poll::Ready(Err(error)),
            Poll::Pending => {
                if self.unread_since.is_none() {
                    let now = Instant::now();
                    self.unread_since = Some(now);
                    self.unread_ends.as_mut().reset(now + self.unread.left());
                }
                ready!(self.unread_ends.as_mut().poll(cx));
                Poll::Ready(Err(too_slow("the client does not read")))
            }
        }
    }
}

fn too_slow(why: &'static str) -> io::Error {
    io::Error::new(ErrorKind::TimedOut, why)
}

impl<S: AsyncRead + Unpin> AsyncRead for Patient<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        match Pin::new(&mut self.stream).poll_read(cx, buf) {
            Poll::Ready(done) => {
                if buf.filled().len() > before && self.turn.begins() {
                    let ends = Instant::now() + self.header;
                    self.head_ends.as_mut().reset(ends);
                }
                Poll::Ready(done)
            }
            Poll::Pending if self.turn.reads_head() => {
                ready!(self.head_ends.as_mut().poll(cx));
                Poll::Ready(Err(too_slow("the headers did not come")))
            }
            Poll::Pending => Poll::Pending,
        }
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Patient<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write(cx, buf);
        self.paced(cx, written, |bytes| *bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.stream).poll_write_vectored(cx, bufs);
        self.paced(cx, written, |bytes| *bytes)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let flushed = Pin::new(&mut self.stream).poll_flush(cx);
        self.paced(cx, flushed, |()| 0)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let shut = Pin::new(&mut self.stream).poll_shutdown(cx);
        self.paced(cx, shut, |()| 0)
    }
}

/// The body of an answer; the connection's turn ends with it.
pub(crate) struct LastPart {
    body: axum::body::Body,
    turn: Arc<Turn>,
}

impl LastPart {
    pub fn new(body: axum::body::Body, turn: Arc<Turn>) -> Self {
        Self { body, turn }
    }
}

impl Body for LastPart {
    type Data = axum::body::Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        Pin::new(&mut self.body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for LastPart {
    fn drop(&mut self) {
        self.turn.ends();
    }
}
