//! The client's own connections against a peer that the test plays by itself, a byte at a time.

mod breaks;
mod connections;
mod permits;
mod runtimes;
mod silence;

use std::io::{Read, Write};
use std::thread;
use std::time::Duration;

use http::{Request, Response, Uri};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::{JoinHandle, yield_now};

use crate::answer::response_body::ResponseBody;
use crate::transport::{ConnectionSettings, NotAnswered, Permit, Phase, Pool, Transport};
use crate::wire::body::Body;
use crate::words::metrics;

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

/// A client that sends one request after the other, and its read timeout.
#[derive(Clone)]
struct Client(std::sync::Arc<Transport>, Option<Duration>);

impl Client {
    fn new(pool: Pool, max_in_flight: Option<usize>) -> Self {
        let settings = ConnectionSettings {
            pool,
            ..ConnectionSettings::default()
        };
        let transport = Transport::own(true, &settings).unwrap();
        Self(transport.limited(max_in_flight).into(), None)
    }

    fn unlimited() -> Self {
        Self::new(Pool::new(), None)
    }

    async fn acquire(&self) -> Permit {
        let peer = metrics::Peer::new("localhost", None, false);
        self.0.acquire(&peer).await
    }

    async fn send(&self, uri: &Uri, fresh: bool) -> Result<Response<ResponseBody>, NotAnswered> {
        self.request(Request::get(uri).body(Body::empty()).unwrap(), fresh)
            .await
    }

    async fn request(&self, mut request: Request<Body>, fresh: bool) -> Result<Response<ResponseBody>, NotAnswered> {
        let permit = self.acquire().await;
        let ready = self.0.connect(permit, request.uri(), fresh, None).await;
        let ready = ready.unwrap_or_else(|error| panic!("{error:?}"));
        let response = ready.send(&mut request, None, self.1).await?;
        Ok(response.map(ResponseBody::from))
    }

    fn spawn(&self, peer: &Peer) -> JoinHandle<Result<Response<ResponseBody>, NotAnswered>> {
        let (client, uri) = (self.clone(), peer.uri.clone());
        tokio::spawn(async move { client.send(&uri, false).await })
    }

    /// Sends more than the buffers of a connection hold.
    fn spawn_large(&self, peer: &Peer) -> JoinHandle<Result<Response<ResponseBody>, NotAnswered>> {
        let request = Request::post(&peer.uri).body(vec![0; 16 << 20].into()).unwrap();
        let client = self.clone();
        tokio::spawn(async move { client.request(request, false).await })
    }

    /// Sends a request on a new connection, which the peer answers. The payload is not read.
    async fn first(&self, peer: &Peer, answer: &[u8]) -> (ResponseBody, TcpStream) {
        let sending = self.spawn(peer);
        let mut stream = peer.accept().await;
        answer_with(&mut stream, answer).await;
        (body(sending.await.unwrap()), stream)
    }

    /// Sends a request that arrives on this connection.
    async fn again(&self, peer: &Peer, stream: &mut TcpStream) -> ResponseBody {
        let sending = self.spawn(peer);
        answer_with(stream, LETTER).await;
        body(sending.await.unwrap())
    }
}

fn body(response: Result<Response<ResponseBody>, NotAnswered>) -> ResponseBody {
    match response {
        Ok(response) => response.into_body(),
        Err(NotAnswered::Failed(error)) => panic!("{error:?}"),
        Err(NotAnswered::GivenBack(_)) => panic!("the request was not sent"),
        Err(NotAnswered::Silent(limit)) => panic!("no answer within {limit:?}"),
    }
}

fn phase(response: Result<Response<ResponseBody>, NotAnswered>) -> Phase {
    match response {
        Err(NotAnswered::Failed(error)) => error.phase,
        Err(NotAnswered::GivenBack(_)) => panic!("the request was not sent"),
        Err(NotAnswered::Silent(limit)) => panic!("no answer within {limit:?}"),
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

/// Reads the head of one request on each of so many connections and answers it, from a thread of its own. What follows
/// is done with the stream then.
fn answering(
    connections: usize,
    mut then: impl FnMut(std::net::TcpStream) + Send + 'static,
) -> (Uri, thread::JoinHandle<()>) {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let uri = format!("http://{}/", listener.local_addr().unwrap());
    let answering = thread::spawn(move || {
        for _ in 0..connections {
            let (mut stream, _) = listener.accept().unwrap();
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                let mut byte = [0];
                stream.read_exact(&mut byte).unwrap();
                head.extend(byte);
            }
            stream.write_all(LETTER).unwrap();
            then(stream);
        }
    });
    (uri.parse().unwrap(), answering)
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

async fn body_text(sending: JoinHandle<Result<Response<ResponseBody>, NotAnswered>>) -> String {
    body(sending.await.unwrap()).text().await.unwrap()
}
