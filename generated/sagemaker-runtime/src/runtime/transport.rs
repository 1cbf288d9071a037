//! What sends a signed request: hyper's pooled client, or any tower service.

use std::error::Error as StdError;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::PROXY_AUTHORIZATION;
use http::{Extensions, Request, Response};
use http_body::Body as HttpBody;
use hyper_util::client::legacy::{Client, Error as HyperError};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use tower_service::Service;

use super::BoxError;
use super::body::Body;
use super::byte_stream::ByteStream;
use super::connect::{Answered, CONNECT_LIMIT, ConnectTimedOut, Connector};

/// Unused connections are closed after this time. Load balancers drop them after 60 s, and a request that meets a
/// connection just being dropped has to be sent again.
const IDLE_TIMEOUT: Duration = Duration::from_secs(50);

/// Sends requests.
#[derive(Clone)]
pub(crate) enum Transport {
    Hyper(Box<Hyper>),
    Custom(Arc<dyn Custom>),
}

/// Hyper's client and what it connects with.
#[derive(Clone)]
pub(crate) struct Hyper {
    client: Client<Connector, Body>,
    connector: Connector,
}

impl Transport {
    /// Hyper's pooled HTTP/1.1 client.
    pub(crate) fn hyper(https: bool, no_proxy: bool) -> Result<Self, String> {
        let connector = Connector::new(https, no_proxy)?;
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_TIMEOUT)
            .build(connector.clone());
        Ok(Self::Hyper(Box::new(Hyper { client, connector })))
    }

    /// Any other client.
    pub(crate) fn custom<S, B>(service: S) -> Self
    where
        S: Service<Request<Body>, Response = Response<B>> + Clone + Send + Sync + 'static,
        S::Future: Send,
        S::Error: Into<BoxError>,
        B: HttpBody + Send + 'static,
        B::Data: Into<Bytes>,
        B::Error: Into<BoxError>,
    {
        Self::Custom(Arc::new(service))
    }

    /// Sends one request and waits for the head of its response.
    pub(crate) async fn send(
        &self,
        mut request: Request<Body>,
        connect_limit: Option<Duration>,
    ) -> Result<Response<ByteStream>, TransportError> {
        match self {
            Self::Hyper(hyper) => {
                // A proxy that forwards plain HTTP wants its password with each request.
                if request.uri().scheme_str() == Some("http")
                    && let Some(proxy) = hyper.connector.proxy(request.uri())
                    && let Some(auth) = proxy.basic_auth()
                {
                    request.headers_mut().insert(PROXY_AUTHORIZATION, auth.clone());
                }
                let response = CONNECT_LIMIT.scope(connect_limit, hyper.client.request(request)).await;
                let response = response.map_err(TransportError::from_hyper)?;
                if let Some(answered) = response.extensions().get::<Answered>() {
                    answered.hand_on();
                }
                Ok(response.map(ByteStream::from_incoming))
            }
            Self::Custom(service) => service.send(request).await.map_err(TransportError::from_any),
        }
    }
}

/// Why there is no response.
#[derive(Debug)]
pub(crate) struct TransportError {
    pub(crate) phase: Phase,
    pub(crate) source: BoxError,
}

/// How far a request came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Phase {
    /// There was no connection.
    Connect,
    /// There was no connection in time.
    ConnectTimeout,
    /// The connection broke before a byte of the answer arrived.
    Sent,
    /// The answer had begun.
    Answered,
    /// That is not known.
    Unknown,
    /// The payload of the request could not be read to its end.
    Payload,
}

impl TransportError {
    fn from_hyper(error: HyperError) -> Self {
        let phase = phase(&error);
        Self {
            phase,
            source: error.into(),
        }
    }

    /// Services around hyper's client are understood as well as the client itself.
    fn from_any(source: BoxError) -> Self {
        let hyper = causes(&*source).find_map(|error| error.downcast_ref::<HyperError>());
        Self {
            phase: hyper.map_or(Phase::Unknown, phase),
            source,
        }
    }
}

fn phase(error: &HyperError) -> Phase {
    if error.is_connect() {
        let timed_out = causes(error).any(|error| error.is::<ConnectTimedOut>());
        return if timed_out {
            Phase::ConnectTimeout
        } else {
            Phase::Connect
        };
    }
    let own_fault = |error: &hyper::Error| error.is_user();
    if causes(error).any(|error| error.downcast_ref().is_some_and(own_fault)) {
        return Phase::Payload;
    }
    let mut extensions = Extensions::new();
    if let Some(connection) = error.connect_info() {
        connection.get_extras(&mut extensions);
    }
    match extensions.get::<Answered>() {
        Some(answered) if !answered.get() => Phase::Sent,
        _ => Phase::Answered,
    }
}

/// An error and the causes behind it.
fn causes<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

type Sending<'a> = Pin<Box<dyn Future<Output = Result<Response<ByteStream>, BoxError>> + Send + 'a>>;

/// A tower service without its type parameters.
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
            Ok(response.map(ByteStream::from_http_body))
        })
    }
}
