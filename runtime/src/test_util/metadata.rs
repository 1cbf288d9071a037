//! What tests make by hand: errors, metadata, outputs.

use http::{HeaderMap, HeaderValue, StatusCode};

use super::operation::{FakeError, FakeOperation};
use crate::answer::operation;
use crate::error::metadata::{REQUEST_ID, ResponseMetadata};
use crate::error::{Error, Kind, ModeledError as _};

/// The error of a call that the service answered with this error of its description.
///
/// It has the request id `fake` and the status of the description, and says that one attempt was made.
pub fn error<O: FakeOperation>(error: impl Into<O::ServiceError>) -> O::Error {
    let error = error.into();
    let metadata = metadata(FakeError::status(&error), "fake");
    let kind = Kind::Service {
        code: FakeError::code(&error).to_owned(),
        message: error.message().unwrap_or_default().to_owned(),
        modeled: Some(Box::new(error)),
    };
    Error::new(kind)
        .in_operation(operation::info::<O>())
        .with_metadata(metadata)
        .into()
}

/// What a response with this status and request id tells besides its members. A number that is not a status of HTTP counts
/// as 200.
pub fn metadata(status: u16, request_id: &str) -> ResponseMetadata {
    let request_id = HeaderValue::from_str(request_id).ok();
    let headers = HeaderMap::from_iter(request_id.map(|id| (REQUEST_ID, id)));
    ResponseMetadata::new(StatusCode::from_u16(status).unwrap_or_default(), headers, 1)
}

/// Sets fields of a value in one expression: outputs and errors of services have public fields, but no other crate can
/// write them as a literal.
///
/// ```
/// use lean_aws_runtime::test_util::With;
///
/// let numbers = Vec::new().with(|numbers| numbers.push(1));
/// assert_eq!(numbers, [1]);
/// ```
pub trait With: Sized {
    /// The value after `change`.
    fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }
}

impl<T> With for T {}
