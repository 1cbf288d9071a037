//! Silence, and what only looks like it: bytes that have come, and that nobody has read because the thread was busy or
//! the process stood still.

use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use bytes::Bytes;
use tokio::runtime::Runtime;
use tokio::time::{Instant, advance, timeout};

use super::{Client, Peer, settle};
use crate::answer::response_body::ResponseBody;
use crate::error::Error;

const LIMIT: Duration = Duration::from_secs(60);

/// The head of an answer and the first of its pieces.
const BEGINNING: &[u8] = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n";

const PIECE: &[u8] = b"1\r\nb\r\n";

/// The next piece, if it is there.
fn poll(body: &mut ResponseBody) -> Poll<Result<Option<Bytes>, Error>> {
    pin!(body.chunk()).poll(&mut Context::from_waker(Waker::noop()))
}

/// A client with a read timeout.
fn client() -> Client {
    Client(Client::unlimited().0, Some(LIMIT))
}

/// An answer whose first piece has been read.
async fn begin(client: &Client, peer: &Peer) -> (ResponseBody, tokio::net::TcpStream) {
    let (mut body, stream) = client.first(peer, BEGINNING).await;
    assert_eq!(body.chunk().await.unwrap().unwrap(), "a");
    // Nothing is left to do.
    settle().await;
    (body, stream)
}

/// Sends a piece while the client does nothing.
fn send(stream: tokio::net::TcpStream, bytes: &[u8]) -> std::net::TcpStream {
    let mut stream = stream.into_std().unwrap();
    std::io::Write::write_all(&mut stream, bytes).unwrap();
    stream
}

/// Another task keeps the thread until the bytes are there and the time has passed. Tokio hears of both at once, and
/// whoever waits goes on before whoever reads.
#[tokio::test]
async fn bytes_that_came_while_the_thread_was_busy_are_no_silence() {
    let (client, peer) = (client(), Peer::listen().await);
    let (mut body, stream) = begin(&client, &peer).await;
    tokio::time::pause();
    let busy = tokio::spawn(async move {
        settle().await;
        let stream = send(stream, PIECE);
        // Timers have a resolution of a millisecond.
        advance(LIMIT + Duration::from_millis(1)).await;
        stream
    });
    let piece = timeout(100 * LIMIT, body.chunk()).await.unwrap();
    assert_eq!(piece.unwrap().unwrap(), "b");
    // Silence is silence all the same.
    let started = Instant::now();
    let error = timeout(100 * LIMIT, body.chunk()).await.unwrap().unwrap_err();
    assert!(error.is_timeout(), "{error}");
    assert_eq!(started.elapsed().as_secs(), LIMIT.as_secs());
    drop(busy.await);
}

/// The thread that reads from the socket and the one that waits go on by themselves.
fn two_runtimes() -> (Runtime, Runtime) {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    runtime.enable_all();
    (runtime.build().unwrap(), runtime.start_paused(true).build().unwrap())
}

/// After a process has stood still, whoever waits may go on before whoever reads.
#[test]
fn bytes_that_came_while_the_process_stood_still_are_no_silence() {
    let (reading, waiting) = two_runtimes();
    let client = client();
    let (mut body, stream) = reading.block_on(async { begin(&client, &Peer::listen().await).await });
    let stream = reading.block_on(async { send(stream, PIECE) });
    waiting.block_on(async {
        assert!(poll(&mut body).is_pending());
        advance(LIMIT).await;
        assert!(poll(&mut body).is_pending());
    });
    reading.block_on(settle());
    waiting.block_on(async {
        assert_eq!(body.chunk().await.unwrap().unwrap(), "b");
        // The time begins anew.
        assert!(poll(&mut body).is_pending());
        advance(LIMIT - Duration::from_secs(1)).await;
        assert!(poll(&mut body).is_pending());
        advance(Duration::from_secs(1)).await;
        match poll(&mut body) {
            Poll::Ready(Err(error)) => assert!(error.is_timeout(), "{error}"),
            other => panic!("{other:?}"),
        }
    });
    drop(stream);
}

/// Nobody reads what has come, so waiting comes to an end.
#[test]
fn bytes_that_nobody_reads_are_not_waited_for_without_end() {
    let (reading, waiting) = two_runtimes();
    let client = client();
    let (mut body, stream) = reading.block_on(async { begin(&client, &Peer::listen().await).await });
    let stream = reading.block_on(async { send(stream, PIECE) });
    let waited = waiting.block_on(async { timeout(3 * LIMIT, body.chunk()).await });
    let error = waited.expect("an end").unwrap_err();
    assert!(error.is_timeout(), "{error}");
    drop(stream);
}
