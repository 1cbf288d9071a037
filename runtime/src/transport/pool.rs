//! The client's connections: one for each request in flight, kept for the next ones.

use std::mem;
use std::pin::{Pin, pin};
use std::sync::{Arc, Weak};
use std::task::{Context, Poll};
use std::time::Duration;

use http::header::{HOST, HeaderValue, PROXY_AUTHORIZATION};
use http::uri::{Authority, Parts};
use http::{Request, Response, Uri};
use hyper::client::conn::http1::SendRequest;
use tokio::runtime::{Handle, Id};
use tokio::task::AbortHandle;
use tokio::time::Instant;

use super::connect::{Connected, Connector, Forwarded, is_https};
use super::idle::Idle;
use super::incoming::{Frames, Incoming};
use super::io::{Outgoing, Shared, handshake};
use super::options::ConnectionSettings;
use super::phase::{Phase, TransportError};
use super::read_timeout::{ReadTimeout, Signs};
use super::timer::{Timer, unless};
use super::{NotAnswered, Permit};
use crate::error::Broke;
use crate::wire::body::{Body, Progress};
use crate::words::host;

/// How long after a request a break can mean that the peer had given the connection up before: it says so when the first
/// bytes arrive, a round trip later. After that it may have been at work on the request, if it had all of it.
const STALE_LIMIT: Duration = Duration::from_secs(2);

type Opening<'a> = Pin<Box<dyn Future<Output = Result<Box<Connection>, TransportError>> + Send + 'a>>;

/// All connections of a client.
pub(super) struct Connections {
    connector: Connector,
    idle: Arc<Idle>,
}

impl Connections {
    /// # Errors
    ///
    /// When a variable names no proxy.
    pub(super) fn new(no_proxy: bool, settings: &ConnectionSettings) -> Result<Self, String> {
        let (max_idle, idle_timeout) = settings.pool.idle_limits();
        Ok(Self {
            connector: Connector::new(no_proxy, settings)?,
            idle: Arc::new(Idle::new(max_idle, idle_timeout)),
        })
    }

    /// # Errors
    ///
    /// When there are no certificates to trust.
    pub(super) fn prepare_tls(&self) -> Result<(), String> {
        self.connector.prepare_tls()
    }

    /// The idle connection to the host of a URL that was used last, or a new one.
    ///
    /// A caller that wants a fresh one has found that one broken, so those of its runtime that are idle for longer are
    /// closed.
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
        self.open(uri, limit).await
    }

    /// Boxed, so that calls which need no new connection do not have room for one; and without its type, or the crates of
    /// clients would compile connecting, TLS and HTTP once more.
    fn open<'a>(&'a self, uri: &'a Uri, limit: Option<Duration>) -> Opening<'a> {
        Box::pin(self.open_unboxed(uri, limit))
    }

    async fn open_unboxed(&self, uri: &Uri, limit: Option<Duration>) -> Result<Box<Connection>, TransportError> {
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
    /// For the read timeouts of its calls, one after the other.
    timer: Timer,
    /// Where it rests. Connections must not keep each other alive when the client is gone.
    idle: Weak<Idle>,
}

impl Connection {
    pub(super) async fn start(connected: Connected, uri: &Uri, idle: Weak<Idle>) -> Result<Box<Self>, TransportError> {
        let shared = Shared::new(connected.stream);
        let failed = |source| TransportError {
            phase: Phase::Broke(Broke::Silent),
            source,
        };
        let handshaken = handshake(&shared).await;
        let (sender, driver) = handshaken.map_err(|error| failed(error.into()))?;
        let told = Arc::clone(&shared);
        // What goes wrong is told to whoever waits for an answer, too.
        let driver = tokio::spawn(async move { driver.await.unwrap_or_else(|error| told.end(&error)) });
        let https = is_https(uri);
        let authority = uri
            .authority()
            .cloned()
            .ok_or_else(|| failed("the URL has no host".into()))?;
        let host =
            HeaderValue::from_str(host::header(uri).unwrap_or_default()).map_err(|error| failed(error.into()))?;
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
            timer: Timer::default(),
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

    /// Sends a request at once, and waits for the head of its response until the read timeout.
    pub(super) fn send(
        mut self: Box<Self>,
        permit: Permit,
        mut request: Request<Body>,
        progress: Option<&Progress>,
        read_limit: Option<Duration>,
    ) -> impl Future<Output = Result<Response<Incoming>, NotAnswered>> {
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
        let mut lease = Lease::new(self, permit, read_limit);
        async move {
            let mut error = match unless(pin!(answer), |context| lease.poll_silence(context, progress)).await {
                Ok(Ok(response)) => {
                    lease.heard();
                    return Ok(response.map(|body| Incoming {
                        frames: Frames::Hyper(body),
                        lease,
                    }));
                }
                Ok(Err(error)) => error,
                Err(limit) => return Err(NotAnswered::Silent(limit)),
            };
            // The peer has done with the connection before this request: that has nothing to do with it.
            if was_used && let Some(request) = error.take_message() {
                let request = request.map(|outgoing| outgoing.body);
                return Err(NotAnswered::GivenBack(Box::new((
                    request,
                    mem::take(&mut lease.permit),
                ))));
            }
            let error = error.into_error();
            let broke = shared.closed().unwrap_or_else(Instant::now);
            let lasted_since = |start: Instant| broke.saturating_duration_since(start) >= STALE_LIMIT;
            let phase = match error.is_user() {
                true => Phase::Payload,
                false if is_too_large(&error) => Phase::TooLarge,
                false if shared.answered() => Phase::Broke(Broke::Answering),
                false if shared.left().is_some_and(lasted_since) => Phase::Broke(Broke::Late),
                false if was_used && shared.sent() == 0 => Phase::Broke(Broke::Unsent),
                false if was_used && !lasted_since(asked) => Phase::Broke(Broke::Stale),
                false => Phase::Broke(Broke::Silent),
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

/// Whether Hyper read no more of a head because it is too large. It has a method for that only with its server.
fn is_too_large(error: &hyper::Error) -> bool {
    error.is_parse() && error.to_string() == "message head is too large"
}

impl Drop for Connection {
    fn drop(&mut self) {
        // The task would do so too, but it may be in a runtime that rests.
        self.shared.close();
        self.driver.abort();
    }
}

/// What a request has until its response has ended: a connection, if it is one of the client's own, its permit, and its
/// read timeout.
///
/// Dropped before that, it closes the connection: the rest of an answer must not meet the next request.
#[derive(Default)]
pub(crate) struct Lease {
    // Dropped in this order: the connection is closed before the permit is given back.
    connection: Option<Box<Connection>>,
    permit: Permit,
    read_timeout: ReadTimeout,
}

impl Lease {
    fn new(mut connection: Box<Connection>, permit: Permit, read_limit: Option<Duration>) -> Self {
        let timer = mem::take(&mut connection.timer);
        Self {
            connection: Some(connection),
            permit,
            read_timeout: ReadTimeout::new(read_limit, timer),
        }
    }

    /// For a request by another transport.
    pub(crate) fn without_connection(permit: Permit, read_limit: Option<Duration>) -> Self {
        Self {
            connection: None,
            permit,
            read_timeout: ReadTimeout::new(read_limit, Timer::default()),
        }
    }

    /// Whether the peer has been silent for longer than the read timeout, which is returned then. Wakes the task when it
    /// has.
    pub(crate) fn poll_silence(&mut self, context: &mut Context<'_>, progress: Option<&Progress>) -> Poll<Duration> {
        let connection = self.connection.as_ref().map(|connection| &*connection.shared);
        self.read_timeout.poll(context, Signs { progress, connection })
    }

    /// Something has arrived: a silence begins with the next wait.
    pub(crate) fn heard(&mut self) {
        self.read_timeout.heard();
    }

    /// The response has ended: the connection is left to the next request, and the permit is given back.
    ///
    /// Where the service has answered before it had the whole request, the connection is closed instead: to send the rest
    /// would take longer than to make another one, and the service may never read it.
    ///
    /// Tells whether more has come than was announced, as far as it is already known.
    pub(crate) fn finish(&mut self) -> bool {
        let permit = mem::take(&mut self.permit);
        let Some(mut connection) = self.connection.take() else {
            return false;
        };
        connection.timer = self.read_timeout.take_timer();
        let exceeded = connection.shared.exceeded();
        if connection.shared.left().is_some()
            && let Some(idle) = connection.idle.upgrade()
        {
            idle.put(connection);
        }
        drop(permit);
        exceeded
    }
}

#[cfg(test)]
pub(super) mod tests;
