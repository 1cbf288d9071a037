//! What streams wait for, and what they hold.

use std::sync::Arc;
use std::time::Duration;

use futures_core::Stream;
use http_body::Frame;
use tokio::sync::mpsc;
use tokio::time::{advance, timeout};

use super::*;
use crate::answer::response_body::ResponseBody;
use crate::transport::{Frames, Incoming, Lease, Permit};

const SECOND: Duration = Duration::from_secs(1);

/// A payload that a test sends.
struct Channel {
    pieces: mpsc::Receiver<&'static str>,
    _held: Arc<()>,
}

impl Body for Channel {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let piece = self.pieces.poll_recv(context);
        piece.map(|piece| piece.map(|piece| Ok(Frame::data(piece.into()))))
    }
}

/// A payload with a read timeout of a minute, what sends it, and what it holds until it is closed.
fn channel() -> (mpsc::Sender<&'static str>, ByteStream, Arc<()>) {
    let (sender, pieces) = mpsc::channel(8);
    let held = Arc::new(());
    let frames = Frames::of(Channel {
        pieces,
        _held: Arc::clone(&held),
    });
    let lease = Lease::without_connection(Permit::default(), Some(60 * SECOND));
    let body = ResponseBody::from(Incoming { frames, lease });
    (sender, body.into(), held)
}

#[tokio::test(start_paused = true)]
async fn the_read_timeout_counts_while_nothing_arrives() {
    let (sender, body, held) = channel();
    let mut lines = body.lines();
    sender.send("a\nb\n").await.expect("room");
    assert_eq!(lines.next().await.expect("a line").as_deref(), Some("a"));
    // The program is at work for long, more than once.
    advance(100 * SECOND).await;
    assert_eq!(lines.next().await.expect("a line").as_deref(), Some("b"));
    advance(100 * SECOND).await;
    sender.send("c\n").await.expect("room");
    advance(100 * SECOND).await;
    assert_eq!(lines.next().await.expect("a line").as_deref(), Some("c"));
    let error = text_of(lines.next().await);
    assert!(
        error.starts_with("read timeout: no data for 60 s while reading the response"),
        "{error}"
    );
    assert_eq!(Arc::strong_count(&held), 1);
}

#[tokio::test(start_paused = true)]
async fn nothing_is_lost_when_a_program_stops_waiting() {
    let (sender, body, _held) = channel();
    let mut events = body.sse();
    sender.send("data: a").await.expect("room");
    assert!(timeout(SECOND, events.next()).await.is_err());
    sender.send("b\n\n").await.expect("room");
    let event = events.next().await.expect("it can be read").expect("an event");
    assert_eq!(event.data(), "ab");
}

#[tokio::test]
async fn dropping_a_stream_closes_its_connection() {
    fn check<C: Cut>(cut: impl Fn(ByteStream) -> Split<C>) {
        let (_sender, body, held) = channel();
        let items = cut(body);
        assert_eq!(Arc::strong_count(&held), 2);
        drop(items);
        assert_eq!(Arc::strong_count(&held), 1);
    }
    check(ByteStream::lines);
    check(ByteStream::sse);
    check(ByteStream::text_chunks);
    #[cfg(feature = "json")]
    check(ByteStream::json_lines::<u8>);
}

#[tokio::test]
async fn an_error_closes_the_connection() {
    let (sender, body, held) = channel();
    let mut lines = body.lines().max_length(2);
    sender.send("abc").await.expect("room");
    assert!(lines.next().await.is_err());
    assert_eq!(Arc::strong_count(&held), 1);
}

#[test]
fn items_are_a_stream() {
    let mut lines = in_pieces([&b"a\nb"[..]]).lines();
    let mut next = || now(std::future::poll_fn(|context| Pin::new(&mut lines).poll_next(context)));
    assert_eq!(next().and_then(Result::ok).as_deref(), Some("a"));
    assert_eq!(next().and_then(Result::ok).as_deref(), Some("b"));
    assert!(next().is_none());
}

#[test]
fn a_payload_that_breaks_off_is_an_error_after_its_lines() {
    struct Broken(bool);

    impl Body for Broken {
        type Data = Bytes;
        type Error = std::io::Error;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
            let sent = std::mem::replace(&mut self.0, true);
            Poll::Ready(Some(match sent {
                false => Ok(Frame::data(Bytes::from_static(b"a\nb"))),
                true => Err(std::io::ErrorKind::ConnectionReset.into()),
            }))
        }
    }

    let (lines, error) = drain(ByteStream::from_http_body(Broken(false)).lines());
    assert_eq!(lines, ["a"]);
    assert_eq!(
        error.as_deref(),
        Some("the payload of the response broke off after 3 bytes")
    );
}
