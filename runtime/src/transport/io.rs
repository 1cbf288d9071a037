//! The bytes of a connection, plain or encrypted, and what they say of the request on it.

use std::cell::Cell;
use std::error::Error as _;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker, ready};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

use super::stream::Stream;
use crate::error::BoxError;
use crate::wire::body::Body;
use crate::words::limits::MAX_HEAD;

/// Up to so many bytes leave as one piece of memory: the system takes longer for a list of pieces than joining them takes.
const JOINED: usize = 4096;

thread_local! {
    /// The memory for what is joined: that of a thread is warm, where that of a connection is not.
    static BUFFER: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// What a connection shares with whoever uses it.
pub(crate) struct Shared {
    wire: Mutex<Wire>,
    /// Whether hyper has all of the last request.
    is_taken: AtomicBool,
    exceeded: AtomicBool,
}

struct Wire {
    /// Until the connection is closed.
    stream: Option<Box<dyn Stream>>,
    /// Why nothing more can be written. There may still be an answer to read.
    write_error: Option<io::Error>,
    exchange: Exchange,
}

impl Wire {
    fn stream(&mut self) -> io::Result<Pin<&mut dyn Stream>> {
        let stream = self.stream.as_mut().ok_or(io::ErrorKind::NotConnected)?;
        Ok(Pin::new(&mut **stream))
    }

    /// Whether something came after the last answer, so that the connection is of no use for another request.
    ///
    /// Asked before the first byte of the request leaves: what comes later may be its answer.
    fn is_spent(&mut self) -> bool {
        let is_unsent = self.exchange.reused && self.exchange.sent == 0;
        is_unsent && self.stream.as_mut().is_some_and(|stream| !stream.is_quiet())
    }

    /// Writes, until the peer has gone.
    ///
    /// Hyper gives the connection up when writing fails, and does not read the answer that the peer may have sent
    /// before. So writing is pending from then on, and what is read decides: an answer, or the end.
    fn write<T>(&mut self, write: impl FnOnce(Pin<&mut dyn Stream>) -> Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if self.write_error.is_some() {
            return Poll::Pending;
        }
        match write(self.stream()?) {
            Poll::Ready(Err(error)) if is_break(&error) => {
                self.write_error = Some(error);
                Poll::Pending
            }
            written => written,
        }
    }

    fn write_bytes(
        &mut self,
        write: impl FnOnce(Pin<&mut dyn Stream>) -> Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        let written = self.write(write);
        if let Poll::Ready(Ok(bytes @ 1..)) = written {
            self.exchange.sent += bytes as u64;
            self.exchange.sent_at = Some(Instant::now());
        }
        written
    }
}

/// Whether writing failed because the peer has gone. Reading comes to an end then.
fn is_break(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::BrokenPipe | io::ErrorKind::ConnectionReset | io::ErrorKind::ConnectionAborted
    )
}

/// How much of the last request has been sent, and its answer.
#[derive(Debug, Default)]
struct Exchange {
    /// Whether the connection served another request before this one.
    reused: bool,
    /// How many bytes of it left, and when the last ones did.
    sent: u64,
    sent_at: Option<Instant>,
    /// When it had left whole.
    left: Option<Instant>,
    /// When bytes of its answer came last.
    activity: Option<Instant>,
    /// When the connection was closed.
    closed: Option<Instant>,
}

impl Shared {
    pub(crate) fn new(stream: Box<dyn Stream>) -> Arc<Self> {
        let wire = Wire {
            stream: Some(stream),
            write_error: None,
            exchange: Exchange::default(),
        };
        Arc::new(Self {
            wire: Mutex::new(wire),
            is_taken: AtomicBool::default(),
            exceeded: AtomicBool::default(),
        })
    }

    fn wire(&self) -> MutexGuard<'_, Wire> {
        self.wire.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Another request begins, the first of the connection or not.
    pub(super) fn ask(&self, reused: bool) {
        self.is_taken.store(false, Ordering::Relaxed);
        self.wire().exchange = Exchange {
            reused,
            ..Exchange::default()
        };
    }

    /// Closes the connection at once, even when the runtime that drives it is idle.
    pub(super) fn close(&self) {
        // Locked to the end: who finds nothing to close must find it closed.
        let mut wire = self.wire();
        let Some(mut stream) = wire.stream.take() else {
            return;
        };
        // Says goodbye to a peer that listens, and does not wait for one that does not.
        let mut context = Context::from_waker(Waker::noop());
        let _ = Pin::new(&mut *stream).poll_shutdown(&mut context);
        drop(stream);
        wire.exchange.closed = Some(Instant::now());
    }

    /// When a byte left or arrived last since the last request began.
    pub(super) fn last(&self) -> Option<Instant> {
        let exchange = &self.wire().exchange;
        exchange.sent_at.max(exchange.activity)
    }

    /// Whether the operating system has bytes that were not read, or knows of an end.
    pub(super) fn has_unread(&self) -> bool {
        self.wire().stream.as_ref().is_some_and(|stream| stream.has_unread())
    }

    /// Whether a byte has arrived since the last request began.
    pub(super) fn answered(&self) -> bool {
        self.wire().exchange.activity.is_some()
    }

    /// How many bytes of the last request left.
    pub(super) fn sent(&self) -> u64 {
        self.wire().exchange.sent
    }

    /// The same, where a part of it left and not all.
    pub(crate) fn sent_in_part(&self) -> Option<u64> {
        let exchange = &self.wire().exchange;
        (exchange.left.is_none() && exchange.sent > 0).then_some(exchange.sent)
    }

    /// When the last request had left whole.
    pub(super) fn left(&self) -> Option<Instant> {
        self.wire().exchange.left
    }

    /// When the connection was closed. The call that learns of it may look much later.
    pub(super) fn closed(&self) -> Option<Instant> {
        self.wire().exchange.closed
    }

    /// Whether bytes have come that belong to no answer.
    pub(super) fn exceeded(&self) -> bool {
        self.exceeded.load(Ordering::Relaxed)
    }

    /// Notes why hyper gave the connection up.
    pub(super) fn end(&self, error: &hyper::Error) {
        // Hyper has no name for it, but of a connection at rest this is the only error without a cause.
        let is_known =
            error.is_canceled() || error.is_closed() || error.is_incomplete_message() || error.is_body_write_aborted();
        let is_excess = !is_known && error.source().is_none();
        self.exceeded.store(is_excess, Ordering::Relaxed);
    }
}

/// The work of a connection.
pub(super) type Driver = http1::Connection<TokioIo<Io>, Outgoing>;

/// Begins HTTP/1.1: returns what takes requests, and the work of the connection.
pub(super) async fn handshake(shared: &Arc<Shared>) -> hyper::Result<(SendRequest<Outgoing>, Driver)> {
    http1::Builder::new()
        .max_header_size(MAX_HEAD)
        .allow_obsolete_multiline_headers_in_responses(true)
        .handshake(TokioIo::new(Io(Arc::clone(shared))))
        .await
}

/// A payload that notes when hyper has all of it, and with it the whole request.
pub(crate) struct Outgoing {
    pub(crate) body: Body,
    pub(crate) shared: Arc<Shared>,
}

impl HttpBody for Outgoing {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        if frame.is_none() {
            self.shared.is_taken.store(true, Ordering::Relaxed);
        }
        Poll::Ready(frame)
    }

    /// Hyper asks before the head goes out and after each piece, and takes no more where this is the end.
    fn is_end_stream(&self) -> bool {
        let is_end = self.body.is_end_stream();
        if is_end {
            self.shared.is_taken.store(true, Ordering::Relaxed);
        }
        is_end
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

/// What hyper takes for the stream. It notes when bytes of a request leave, and when those of its answer come.
pub(crate) struct Io(Arc<Shared>);

/// Hyper is done with it.
impl Drop for Io {
    fn drop(&mut self) {
        self.0.close();
    }
}

impl AsyncRead for Io {
    fn poll_read(self: Pin<&mut Self>, context: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let mut wire = self.0.wire();
        let before = buffer.filled().len();
        let result = wire.stream()?.poll_read(context, buffer);
        if buffer.filled().len() > before {
            wire.exchange.activity = Some(Instant::now());
            return result;
        }
        match result {
            // Hyper reads before it takes a request. Where the connection has ended, it gives the request back.
            Poll::Pending if wire.is_spent() => Poll::Ready(Ok(())),
            // The system tells of a reset once. What it tells afterwards is an end, which says less.
            Poll::Ready(end) => Poll::Ready(wire.write_error.take().map_or(end, Err)),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl AsyncWrite for Io {
    fn poll_write(self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.0.wire().write_bytes(|stream| stream.poll_write(context, bytes))
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let mut wire = self.0.wire();
        if slices.iter().map(|slice| slice.len()).sum::<usize>() > JOINED {
            return wire.write_bytes(|stream| stream.poll_write_vectored(context, slices));
        }
        let mut joined = BUFFER.try_with(Cell::take).unwrap_or_default();
        joined.clear();
        slices.iter().for_each(|slice| joined.extend_from_slice(slice));
        let written = wire.write_bytes(|stream| stream.poll_write(context, &joined));
        let _ = BUFFER.try_with(|last| last.set(joined));
        written
    }

    fn is_write_vectored(&self) -> bool {
        let wire = self.0.wire();
        wire.stream.as_ref().is_some_and(|stream| stream.is_write_vectored())
    }

    /// Hyper flushes when it has written all that it has.
    fn poll_flush(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut wire = self.0.wire();
        ready!(wire.write(|stream| stream.poll_flush(context)))?;
        let exchange = &wire.exchange;
        if exchange.left.is_none() && exchange.sent > 0 && self.0.is_taken.load(Ordering::Relaxed) {
            // TLS may have had the last bytes for long.
            let is_buffered = wire.stream.as_ref().is_none_or(|stream| stream.is_buffered());
            let left = wire.exchange.sent_at.filter(|_| !is_buffered);
            wire.exchange.left = Some(left.unwrap_or_else(Instant::now));
        }
        Poll::Ready(Ok(()))
    }

    /// Says goodbye to a peer that listens. One that does not must not keep the connection open.
    fn poll_shutdown(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match self.0.wire().stream()?.poll_shutdown(context) {
            Poll::Ready(result) => Poll::Ready(result),
            Poll::Pending => Poll::Ready(Ok(())),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::time::Duration;

    use tokio::io::{AsyncReadExt, AsyncWriteExt, BufWriter};

    use super::*;

    /// A stream that never gets rid of what it has to say.
    struct Stuck;

    impl AsyncRead for Stuck {
        fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, _: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
            Poll::Pending
        }
    }

    impl Stream for Stuck {
        fn has_unread(&self) -> bool {
            false
        }
    }

    impl AsyncWrite for Stuck {
        fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, _: &[u8]) -> Poll<io::Result<usize>> {
            Poll::Pending
        }

        fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Pending
        }

        fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
            Poll::Pending
        }
    }

    fn io(stream: impl Stream + 'static) -> Io {
        Io(Shared::new(Box::new(stream)))
    }

    #[tokio::test]
    async fn few_bytes_leave_joined_and_many_are_not_copied() {
        for (length, joined) in [(JOINED / 2, JOINED), (JOINED / 2 + 1, 0)] {
            let (near, mut far) = tokio::io::duplex(2 * JOINED);
            let mut io = io(near);
            let (head, body) = (vec![b'h'; JOINED / 2], vec![b'b'; length]);
            let pieces = [IoSlice::new(&head), IoSlice::new(&body)];
            let written = io.write_vectored(&pieces).await.expect("room");
            assert_eq!(written, head.len() + body.len());
            let mut sent = vec![0; written];
            far.read_exact(&mut sent).await.expect("all of it");
            assert_eq!(sent, [head, body].concat());
            assert_eq!(BUFFER.take().len(), joined);
        }
    }

    #[tokio::test]
    async fn a_peer_that_does_not_listen_is_left() {
        io(Stuck).shutdown().await.expect("an end");
        io(Stuck).0.close();
    }

    #[tokio::test]
    async fn what_is_closed_is_of_no_more_use() {
        let (near, mut far) = tokio::io::duplex(16);
        let mut io = io(near);
        io.0.close();
        assert_eq!(far.read(&mut [0]).await.expect("an end"), 0);
        let error = io.write_all(b"1,2").await.expect_err("there is no stream");
        assert_eq!(error.kind(), io::ErrorKind::NotConnected);
        assert!(io.read_u8().await.is_err());
    }

    #[tokio::test]
    async fn what_came_before_a_failed_write_is_read() {
        let (near, mut far) = tokio::io::duplex(16);
        let mut io = io(near);
        far.write_all(b"H").await.expect("room");
        drop(far);
        {
            let mut writing = pin!(io.write_all(b"1,2"));
            let mut context = Context::from_waker(Waker::noop());
            assert!(writing.as_mut().poll(&mut context).is_pending());
        }
        assert_eq!(io.read_u8().await.expect("a byte"), b'H');
        let error = io.read_u8().await.expect_err("the end");
        assert_eq!(error.kind(), io::ErrorKind::BrokenPipe);
    }

    /// TLS keeps bytes like this as well.
    #[tokio::test(start_paused = true)]
    async fn what_is_kept_in_front_of_the_system_has_not_left() {
        let (near, _far) = tokio::io::duplex(16);
        let mut io = io(BufWriter::new(near));
        io.0.ask(false);
        io.write_all(b"1,2").await.expect("room");
        io.0.is_taken.store(true, Ordering::Relaxed);
        tokio::time::advance(Duration::from_secs(5)).await;
        assert_eq!(io.0.left(), None);
        let now = Instant::now();
        io.flush().await.expect("room");
        assert_eq!(io.0.left(), Some(now));
        tokio::time::advance(Duration::from_secs(5)).await;
        io.flush().await.expect("nothing to do");
        assert_eq!(io.0.left(), Some(now));
    }

    #[tokio::test]
    async fn an_answer_begins_with_its_first_byte() {
        let (near, mut far) = tokio::io::duplex(16);
        let mut io = io(near);
        io.0.ask(false);
        io.write_all(b"1,2").await.expect("room");
        assert!(!io.0.answered());
        far.write_all(b"H").await.expect("room");
        io.read_u8().await.expect("a byte");
        assert!(io.0.answered());
        io.0.ask(false);
        assert!(!io.0.answered());
        drop(far);
        assert!(io.read_u8().await.is_err());
        assert!(!io.0.answered(), "an end is no answer");
    }
}
