//! The bytes of a connection, plain or encrypted.

use std::error::Error as _;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

use super::Turn;

/// What carries the bytes: TCP, or TLS over it.
pub(super) trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<S: AsyncRead + AsyncWrite + Send + Unpin> Stream for S {}

/// What a connection shares with whoever uses it.
#[derive(Debug, Default)]
pub(super) struct Shared {
    /// When the last byte came since the last request began.
    heard: Mutex<Option<Instant>>,
    exceeded: AtomicBool,
    abandoned: Mutex<Turn>,
}

impl Shared {
    /// When the last byte arrived since the last request began.
    pub(super) fn heard(&self) -> Option<Instant> {
        *self.heard.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a byte has arrived since the last request began.
    pub(super) fn answered(&self) -> bool {
        self.heard().is_some()
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

    /// Another request begins.
    pub(super) fn ask(&self) {
        self.hear(None);
    }

    fn hear(&self, now: Option<Instant>) {
        *self.heard.lock().unwrap_or_else(PoisonError::into_inner) = now;
    }

    /// Ends a turn when the connection is closed, which takes a moment after its user has gone.
    pub(super) fn close_with(&self, turn: Turn) {
        *self.abandoned.lock().unwrap_or_else(PoisonError::into_inner) = turn;
    }
}

/// A stream that notes when bytes of an answer come.
pub(super) struct Io {
    pub(super) stream: Box<dyn Stream>,
    pub(super) shared: Arc<Shared>,
}

impl AsyncRead for Io {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let result = Pin::new(&mut self.stream).poll_read(context, buffer);
        if buffer.filled().len() > before {
            self.shared.hear(Some(Instant::now()));
        }
        result
    }
}

impl AsyncWrite for Io {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.stream).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    /// Says goodbye to a peer that listens. One that does not must not keep the connection open.
    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        match Pin::new(&mut self.stream).poll_shutdown(context) {
            Poll::Ready(result) => Poll::Ready(result),
            Poll::Pending => Poll::Ready(Ok(())),
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;

    /// A stream that never gets rid of what it has to say.
    struct Stuck;

    impl AsyncRead for Stuck {
        fn poll_read(self: Pin<&mut Self>, _: &mut Context<'_>, _: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
            Poll::Pending
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
        Io {
            stream: Box::new(stream),
            shared: Arc::default(),
        }
    }

    #[tokio::test]
    async fn a_peer_that_does_not_listen_is_left() {
        io(Stuck).shutdown().await.expect("an end");
    }

    /// Whoever used the connection has gone; the socket is still open.
    #[tokio::test]
    async fn a_turn_ends_with_the_stream() {
        let settings = super::super::ConnectionSettings::default();
        let transport = super::super::Transport::own(false, true, &settings).expect("no certificates are needed");
        let transport = transport.limited(Some(1));
        let io = io(Stuck);
        io.shared.close_with(transport.turn().await);
        let mut next = std::pin::pin!(transport.turn());
        assert!(std::future::poll_fn(|context| Poll::Ready(next.as_mut().poll(context).is_pending())).await);
        drop(io);
        next.await;
    }

    #[tokio::test]
    async fn an_answer_begins_with_its_first_byte() {
        let (near, mut far) = tokio::io::duplex(16);
        let mut io = io(near);
        io.shared.ask();
        io.write_all(b"1,2").await.expect("room");
        assert!(!io.shared.answered());
        far.write_all(b"H").await.expect("room");
        io.read_u8().await.expect("a byte");
        assert!(io.shared.answered());
        io.shared.ask();
        assert!(!io.shared.answered());
        drop(far);
        assert!(io.read_u8().await.is_err());
        assert!(!io.shared.answered(), "an end is no answer");
    }
}
