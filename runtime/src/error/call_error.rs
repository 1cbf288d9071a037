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
/// `Display` says all that matters in one line: the operation, what went wrong, what the service says of it, the request
/// id, the number of attempts, and what to do about it if that is known. It never shows a credential, a sensitive member or
/// a payload, except for what the service itself gives as the message of an error. The cause, if there is one, is in
/// [`source`](std::error::Error::source) and is not repeated in that line.
///
/// ```text
/// InvokeEndpoint failed: ModelError (424): the container answered with an error [original status 500, request id 1f2e, 1 attempt]
/// ```
///
/// `S` holds the errors that the description of the service knows. If the service answered with one of these, it is in
/// [`service_error`](Self::service_error), with all its fields.
pub struct CallError<S> {
    error: Error,
    service: PhantomData<fn() -> S>,
}

impl<S: ModeledError> CallError<S> {
    /// The error of the service with all its fields, if the service answered with one that its description knows.
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

    /// The code of the service's error, such as `ValidationError`, whether or not the description knows it.
    ///
    /// An answer without a code gives its HTTP status as text. `None` when the service did not answer with an error.
    pub fn code(&self) -> Option<&str> {
        self.error.code()
    }

    /// What the service says of its error. Empty when it says nothing or what is not text, which
    /// [`raw_body`](Self::raw_body) has; `None` when it did not answer with an error.
    pub fn message(&self) -> Option<&str> {
        self.error.message()
    }

    /// What to do about the error, where that is known: one short clause. It is the end of the error's text, too.
    pub fn hint(&self) -> Option<&str> {
        self.error.hint()
    }

    /// The region that the request should have gone to, such as `eu-west-1`, where the service names another than that of
    /// the client: S3 does so for buckets.
    pub fn right_region(&self) -> Option<&str> {
        self.error.right_region()
    }

    /// The operation that failed, such as `InvokeEndpoint`. `None` when the client could not be built.
    pub fn operation(&self) -> Option<&'static str> {
        self.error.operation()
    }

    /// The HTTP status, if there was a response.
    ///
    /// It is one of success where the error came after it, in an event stream.
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

    /// The body of the response that the error is about, byte for byte, or the payload of the event. It may hold what a
    /// model said. Empty where the body is none of the error's, as of a payload that breaks off.
    ///
    /// It is at most 1 MiB. Of a body that is longer, breaks off or takes longer than the timeouts allow, it is what came
    /// first; the members of such a body are not looked at. Of a body that should be a stream of events and is not, it is
    /// what comes within a second.
    pub fn raw_body(&self) -> Option<&Bytes> {
        self.error.raw_body()
    }

    /// How many attempts were made to send the request. Zero when the call failed before the first.
    pub fn attempts(&self) -> u32 {
        self.error.attempts()
    }

    /// Whether the error is transient, so that the same call may succeed if it is made again.
    ///
    /// Before the answer begins, these are the errors for which the client itself retries, unless its settings say
    /// otherwise ([`Retries`](crate::Retries) lists them): by the time that you see one, the attempts are used up.
    ///
    /// Once the answer has begun, the client never makes the call again: the service has done its work, and would do it
    /// twice. Then the method tells whether another call may help, and it is for you to make it:
    ///
    /// - an answer or its payload that breaks off;
    /// - an error in an event stream by which the service throttles, or reports a failure of its own.
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
    /// The text says what the client was waiting for: a permit, credentials, a connection, the response. From the moment
    /// that it sends the request on, the service may do its work all the same.
    pub fn is_timeout(&self) -> bool {
        self.error.is_timeout()
    }

    /// Whether a waiter found that what it waits for will never come.
    pub fn is_waiter_failure(&self) -> bool {
        self.error.is_waiter_failure()
    }

    /// Whether no connection to the service could be made, or not in time. The last attempt sent no request then.
    pub fn is_connect(&self) -> bool {
        self.error.is_connect()
    }

    /// Whether the connection failed after it was made: it broke, or what came over it is not HTTP. Of a transport of your
    /// own, it is not known how far it came.
    ///
    /// The service may have done its work all the same.
    pub fn is_connection(&self) -> bool {
        self.error.is_connection()
    }

    /// Whether the service throttles the caller, or is not ready yet. So does an answer with the status 429 and without a
    /// code that the description knows: gateways and proxies throttle, too.
    pub fn is_throttling(&self) -> bool {
        self.error.is_throttling()
    }

    /// Whether the service answered with an error.
    pub fn is_service(&self) -> bool {
        self.error.is_service()
    }

    /// Whether the response could not be read: its head is too large, or its payload is cut off or not of the form that it
    /// should have. Pages that would never end are among these.
    ///
    /// The service has done its work then. What the head of its answer says, such as where a result will be, is in
    /// [`response_metadata`](Self::response_metadata).
    pub fn is_response(&self) -> bool {
        self.error.is_response()
    }

    /// Whether the input cannot be sent as it is: a member, its payload, or what a signature would cover. No whole
    /// request was sent then.
    pub fn is_input(&self) -> bool {
        self.error.is_input()
    }

    /// Whether there were no credentials to sign with: none are set, they have expired, their provider failed or did not
    /// answer in time, or they hold what credentials cannot hold. The last attempt sent no request then.
    pub fn is_credentials(&self) -> bool {
        self.error.is_credentials()
    }

    /// Whether the client's configuration is at fault. No request was sent then.
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
