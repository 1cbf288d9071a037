//! The client's connections: one for each request in flight, kept for the next ones.

use std::collections::VecDeque;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::Duration;

use http::header::{HOST, HeaderValue, PROXY_AUTHORIZATION};
use http::uri::{Authority, Parts};
use http::{Request, Response, Uri};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tokio::runtime::{Handle, Id};
use tokio::task::{AbortHandle, JoinHandle};
use tokio::time::{Instant, sleep_until, timeout};

use super::super::body::Body;
use super::super::byte_stream::ByteStream;
use super::connect::{Connected, Connector, Forwarded, is_https};
use super::io::{Io, Shared};
use super::options::ConnectionSettings;
use super::phase::{Phase, TransportError};
use super::{NotAnswered, Turn};

/// How large the head of a response may be, in bytes. It has at most 100 headers: that is the limit of hyper.
const HEAD_LIMIT: usize = 256 * 1024;

/// How long a connection may take from the end of a response until it is ready for the next request. That is only a
/// matter of time where the service has answered before it had the whole request, and then it is better closed.
const READY_LIMIT: Duration = Duration::from_secs(1);

/// How long after a request a break can mean that the peer had given the connection up before: it says so when the first
/// bytes arrive, a round trip later. After that it may have been at work on the request.
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
        } else if let Some(connection) = self.idle.take(uri) {
            return Ok(connection);
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
pub(super) struct Connection {
    https: bool,
    authority: Authority,
    host: HeaderValue,
    forwarded: Option<Forwarded>,
    sender: SendRequest<Body>,
    shared: Arc<Shared>,
    /// Ends the connection at once.
    driver: AbortHandle,
    /// The runtime that does its work. Another one can go on when this one rests or is gone.
    runtime: Id,
    /// Whether it has served a request.
    used: bool,
    /// Where it rests. Connections must not keep each other alive when the client is gone.
    idle: Weak<Idle>,
}

impl Connection {
    async fn start(connected: Connected, uri: &Uri, idle: Weak<Idle>) -> Result<Box<Self>, TransportError> {
        let shared = Arc::new(Shared::default());
        let io = Io {
            stream: connected.stream,
            shared: Arc::clone(&shared),
        };
        let handshake = http1::Builder::new()
            .max_header_size(HEAD_LIMIT)
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

    fn leads_to(&self, uri: &Uri) -> bool {
        self.https == is_https(uri) && uri.authority() == Some(&self.authority)
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

/// As it is signed: without the port that goes without saying.
fn host_header(https: bool, authority: &Authority) -> Result<HeaderValue, http::header::InvalidHeaderValue> {
    let usual = if https { 443 } else { 80 };
    match authority.port_u16().filter(|port| *port != usual) {
        Some(port) => HeaderValue::try_from(format!("{}:{port}", authority.host())),
        None => HeaderValue::from_str(authority.host()),
    }
}

/// Tells when the last byte of an answer came.
pub(crate) struct Heard(Arc<Shared>);

impl Heard {
    pub(crate) fn last(&self) -> Option<Instant> {
        self.0.heard()
    }
}

/// What a request has until its response has ended: a connection, if it is one of the client's own, and its turn.
///
/// Dropped before that, it closes the connection: the rest of an answer must not meet the next request.
#[derive(Default)]
pub(crate) struct Lease {
    connection: Option<Box<Connection>>,
    turn: Turn,
}

impl Lease {
    pub(super) fn new(connection: Box<Connection>, turn: Turn) -> Self {
        Self {
            connection: Some(connection),
            turn,
        }
    }

    /// For a response of another transport.
    pub(super) fn of_turn(turn: Turn) -> Self {
        Self { connection: None, turn }
    }

    /// What tells when bytes come.
    pub(super) fn heard(&self) -> Option<Heard> {
        let connection = self.connection.as_ref()?;
        Some(Heard(Arc::clone(&connection.shared)))
    }

    /// Sends a request and waits for the head of its response.
    pub(super) async fn send(mut self, mut request: Request<Body>) -> Result<Response<ByteStream>, NotAnswered> {
        let Some(connection) = &mut self.connection else {
            return Err(NotAnswered::GivenBack(Box::new((request, mem::take(&mut self.turn)))));
        };
        connection.address(&mut request);
        connection.shared.ask();
        let asked = Instant::now();
        let sent = connection.sender.try_send_request(request).await;
        let mut error = match sent {
            Ok(response) => {
                connection.used = true;
                return Ok(response.map(|body| ByteStream::from_incoming(body, self)));
            }
            Err(error) => error,
        };
        // The peer closed the connection while it was idle: that has nothing to do with this request.
        if connection.used
            && let Some(request) = error.take_message()
        {
            return Err(NotAnswered::GivenBack(Box::new((request, mem::take(&mut self.turn)))));
        }
        let error = error.into_error();
        let phase = match error.is_user() {
            true => Phase::Payload,
            false if connection.shared.answered() => Phase::Answered,
            false if connection.used && asked.elapsed() < STALE_LIMIT => Phase::Stale,
            false => Phase::Sent,
        };
        Err(NotAnswered::Failed(TransportError {
            phase,
            source: error.into(),
        }))
    }

    /// The response has ended: the connection is free for the next request, and so is the turn.
    ///
    /// Tells whether more has come than was announced, as far as it is already known.
    pub(crate) fn finish(mut self) -> bool {
        let Some(connection) = &self.connection else {
            return false;
        };
        let exceeded = connection.shared.exceeded();
        if connection.sender.is_ready() {
            self.rest();
        } else if !connection.sender.is_closed()
            && let Ok(runtime) = Handle::try_current()
        {
            // The end of a response is known before hyper is done with it.
            runtime.spawn(async move {
                let Some(connection) = &mut self.connection else {
                    return;
                };
                match timeout(READY_LIMIT, connection.sender.ready()).await {
                    Ok(Ok(())) => self.rest(),
                    // By itself it would wait for ever for a peer that does not read the rest of the request.
                    _ => connection.driver.abort(),
                }
            });
        }
        exceeded
    }

    /// Leaves the connection to the next request, and then ends the turn.
    fn rest(mut self) {
        if let Some(connection) = self.connection.take() {
            Idle::put(connection);
        }
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        if let Some(connection) = &self.connection {
            connection.shared.close_with(mem::take(&mut self.turn));
        }
    }
}

/// The connections that no request uses, those used last at the end.
struct Idle {
    max: usize,
    timeout: Duration,
    resting: Mutex<Resting>,
}

#[derive(Default)]
struct Resting {
    connections: VecDeque<(Instant, Box<Connection>)>,
    /// Closes them in time. There is none while there are no connections.
    reaper: Option<JoinHandle<()>>,
}

impl Idle {
    fn new(max: usize, timeout: Duration) -> Self {
        Self {
            max,
            timeout,
            resting: Mutex::default(),
        }
    }

    fn lock(&self) -> MutexGuard<'_, Resting> {
        self.resting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The connection of this runtime to the host of a URL that was used last and still works.
    fn take(&self, uri: &Uri) -> Option<Box<Connection>> {
        let runtime = Handle::try_current().ok()?.id();
        let mut resting = self.lock();
        loop {
            let last = resting
                .connections
                .iter()
                .rposition(|(_, connection)| connection.runtime == runtime && connection.leads_to(uri))?;
            let (since, connection) = resting.connections.remove(last)?;
            if connection.sender.is_ready() && since.elapsed() < self.timeout {
                return Some(connection);
            }
        }
    }

    /// Keeps a connection, if the client is still there and wants it.
    fn put(connection: Box<Connection>) {
        let Some(idle) = connection.idle.upgrade().filter(|idle| idle.max > 0) else {
            return;
        };
        let mut resting = idle.lock();
        if resting.reaper.as_ref().is_none_or(JoinHandle::is_finished) {
            // Without a runtime nothing would close it.
            let Ok(runtime) = Handle::try_current() else { return };
            resting.reaper = Some(runtime.spawn(reap(Arc::downgrade(&idle))));
        }
        // The reaper may be in a runtime that rests.
        resting.close_old(idle.timeout);
        if resting.connections.len() >= idle.max {
            resting.connections.pop_front();
        }
        resting.connections.push_back((Instant::now(), connection));
    }

    fn close_all(&self, uri: &Uri) {
        self.lock()
            .connections
            .retain(|(_, connection)| !connection.leads_to(uri));
    }

    /// The turn of the reaper: tells when the next one is.
    fn close_old(&self) -> Option<Instant> {
        let mut resting = self.lock();
        let next = resting.close_old(self.timeout);
        if next.is_none() {
            resting.reaper = None;
        }
        next
    }
}

impl Resting {
    /// Closes what has been idle for too long, and tells when there will be more of it.
    fn close_old(&mut self, timeout: Duration) -> Option<Instant> {
        while let Some((since, _)) = self.connections.front() {
            let end = *since + timeout;
            if end > Instant::now() {
                return Some(end);
            }
            self.connections.pop_front();
        }
        None
    }
}

impl Drop for Idle {
    fn drop(&mut self) {
        if let Some(reaper) = &self.lock().reaper {
            reaper.abort();
        }
    }
}

/// Closes idle connections in time, also when there are no calls any more that would notice.
async fn reap(idle: Weak<Idle>) {
    while let Some(next) = idle.upgrade().and_then(|idle| idle.close_old()) {
        sleep_until(next).await;
    }
}
