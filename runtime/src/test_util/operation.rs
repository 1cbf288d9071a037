//! What generated code does for fakes.

use std::fmt;

use bytes::Bytes;
use http::{Request, Response};

use super::request::ReceivedRequest;
use super::response::ResponseWriter;
use super::route::Route;
use crate::answer::byte_stream::ByteStream;
use crate::answer::operation::{Auth, Operation};
use crate::answer::response_body::ResponseBody;
use crate::client::ServiceClient;
use crate::error::ModeledError;

/// A service that can be faked.
pub trait FakeService: ServiceClient<Error: fmt::Display> {
    /// All operations of the service.
    const OPERATIONS: &'static [FakeOperationInfo];
}

/// An operation of a service, without its type.
#[derive(Clone, Copy, Debug)]
pub struct FakeOperationInfo {
    /// The name in the description.
    pub name: &'static str,
    /// Its requests.
    pub route: Route,
    /// How the service knows who calls.
    pub auth: Auth,
    /// The input that a request has, as `Debug` shows it, or why it cannot be read.
    pub describe: fn(&ReceivedRequest) -> String,
}

impl FakeOperationInfo {
    /// What is to be known of an operation.
    pub const fn of<O: FakeOperation>() -> Self {
        Self {
            name: O::NAME,
            route: O::ROUTE,
            auth: O::AUTH,
            describe: |request| match O::read(request) {
                Ok(input) => format!("{input:?}"),
                Err(problem) => problem,
            },
        }
    }
}

/// The other direction of an operation: a request becomes the input, and the output a response.
pub trait FakeOperation: Operation<Output: FakeOutput> + fmt::Debug + 'static {
    /// The errors of the service.
    type ServiceError: FakeError;

    /// Its requests.
    const ROUTE: Route;

    /// Reads the input back from a request.
    ///
    /// # Errors
    ///
    /// What is wrong with the request.
    fn read(request: &ReceivedRequest) -> Result<Self, String>;
}

/// An output that becomes a response.
pub trait FakeOutput {
    /// Writes the response.
    ///
    /// # Errors
    ///
    /// What HTTP cannot carry.
    fn write(self) -> Result<Response<ResponseBody>, String>;
}

/// The errors of a service, which become responses.
pub trait FakeError: ModeledError + Clone {
    /// The code on the wire.
    fn code(&self) -> &'static str;

    /// The HTTP status that comes with it.
    fn status(&self) -> u16;

    /// Writes the members.
    ///
    /// # Errors
    ///
    /// What HTTP cannot carry.
    fn write(self, response: &mut ResponseWriter) -> Result<(), String>;
}

/// Reads the input of an operation back from a request, as fakes do.
///
/// # Errors
///
/// When the request is for another operation, or has a member that is not of its type.
pub fn read_input<O: FakeOperation>(request: Request<Bytes>) -> Result<O, String> {
    let (parts, body) = request.into_parts();
    let mut request = ReceivedRequest::new(parts, body);
    let labels = O::ROUTE.labels(request.parts.method.as_str(), request.path(), request.query_text());
    request.labels = labels.ok_or_else(|| format!("the request is not one for {}", O::NAME))?;
    O::read(&request)
}

/// Writes the response that an output comes from, as fakes do.
///
/// # Errors
///
/// When a member has what HTTP cannot carry.
pub fn write_output<O: FakeOperation>(output: O::Output) -> Result<Response<ByteStream<O::Error>>, String> {
    Ok(output.write()?.map(ByteStream::from))
}
