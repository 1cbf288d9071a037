//! The error of one service's calls, as its users see it.

use std::any::Any;
use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;

use super::{Error, ErrorKind, ModeledError};
use crate::error::metadata::ResponseMetadata;

/// Why a call failed.
///
/// `Display` shows one line: the operation, what went wrong, the service's message, the request id, the number of attempts,
/// and a hint on what to do, if one is known. It never shows a credential, a sensitive member or a payload, except for the
/// message of the service itself. The cause is in [`source`](std::error::Error::source); the line names only its root, such
/// as `connection refused`.
///
/// ```text
/// InvokeEndpoint failed: ModelError (424): the container answered with an error [original status 500, request id 1f2e, 1 attempt]
/// ```
///
/// `S` holds the errors of the service's description. If the service answered with one of these,
/// [`service_error`](Self::service_error) returns it with all its fields.
pub struct CallError<S> {
    error: Error,
    service: PhantomData<fn() -> S>,
}

impl<S: ModeledError> CallError<S> {
    /// The error of the service with all its fields, if the service answered with one of its description.
    pub fn service_error(&self) -> Option<&S> {
        let error: &dyn Any = self.error.modeled()?;
        error.downcast_ref()
    }
}

impl<S> CallError<S> {
    /// What kind of failure this is: one value to match on, where the predicates overlap. See [`ErrorKind`].
    pub fn kind(&self) -> ErrorKind {
        self.error.kind()
    }

    /// The code of the service's error, such as `ValidationError`, even if it is not in the description.
    ///
    /// Without a code in the response it is the HTTP status as text. `None` if the service did not answer with an error.
    pub fn code(&self) -> Option<&str> {
        self.error.code()
    }

    /// The service's message. Empty if the response has none, or none that is text: see [`raw_body`](Self::raw_body). `None`
    /// if the service did not answer with an error.
    pub fn message(&self) -> Option<&str> {
        self.error.message()
    }

    /// What to do about the error, if that is known: one short clause. The text of the error ends with it.
    pub fn hint(&self) -> Option<&str> {
        self.error.hint()
    }

    /// The region that the request should have gone to, such as `eu-west-1`, if the service names another than that of the
    /// client. S3 does so for buckets.
    pub fn right_region(&self) -> Option<&str> {
        self.error.right_region()
    }

    /// The operation that failed, such as `InvokeEndpoint`. `None` if the client could not be built.
    pub fn operation(&self) -> Option<&'static str> {
        self.error.operation()
    }

    /// The HTTP status, if there was a response.
    ///
    /// A success status if the error arrived in an event stream.
    pub fn status(&self) -> Option<StatusCode> {
        self.error.status()
    }

    /// The service's identifier of the request, to give to its support, if there was a response.
    pub fn request_id(&self) -> Option<&str> {
        self.error.request_id()
    }

    /// The head of the response, if there was one.
    pub fn response_metadata(&self) -> Option<&ResponseMetadata> {
        self.error.response_metadata()
    }

    /// The body of the response that the error is about, byte for byte, or the payload of the event. It may contain output of
    /// a model. Empty if the error is not about a body with an error, such as that of a payload that is cut off.
    ///
    /// It is at most 1 MiB. If the body is longer, is cut off, or takes longer than the timeouts allow, this is its beginning,
    /// and its members are not read. If the body should be an event stream and is not, this is what arrives within a second.
    pub fn raw_body(&self) -> Option<&Bytes> {
        self.error.raw_body()
    }

    /// How many attempts were made to send the request. Zero if the call failed before the first.
    pub fn attempts(&self) -> u32 {
        self.error.attempts()
    }

    /// Whether the error is transient, so that another call may succeed.
    ///
    /// Before the response begins, these are the errors that the client itself retries, unless its settings say otherwise
    /// ([`Retries`](crate::Retries) lists them): by then, the attempts are used up.
    ///
    /// Once the response has begun, the client never retries: the service has done its work, and would do it twice. It is true
    /// if another call may help:
    ///
    /// - the response or its payload is cut off;
    /// - an error in an event stream says that the service throttles or has failed.
    ///
    /// It is false for timeouts other than those while connecting: the service may still be at work on the request.
    pub fn is_retryable(&self) -> bool {
        self.error.is_retryable()
    }

    /// How long the response asks to wait before another call: what its header `Retry-After` (in seconds, or until a date)
    /// or `x-amz-retry-after` (in milliseconds) says. `None` if there is no response or no such header.
    ///
    /// The client honors it: if it retries the call itself, it waits that long, but no longer than
    /// [`Retries::max_backoff`](crate::Retries::max_backoff). A date is compared with the `Date` of the response, or else with
    /// the clock of this machine.
    pub fn retry_after(&self) -> Option<Duration> {
        self.error.retry_after()
    }

    /// Whether the service may have done its work, such as running a model, in any attempt of the call. If not, another call
    /// is safe even if the work must not be done twice.
    ///
    /// False if no request was sent, or if the service refused each request: by throttling, or with a status of 400 to 499
    /// other than 408, 424 and 499. True for anything else, such as a connection lost without a response.
    pub fn may_have_executed(&self) -> bool {
        self.error.may_have_executed()
    }

    /// The HTTP status for a program that makes the call for callers of its own, such as a gateway.
    ///
    /// | [`kind`](Self::kind) | status |
    /// |---|---|
    /// | `Input` | 400 |
    /// | `Throttling` | 429; pass [`retry_after`](Self::retry_after) on |
    /// | `NotReady` | 503 |
    /// | `Timeout` | 504 |
    /// | `Service` | 400 or 413 if that is the status of the service, otherwise 502 |
    /// | `Configuration`, `Credentials` | 500: the caller cannot help it |
    /// | any other | 502 |
    pub fn http_status_hint(&self) -> StatusCode {
        self.error.http_status_hint()
    }

    /// Whether a timeout passed: connect, read, attempt or operation, or the deadline of a waiter.
    ///
    /// The text says what the client was waiting for: a permit, credentials, a connection, the response. Once the request is
    /// being sent, the service may still do its work.
    pub fn is_timeout(&self) -> bool {
        self.error.is_timeout()
    }

    /// Whether a waiter failed: the state that it waits for can no longer be reached.
    pub fn is_waiter_failure(&self) -> bool {
        self.error.is_waiter_failure()
    }

    /// Whether no connection to the service could be made, or not in time. The last attempt sent no request.
    pub fn is_connect(&self) -> bool {
        self.error.is_connect()
    }

    /// Whether the connection failed after it was made: it broke, or the peer does not speak HTTP. A failure of a transport of
    /// your own counts as well, because it is not known how far the request came.
    ///
    /// The service may have done its work.
    pub fn is_connection(&self) -> bool {
        self.error.is_connection()
    }

    /// Whether the service throttles the caller, or is not ready yet. A status of 429 without a code of the description counts
    /// as well: gateways and proxies throttle too.
    pub fn is_throttling(&self) -> bool {
        self.error.is_throttling()
    }

    /// Whether the service answered with an error.
    pub fn is_service(&self) -> bool {
        self.error.is_service()
    }

    /// Whether the response could not be read: its head is too large, or its payload is cut off or malformed. Pages that would
    /// never end count as well.
    ///
    /// The service has done its work. [`response_metadata`](Self::response_metadata) has the head of the response, which may say
    /// where a result will be.
    pub fn is_response(&self) -> bool {
        self.error.is_response()
    }

    /// Whether the input cannot be sent: a member, the payload, or something that a signature would cover. No whole request
    /// was sent.
    pub fn is_input(&self) -> bool {
        self.error.is_input()
    }

    /// Whether there were no credentials to sign with: none are set, they have expired, their provider failed or timed out, or
    /// they contain invalid characters. The last attempt sent no request.
    pub fn is_credentials(&self) -> bool {
        self.error.is_credentials()
    }

    /// Whether the client's configuration is at fault. No request was sent.
    pub fn is_configuration(&self) -> bool {
        self.error.is_configuration()
    }
}

impl<S> Deref for CallError<S> {
    type Target = Error;

    fn deref(&self) -> &Error {
        &self.error
    }
}

impl<S: 'static> From<Error> for CallError<S> {
    fn from(mut error: Error) -> Self {
        // The error of the attempt before is one of the same service.
        error.map_source(|source| match source.downcast::<Error>() {
            Ok(before) => Box::new(Self::from(*before)),
            Err(other) => other,
        });
        Self {
            error,
            service: PhantomData,
        }
    }
}

impl<S> From<CallError<S>> for Error {
    fn from(error: CallError<S>) -> Self {
        error.error
    }
}

impl<S> std::error::Error for CallError<S> {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.error.source()
    }
}

impl<S> fmt::Display for CallError<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

/// The line of `Display`, and the causes behind it; `{:#?}` adds the fields.
impl<S> fmt::Debug for CallError<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.error, f)
    }
}
