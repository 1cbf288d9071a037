//! A service that holds as little memory as it can, and a client for it.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use bytes::{Buf, Bytes, BytesMut};
use sagemaker_runtime::{Client, ClientBuilder, Credentials, Retries};
use tests::server::Recorded;
use tests::sigv4::Keys;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// Bodies beyond this are counted, but not kept, in bytes.
const KEPT: u64 = 64 * 1024;

pub(crate) fn keys() -> Keys {
    Keys {
        access_key: "AKIDEXAMPLE".to_owned(),
        secret_key: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".to_owned(),
        session_token: None,
    }
}

/// What a client for a service is made from. It sends each request once.
pub(crate) fn builder(url: &str) -> ClientBuilder {
    let keys = keys();
    Client::builder()
        .region("eu-central-1")
        .credentials(Credentials::new(
            keys.access_key,
            keys.secret_key,
            keys.session_token,
            None,
            "test",
        ))
        .endpoint_url(url)
        .no_proxy()
        .retries(Retries::none())
}

pub(crate) fn client(url: &str) -> Client {
    builder(url).build().expect("a client")
}

/// What is sent back, piece by piece.
pub(crate) struct Answer {
    pub(crate) pieces: Vec<Bytes>,
    /// How often the last piece is sent.
    pub(crate) times: u64,
    /// Whether the connection is closed then.
    pub(crate) close: bool,
}

impl Answer {
    /// A whole answer with this payload.
    pub(crate) fn whole(payload: impl AsRef<[u8]>) -> Self {
        Self::repeated(Bytes::copy_from_slice(payload.as_ref()), 1)
    }

    /// An answer whose payload is this piece so many times.
    pub(crate) fn repeated(piece: Bytes, times: u64) -> Self {
        let length = piece.len() as u64 * times;
        Self {
            pieces: vec![
                format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n").into(),
                piece,
            ],
            times,
            close: false,
        }
    }

    /// Bytes that need not be HTTP at all, and the end of the connection.
    pub(crate) fn raw(pieces: Vec<Bytes>) -> Self {
        Self {
            pieces,
            times: 1,
            close: true,
        }
    }
}

/// A service that lives until it is dropped.
pub(crate) struct Peer {
    pub(crate) url: String,
    /// How many connections were made.
    pub(crate) made: Arc<AtomicUsize>,
    /// How many connections are open.
    pub(crate) open: Arc<AtomicUsize>,
    acceptor: JoinHandle<()>,
}

impl Peer {
    /// Listens on a free port, and answers requests. They come with the length of their bodies.
    pub(crate) async fn start<F, R>(answer: F) -> Self
    where
        F: Fn(Recorded, u64) -> R + Send + Sync + 'static,
        R: Future<Output = Answer> + Send,
    {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let (made, open) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
        let answer = Arc::new(answer);
        let (count, is_open) = (made.clone(), open.clone());
        let acceptor = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let number = count.fetch_add(1, Ordering::Relaxed);
                is_open.fetch_add(1, Ordering::Relaxed);
                let (answer, is_open) = (answer.clone(), is_open.clone());
                tokio::spawn(async move {
                    // A client that goes away is no concern of the service.
                    let _ = serve(stream, number, &*answer).await;
                    is_open.fetch_sub(1, Ordering::Relaxed);
                });
            }
        });
        Self {
            url,
            made,
            open,
            acceptor,
        }
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        self.acceptor.abort();
    }
}

async fn serve<F, R>(mut stream: TcpStream, number: usize, answer: &F) -> io::Result<()>
where
    F: Fn(Recorded, u64) -> R,
    R: Future<Output = Answer>,
{
    stream.set_nodelay(true)?;
    let mut buffer = BytesMut::new();
    loop {
        let Some((request, length)) = receive(&mut stream, &mut buffer, number).await? else {
            return Ok(());
        };
        let Answer { pieces, times, close } = answer(request, length).await;
        let last = pieces.len().saturating_sub(1);
        for (at, piece) in pieces.iter().enumerate() {
            for _ in 0..if at == last { times } else { 1 } {
                stream.write_all(piece).await?;
            }
            // Whoever reads has time to take this piece on its own.
            tokio::task::yield_now().await;
        }
        if close {
            return stream.shutdown().await;
        }
    }
}

/// The next request and the length of its body.
async fn receive(stream: &mut TcpStream, buffer: &mut BytesMut, number: usize) -> io::Result<Option<(Recorded, u64)>> {
    let mut request = loop {
        if let Some(request) = head(buffer, number)? {
            break request;
        }
        buffer.reserve(4096);
        if stream.read_buf(buffer).await? == 0 {
            return Ok(None);
        }
    };
    let length = request
        .header("content-length")
        .map_or(Ok(0), str::parse)
        .map_err(io::Error::other)?;
    let mut left: u64 = length;
    let mut body = BytesMut::new();
    while left > 0 {
        if buffer.is_empty() {
            buffer.reserve(64 * 1024);
            if stream.read_buf(buffer).await? == 0 {
                return Ok(None);
            }
        }
        let piece = buffer.split_to(buffer.len().min(usize::try_from(left).unwrap_or(usize::MAX)));
        left -= piece.len() as u64;
        if length <= KEPT {
            body.extend_from_slice(&piece);
        }
    }
    request.body = body.freeze();
    Ok(Some((request, length)))
}

/// Takes the head of a request, if all of it is there.
fn head(buffer: &mut BytesMut, connection: usize) -> io::Result<Option<Recorded>> {
    let mut headers = [httparse::EMPTY_HEADER; 64];
    let mut request = httparse::Request::new(&mut headers);
    let httparse::Status::Complete(length) = request.parse(buffer).map_err(io::Error::other)? else {
        return Ok(None);
    };
    let recorded = Recorded {
        connection,
        method: request.method.unwrap_or_default().to_owned(),
        target: request.path.unwrap_or_default().to_owned(),
        headers: request
            .headers
            .iter()
            .map(|header| (header.name.to_owned(), header.value.to_owned()))
            .collect(),
        body: Bytes::new(),
    };
    buffer.advance(length);
    Ok(Some(recorded))
}
