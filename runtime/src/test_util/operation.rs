//! What generated code does for fakes.

use std::fmt;

use bytes::Bytes;
use http::{Request, Response};

use super::document::Document;
use super::protocol::Protocol;
use super::request::ReceivedRequest;
use super::response::ResponseWriter;
use super::route::Route;
use crate::answer::byte_stream::ByteStream;
use crate::answer::operation::{Auth, Operation};
use crate::answer::response_body::ResponseBody;
use crate::client::ServiceClient;
use crate::error::ModeledError;
use crate::error::metadata::ResponseMetadata;

/// A service that can be faked.
pub trait FakeService: ServiceClient<Error: fmt::Display> {
    /// The errors of the service.
    type ServiceError: FakeError;

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
    /// How requests are authenticated.
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

/// The protocol of an operation's service.
pub type ProtocolOf<O> = <<O as FakeOperation>::ServiceError as FakeError>::Protocol;

/// The other direction of an operation: a request becomes the input, and the output a response.
pub trait FakeOperation: Operation + fmt::Debug + 'static {
    /// The errors of the service.
    type ServiceError: FakeError;

    /// Its requests.
    const ROUTE: Route;

    /// The HTTP status of success.
    const STATUS: u16 = 200;

    /// Reads the input back from a request.
    ///
    /// # Errors
    ///
    /// What is wrong with the request.
    fn read(request: &ReceivedRequest) -> Result<Self, String>;

    /// Writes the members of the output, and returns the rest of it.
    ///
    /// # Errors
    ///
    /// What HTTP or the format of the body cannot carry.
    fn write(output: Self::Output, response: &mut ResponseWriter<ProtocolOf<Self>>)
    -> Result<ResponseMetadata, String>;
}

/// The errors of a service, which become responses.
pub trait FakeError: ModeledError + Clone {
    /// The protocol of the service.
    type Protocol: Protocol;

    /// The protocol of the service.
    const PROTOCOL: Self::Protocol;

    /// The code that users see.
    fn code(&self) -> &'static str;

    /// The name on the wire, where it is not the code.
    fn name(&self) -> &'static str {
        FakeError::code(self)
    }

    /// The HTTP status that comes with it.
    fn status(&self) -> u16;

    /// Writes the members: to the head of the response, and to its body.
    ///
    /// # Errors
    ///
    /// What HTTP cannot carry.
    fn write(
        self,
        response: &mut ResponseWriter<Self::Protocol>,
        document: &mut <Self::Protocol as Protocol>::Document,
    ) -> Result<(), String>;
}

/// The response of an output.
pub(super) fn output_response<O: FakeOperation>(
    output: O::Output,
    request_id: &str,
) -> Result<Response<ResponseBody>, String> {
    let mut response = ResponseWriter::new(O::ServiceError::PROTOCOL, O::STATUS, request_id);
    let metadata = O::write(output, &mut response)?;
    response.finish(&metadata)
}

/// The response of an error of the description.
pub(super) fn error_response<E: FakeError>(error: E, request_id: &str) -> Result<Response<ResponseBody>, String> {
    let mut response = ResponseWriter::new(E::PROTOCOL, FakeError::status(&error), request_id);
    let (code, name) = (FakeError::code(&error), error.name());
    response.error(code, name, |response, document| error.write(response, document))?;
    response.finish(&ResponseMetadata::default())
}

/// The response of any error of a service with such errors.
pub(super) fn other_error_response<E: FakeError>(
    status: u16,
    code: &str,
    message: &str,
    request_id: &str,
) -> Result<Response<ResponseBody>, String> {
    let mut response = ResponseWriter::new(E::PROTOCOL, status, request_id);
    response.error(code, code, |_, document| {
        document.text_member(<E::Protocol as Protocol>::Document::MESSAGE, message);
        Ok(())
    })?;
    response.finish(&ResponseMetadata::default())
}

/// Reads the input of an operation back from a request, as fakes do.
///
/// # Errors
///
/// When the request is for another operation, or has a member that is not of its type.
pub fn read_input<O: FakeOperation>(request: Request<Bytes>) -> Result<O, String> {
    let (parts, body) = request.into_parts();
    let mut request = ReceivedRequest::new(parts, body);
    let labels = O::ROUTE.labels(&request);
    request.labels = labels.ok_or_else(|| format!("the request is not one for {}", O::NAME))?;
    O::read(&request)
}

/// Writes the response that an output comes from, as fakes do.
///
/// # Errors
///
/// When a member has what HTTP or the format of the body cannot carry.
pub fn write_output<O: FakeOperation>(output: O::Output) -> Result<Response<ByteStream<O::Error>>, String> {
    Ok(output_response::<O>(output, "fake")?.map(ByteStream::from))
}
