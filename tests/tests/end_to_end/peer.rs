//! Servers in a thread and a runtime of their own: they go on while the client's runtime is idle or its thread is busy.

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::thread;

use sagemaker_runtime::ClientBuilder;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{Notify, oneshot};
use tokio::task::{JoinSet, LocalSet};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::tls::{Authority, Valid};

/// How a client talks to a peer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    Http,
    Https,
}

impl Scheme {
    pub(crate) const ALL: [Self; 2] = [Self::Http, Self::Https];
}

/// One side of a connection.
pub(crate) trait Stream: AsyncRead + AsyncWrite + Unpin {
    /// Sends bytes that are no part of any answer, where the protocol has such.
    fn send_key_update(&mut self);
}

impl Stream for TcpStream {
    fn send_key_update(&mut self) {}
}

impl Stream for TlsStream<TcpStream> {
    fn send_key_update(&mut self) {
        self.get_mut().1.refresh_traffic_keys().unwrap();
    }
}

/// A connection that a peer has accepted.
pub(crate) struct Accepted {
    /// Counted from 0.
    pub(crate) number: usize,
    pub(crate) stream: Box<dyn Stream>,
    signal: mpsc::Sender<usize>,
    permission: Arc<Notify>,
    requests: Arc<AtomicUsize>,
}

impl Accepted {
    /// Reads the head of a request, and returns the length of its body. `None` at the end of the connection.
    pub(crate) async fn read_head(&mut self) -> Option<usize> {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(self.stream.read_u8().await.ok()?);
        }
        self.requests.fetch_add(1, Ordering::SeqCst);
        let head = String::from_utf8(head).unwrap();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        Some(length.map_or(0, |length| length.parse().unwrap()))
    }

    /// Reads a whole request. `None` at the end of the connection.
    pub(crate) async fn read_request(&mut self) -> Option<()> {
        let mut body = vec![0; self.read_head().await?];
        self.stream.read_exact(&mut body).await.ok().map(drop)
    }

    pub(crate) async fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.stream.write_all(bytes.as_ref()).await.unwrap();
        self.stream.flush().await.unwrap();
    }

    /// Answers with a text.
    pub(crate) async fn answer(&mut self, text: &str) {
        let length = text.len();
        self.send(format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\n\r\n{text}"))
            .await;
    }

    /// Waits for [`Peer::go_on`].
    pub(crate) async fn permission(&self) {
        self.permission.notified().await;
    }

    /// Lets [`Peer::wait`] go on.
    pub(crate) fn signal(&self) {
        // The test may have ended.
        let _ = self.signal.send(self.number);
    }
}

/// A server, until it is dropped.
pub(crate) struct Peer {
    url: String,
    ca_bundle: Option<String>,
    signals: mpsc::Receiver<usize>,
    permission: Arc<Notify>,
    requests: Arc<AtomicUsize>,
    _end: oneshot::Sender<()>,
}

impl Peer {
    /// Starts a server that does this with each connection.
    pub(crate) fn start<F>(scheme: Scheme, serve: impl Fn(Accepted) -> F + Send + 'static) -> Self
    where
        F: Future<Output = ()> + 'static,
    {
        let (bound, address) = mpsc::channel();
        let (signal, signals) = mpsc::channel();
        let (end, ended) = oneshot::channel();
        let permission = Arc::new(Notify::new());
        let permitted = Arc::clone(&permission);
        let requests = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&requests);
        let authority = (scheme == Scheme::Https).then(|| Authority::new("an authority"));
        let acceptor = authority
            .as_ref()
            .map(|authority| authority.issue("localhost", Valid::Now).acceptor());
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(async {
                let listener = listen(&bound);
                let accepted = |number, stream| {
                    serve(Accepted {
                        number,
                        stream,
                        signal: signal.clone(),
                        permission: Arc::clone(&permitted),
                        requests: Arc::clone(&counted),
                    })
                };
                let connections = LocalSet::new();
                tokio::select! {
                    () = connections.run_until(accept(listener, acceptor, accepted)) => {}
                    _ = ended => {}
                }
            });
        });
        let port = address.recv().unwrap().port();
        Self {
            url: match scheme {
                Scheme::Http => format!("http://localhost:{port}"),
                Scheme::Https => format!("https://localhost:{port}"),
            },
            ca_bundle: authority.map(|authority| authority.pem()),
            signals,
            permission,
            requests,
            _end: end,
        }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// How many requests have arrived, in part at least.
    pub(crate) fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    /// A client that trusts it.
    pub(crate) fn trusted_by(&self, builder: ClientBuilder) -> ClientBuilder {
        match &self.ca_bundle {
            Some(pem) => builder.ca_bundle(pem.as_str()),
            None => builder,
        }
    }

    /// Lets one [`Accepted::permission`] go on.
    pub(crate) fn go_on(&self) {
        self.permission.notify_one();
    }

    /// Whether the server has given a sign since.
    pub(crate) fn has_signaled(&self) -> bool {
        self.signals.try_recv().is_ok()
    }

    /// Blocks the thread until the server gives a sign, and returns the number of its connection.
    pub(crate) fn wait(&self) -> usize {
        self.signals.recv().expect("the server goes on")
    }
}

/// What is not read soon fills the buffers.
fn listen(bound: &mpsc::Sender<SocketAddr>) -> TcpListener {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(64 * 1024).unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let listener = socket.listen(16).unwrap();
    bound.send(listener.local_addr().unwrap()).unwrap();
    listener
}

async fn accept<F>(listener: TcpListener, acceptor: Option<TlsAcceptor>, serve: impl Fn(usize, Box<dyn Stream>) -> F)
where
    F: Future<Output = ()> + 'static,
{
    let mut connections = JoinSet::new();
    for number in 0.. {
        let (tcp, _) = listener.accept().await.unwrap();
        tcp.set_nodelay(true).unwrap();
        let stream: Box<dyn Stream> = match &acceptor {
            None => Box::new(tcp),
            Some(acceptor) => match acceptor.accept(tcp).await {
                Ok(tls) => Box::new(tls),
                Err(_) => continue,
            },
        };
        connections.spawn_local(serve(number, stream));
    }
}
