//! A real HTTP server on the loopback interface, for end-to-end tests.
//!
//! It is written by hand over a socket, so that a test sees the very bytes of a request and can answer in ways that no
//! proper server would.

mod reply;
mod request;
#[cfg(test)]
mod tests;

use std::future::pending;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use bytes::{Bytes, BytesMut};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet, yield_now};
use tokio::time::sleep;

pub use self::reply::{Reply, Then};
pub use self::request::Recorded;
use self::request::{invalid, take_chunk_line, take_head, take_trailers};

/// A server that lives until it is dropped.
pub struct Server {
    url: String,
    shared: Arc<Shared>,
    /// Owns the tasks of all connections.
    acceptor: JoinHandle<()>,
}

struct Shared {
    handler: Box<dyn Fn(&Recorded) -> Reply + Send + Sync>,
    log: watch::Sender<Log>,
}

#[derive(Default)]
struct Log {
    connections: usize,
    requests: Vec<Recorded>,
}

impl Server {
    /// Listens on a free port and answers each request with what the handler says.
    ///
    /// # Panics
    ///
    /// If there is no free port.
    pub async fn start(handler: impl Fn(&Recorded) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a free port on 127.0.0.1");
        let url = format!(
            "http://{}",
            listener.local_addr().expect("a bound socket has an address")
        );
        let shared = Arc::new(Shared {
            handler: Box::new(handler),
            log: watch::Sender::default(),
        });
        let acceptor = tokio::spawn(accept(listener, Arc::clone(&shared)));
        Self { url, shared, acceptor }
    }

    /// Answers the n-th request with the n-th reply, and requests beyond them with status 599.
    pub async fn scripted(replies: Vec<Reply>) -> Self {
        let replies = Mutex::new(replies.into_iter());
        Self::start(move |_| {
            let next = replies.lock().unwrap_or_else(PoisonError::into_inner).next();
            next.unwrap_or_else(|| Reply::new(599).body("the script has no reply for this request"))
        })
        .await
    }

    /// The base URL, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> &str {
        &self.url
    }

    /// All requests that arrived in full so far.
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.shared.log.borrow().requests.clone()
    }

    /// How many connections were opened so far.
    #[must_use]
    pub fn connections(&self) -> usize {
        self.shared.log.borrow().connections
    }

    /// Waits until so many requests have arrived, and returns all.
    pub async fn wait_for(&self, requests: usize) -> Vec<Recorded> {
        let mut log = self.shared.log.subscribe();
        let arrived = log.wait_for(|log| log.requests.len() >= requests).await;
        arrived
            .expect("the sender lives as long as the server")
            .requests
            .clone()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.acceptor.abort();
    }
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let mut connections = JoinSet::new();
    for number in 0.. {
        let Ok((stream, _)) = listener.accept().await else {
            return;
        };
        shared.log.send_modify(|log| log.connections += 1);
        let connection = Connection {
            number,
            stream,
            buffer: BytesMut::new(),
        };
        connections.spawn(connection.serve(Arc::clone(&shared)));
    }
}

struct Connection {
    number: usize,
    stream: TcpStream,
    /// What was read and not yet used.
    buffer: BytesMut,
}

impl Connection {
    /// Serves requests until either side has had enough. A peer that goes away is no concern of the server.
    async fn serve(mut self, shared: Arc<Shared>) -> io::Result<()> {
        self.stream.set_nodelay(true)?;
        loop {
            let request = match self.receive().await {
                Ok(Some(request)) => request,
                Ok(None) => break,
                Err(error) => return self.refuse(error).await,
            };
            let reply = (shared.handler)(&request);
            let writes = reply.writes(&request.method);
            let last = request
                .header("connection")
                .is_some_and(|value| value.eq_ignore_ascii_case("close"));
            // Before the reply, so that whoever has the reply finds the request.
            shared.log.send_modify(|log| log.requests.push(request));
            if !reply.delay.is_zero() {
                sleep(reply.delay).await;
            }
            for bytes in writes {
                self.stream.write_all(&bytes).await?;
                // Whoever reads has time to take this piece on its own.
                yield_now().await;
            }
            match reply.then {
                Then::KeepOpen if !last => {}
                Then::KeepOpen | Then::Close => break,
                Then::Reset => return self.stream.set_zero_linger(),
                Then::Hang => pending().await,
            }
        }
        self.stream.shutdown().await
    }

    /// Tells the peer what is wrong with its request, where it is still there to hear it.
    async fn refuse(&mut self, error: io::Error) -> io::Result<()> {
        if error.kind() == io::ErrorKind::InvalidData {
            let reply = Reply::new(400).body(format!("malformed request: {error}"));
            self.stream.write_all(&reply.writes("").concat()).await?;
        }
        self.stream.shutdown().await
    }

    /// The next request, or nothing when the peer has closed the connection between two.
    async fn receive(&mut self) -> io::Result<Option<Recorded>> {
        if self.buffer.is_empty() && self.stream.read_buf(&mut self.buffer).await? == 0 {
            return Ok(None);
        }
        let number = self.number;
        let mut request = self.until(|buffer| take_head(buffer, number)).await?;
        let chunked = request
            .header("transfer-encoding")
            .is_some_and(|value| value.eq_ignore_ascii_case("chunked"));
        request.body = match request.header("content-length") {
            _ if chunked => self.receive_chunks().await?,
            Some(length) => self.receive_bytes(length.parse().map_err(invalid)?).await?,
            None => Bytes::new(),
        };
        Ok(Some(request))
    }

    async fn receive_chunks(&mut self) -> io::Result<Bytes> {
        let mut body = BytesMut::new();
        loop {
            let length = self.until(take_chunk_line).await?;
            if length == 0 {
                self.until(take_trailers).await?;
                return Ok(body.freeze());
            }
            body.extend(self.receive_bytes(length).await?);
            self.receive_bytes(b"\r\n".len()).await?;
        }
    }

    async fn receive_bytes(&mut self, length: usize) -> io::Result<Bytes> {
        self.until(|buffer| Ok((buffer.len() >= length).then(|| buffer.split_to(length).freeze())))
            .await
    }

    /// Reads until the buffer holds what is to be taken out of it.
    async fn until<T>(&mut self, mut take: impl FnMut(&mut BytesMut) -> io::Result<Option<T>>) -> io::Result<T> {
        loop {
            if let Some(taken) = take(&mut self.buffer)? {
                return Ok(taken);
            }
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }
}
