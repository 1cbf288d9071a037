//! The seam between the protocol and the network.

use http::{Request, Response};

use super::body::Body;
use super::byte_stream::ByteStream;
use super::endpoint::Endpoint;
use super::error::Error;

/// An operation of the service: how its input becomes an HTTP request and an HTTP response its output.
///
/// Each input implements it. Nothing here signs, sends or waits for a network: use it to hand requests to another HTTP
/// stack, to a queue or to a test. [`Client::call`](crate::Client::call) composes the rest.
pub trait Operation: Send + Sized {
    /// The operation's name in the description, such as `InvokeEndpoint`.
    const NAME: &'static str;

    /// What a response becomes.
    type Output: Send;

    /// Writes the HTTP request, unsigned and without the headers that belong to an attempt.
    ///
    /// # Errors
    ///
    /// When a member has a value that HTTP cannot carry. The error names the member and never shows the value.
    fn into_request(self, endpoint: &Endpoint) -> Result<Request<Body>, Error>;

    /// Reads an HTTP response.
    ///
    /// # Errors
    ///
    /// The error that the service reports, or what is wrong with the response.
    fn parse_response(response: Response<ByteStream>) -> impl Future<Output = Result<Self::Output, Error>> + Send;
}
