//! What sends a signed request: the client's own connections, or any tower service.

pub(crate) mod connect;
pub(crate) mod connection;
mod exchange;
#[cfg_attr(not(feature = "blocking"), path = "transport/without_blocking.rs")]
mod home;
mod idle;
mod incoming;
mod io;
mod lease;
mod limit;
mod options;
mod phase;
mod pool;
mod proxy;
mod read_timeout;
pub(crate) mod stream;
mod tcp;
mod timer;
#[cfg_attr(not(feature = "tls"), path = "transport/without_tls.rs")]
mod tls;

use std::error::Error as StdError;
use std::future::poll_fn;
use std::io::ErrorKind;
use std::mem;
use std::pin::{Pin, pin};
use std::sync::{Arc, Weak};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response, Uri};
use http_body::Body as HttpBody;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::task::JoinHandle;
use tower_service::Service;

use self::connection::Connection;
use self::idle::Idle;
use self::io::Shared;
use self::pool::Connections;
use crate::error::BoxError;
use crate::error::Connecting;
use crate::wire::body::{Body, Progress};
use crate::words::metrics::{InFlight, Peer, Waiting};

pub(crate) use self::home::Home;
#[cfg(feature = "blocking")]
pub(crate) use self::home::Seat;
pub(crate) use self::incoming::{Frames, Incoming};
pub(crate) use self::lease::Lease;
#[cfg(any(feature = "credential-chain", feature = "tls"))]
pub(crate) use self::options::CaBundle;
pub(crate) use self::options::ConnectionSettings;
pub use self::options::Pool;
#[cfg(feature = "test-util")]
pub(crate) use self::phase::FakeFailure;
pub(crate) use self::phase::{Phase, TransportError};
pub(crate) use self::read_timeout::Signs;
pub(crate) use self::timer::{Deadline, unless};

/// Sends requests.
pub(crate) struct Transport {
    route: Route,
    /// How many requests may still be sent at once, where that is limited.
    permits: Option<Arc<Semaphore>>,
}

enum Route {
    Own(Box<Connections>),
    Custom(Arc<dyn Custom>),
}

impl Transport {
    /// Connections of the client's own.
    ///
    /// # Errors
    ///
    /// When a variable names no proxy.
    pub(crate) fn own(no_proxy: bool, settings: &ConnectionSettings) -> Result<Self, String> {
        let connections = Connections::new(no_proxy, settings)?;
        Ok(Self {
            route: Route::Own(Box::new(connections)),
            permits: None,
        })
    }

    /// Any other client.
    pub(crate) fn custom(custom: Arc<dyn Custom>) -> Self {
        Self {
            route: Route::Custom(custom),
            permits: None,
        }
    }

    /// Whether the connections are those of any other client.
    #[cfg(feature = "blocking")]
    pub(crate) fn is_custom(&self) -> bool {
        matches!(self.route, Route::Custom(_))
    }

    /// Gets ready for endpoints with `https`.
    ///
    /// # Errors
    ///
    /// When there are no certificates to trust.
    pub(crate) fn prepare_tls(&self) -> Result<(), String> {
        match &self.route {
            Route::Own(connections) => connections.prepare_tls(),
            Route::Custom(_) => Ok(()),
        }
    }

    /// Lets only so many requests be in flight at once.
    pub(crate) fn limited(self, max_in_flight: Option<usize>) -> Self {
        let permits = max_in_flight.map(|most| Arc::new(Semaphore::new(most.clamp(1, Semaphore::MAX_PERMITS))));
        Self { permits, ..self }
    }

    /// Waits until another request may be sent.
    pub(crate) async fn acquire(&self, peer: &Peer) -> Permit {
        let permit = match &self.permits {
            Some(permits) => {
                let _waiting = Waiting::for_permit(peer);
                // Nobody closes the semaphore.
                Arc::clone(permits).acquire_owned().await.ok()
            }
            None => None,
        };
        Permit {
            _slot: permit,
            _in_flight: InFlight::to(peer),
        }
    }

    /// Finds or makes a connection to the host of a URL; a fresh one, if the caller has found that one broken.
    pub(crate) async fn connect(
        &self,
        permit: Permit,
        uri: &Uri,
        fresh: bool,
        limit: Option<Duration>,
    ) -> Result<Ready<'_>, TransportError> {
        match &self.route {
            Route::Own(connections) => {
                let connection = connections.get(uri, fresh, limit).await?;
                Ok(Ready::Own(connection, connections.idle(), permit))
            }
            Route::Custom(service) => Ok(Ready::Custom(service, permit)),
        }
    }
}

/// The right to have a request in flight, until it is dropped.
#[derive(Debug, Default)]
pub(crate) struct Permit {
    _slot: Option<OwnedSemaphorePermit>,
    _in_flight: InFlight,
}

/// What a request can be sent with.
pub(crate) enum Ready<'a> {
    Own(Box<Connection>, Weak<Idle>, Permit),
    Custom(&'a Arc<dyn Custom>, Permit),
}

impl Ready<'_> {
    /// What tells when bytes leave and come, if that is known.
    pub(crate) fn shared(&self) -> Option<Arc<Shared>> {
        match self {
            Self::Own(connection, ..) => Some(Arc::clone(connection.shared())),
            Self::Custom(..) => None,
        }
    }

    /// Sends a request and waits for the head of its response, as long as the connection is not silent for longer than the
    /// read timeout. That holds for the body, too.
    pub(crate) async fn send(
        self,
        request: &mut Request<Body>,
        progress: Option<&Progress>,
        read_limit: Option<Duration>,
    ) -> Result<Response<Incoming>, NotAnswered> {
        match self {
            Self::Own(connection, idle, permit) => {
                let sending = pin!(exchange::send(connection, idle, permit, request, progress, read_limit));
                sending.await
            }
            Self::Custom(service, permit) => {
                let mut lease = Lease::without_connection(permit, read_limit);
                let sending = pin!(send_custom(service, mem::take(request)));
                match unless(sending, |context| lease.poll_silence(context, progress)).await {
                    Ok(Ok(response)) => {
                        lease.heard();
                        Ok(response.map(|frames| Incoming { frames, lease }))
                    }
                    Ok(Err(source)) => Err(NotAnswered::Failed(TransportError::from_any(source))),
                    Err(limit) => Err(NotAnswered::Silent(limit)),
                }
            }
        }
    }
}

/// Why a request has no response.
pub(crate) enum NotAnswered {
    /// Nothing of it was sent, because its idle connection turned out to be of no use. It needs another one.
    GivenBack(Box<(Request<Body>, Permit)>),
    Failed(TransportError),
    /// The read timeout has passed.
    Silent(Duration),
}

impl TransportError {
    /// What is known without knowing the transport.
    fn from_any(source: BoxError) -> Self {
        #[cfg(feature = "test-util")]
        let source = match source.downcast::<FakeFailure>() {
            Ok(failure) => return (*failure).into(),
            Err(source) => source,
        };
        let is_refusal = |error: &std::io::Error| error.kind() == ErrorKind::ConnectionRefused;
        let is_payload = |error: &hyper::Error| error.is_user();
        let phase = if causes(&*source).any(|error| error.downcast_ref().is_some_and(is_refusal)) {
            Phase::Connect(Connecting::Tcp)
        } else if causes(&*source).any(|error| error.downcast_ref().is_some_and(is_payload)) {
            Phase::Payload
        } else {
            Phase::Unknown
        };
        Self { phase, source }
    }
}

/// An error and the causes behind it.
fn causes<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

/// A tower service without its type parameters.
pub(crate) fn custom<S, B>(service: S) -> Arc<dyn Custom>
where
    S: Service<Request<Body>, Response = Response<B>> + Clone + Send + Sync + 'static,
    S::Future: Send,
    S::Error: Into<BoxError>,
    B: HttpBody + Send + 'static,
    B::Data: Into<Bytes>,
    B::Error: Into<BoxError>,
{
    Arc::new(service)
}

/// Sends a request where the connections of earlier ones are: the transport may take any of them. Boxed, so that calls over
/// the client's own connections do not have room for it.
fn send_custom(service: &Arc<dyn Custom>, request: Request<Body>) -> Sending<'_> {
    let home = Home::common();
    if !home.is_elsewhere() {
        return service.send(request);
    }
    let service = Arc::clone(service);
    Box::pin(async move {
        let (tell, told) = oneshot::channel();
        let _sending = AbortOnDrop(home.spawn(async move { _ = tell.send(service.send(request).await) }));
        told.await.unwrap_or_else(|_| Err("the transport has panicked".into()))
    })
}

/// A task of a call ends with it.
struct AbortOnDrop(JoinHandle<()>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

type Sending<'a> = Pin<Box<dyn Future<Output = Result<Response<Frames>, BoxError>> + Send + 'a>>;

/// What sends requests in place of our own connections.
pub(crate) trait Custom: Send + Sync {
    fn send(&self, request: Request<Body>) -> Sending<'_>;
}

impl<S, B> Custom for S
where
    S: Service<Request<Body>, Response = Response<B>> + Clone + Send + Sync + 'static,
    S::Future: Send,
    S::Error: Into<BoxError>,
    B: HttpBody + Send + 'static,
    B::Data: Into<Bytes>,
    B::Error: Into<BoxError>,
{
    fn send(&self, request: Request<Body>) -> Sending<'_> {
        let mut service = self.clone();
        Box::pin(async move {
            poll_fn(|context| service.poll_ready(context))
                .await
                .map_err(Into::into)?;
            let response = service.call(request).await.map_err(Into::into)?;
            Ok(response.map(Frames::of))
        })
    }
}
