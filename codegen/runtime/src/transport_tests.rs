//! The client's own connections against a peer that the test plays by itself, a byte at a time.

use std::io::{Read, Write};
use std::thread;
use std::time::Duration;

use http::{Request, Response, Uri};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, yield_now};

use crate::runtime::body::Body;
use crate::runtime::byte_stream::ByteStream;
use crate::runtime::transport::{ConnectionSettings, NotAnswered, Phase, Pool, Transport};

/// A response whose payload is a letter.
const LETTER: &[u8] = b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\n\r\na";

struct Peer {
    listener: TcpListener,
    uri: Uri,
}

impl Peer {
    async fn listen() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let uri = format!("http://{}/path?query", listener.local_addr().unwrap());
        let uri = uri.parse().unwrap();
        Self { listener, uri }
    }

    async fn accept(&self) -> TcpStream {
        self.listener.accept().await.unwrap().0
    }

    /// Whether nobody has connected that was not accepted.
    async fn is_idle(&self) -> bool {
        settle().await;
        tokio::select! {
            biased;
            _ = self.listener.accept() => false,
            () = settle() => true,
        }
    }
}

/// A client that sends one request after the other.
#[derive(Clone)]
struct Client(std::sync::Arc<Transport>);

impl Client {
    fn new(pool: Pool, max_in_flight: Option<usize>) -> Self {
        let settings = ConnectionSettings {
            pool,
            ..ConnectionSettings::default()
        };
        let transport = Transport::own(false, true, &settings).unwrap();
        Self(transport.limited(max_in_flight).into())
    }

    fn unlimited() -> Self {
        Self::new(Pool::new(), None)
    }

    async fn send(&self, uri: &Uri, fresh: bool) -> Result<Response<ByteStream>, NotAnswered> {
        self.request(Request::get(uri).body(Body::empty()).unwrap(), fresh)
            .await
    }

    async fn request(&self, request: Request<Body>, fresh: bool) -> Result<Response<ByteStream>, NotAnswered> {
        let turn = self.0.turn().await;
        let ready = self.0.connect(turn, request.uri(), fresh, None).await;
        let ready = ready.unwrap_or_else(|error| panic!("{error:?}"));
        ready.send(request).await
    }

    fn spawn(&self, peer: &Peer) -> JoinHandle<Result<Response<ByteStream>, NotAnswered>> {
        let (client, uri) = (self.clone(), peer.uri.clone());
        tokio::spawn(async move { client.send(&uri, false).await })
    }

    /// Sends more than the buffers of a connection hold.
    fn spawn_large(&self, peer: &Peer) -> JoinHandle<Result<Response<ByteStream>, NotAnswered>> {
        let request = Request::post(&peer.uri).body(vec![0; 16 << 20].into()).unwrap();
        let client = self.clone();
        tokio::spawn(async move { client.request(request, false).await })
    }

    /// Sends a request on a new connection, which the peer answers. The payload is not read.
    async fn first(&self, peer: &Peer, answer: &[u8]) -> (ByteStream, TcpStream) {
        let sending = self.spawn(peer);
        let mut stream = peer.accept().await;
        answer_with(&mut stream, answer).await;
        (body(sending.await.unwrap()), stream)
    }

    /// Sends a request that arrives on this connection.
    async fn again(&self, peer: &Peer, stream: &mut TcpStream) -> ByteStream {
        let sending = self.spawn(peer);
        answer_with(stream, LETTER).await;
        body(sending.await.unwrap())
    }

    async fn phase(&self, peer: &Peer, fresh: bool) -> Phase {
        phase(self.send(&peer.uri, fresh).await)
    }
}

fn body(response: Result<Response<ByteStream>, NotAnswered>) -> ByteStream {
    match response {
        Ok(response) => response.into_body(),
        Err(NotAnswered::Failed(error)) => panic!("{error:?}"),
        Err(NotAnswered::GivenBack(_)) => panic!("the request was not sent"),
    }
}

fn phase(response: Result<Response<ByteStream>, NotAnswered>) -> Phase {
    match response {
        Err(NotAnswered::Failed(error)) => error.phase,
        Err(NotAnswered::GivenBack(_)) => panic!("the request was not sent"),
        Ok(response) => panic!("{response:?}"),
    }
}

/// Reads a request without a payload.
async fn request(stream: &mut TcpStream) -> String {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.expect("a request"));
    }
    String::from_utf8(head).unwrap()
}

async fn answer_with(stream: &mut TcpStream, answer: &[u8]) {
    request(stream).await;
    stream.write_all(answer).await.unwrap();
}

/// Every task gets its turn.
async fn settle() {
    for _ in 0..20 {
        yield_now().await;
    }
}

/// Whether the other side keeps the connection.
async fn is_open(stream: &mut TcpStream) -> bool {
    settle().await;
    let mut byte = [0];
    tokio::select! {
        biased;
        read = stream.read(&mut byte) => {
            assert!(!matches!(read, Ok(1..)), "a request that nobody made");
            false
        }
        () = settle() => true,
    }
}

async fn skip(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
    settle().await;
}

async fn closed(mut stream: TcpStream) {
    let mut rest = Vec::new();
    while stream.read_buf(&mut rest).await.is_ok_and(|read| read > 0) {}
}

#[tokio::test]
async fn a_request_has_a_path_and_a_host() {
    let (client, peer) = (Client::unlimited(), Peer::listen().await);
    let sending = client.spawn(&peer);
    let mut stream = peer.accept().await;
    let address = peer.listener.local_addr().unwrap();
    assert_eq!(
        request(&mut stream).await,
        format!("GET /path?query HTTP/1.1\r\nhost: {address}\r\n\r\n")
    );
    stream.write_all(LETTER).await.unwrap();
    assert_eq!(body(sending.await.unwrap()).text().await.unwrap(), "a");
}

#[tokio::test]
async fn what_has_ended_leaves_its_connection_to_the_next() {
    let endings: [(&[u8], usize); 5] = [
        // The announced length, without asking for the end.
        (LETTER, 1),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n", 0),
        (b"HTTP/1.1 204 No Content\r\n\r\n", 0),
        (
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
            2,
        ),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n", 1),
    ];
    for (answer, chunks) in endings {
        let (client, peer) = (Client::unlimited(), Peer::listen().await);
        let (mut body, mut stream) = client.first(&peer, answer).await;
        for _ in 0..chunks {
            body.chunk().await.unwrap();
        }
        settle().await;
        client.again(&peer, &mut stream).await;
        assert!(peer.is_idle().await);
        drop(body);
        assert!(peer.is_idle().await);
    }
}

#[tokio::test]
async fn what_has_not_ended_closes_its_connection() {
    let endings: [(&[u8], usize); 4] = [
        (b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\na", 1),
        (b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nab", 0),
        (b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n", 1),
        // The end is there, but nobody has asked for it.
        (
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n",
            1,
        ),
    ];
    for (answer, chunks) in endings {
        let (client, peer) = (Client::unlimited(), Peer::listen().await);
        let (mut body, stream) = client.first(&peer, answer).await;
        for _ in 0..chunks {
            body.chunk().await.unwrap();
        }
        drop(body);
        closed(stream).await;
        client.first(&peer, LETTER).await;
    }
}

#[tokio::test]
async fn a_connection_that_the_peer_closes_is_not_kept() {
    let (client, peer) = (Client::unlimited(), Peer::listen().await);
    let last = b"HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 1\r\n\r\na";
    let (body, stream) = client.first(&peer, last).await;
    assert_eq!(body.text().await.unwrap(), "a");
    closed(stream).await;
    client.first(&peer, LETTER).await;
}

/// The peer answers before it has read the whole request, and never does. As long as the connection is open, it is the
/// one that is allowed.
#[tokio::test]
async fn an_early_answer_keeps_its_turn_until_its_connection_is_closed() {
    let (client, peer) = (Client::new(Pool::new(), Some(1)), Peer::listen().await);
    let sending = client.spawn_large(&peer);
    let mut stream = peer.accept().await;
    answer_with(&mut stream, LETTER).await;
    assert_eq!(body_text(sending).await, "a");
    let waiting = client.spawn(&peer);
    assert!(peer.is_idle().await);
    skip(Duration::from_secs(1)).await;
    let next = peer.accept().await;
    assert!(is_closed(stream), "there are two connections");
    waiting.abort();
    drop(next);
}

/// Whether the other side has closed the connection already. The system tells: meanwhile nothing happens in the runtime.
fn is_closed(stream: TcpStream) -> bool {
    let mut stream = stream.into_std().unwrap();
    stream.set_nonblocking(false).unwrap();
    // Nobody closes it any more.
    stream.set_read_timeout(Some(Duration::from_secs(1))).unwrap();
    let mut bytes = vec![0; 1 << 20];
    loop {
        match stream.read(&mut bytes) {
            Ok(1..) => {}
            Ok(0) => return true,
            Err(error) => return error.kind() == std::io::ErrorKind::ConnectionReset,
        }
    }
}

/// What is used last is least likely to be dropped by the peer, and the others come to rest.
#[tokio::test]
async fn the_connection_used_last_goes_first() {
    let (client, peer) = (Client::unlimited(), Peer::listen().await);
    let (a, mut first) = client.first(&peer, LETTER).await;
    let (b, mut second) = client.first(&peer, LETTER).await;
    b.text().await.unwrap();
    a.text().await.unwrap();
    settle().await;
    let one = client.again(&peer, &mut first).await;
    let two = client.again(&peer, &mut second).await;
    assert!(peer.is_idle().await);
    drop((one, two));
}

#[tokio::test]
async fn hosts_do_not_share_connections() {
    let (client, one, two) = (Client::unlimited(), Peer::listen().await, Peer::listen().await);
    let (body, mut stream) = client.first(&one, LETTER).await;
    body.text().await.unwrap();
    client.first(&two, LETTER).await.0.text().await.unwrap();
    settle().await;
    client.again(&one, &mut stream).await;
}

#[tokio::test]
async fn idle_connections_are_closed_in_time() {
    let pool = Pool::new().idle_timeout(Duration::from_secs(20));
    for (pool, seconds) in [(Pool::new(), 50), (pool, 20)] {
        let (client, peer) = (Client::new(pool, None), Peer::listen().await);
        let (older, mut first) = client.first(&peer, LETTER).await;
        let (newer, mut second) = client.first(&peer, LETTER).await;
        older.text().await.unwrap();
        settle().await;
        skip(Duration::from_secs(1)).await;
        newer.text().await.unwrap();
        skip(Duration::from_secs(seconds - 2)).await;
        assert!(is_open(&mut first).await);
        skip(Duration::from_secs(1)).await;
        // No call has asked for it.
        closed(first).await;
        assert!(is_open(&mut second).await);
        skip(Duration::from_secs(1)).await;
        closed(second).await;

        // There is another reaper for the next ones.
        let (body, stream) = client.first(&peer, LETTER).await;
        body.text().await.unwrap();
        settle().await;
        skip(Duration::from_secs(seconds)).await;
        closed(stream).await;
    }
}

/// The reaper may not have had its turn yet.
#[tokio::test]
async fn an_old_connection_is_not_used() {
    let (client, peer) = (Client::unlimited(), Peer::listen().await);
    let (body, _stream) = client.first(&peer, LETTER).await;
    body.text().await.unwrap();
    settle().await;
    tokio::time::pause();
    // The call goes before the task that waits for this point in time.
    let sending = client.spawn(&peer);
    tokio::time::advance(Duration::from_secs(50)).await;
    tokio::time::resume();
    answer_with(&mut peer.accept().await, LETTER).await;
    body_text(sending).await;
}

async fn body_text(sending: JoinHandle<Result<Response<ByteStream>, NotAnswered>>) -> String {
    body(sending.await.unwrap()).text().await.unwrap()
}

#[tokio::test]
async fn a_pool_has_a_size() {
    let (client, peer) = (Client::new(Pool::new().max_idle(1), None), Peer::listen().await);
    let (a, first) = client.first(&peer, LETTER).await;
    let (b, mut second) = client.first(&peer, LETTER).await;
    a.text().await.unwrap();
    b.text().await.unwrap();
    closed(first).await;
    client.again(&peer, &mut second).await;

    for pool in [Pool::new().max_idle(0), Pool::new().idle_timeout(Duration::ZERO)] {
        let (client, peer) = (Client::new(pool, None), Peer::listen().await);
        let (body, stream) = client.first(&peer, LETTER).await;
        body.text().await.unwrap();
        closed(stream).await;
    }
}

#[tokio::test]
async fn connections_end_with_their_client() {
    let (client, peer) = (Client::unlimited(), Peer::listen().await);
    let (a, first) = client.first(&peer, LETTER).await;
    let (b, mut second) = client.first(&peer, LETTER).await;
    a.text().await.unwrap();
    settle().await;
    drop(client);
    closed(first).await;
    // What is being read is read to its end.
    assert!(is_open(&mut second).await);
    assert_eq!(b.text().await.unwrap(), "a");
    closed(second).await;
}

/// How far a request came decides whether it may be sent again.
#[tokio::test]
async fn what_breaks_says_how_far_it_came() {
    let (client, peer) = (Client::unlimited(), Peer::listen().await);
    let sending = client.spawn(&peer);
    let mut stream = peer.accept().await;
    request(&mut stream).await;
    drop(stream);
    assert_eq!(phase(sending.await.unwrap()), Phase::Sent);

    for answer in [&b"HTTP/1.1 200 OK\r\nconte"[..], b"H", b"SSH-2.0-OpenSSH\r\n"] {
        let sending = client.spawn(&peer);
        let mut stream = peer.accept().await;
        answer_with(&mut stream, answer).await;
        drop(stream);
        assert_eq!(phase(sending.await.unwrap()), Phase::Answered);
    }

    // Used before: what has come then counts no more.
    let (body, mut stream) = client.first(&peer, LETTER).await;
    body.text().await.unwrap();
    settle().await;
    let sending = client.spawn(&peer);
    request(&mut stream).await;
    drop(stream);
    assert_eq!(phase(sending.await.unwrap()), Phase::Stale);
}

/// A peer that has had the whole request for a while may be at work on it, whether it has served another before or not.
#[tokio::test]
async fn what_breaks_late_may_have_been_worked_on() {
    let (client, peer) = (Client::unlimited(), Peer::listen().await);
    for (wait, on_new, on_used) in [
        (Duration::ZERO, Phase::Sent, Phase::Stale),
        (Duration::from_secs(2), Phase::Late, Phase::Late),
    ] {
        let sending = client.spawn(&peer);
        let mut stream = peer.accept().await;
        request(&mut stream).await;
        skip(wait).await;
        drop(stream);
        assert_eq!(phase(sending.await.unwrap()), on_new);

        let (body, mut stream) = client.first(&peer, LETTER).await;
        body.text().await.unwrap();
        settle().await;
        let sending = client.spawn(&peer);
        request(&mut stream).await;
        skip(wait).await;
        drop(stream);
        assert_eq!(phase(sending.await.unwrap()), on_used);
    }
}

/// Nobody works on a part of a request, however long it has been there.
#[tokio::test]
async fn what_breaks_within_a_request_was_not_worked_on() {
    let (client, peer) = (Client::unlimited(), Peer::listen().await);
    let sending = client.spawn_large(&peer);
    let mut stream = peer.accept().await;
    request(&mut stream).await;
    settle().await;
    skip(Duration::from_secs(10)).await;
    drop(stream);
    assert_eq!(phase(sending.await.unwrap()), Phase::Sent);
}

/// Bytes that are too many for a head are an error, and not kept.
#[tokio::test]
async fn heads_are_bounded() {
    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "a: b\r\n".repeat(101));
    let long = format!("HTTP/1.1 200 OK\r\na: {}\r\n\r\n", "b".repeat(300 * 1024));
    let (client, peer) = (Client::unlimited(), Peer::listen().await);
    for head in [many, long] {
        let sending = client.spawn(&peer);
        let mut stream = peer.accept().await;
        request(&mut stream).await;
        // The client does not read it to the end.
        let _ = stream.write_all(head.as_bytes()).await;
        assert_eq!(phase(sending.await.unwrap()), Phase::Answered);
        closed(stream).await;
    }
}

/// The peer has closed several idle connections. One request finds out, and the next is on a fresh connection.
#[tokio::test]
async fn a_fresh_connection_gives_the_stale_ones_up() {
    let (client, peer) = (Client::unlimited(), Peer::listen().await);
    let mut opened = Vec::new();
    for _ in 0..3 {
        opened.push(client.first(&peer, LETTER).await);
    }
    let mut streams = Vec::new();
    for (body, stream) in opened {
        body.text().await.unwrap();
        streams.push(stream);
    }
    settle().await;
    let sending = client.spawn(&peer);
    request(&mut streams[2]).await;
    streams.pop();
    assert_eq!(phase(sending.await.unwrap()), Phase::Stale);

    let (again, uri) = (client.clone(), peer.uri.clone());
    let fresh = tokio::spawn(async move { again.send(&uri, true).await });
    answer_with(&mut peer.accept().await, LETTER).await;
    body_text(fresh).await;
    for stream in &mut streams {
        assert!(!is_open(stream).await);
    }
    drop(client);
}

/// Whatever the client knows of a connection that the peer has closed meanwhile: the request is given back or fails as
/// stale, and it never looks as if its answer had begun.
#[tokio::test]
async fn a_connection_closed_meanwhile_is_found_out() {
    for turns in 0..4 {
        let (client, peer) = (Client::unlimited(), Peer::listen().await);
        let (body, stream) = client.first(&peer, LETTER).await;
        body.text().await.unwrap();
        settle().await;
        drop(stream);
        for _ in 0..turns {
            yield_now().await;
        }
        let sending = client.spawn(&peer);
        let answering = tokio::spawn(async move { answer_with(&mut peer.accept().await, LETTER).await });
        match sending.await.unwrap() {
            Err(NotAnswered::Failed(error)) => assert_eq!(error.phase, Phase::Stale),
            Err(NotAnswered::GivenBack(back)) => assert_eq!(back.0.uri(), "/path?query"),
            // It was known already.
            Ok(response) => assert_eq!(response.into_body().text().await.unwrap(), "a"),
        }
        answering.abort();
    }
}

#[tokio::test]
async fn a_dropped_request_closes_its_connection() {
    let (client, peer) = (Client::new(Pool::new(), Some(1)), Peer::listen().await);
    // While it waits for the head of an answer, which comes too late.
    let sending = client.spawn(&peer);
    let mut stream = peer.accept().await;
    request(&mut stream).await;
    sending.abort();
    closed(stream).await;
    // While it waits for its turn.
    let (body, mut stream) = client.first(&peer, LETTER).await;
    let waiting = client.spawn(&peer);
    settle().await;
    waiting.abort();
    body.text().await.unwrap();
    settle().await;
    // The next one finds a connection and its turn.
    client.again(&peer, &mut stream).await;
}

#[tokio::test]
async fn turns_come_in_order() {
    let (client, peer) = (Client::new(Pool::new(), Some(2)), Peer::listen().await);
    let (a, mut first) = client.first(&peer, LETTER).await;
    let (b, mut second) = client.first(&peer, LETTER).await;
    let third = client.spawn(&peer);
    settle().await;
    let fourth = client.spawn(&peer);
    assert!(peer.is_idle().await);
    // The end of a payload lets the next one go, on its connection.
    b.text().await.unwrap();
    answer_with(&mut second, LETTER).await;
    let third = body(third.await.unwrap());
    assert!(!fourth.is_finished());
    assert_eq!(a.text().await.unwrap(), "a");
    answer_with(&mut first, LETTER).await;
    body_text(fourth).await;
    drop(third);
}

/// The next request must not connect while the connection is still open: then there would be one more than allowed.
#[tokio::test]
async fn a_turn_ends_when_the_connection_is_closed() {
    let (client, peer) = (Client::new(Pool::new(), Some(1)), Peer::listen().await);
    let (half, stream) = client
        .first(&peer, b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\na")
        .await;
    let waiting = client.spawn(&peer);
    assert!(peer.is_idle().await);
    drop(half);
    let mut next = peer.accept().await;
    assert!(is_closed(stream), "there are two connections");
    answer_with(&mut next, LETTER).await;
    body_text(waiting).await;
}

/// Whoever had the turn before has gone, and so has all that happens in its runtime.
#[test]
fn a_turn_ends_in_a_runtime_that_rests() {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let (first, second) = (
        runtime.enable_all().build().unwrap(),
        runtime.start_paused(true).build().unwrap(),
    );
    let client = Client::new(Pool::new(), Some(1));
    first.block_on(async {
        let peer = Peer::listen().await;
        let sending = client.send(&peer.uri, false);
        let arriving = async { request(&mut peer.accept().await).await };
        tokio::select! {
            _ = sending => panic!("nobody has answered"),
            _ = arriving => {}
        }
    });
    // The clock jumps there if nothing else happens.
    second.block_on(async {
        tokio::time::timeout(Duration::from_secs(60), client.0.turn())
            .await
            .unwrap()
    });
}

#[tokio::test]
async fn no_limit_below_one() {
    let (client, peer) = (Client::new(Pool::new(), Some(0)), Peer::listen().await);
    let (body, _stream) = client.first(&peer, LETTER).await;
    assert_eq!(body.text().await.unwrap(), "a");
}

/// Answers one request on each of so many connections, from a thread of its own.
fn answering(connections: usize) -> (Uri, thread::JoinHandle<()>) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let uri = format!("http://{}/", listener.local_addr().unwrap());
    let answering = thread::spawn(move || {
        let mut streams = Vec::new();
        for _ in 0..connections {
            let (mut stream, _) = listener.accept().unwrap();
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                stream.read_exact(&mut byte).unwrap();
                head.extend(byte);
            }
            stream.write_all(LETTER).unwrap();
            streams.push(stream);
        }
    });
    (uri.parse().unwrap(), answering)
}

/// What a connection does is done in the runtime that made it, and that one may do nothing any more.
#[test]
fn a_runtime_uses_connections_of_its_own() {
    let runtime = || {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap()
    };
    let (first, second) = (runtime(), runtime());
    let (uri, peer) = answering(2);
    let client = Client::unlimited();
    let call = async || {
        let answer = tokio::time::timeout(Duration::from_secs(60), client.send(&uri, false)).await;
        body(answer.expect("an answer")).text().await.unwrap();
        settle().await;
    };
    for runtime in [&first, &second] {
        runtime.block_on(call());
    }
    peer.join().unwrap();
}
