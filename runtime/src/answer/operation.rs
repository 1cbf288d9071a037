//! The seam between the protocol and the network.

use std::future::ready;

use http::{Method, Request, Response};

use super::response_body::ResponseBody;
use super::service::Service;
use crate::error::Error;
use crate::error::metadata::ResponseMetadata;
use crate::wire::body::Body;
use crate::wire::endpoint::{Endpoint, EndpointParams};
use crate::wire::request::{RequestSettings, RequestWriter};
use crate::words::service::OperationInfo;
use crate::words::typestate::Sealed;

/// An operation of a service: how its input becomes an HTTP request, and an HTTP response its output.
///
/// The inputs of generated clients implement it. Each client has an `Operation` trait of its own, for its operations only.
pub trait Operation: Sealed + Send + Sized {
    /// The service that has the operation.
    const SERVICE: &'static Service;

    /// The operation's name in the description, such as `InvokeEndpoint`.
    const NAME: &'static str;

    /// How requests are authenticated.
    const AUTH: Auth = Auth::SigV4;

    /// What a response becomes.
    type Output: OperationOutput + Send;

    /// The error of the client.
    type Error: From<Error> + Send;

    /// Sets the members by which the service recognizes a repeated request, if they are not set, to what `token` returns.
    fn fill_idempotency_tokens(&mut self, token: &dyn Fn() -> String) {
        let _ = token;
    }

    /// Where this request goes, if the rules look at the operation or its input. Otherwise all calls of a client share one
    /// endpoint.
    fn endpoint(&self, params: &EndpointParams<'_>) -> Option<Result<Endpoint, String>> {
        let _ = params;
        None
    }

    /// Writes the HTTP request, unsigned and without the headers that belong to an attempt.
    ///
    /// # Errors
    ///
    /// When a member has a value that HTTP cannot carry. The error names the member and never shows the value.
    fn into_request(self, endpoint: &Endpoint) -> Result<Request<Body>, Error>;

    /// Compresses the finished request or adds a checksum, as the operation wants it before the request is signed.
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
    fn parse_response(response: Response<ResponseBody>) -> impl Future<Output = Result<Self::Output, Error>> + Send;
}

/// The output of any operation.
///
/// It is for code that handles the outputs of several operations, for example to log request ids.
pub trait OperationOutput {
    /// What the response says besides its members: status, headers, request id, attempts.
    fn response_metadata(&self) -> &ResponseMetadata;
}

/// An output without members.
impl OperationOutput for ResponseMetadata {
    fn response_metadata(&self) -> &ResponseMetadata {
        self
    }
}

/// The operation, as errors and logs name it.
pub(crate) fn info<O: Operation>() -> OperationInfo {
    O::SERVICE.info.operation(O::NAME)
}

impl<'a> RequestWriter<'a> {
    /// Begins the request of an operation to an endpoint.
    pub fn new<O: Operation>(method: Method, endpoint: &'a Endpoint) -> Self {
        Self::of(info::<O>(), method, endpoint)
    }
}

/// How requests of an operation are authenticated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Auth {
    /// By a signature (AWS Signature Version 4) over the whole request.
    SigV4,
    /// By a signature over all but the payload, which therefore need not be known before it is sent.
    SigV4UnsignedPayload,
    /// By a signature over all but the payload where TLS protects that, else over the whole request.
    SigV4UnsignedOverTls,
    /// By a token in the header `Authorization`.
    #[cfg(feature = "bearer-auth")]
    Bearer,
    /// Not at all: anyone may call, without credentials.
    None,
}

impl Auth {
    /// Whether calls need credentials.
    pub(crate) fn needs_credentials(self) -> bool {
        self != Self::None
    }

    /// Whether the signature of a request covers its payload.
    pub(crate) fn covers_payload(self, is_https: bool) -> bool {
        match self {
            Self::SigV4 => true,
            Self::SigV4UnsignedOverTls => !is_https,
            #[cfg(feature = "bearer-auth")]
            Self::Bearer => false,
            Self::SigV4UnsignedPayload | Self::None => false,
        }
    }
}
