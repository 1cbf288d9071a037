//! The seam between the protocol and the network.

use std::future::ready;

use http::{Request, Response};

use super::body::Body;
use super::byte_stream::ByteStream;
use super::endpoint::Endpoint;
use super::error::Error;
use crate::service::OperationParams;

/// An operation of the service: how its input becomes an HTTP request and an HTTP response its output.
///
/// Each input implements it. Nothing here signs, sends or waits for a network: use it to hand requests to another HTTP
/// stack, to a queue or to a test. [`Client::call`](crate::Client::call) composes the rest.
pub trait Operation: Send + Sized {
    /// The operation's name in the description, such as `InvokeEndpoint`.
    const NAME: &'static str;

    /// How the service knows who calls.
    const AUTH: Auth = Auth::SigV4;

    /// What a response becomes.
    type Output: Send;

    /// Sets the members by which the service knows a repeated request, where they are not set, to what `token` gives.
    ///
    /// The client calls it first. [`into_request`](Self::into_request) does the same with random tokens.
    fn fill_idempotency_tokens(&mut self, token: &dyn Fn() -> String) {
        let _ = token;
    }

    /// Whether [`endpoint_params`](Self::endpoint_params) adds anything. Otherwise the client uses one endpoint for all
    /// calls.
    #[doc(hidden)]
    const CHOOSES_ENDPOINT: bool = false;

    /// What the operation adds to the parameters of the endpoint rules.
    #[doc(hidden)]
    fn endpoint_params(&self) -> OperationParams<'_> {
        OperationParams::default()
    }

    /// Writes the HTTP request, unsigned and without the headers that belong to an attempt.
    ///
    /// # Errors
    ///
    /// When a member has a value that HTTP cannot carry. The error names the member and never shows the value.
    fn into_request(self, endpoint: &Endpoint) -> Result<Request<Body>, Error>;

    /// What the operation wants done with the finished request before it is signed: compression, a checksum. Most want
    /// nothing.
    ///
    /// # Errors
    ///
    /// When the payload cannot be read.
    fn prepare(
        request: &mut Request<Body>,
        settings: RequestSettings,
    ) -> impl Future<Output = Result<(), Error>> + Send {
        let _ = (request, settings);
        ready(Ok(()))
    }

    /// Reads an HTTP response.
    ///
    /// # Errors
    ///
    /// The error that the service reports, or what is wrong with the response.
    fn parse_response(response: Response<ByteStream>) -> impl Future<Output = Result<Self::Output, Error>> + Send;
}

/// How the service knows who calls an operation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Auth {
    /// By a signature (AWS Signature Version 4) over the whole request.
    SigV4,
    /// By a signature over all but the payload, which therefore need not be known before it is sent.
    SigV4UnsignedPayload,
    /// Not at all: anyone may call, without credentials.
    None,
}

/// What the settings of a client change about the requests of [`Operation::prepare`].
#[derive(Clone, Copy, Debug)]
pub struct RequestSettings {
    /// From which size on payloads are compressed, in bytes; `None` for never. Default 10240.
    pub compress_from: Option<u64>,
}

impl Default for RequestSettings {
    fn default() -> Self {
        Self {
            compress_from: Some(10_240),
        }
    }
}
