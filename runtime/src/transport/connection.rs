//! An HTTP/1.1 connection.

use std::future::poll_fn;
use std::mem;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use http::header::{HOST, HeaderValue, PROXY_AUTHORIZATION};
use http::uri::Authority;
use http::{Request, Response, Uri};
use hyper::body::Incoming;
use hyper::client::conn::TrySendError;
use hyper::client::conn::http1::SendRequest;
use tokio::runtime::{Handle, Id};
use tokio::task::AbortHandle;
use tokio::time::Instant;

use super::connect::{Connected, Forwarded, is_https};
use super::home::Home;
use super::io::{Driver, Outgoing, Shared, handshake};
use super::phase::{Phase, TransportError};
use super::read_timeout::{ReadTimeout, Signs};
use crate::error::Broke;
use crate::wire::body::{Body, Progress};
use crate::words::host;
use crate::words::metrics::{OpenConnection, Peer};
use crate::words::task::spawn;

/// An HTTP/1.1 connection, which serves one request at a time. It is closed when it is dropped.
pub(crate) struct Connection {
    https: bool,
    authority: Authority,
    host: HeaderValue,
    forwarded: Option<Forwarded>,
    sender: SendRequest<Outgoing>,
    shared: Arc<Shared>,
    work: Work,
    /// The runtime that its stream belongs to. Another one can take over when this one is idle or gone.
    runtime: Id,
    /// The same, if it is one of blocking clients.
    pub(super) home: Home,
    used: bool,
    /// Since when it is there for its next request.
    pub(super) taken: Instant,
    /// Of its calls, one after the other.
    pub(super) read_timeout: ReadTimeout,
    pub(super) measured: OpenConnection,
}

/// What drives the connection.
enum Work {
    /// A task of its own.
    Task(AbortHandle),
    /// The calls that wait for it, until it ends. The mutex is never locked: it makes the driver `Sync`.
    Inline(Mutex<Option<Working>>),
}

/// A driver without its type: else each crate with a call, and each of its units, would compile how all of Hyper is dropped.
type Working = Pin<Box<dyn Future<Output = hyper::Result<()>> + Send>>;

impl Work {
    fn of(driver: Driver, home: Home, shared: &Arc<Shared>) -> Self {
        // A runtime of blocking clients stands still between calls, and a task would cost each call a turn of it.
        if home.is_blocking() {
            return Self::Inline(Mutex::new(Some(Box::pin(driver))));
        }
        let told = Arc::clone(shared);
        // What goes wrong is told to whoever waits for an answer, too.
        let task = spawn(async move { driver.await.unwrap_or_else(|error| told.end(&error)) });
        Self::Task(task.abort_handle())
    }
}

/// What becomes a connection.
type Starting<'a> = Pin<Box<dyn Future<Output = Result<Box<Connection>, TransportError>> + Send + 'a>>;

impl Connection {
    /// Begins HTTP on a connection just made. Boxed, so that calls and requests for credentials share its code.
    ///
    /// If its home is a runtime of blocking clients, the calls on it drive it: they poll [`work`](Self::work).
    pub(crate) fn start(connected: Connected, uri: &Uri, home: Home) -> Starting<'_> {
        Box::pin(Self::start_unboxed(connected, uri, home))
    }

    async fn start_unboxed(connected: Connected, uri: &Uri, home: Home) -> Result<Box<Self>, TransportError> {
        let shared = Shared::new(connected.stream);
        let failed = |source| TransportError {
            phase: Phase::Broke(Broke::Silent),
            source,
        };
        let handshaken = handshake(&shared).await;
        let (sender, driver) = handshaken.map_err(|error| failed(error.into()))?;
        let work = Work::of(driver, home, &shared);
        let https = is_https(uri);
        let authority = uri
            .authority()
            .cloned()
            .ok_or_else(|| failed("the URL has no host".into()))?;
        let host =
            HeaderValue::from_str(host::header(uri).unwrap_or_default()).map_err(|error| failed(error.into()))?;
        let peer = Peer::new(authority.host(), authority.port_u16(), https);
        Ok(Box::new(Self {
            https,
            authority,
            host,
            forwarded: connected.forwarded,
            sender,
            shared,
            work,
            runtime: Handle::current().id(),
            home,
            used: false,
            taken: Instant::now(),
            read_timeout: ReadTimeout::default(),
            measured: OpenConnection::to(peer),
        }))
    }

    /// Waits until it can take a request. The end of a response is known a moment before Hyper is done with it, in another
    /// thread.
    pub(super) async fn is_ready(&mut self) -> bool {
        let ready = poll_fn(|context| match self.sender.poll_ready(context) {
            Poll::Pending if self.work(context) => self.sender.poll_ready(context),
            ready => ready,
        });
        ready.await.is_ok()
    }

    /// Drives the connection, unless a task does. Tells whether it was polled.
    pub(super) fn work(&mut self, context: &mut Context<'_>) -> bool {
        let Work::Inline(driver) = &mut self.work else {
            return false;
        };
        let driver = driver.get_mut().unwrap_or_else(PoisonError::into_inner);
        let Some(working) = driver else { return false };
        if let Poll::Ready(ended) = working.as_mut().poll(context) {
            ended.unwrap_or_else(|error| self.shared.end(&error));
            *driver = None;
        }
        true
    }

    /// Lets Hyper finish with a response, and forgets the task that waited for it.
    pub(super) fn rest(&mut self) {
        self.work(&mut Context::from_waker(Waker::noop()));
    }

    pub(super) fn is_closed(&self) -> bool {
        self.sender.is_closed()
    }

    /// Whether this runtime does its work.
    pub(super) fn is_of(&self, runtime: Id) -> bool {
        self.runtime == runtime
    }

    pub(super) fn leads_to(&self, uri: &Uri) -> bool {
        // Most are the same letter by letter. Comparing without their case takes longer.
        let is_same =
            |authority: &Authority| authority.as_str() == self.authority.as_str() || *authority == self.authority;
        self.https == is_https(uri) && uri.authority().is_some_and(is_same)
    }

    /// What tells when bytes leave and come.
    pub(super) fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    /// Whether its peer has been silent for longer than the read timeout, which is returned then. Wakes the task when it has.
    pub(super) fn poll_silence(&mut self, context: &mut Context<'_>, progress: Option<&Progress>) -> Poll<Duration> {
        let connection = Some(&*self.shared);
        self.read_timeout.poll(context, Signs { progress, connection })
    }

    /// Whether it has been given a request.
    pub(super) fn is_used(&self) -> bool {
        self.used
    }

    /// Gives a request to Hyper at once, and returns what becomes the response.
    pub(crate) fn request(
        &mut self,
        mut request: Request<Body>,
    ) -> impl Future<Output = Result<Response<Incoming>, TrySendError<Request<Outgoing>>>> + use<> {
        self.address(&mut request);
        self.shared.ask(mem::replace(&mut self.used, true));
        let shared = Arc::clone(&self.shared);
        let request = request.map(|body| Outgoing { body, shared });
        self.sender.try_send_request(request)
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
                let path = mem::take(request.uri_mut()).into_parts().path_and_query;
                *request.uri_mut() = path.map_or_else(Uri::default, Uri::from);
            }
        }
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        // The task would do so too, but it may be in a runtime that rests.
        self.shared.close();
        if let Work::Task(task) = &self.work {
            task.abort();
        }
    }
}
