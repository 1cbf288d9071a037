//! What the tests share: a service that verifies signatures, and a client for it.

use std::io::Read;
use std::ops::Deref;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use http::{Request, Response};
use sagemaker_runtime::operation::invoke_endpoint::InvokeEndpointOutput;
use sagemaker_runtime::{Body, Client, ClientBuilder, Credentials, Error, Retries};
use tests::server::{Recorded, Reply, Server};
use tests::sigv4::{self, Keys};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tower_service::Service;

pub(crate) type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// The region that all requests are signed for.
pub(crate) const REGION: &str = "eu-central-1";

/// Temporary credentials: a session token is a part of them.
pub(crate) fn keys() -> Keys {
    Keys {
        access_key: "AKIDEXAMPLE".to_owned(),
        secret_key: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".to_owned(),
        session_token: Some("TOKEN+/=".to_owned()),
    }
}

/// The same credentials as the client takes them.
pub(crate) fn credentials(keys: Keys) -> Credentials {
    Credentials::new(keys.access_key, keys.secret_key, keys.session_token, None, "test")
}

/// A service that answers with what the handler says, once the signature is found to be right.
pub(crate) async fn service(handler: impl Fn(&Recorded) -> Reply + Send + Sync + 'static) -> Server {
    service_for(keys(), handler).await
}

/// The same for requests that are signed with these keys.
pub(crate) async fn service_for(keys: Keys, handler: impl Fn(&Recorded) -> Reply + Send + Sync + 'static) -> Server {
    Server::start(move |request| match sigv4::verify(request, &keys, "sagemaker") {
        Ok(scope) if scope.region == REGION => handler(request),
        Ok(scope) => Reply::new(403).body(format!("signed for {}, not {REGION}", scope.region)),
        Err(problem) => Reply::new(403).body(problem),
    })
    .await
}

/// A service that answers each request alike.
pub(crate) async fn always(reply: Reply) -> Server {
    service(move |_| reply.clone()).await
}

/// A service that answers the n-th request with the n-th reply, and the last one from then on.
pub(crate) async fn scripted(replies: Vec<Reply>) -> Server {
    let next = AtomicUsize::new(0);
    service(move |_| {
        let next = next.fetch_add(1, Ordering::Relaxed);
        replies[next.min(replies.len() - 1)].clone()
    })
    .await
}

/// A client for a server that never pauses between attempts.
pub(crate) fn client(server: &Server) -> Client {
    builder(server.url()).build().unwrap()
}

/// What such a client is made from.
pub(crate) fn builder(url: &str) -> ClientBuilder {
    proxied(url).no_proxy()
}

/// The same where the environment may name a proxy.
pub(crate) fn proxied(url: &str) -> ClientBuilder {
    crate::logs::install();
    Client::builder()
        .region(REGION)
        .credentials(credentials(keys()))
        .endpoint_url(url)
        .retries(Retries::new().max_backoff(Duration::ZERO))
}

/// A transport that is a function: no network at all.
#[derive(Clone)]
pub(crate) struct ServiceFn<F>(pub(crate) F);

impl<F, S, B, E> Service<Request<Body>> for ServiceFn<F>
where
    F: FnMut(Request<Body>) -> S,
    S: Future<Output = Result<Response<B>, E>>,
{
    type Response = Response<B>;
    type Error = E;
    type Future = S;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), E>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> S {
        self.0(request)
    }
}

/// A call that does not matter in detail.
pub(crate) async fn invoke(client: &Client) -> Result<InvokeEndpointOutput, Error> {
    client.invoke_endpoint().endpoint_name("model").body("1,2").send().await
}

/// The error of a service in its usual form.
pub(crate) fn failure(status: u16, code: &str) -> Reply {
    Reply::new(status)
        .header("x-amzn-RequestId", "req-1")
        .header("x-amzn-ErrorType", code)
        .body(format!(r#"{{"Message":"about {code}"}}"#))
}

/// An error and all its causes, one a line, in `Display` and `Debug`.
pub(crate) fn chain(error: &Error) -> String {
    let first: Option<&dyn std::error::Error> = Some(error);
    std::iter::successors(first, |error| error.source())
        .map(|error| format!("{error}\n{error:?}\n{error:#?}\n"))
        .collect()
}

/// What listens in a test that plays the server by itself.
pub(crate) struct Listener {
    tcp: TcpListener,
    /// How many requests the test has accepted.
    accepted: AtomicUsize,
}

impl Listener {
    /// How many requests have arrived, one a connection. Those count, too, that the test has not accepted.
    pub(crate) fn requests(self) -> usize {
        let listener = self.tcp.into_std().unwrap();
        let mut requests = self.accepted.into_inner();
        // Neither waits: what has been sent is there.
        while let Ok((mut stream, _)) = listener.accept() {
            stream.set_nonblocking(true).unwrap();
            let mut head = vec![0; 4096];
            let read = stream.read(&mut head).unwrap_or(0);
            requests += usize::from(head[..read].windows(4).any(|end| end == b"\r\n\r\n"));
        }
        requests
    }
}

impl Deref for Listener {
    type Target = TcpListener;

    fn deref(&self) -> &TcpListener {
        &self.tcp
    }
}

/// Listens, and tells the URL. What the test does not read soon fills the buffers.
pub(crate) async fn listen() -> (Listener, String) {
    let socket = TcpSocket::new_v4().unwrap();
    socket.set_recv_buffer_size(64 * 1024).unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let tcp = socket.listen(16).unwrap();
    let url = format!("http://{}", tcp.local_addr().unwrap());
    let accepted = AtomicUsize::new(0);
    (Listener { tcp, accepted }, url)
}

/// Accepts a connection and reads the head of a request, and nothing of its body.
pub(crate) async fn accept_head(listener: &Listener) -> TcpStream {
    let mut stream = listener.accept().await.unwrap().0;
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.expect("a request"));
    }
    listener.accepted.fetch_add(1, Ordering::Relaxed);
    stream
}

/// Accepts a connection and reads the request of [`invoke`].
pub(crate) async fn accept(listener: &Listener) -> TcpStream {
    let mut stream = accept_head(listener).await;
    let mut body = [0; 3];
    stream.read_exact(&mut body).await.unwrap();
    assert_eq!(&body, b"1,2");
    stream
}

/// Sends bytes that need not be all of a response.
pub(crate) async fn answer(stream: &mut TcpStream, bytes: impl AsRef<[u8]>) {
    stream.write_all(bytes.as_ref()).await.unwrap();
}

/// Waits until the peer has gone, in whatever manner.
pub(crate) async fn gone(mut stream: TcpStream) {
    let mut rest = Vec::new();
    while stream.read_buf(&mut rest).await.is_ok_and(|read| read > 0) {}
}

/// Lets the clock jump. Whoever waits for less than this has waited enough.
pub(crate) async fn skip(time: Duration) {
    tokio::time::pause();
    tokio::time::advance(time).await;
    tokio::time::resume();
    // Every task gets its turn.
    for _ in 0..10 {
        tokio::task::yield_now().await;
    }
}
