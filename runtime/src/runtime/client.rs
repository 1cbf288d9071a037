//! The client and its calls.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use super::call::{Call, CallOptions};
use super::config::{ClientBuilder, Config};
use super::endpoint::Endpoint;
use super::error::{Error, Kind};
use super::operation::Operation;

/// Sends requests to the service.
///
/// There is one method for each operation. Clones share connections, credentials and the retry quota, and cost next to
/// nothing: make one client and clone it wherever it is needed.
///
/// A client works in a tokio runtime with I/O and time enabled. Several runtimes may share one: each has connections of
/// its own, and a streamed payload needs the runtime of its call until it has been read.
#[derive(Clone)]
pub struct Client {
    /// What calls need, or why they cannot be made.
    config: Result<Arc<Config>, Arc<Kind>>,
}

impl Client {
    /// A client with what the environment variables say; [`ClientBuilder::from_env`] lists them.
    ///
    /// # Errors
    ///
    /// Names everything that is missing or wrong, with the way to supply it.
    pub fn from_env() -> Result<Self, Error> {
        ClientBuilder::from_env().build()
    }

    /// Configures a client.
    pub fn builder() -> ClientBuilder {
        ClientBuilder::new()
    }

    /// A client with this configuration, or one whose calls tell what is wrong with it.
    pub(crate) fn from_config(config: Result<Config, Kind>) -> Self {
        Self {
            config: config.map(Arc::new).map_err(Arc::new),
        }
    }

    pub(crate) fn config(&self) -> Result<&Arc<Config>, Error> {
        self.config.as_ref().map_err(|problem| Error::new(Kind::clone(problem)))
    }

    /// Where this client sends its requests. Operations may have another endpoint if the service's rules ask for what they
    /// do or for their input.
    ///
    /// # Errors
    ///
    /// When the client's configuration is not complete, or only operations know the endpoint.
    pub fn endpoint(&self) -> Result<&Endpoint, Error> {
        Ok(self.config()?.endpoint()?)
    }

    /// Makes a call with a finished input.
    ///
    /// # Errors
    ///
    /// See [`Error`].
    pub async fn call<O: Operation>(&self, input: O) -> Result<O::Output, Error> {
        self.call_with(input, CallOptions::new()).await
    }

    /// Makes a call with a finished input and options for this call alone.
    ///
    /// # Errors
    ///
    /// See [`Error`].
    pub async fn call_with<O: Operation>(&self, input: O, options: CallOptions) -> Result<O::Output, Error> {
        Call::new(self, input, options)?.run::<O>().await
    }
}

/// A client in the middle of a call: what a builder that can send holds.
#[derive(Clone, Debug)]
pub struct Caller {
    client: Client,
    options: CallOptions,
}

impl Caller {
    /// A call with the client's settings.
    pub(crate) fn new(client: &Client) -> Self {
        Self {
            client: client.clone(),
            options: CallOptions::new(),
        }
    }

    /// The same call with these settings.
    pub(crate) fn with_options(self, options: CallOptions) -> Self {
        Self { options, ..self }
    }

    /// Makes the call.
    pub(crate) fn send<O: Operation + 'static>(self, input: O) -> Sending<O::Output> {
        let mut call = Call::new(&self.client, input, self.options);
        Sending::new(async move {
            match call {
                // Borrowed, not moved: it is large.
                Ok(ref mut call) => call.run::<O>().await,
                Err(error) => Err(error),
            }
        })
    }
}

/// A call on its way: a future of its output.
///
/// The request is written when this is made, and sent when it is polled. Dropping it ends the call and closes its
/// connection; the service may be at work on the request all the same.
#[must_use = "a call is made when its future is awaited"]
pub struct Sending<T>(Pin<Box<dyn Future<Output = Result<T, Error>> + Send>>);

impl<T> Sending<T> {
    pub(crate) fn new(call: impl Future<Output = Result<T, Error>> + Send + 'static) -> Self {
        Self(Box::pin(call))
    }
}

impl<T> Future for Sending<T> {
    type Output = Result<T, Error>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        self.0.as_mut().poll(context)
    }
}

impl<T> fmt::Debug for Sending<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sending").finish_non_exhaustive()
    }
}

impl fmt::Debug for Client {
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
