//! Connections in memory, so that the tests know how much has left.

use std::io;
use std::pin::{Pin, pin};
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, Waker};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream, ReadBuf, duplex};

use super::super::connect::Connected;
use super::super::home::Home;
use super::super::stream::Stream;
use super::*;
use crate::answer::response_body::ResponseBody;

pub(in crate::transport) const URL: &str = "http://weather.example";

/// A connection in memory, which has room for so many bytes each way.
pub(in crate::transport) async fn connect(room: usize) -> (Box<Connection>, DuplexStream) {
    let (near, far) = duplex(room);
    (start(near).await, far)
}

async fn start(stream: impl Stream + 'static) -> Box<Connection> {
    let connected = Connected {
        stream: Box::new(stream),
        forwarded: None,
    };
    let connection = Connection::start(connected, &URL.parse().expect("a URL"), Home::here()).await;
    connection.expect("a connection")
}

/// Whether the other side has closed the connection already. Nothing happens in the runtime meanwhile.
pub(in crate::transport) fn is_closed(far: &mut DuplexStream) -> bool {
    let read = pin!(far.read_u8()).poll(&mut Context::from_waker(Waker::noop()));
    read.is_ready()
}

fn forecast(payload: impl Into<Body>) -> Request<Body> {
    Request::post(URL).body(payload.into()).expect("a request")
}

/// Sends a request on a connection that does not serve another one.
async fn send_on(connection: Box<Connection>, request: Request<Body>) -> Result<Response<Incoming>, NotAnswered> {
    send_within(None, connection, Weak::new(), request).await
}

/// The same with a read timeout, and a place for the connection afterwards.
async fn send_within(
    read_limit: Option<Duration>,
    connection: Box<Connection>,
    idle: Weak<Idle>,
    mut request: Request<Body>,
) -> Result<Response<Incoming>, NotAnswered> {
    send(connection, idle, Permit::default(), &mut request, None, read_limit).await
}

/// Nothing else happens meanwhile: the runtime that made it may rest.
#[tokio::test]
async fn a_connection_is_closed_where_it_is_dropped() {
    let (connection, mut far) = connect(1024).await;
    assert!(!is_closed(&mut far));
    drop(connection);
    assert!(is_closed(&mut far));
}

/// There is no task that would have to have its turn first.
#[cfg(feature = "blocking")]
#[test]
fn a_call_of_a_blocking_client_drives_its_connection() {
    use super::super::home::Seat;

    Seat::free().expect("a runtime").block_on(pin!(async {
        let idle = Arc::new(Idle::new(1, Duration::from_secs(50)));
        let (mut connection, mut far) = connect(1024).await;
        for _ in 0..2 {
            let idle_again = Arc::downgrade(&idle);
            let request = forecast("1,2");
            let mut sending = pin!(send_within(None, connection, idle_again, request));
            let mut context = Context::from_waker(Waker::noop());
            assert!(sending.as_mut().poll(&mut context).is_pending());
            let mut request = [0; 1024];
            let length = far.read(&mut request).await.expect("a request");
            assert!(request[..length].ends_with(b"1,2"));
            far.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 6\r\n\r\nsun")
                .await
                .expect("room");
            let Poll::Ready(Ok(response)) = sending.as_mut().poll(&mut context) else {
                panic!("no response");
            };
            let mut text = pin!(ResponseBody::from(response.into_body()).text());
            assert!(text.as_mut().poll(&mut context).is_pending());
            far.write_all(b"set").await.expect("room");
            let Poll::Ready(Ok(text)) = text.as_mut().poll(&mut context) else {
                panic!("no body");
            };
            assert_eq!(text, "sunset");
            connection = idle.take(&URL.parse().expect("a URL")).expect("the connection");
            assert!(pin!(connection.is_ready()).poll(&mut context).is_ready());
        }
    }));
}

/// Hyper keeps some 400 KB, which have not left then.
#[tokio::test(start_paused = true)]
async fn a_request_has_not_left_while_a_part_of_it_is_here() {
    for (room, expected) in [
        (8 << 10, Phase::Broke(Broke::Silent)),
        (128 << 10, Phase::Broke(Broke::Late)),
    ] {
        let (connection, far) = connect(room).await;
        let sending = tokio::spawn(send_on(connection, forecast(vec![0; 64 << 10])));
        // It comes when nothing else happens any more.
        tokio::time::sleep(STALE_LIMIT).await;
        drop(far);
        match sending.await.expect("no panic") {
            Err(NotAnswered::Failed(error)) => assert_eq!(error.phase, expected),
            _ => panic!("an answer"),
        }
    }
}

/// A task that is busy with something else looks at its calls late.
#[tokio::test(start_paused = true)]
async fn a_break_is_early_or_late_when_it_happens_and_not_when_it_is_seen() {
    let (connection, mut far) = connect(1024).await;
    let mut sending = pin!(send_on(connection, forecast("1,2")));
    assert!(
        sending
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
            .is_pending()
    );
    far.read_u8().await.expect("a request");
    drop(far);
    tokio::time::sleep(2 * STALE_LIMIT).await;
    match sending.await {
        Err(NotAnswered::Failed(error)) => assert_eq!(error.phase, Phase::Broke(Broke::Silent)),
        _ => panic!("an answer"),
    }
}

/// A slow line is not silent while it carries bytes, also those that hyper has had for long.
#[tokio::test(start_paused = true)]
async fn bytes_that_leave_are_signs_of_life() {
    let (connection, mut far) = connect(8 << 10).await;
    let activity = Arc::clone(connection.shared());
    // Hyper takes it at once.
    let sending = tokio::spawn(send_on(connection, forecast(vec![0; 64 << 10])));
    for _ in 0..8 {
        let since = Instant::now();
        tokio::time::sleep(Duration::from_secs(60)).await;
        assert!(activity.last() < Some(Instant::now()));
        far.read_exact(&mut [0; 8 << 10]).await.expect("a part of the request");
        // There is room for the next part.
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert!(activity.last() > Some(since));
    }
    sending.abort();
}

/// The same when the answer has begun.
#[tokio::test(start_paused = true)]
async fn bytes_that_leave_are_signs_of_life_within_an_answer() {
    let (connection, mut far) = connect(8 << 10).await;
    let read_limit = Some(Duration::from_secs(60));
    let request = forecast(vec![0; 64 << 10]);
    let sending = send_within(read_limit, connection, Weak::new(), request);
    let sending = tokio::spawn(sending);
    far.read_exact(&mut [0; 8 << 10]).await.expect("a part of the request");
    let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\na";
    far.write_all(answer).await.expect("room");
    let Ok(Ok(response)) = sending.await else {
        panic!("no response");
    };
    let mut body = ResponseBody::from(response.into_body());
    assert_eq!(body.chunk().await.expect("a piece").expect("a piece"), "a");
    let reading = tokio::spawn(async move { body.chunk().await });
    for _ in 0..6 {
        tokio::time::sleep(Duration::from_secs(50)).await;
        far.read_exact(&mut [0; 8 << 10]).await.expect("a part of the request");
    }
    assert!(!reading.is_finished());
    tokio::time::sleep(Duration::from_secs(61)).await;
    let error = reading.await.expect("no panic").expect_err("silence");
    assert!(error.is_timeout(), "{error}");
}

/// A stream that has been closed by the peer, which nothing tells before something is written.
struct Deceptive {
    inner: DuplexStream,
    is_closed: Arc<AtomicBool>,
}

impl Stream for Deceptive {
    fn has_unread(&self) -> bool {
        false
    }
}

impl AsyncRead for Deceptive {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(context, buffer)
    }
}

impl AsyncWrite for Deceptive {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if !self.is_closed.load(Ordering::Relaxed) {
            return Pin::new(&mut self.inner).poll_write(context, bytes);
        }
        // Reading comes to an end from now on.
        self.inner = duplex(1).0;
        context.waker().wake_by_ref();
        Poll::Ready(Err(io::ErrorKind::BrokenPipe.into()))
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}

/// Whatever the client does, a connection can close just before a request leaves.
#[tokio::test]
async fn a_request_that_cannot_leave_was_not_sent() {
    for (was_used, expected) in [
        (false, Phase::Broke(Broke::Silent)),
        (true, Phase::Broke(Broke::Unsent)),
    ] {
        let idle = Arc::new(Idle::new(1, Duration::from_secs(50)));
        let (inner, mut far) = duplex(1024);
        let is_closed = Arc::new(AtomicBool::new(!was_used));
        let stream = Deceptive {
            inner,
            is_closed: Arc::clone(&is_closed),
        };
        let mut connection = start(stream).await;
        if was_used {
            let idle_again = Arc::downgrade(&idle);
            let sending = send_within(None, connection, idle_again, forecast("1,2"));
            let sending = tokio::spawn(sending);
            far.read_u8().await.expect("a request");
            far.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.expect("room");
            let Ok(response) = sending.await.expect("no panic") else {
                panic!("no response");
            };
            drop(ResponseBody::from(response.into_body()));
            connection = idle.take(&URL.parse().expect("a URL")).expect("the connection");
            is_closed.store(true, Ordering::Relaxed);
        }
        match send_on(connection, forecast("1,2")).await {
            Err(NotAnswered::Failed(error)) => assert_eq!(error.phase, expected),
            _ => panic!("it was sent"),
        }
    }
}
