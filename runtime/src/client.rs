//! What the client of every service does.

#[cfg(feature = "blocking")]
pub mod blocking;
pub(crate) mod config;
#[cfg(feature = "objects")]
pub(crate) mod objects;
#[cfg(feature = "paginator")]
pub(crate) mod paginator;
mod user_agent;
#[cfg(feature = "waiter")]
pub(crate) mod waiter;

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::answer::operation::{self, Operation};
use crate::answer::service::Service;
#[cfg(feature = "bearer-token")]
use crate::call::bearer_token::{BearerToken, TokenForm, bearer_token};
use crate::call::presign::{PresignedPayload, PresignedRequest, Presigning};
use crate::call::resolved::Resolved;
use crate::call::{Call, CallOptions};
use crate::client::config::Incomplete;
use crate::error::Error;
use crate::wire::endpoint::Endpoint;

/// The client of one service, as its users see it: a [`CoreClient`] with a method for each operation.
pub trait ServiceClient: Sized {
    /// The service.
    const SERVICE: &'static Service;

    /// Why its calls fail.
    type Error: From<Error>;

    /// Wraps what the clients of all services have in common.
    fn from_core(core: CoreClient) -> Self;
}

/// What the clients of all services have in common: what calls need, or why there can be none.
#[derive(Clone)]
pub struct CoreClient {
    config: Result<Arc<Resolved>, Arc<Incomplete>>,
}

impl CoreClient {
    /// A client with this configuration, or one whose calls report what is wrong with it.
    pub(crate) fn new(config: Result<Resolved, Incomplete>) -> Self {
        Self {
            config: config.map(Arc::new).map_err(Arc::new),
        }
    }

    pub(crate) fn config(&self) -> Result<&Arc<Resolved>, Error> {
        self.config.as_ref().map_err(|incomplete| incomplete.to_error())
    }

    /// The same client in another region. `None` if that is where it is, or if it is none.
    #[cfg(feature = "objects")]
    pub(crate) fn in_region(&self, region: &str, service: &Service) -> Option<Self> {
        let config = self.config.as_ref().ok()?.in_region(region, service)?;
        Some(Self {
            config: Ok(Arc::new(config)),
        })
    }

    /// Whether another client than the crate's own sends its requests.
    #[cfg(feature = "blocking")]
    fn has_custom_transport(&self) -> bool {
        self.config.as_ref().is_ok_and(|config| config.transport.is_custom())
    }

    /// Where this client sends its requests.
    ///
    /// # Errors
    ///
    /// When the client's configuration is not complete, or only operations know the endpoint.
    pub fn endpoint(&self) -> Result<&Endpoint, Error> {
        Ok(self.config()?.endpoint()?)
    }

    /// Makes a token that stands for the credentials of this client.
    #[cfg(feature = "bearer-token")]
    pub fn bearer_token<E: From<Error> + 'static>(
        &self,
        service: &'static Service,
        form: &'static TokenForm,
        valid_for: Duration,
    ) -> Sending<BearerToken, E> {
        let token = token(self.clone(), service, form, valid_for);
        Sending::new(async { Ok(token.await?) })
    }

    /// Writes the request of a call.
    fn begin<O: Operation>(&self, input: O, options: Option<Box<CallOptions>>) -> Result<Call, Error> {
        let config = self
            .config()
            .map_err(|error| error.in_operation(operation::info::<O>()))?;
        Call::new(config, input, options)
    }

    /// Makes a call with the client's settings.
    pub fn call<O: Operation + 'static>(&self, input: O) -> Sending<O::Output, O::Error> {
        Caller::new(self).send(input)
    }

    /// Makes a call with settings of its own.
    pub fn call_with<O: Operation + 'static>(&self, input: O, options: CallOptions) -> Sending<O::Output, O::Error> {
        Caller::new(self).with_options(options).send(input)
    }
}

impl fmt::Debug for CoreClient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut client = f.debug_struct("Client");
        if let Ok(config) = &self.config {
            client.field("region", &config.region);
            if let Ok(endpoint) = config.endpoint() {
                client.field("endpoint", &endpoint.to_string());
            }
        }
        client.finish_non_exhaustive()
    }
}

/// A client in the middle of a call: what a builder that can send holds.
#[derive(Clone, Debug)]
pub struct Caller {
    client: CoreClient,
    /// Boxed, because each setter of a builder moves it, and most calls have none.
    options: Option<Box<CallOptions>>,
}

impl Caller {
    /// A call with the client's settings.
    pub fn new(client: &CoreClient) -> Self {
        Self {
            client: client.clone(),
            options: None,
        }
    }

    /// The same call with these settings.
    pub fn with_options(self, options: CallOptions) -> Self {
        let options = Some(Box::new(options));
        Self { options, ..self }
    }

    /// Makes the call, which fails with the error of the client.
    pub fn send<O: Operation + 'static>(self, input: O) -> Sending<O::Output, O::Error> {
        self.call(input)
    }

    /// Signs the request of a call in its URL, for others to send.
    pub fn presign<O: Operation + 'static>(
        self,
        input: O,
        payload: PresignedPayload,
        valid_for: Duration,
    ) -> Sending<PresignedRequest, O::Error> {
        let named = |error: Error| error.in_operation(operation::info::<O>());
        let config = self.client.config().cloned();
        let presigned = config.and_then(|config| {
            let request = Presigning::new(&config, input, self.options, payload)?;
            Ok(presign(config, request, valid_for))
        });
        Sending::new(async move { Ok(presigned.map_err(named)?.await.map_err(named)?) })
    }

    /// Makes the call, which fails with any error that there is a way to.
    pub(crate) fn call<O: Operation + 'static, E: From<Error> + 'static>(self, input: O) -> Sending<O::Output, E> {
        // Allocated first: a future that had to be dropped for want of memory would be copied with all of its room.
        let place = Box::new_uninit();
        let mut call = self.client.begin(input, self.options);
        let sending = Box::write(place, async move {
            let mut output = None;
            match call {
                // Borrowed, not moved: it is large.
                Ok(ref mut call) => call.run::<O>(&mut output).await?,
                Err(error) => return Err(error.into()),
            }
            output.ok_or_else(|| unreachable!("a call that succeeds leaves an output"))
        });
        Sending(Box::into_pin(sending))
    }
}

/// Boxed, so that this crate alone compiles it.
fn presign(config: Arc<Resolved>, request: Presigning, valid_for: Duration) -> Sending<PresignedRequest> {
    Sending::new(async move { request.sign(&config, valid_for).await })
}

/// Boxed, so that this crate alone compiles it.
#[cfg(feature = "bearer-token")]
fn token(
    client: CoreClient,
    service: &'static Service,
    form: &'static TokenForm,
    valid_for: Duration,
) -> Sending<BearerToken> {
    Sending::new(async move { bearer_token(client.config()?, &service.info, form, valid_for).await })
}

/// What a builder that makes calls holds.
pub trait MakesCalls {
    /// The same with these settings for its calls.
    fn with_options(self, options: CallOptions) -> Self;
}

impl MakesCalls for Caller {
    fn with_options(self, options: CallOptions) -> Self {
        self.with_options(options)
    }
}

/// A call on its way: a future of its output.
///
/// The request is written when this is made, and sent when it is polled. Dropping it ends the call and closes its
/// connection; the service may be at work on the request all the same.
#[must_use = "a call is made when its future is awaited"]
pub struct Sending<T, E = Error>(Pin<Box<dyn Future<Output = Result<T, E>> + Send>>);

impl<T, E> Sending<T, E> {
    pub(crate) fn new(call: impl Future<Output = Result<T, E>> + Send + 'static) -> Self {
        Self(Box::pin(call))
    }
}

impl<T, E> Future for Sending<T, E> {
    type Output = Result<T, E>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(context)
    }
}

impl<T, E> fmt::Debug for Sending<T, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sending").finish_non_exhaustive()
    }
}
