//! The client's connections: one for each request in flight, kept for the next ones.

use std::mem;
use std::sync::{Arc, Weak};
use std::time::Duration;

use http::header::{HOST, HeaderValue, PROXY_AUTHORIZATION};
use http::uri::{Authority, Parts};
use http::{Request, Response, Uri};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::runtime::{Handle, Id};
use tokio::task::AbortHandle;
use tokio::time::Instant;

use super::super::body::Body;
use super::super::byte_stream::ByteStream;
use super::connect::{Connected, Connector, Forwarded, is_https};
use super::idle::Idle;
use super::io::{Io, Outgoing, Shared};
use super::options::ConnectionSettings;
use super::phase::{Phase, TransportError};
use super::{NotAnswered, Turn};

/// How large the head of a response may be, in bytes.
const HEAD_LIMIT: usize = 256 * 1024;

/// How many header lines it may have.
const HEADER_LIMIT: usize = 256;

/// How long after a request a break can mean that the peer had given the connection up before: it says so when the first
/// bytes arrive, a round trip later. After that it may have been at work on the request, if it had all of it.
const STALE_LIMIT: Duration = Duration::from_secs(2);

/// All connections of a client.
pub(super) struct Connections {
    connector: Connector,
    idle: Arc<Idle>,
}

impl Connections {
    /// # Errors
    ///
    /// When there are no certificates to trust, and some are needed.
    pub(super) fn new(https: bool, no_proxy: bool, settings: &ConnectionSettings) -> Result<Self, String> {
        let (max_idle, idle_timeout) = settings.pool.idle_limits();
        Ok(Self {
            connector: Connector::new(https, no_proxy, settings)?,
            idle: Arc::new(Idle::new(max_idle, idle_timeout)),
        })
    }

    /// The idle connection to the host of a URL that was used last, or a new one.
    ///
    /// Who wants a fresh one has found that one broken, so those that are idle for longer are given up.
    pub(super) async fn get(
        &self,
        uri: &Uri,
        fresh: bool,
        limit: Option<Duration>,
    ) -> Result<Box<Connection>, TransportError> {
        if fresh {
            self.idle.close_all(uri);
        } else {
            while let Some(mut connection) = self.idle.take(uri) {
                // The end of a response is known a moment before Hyper is done with it, in another thread.
                if connection.sender.ready().await.is_ok() {
                    return Ok(connection);
                }
            }
        }
        // Boxed, so that calls which need no new connection do not have room for one.
        Box::pin(self.open(uri, limit)).await
    }

    async fn open(&self, uri: &Uri, limit: Option<Duration>) -> Result<Box<Connection>, TransportError> {
        let started = Instant::now();
        let connected = self.connector.connect(uri, limit).await?;
        tracing::debug!(
            server.address = uri.host(),
            server.port = uri.port_u16(),
            duration_ms = started.elapsed().as_millis() as u64,
            "connected"
        );
        Connection::start(connected, uri, Arc::downgrade(&self.idle)).await
    }
}

/// An HTTP/1.1 connection, which serves one request at a time. It is closed when it is dropped.
pub(crate) struct Connection {
    https: bool,
    authority: Authority,
    host: HeaderValue,
    forwarded: Option<Forwarded>,
    sender: SendRequest<Outgoing>,
    shared: Arc<Shared>,
    /// Ends the task that does its work.
    driver: AbortHandle,
    /// The runtime that does its work. Another one can go on when this one rests or is gone.
    runtime: Id,
    /// Whether it has been given a request.
    used: bool,
    /// Where it rests. Connections must not keep each other alive when the client is gone.
    idle: Weak<Idle>,
}

impl Connection {
    pub(super) async fn start(connected: Connected, uri: &Uri, idle: Weak<Idle>) -> Result<Box<Self>, TransportError> {
        let shared = Shared::new(connected.stream);
        let io = Io(Arc::clone(&shared));
        let handshake = http1::Builder::new()
            .max_header_size(HEAD_LIMIT)
            .max_headers(HEADER_LIMIT)
            .allow_obsolete_multiline_headers_in_responses(true)
            .handshake(TokioIo::new(io))
            .await;
        let failed = |source| TransportError {
            phase: Phase::Sent,
            source,
        };
        let (sender, driver) = handshake.map_err(|error| failed(error.into()))?;
        let told = Arc::clone(&shared);
        // What goes wrong is told to whoever waits for an answer, too.
        let driver = tokio::spawn(async move { driver.await.unwrap_or_else(|error| told.end(&error)) });
        let https = is_https(uri);
        let authority = uri
            .authority()
            .cloned()
            .ok_or_else(|| failed("the URL has no host".into()))?;
        let host = host_header(https, &authority).map_err(|error| failed(error.into()))?;
        Ok(Box::new(Self {
            https,
            authority,
            host,
            forwarded: connected.forwarded,
            sender,
            shared,
            driver: driver.abort_handle(),
            runtime: Handle::current().id(),
            used: false,
            idle,
        }))
    }

    pub(super) fn is_closed(&self) -> bool {
        self.sender.is_closed()
    }

    /// Whether this runtime does its work.
    pub(super) fn is_of(&self, runtime: Id) -> bool {
        self.runtime == runtime
    }

    pub(super) fn leads_to(&self, uri: &Uri) -> bool {
        self.https == is_https(uri) && uri.authority() == Some(&self.authority)
    }

    /// What tells when bytes leave and come.
    pub(super) fn shared(&self) -> Arc<Shared> {
        Arc::clone(&self.shared)
    }

    /// Sends a request at once, and waits for the head of its response.
    pub(super) fn send(
        mut self: Box<Self>,
        turn: Turn,
        mut request: Request<Body>,
    ) -> impl Future<Output = Result<Response<ByteStream>, NotAnswered>> {
        self.address(&mut request);
        let asked = Instant::now();
        let was_used = mem::replace(&mut self.used, true);
        self.shared.ask(was_used);
        let shared = Arc::clone(&self.shared);
        let request = request.map(|body| Outgoing {
            body,
            shared: Arc::clone(&shared),
        });
        let answer = self.sender.try_send_request(request);
        let mut lease = Lease::new(self, turn);
        async move {
            let mut error = match answer.await {
                Ok(response) => return Ok(response.map(|body| ByteStream::from_incoming(body, lease))),
                Err(error) => error,
            };
            // The peer closed the connection while it was idle: that has nothing to do with this request.
            if was_used && let Some(request) = error.take_message() {
                let request = request.map(|outgoing| outgoing.body);
                return Err(NotAnswered::GivenBack(Box::new((request, mem::take(&mut lease.turn)))));
            }
            let error = error.into_error();
            let broke = shared.closed().unwrap_or_else(Instant::now);
            let lasted_since = |start: Instant| broke.saturating_duration_since(start) >= STALE_LIMIT;
            let phase = match error.is_user() {
                true => Phase::Payload,
                false if shared.answered() => Phase::Answered,
                false if shared.left().is_some_and(lasted_since) => Phase::Late,
                false if was_used && !lasted_since(asked) => Phase::Stale,
                false => Phase::Sent,
            };
            let source = error.into();
            Err(NotAnswered::Failed(TransportError { phase, source }))
        }
    }

    /// Writes the URL as whoever reads it wants it: the service its path, a proxy all of it.
    fn address(&self, request: &mut Request<Body>) {
        request.headers_mut().entry(HOST).or_insert_with(|| self.host.clone());
        match &self.forwarded {
            Some(Forwarded { authorization }) => {
                if let Some(value) = authorization {
                    request.headers_mut().insert(PROXY_AUTHORIZATION, value.clone());
                }
            }
            None => {
                let mut path = Parts::default();
                path.path_and_query = mem::take(request.uri_mut()).into_parts().path_and_query;
                *request.uri_mut() = Uri::from_parts(path).unwrap_or_default();
            }
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        // The task would do so too, but it may be in a runtime that rests.
        self.shared.close();
        self.driver.abort();
    }
}

/// As it is signed: without the port that goes without saying.
fn host_header(https: bool, authority: &Authority) -> Result<HeaderValue, http::header::InvalidHeaderValue> {
    let usual = if https { 443 } else { 80 };
    match authority.port_u16().filter(|port| *port != usual) {
        Some(port) => HeaderValue::try_from(format!("{}:{port}", authority.host())),
        None => HeaderValue::from_str(authority.host()),
    }
}

/// What a request has until its response has ended: a connection, if it is one of the client's own, and its turn.
///
/// Dropped before that, it closes the connection: the rest of an answer must not meet the next request.
#[derive(Default)]
pub(crate) struct Lease {
    // Dropped in this order: the connection is closed before the turn ends.
    connection: Option<Box<Connection>>,
    turn: Turn,
}

impl Lease {
    fn new(connection: Box<Connection>, turn: Turn) -> Self {
        Self {
            connection: Some(connection),
            turn,
        }
    }

    /// For a response of another transport.
    pub(super) fn of_turn(turn: Turn) -> Self {
        Self { connection: None, turn }
    }

    /// What tells when bytes leave and come, if that is known.
    pub(crate) fn connection(&self) -> Option<&Shared> {
        self.connection.as_ref().map(|connection| &*connection.shared)
    }

    /// The response has ended: the connection is left to the next request, and the turn ends.
    ///
    /// Where the service has answered before it had the whole request, the connection is closed instead: to send the rest
    /// would take longer than to make another one, and the service may never read it.
    ///
    /// Tells whether more has come than was announced, as far as it is already known.
    pub(crate) fn finish(mut self) -> bool {
        let Some(connection) = self.connection.take() else {
            return false;
        };
        let exceeded = connection.shared.exceeded();
        if connection.shared.left().is_some()
            && let Some(idle) = connection.idle.upgrade()
        {
            idle.put(connection);
        }
        exceeded
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::pin::pin;
    use std::task::{Context, Waker};

    use tokio::io::{AsyncReadExt, DuplexStream, duplex};

    use super::*;

    pub(in super::super) const URL: &str = "http://weather.example";

    /// A connection in memory, which has room for so many bytes each way.
    pub(in super::super) async fn connect(idle: Weak<Idle>, room: usize) -> (Box<Connection>, DuplexStream) {
        let (near, far) = duplex(room);
        let connected = Connected {
            stream: Box::new(near),
            forwarded: None,
        };
        let connection = Connection::start(connected, &URL.parse().expect("a URL"), idle).await;
        (connection.expect("a connection"), far)
    }

    /// Whether the other side has closed the connection already. Nothing happens in the runtime meanwhile.
    pub(in super::super) fn is_closed(far: &mut DuplexStream) -> bool {
        let read = pin!(far.read_u8()).poll(&mut Context::from_waker(Waker::noop()));
        read.is_ready()
    }

    fn forecast(payload: impl Into<Body>) -> Request<Body> {
        Request::post(URL).body(payload.into()).expect("a request")
    }

    /// Nothing else happens meanwhile: the runtime that made it may rest.
    #[tokio::test]
    async fn a_connection_is_closed_where_it_is_dropped() {
        let (connection, mut far) = connect(Weak::new(), 1024).await;
        assert!(!is_closed(&mut far));
        drop(connection);
        assert!(is_closed(&mut far));
    }

    /// Hyper keeps some 400 KB, which have not left then.
    #[tokio::test(start_paused = true)]
    async fn a_request_has_not_left_while_a_part_of_it_is_here() {
        for (room, expected) in [(8 << 10, Phase::Sent), (128 << 10, Phase::Late)] {
            let (connection, far) = connect(Weak::new(), room).await;
            let sending = tokio::spawn(connection.send(Turn::default(), forecast(vec![0; 64 << 10])));
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
        let (connection, mut far) = connect(Weak::new(), 1024).await;
        let mut sending = pin!(connection.send(Turn::default(), forecast("1,2")));
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
            Err(NotAnswered::Failed(error)) => assert_eq!(error.phase, Phase::Sent),
            _ => panic!("an answer"),
        }
    }

    /// A slow line is not silent while it carries bytes, also those that hyper has had for long.
    #[tokio::test(start_paused = true)]
    async fn bytes_that_leave_are_signs_of_life() {
        let (connection, mut far) = connect(Weak::new(), 8 << 10).await;
        let heard = connection.shared();
        // Hyper takes it at once.
        let sending = tokio::spawn(connection.send(Turn::default(), forecast(vec![0; 64 << 10])));
        for _ in 0..8 {
            let since = Instant::now();
            tokio::time::sleep(Duration::from_secs(60)).await;
            assert!(heard.last() < Some(Instant::now()));
            far.read_exact(&mut [0; 8 << 10]).await.expect("a part of the request");
            // There is room for the next part.
            tokio::time::sleep(Duration::from_secs(1)).await;
            assert!(heard.last() > Some(since));
        }
        sending.abort();
    }
}
