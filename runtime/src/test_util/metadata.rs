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

/// Sets fields of a value in one expression.
///
/// The inputs, outputs, structures and errors of services have it: their fields are public, but no other crate can write them as
/// a literal.
///
/// ```
/// # use lean_aws_runtime::test_util::With;
/// # #[derive(Default)]
/// # struct ModelError { message: Option<String> }
/// # impl With for ModelError {}
/// let error = ModelError::default().with(|error| error.message = Some("out of memory".to_owned()));
/// assert_eq!(error.message.as_deref(), Some("out of memory"));
/// ```
pub trait With: Sized {
    /// The value after `change`.
    fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }
}
