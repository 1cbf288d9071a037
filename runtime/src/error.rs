//! Everything that can go wrong with a call.

mod call_error;
mod cause;
mod codes;
mod connecting;
mod error_kind;
mod flaw;
mod hint;
mod kind;
pub(crate) mod metadata;
mod modeled;
mod refusal;
mod retry_after;
mod root;

use std::fmt;
use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use http::header::CONTENT_TYPE;

use crate::error::metadata::{ResponseContext, ResponseMetadata};
use crate::words::header_map::first;
use crate::words::one_line::{OneLine, WholeLine};
use crate::words::service::{OperationInfo, RetryKind, ServiceInfo};

pub use self::call_error::CallError;
pub(crate) use self::cause::Retry;
pub(crate) use self::connecting::{Connecting, Distrust};
pub use self::error_kind::ErrorKind;
pub(crate) use self::flaw::{Flaw, Origin, Part};
pub(crate) use self::kind::{Broke, Kind, Sent, Step, TimedOut, Waited};
pub use self::modeled::{Details, ModeledError};
pub(crate) use self::refusal::Refusal;
pub(crate) use self::root::FileProblem;
use self::root::Root;

/// Any error, as libraries pass it around.
pub(crate) type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Why a call failed, whatever service it was for.
///
/// The errors of a client dereference to this one, so a function that takes an `&Error` handles those of several services.
/// [`CallError`] has more to say about each method.
pub struct Error(Box<Inner>);

struct Inner {
    kind: Kind,
    operation: Option<OperationInfo>,
    /// How many requests were sent; zero when the call failed before that.
    attempts: u32,
    metadata: Option<ResponseMetadata>,
    raw_body: Bytes,
    /// Whether an attempt before the last one may have done the work of the call.
    may_have_executed_before: bool,
    /// What of the response reports the error.
    place: Place,
    /// Why the call was not retried although it could have been.
    gave_up: Option<Refusal>,
    /// The region that the request should have gone to.
    right_region: Option<RightRegion>,
    source: Option<BoxError>,
}

/// What of a response reports an error.
#[derive(Clone, Copy, PartialEq, Eq)]
#[cfg_attr(
    not(feature = "event-stream"),
    allow(dead_code, reason = "there are no event streams")
)]
enum Place {
    /// The head, or a body that was read as a whole.
    Answer,
    /// The first event of a stream, after a head that reported success. The caller does not have the output yet.
    FirstEvent,
    /// An event of a stream that the caller has.
    Event,
}

/// The region that a request should have gone to.
struct RightRegion {
    name: String,
    hint: String,
}

impl Error {
    #[cold]
    pub(crate) fn new(kind: Kind) -> Self {
        Self(Box::new(Inner {
            kind,
            operation: None,
            attempts: 0,
            metadata: None,
            raw_body: Bytes::new(),
            may_have_executed_before: false,
            place: Place::Answer,
            gave_up: None,
            right_region: None,
            source: None,
        }))
    }

    /// The operating system gives no random bytes, without which nothing can be named uniquely.
    pub(crate) fn no_random_bytes() -> Self {
        let problem = "the operating system has no random bytes for an identifier";
        Self::new(Kind::Configuration(problem.to_owned()))
    }

    pub(crate) fn in_operation(mut self, operation: OperationInfo) -> Self {
        self.0.operation = Some(operation);
        self
    }

    /// Says which response the error is about. Of one that was parsed without a client, nothing may be known.
    pub(crate) fn in_response(self, context: Option<&ResponseContext>) -> Self {
        match context {
            Some(context) => self.in_operation(context.operation()).with_metadata(context.metadata()),
            None => self,
        }
    }

    pub(crate) fn with_metadata(mut self, metadata: ResponseMetadata) -> Self {
        self.0.attempts = metadata.attempts();
        self.0.metadata = Some(metadata);
        self
    }

    pub(crate) fn with_attempts(mut self, attempts: u32) -> Self {
        self.0.attempts = attempts;
        self
    }

    /// Says whether an attempt before the last one may have done the work of the call.
    pub(crate) fn after_attempts_that_may_have_executed(mut self, may_have: bool) -> Self {
        self.0.may_have_executed_before = may_have;
        self
    }

    pub(crate) fn with_raw_body(mut self, body: Bytes) -> Self {
        self.0.raw_body = body;
        self
    }

    pub(crate) fn with_source(mut self, source: impl Into<BoxError>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    #[cfg_attr(
        not(feature = "event-stream"),
        allow(dead_code, reason = "there are no event streams")
    )]
    pub(crate) fn in_stream(mut self) -> Self {
        self.0.place = Place::Event;
        self
    }

    /// Says that the caller does not have the output, so that an error in its stream is that of the call.
    #[cfg_attr(
        not(feature = "event-stream"),
        allow(dead_code, reason = "there are no event streams")
    )]
    pub(crate) fn before_output(mut self) -> Self {
        if self.0.place == Place::Event {
            self.0.place = Place::FirstEvent;
        }
        self
    }

    fn map_source(&mut self, map: impl FnOnce(BoxError) -> BoxError) {
        self.0.source = self.0.source.take().map(map);
    }

    /// Says why the call was not retried, where nothing else does.
    pub(crate) fn giving_up(mut self, reason: Refusal) -> Self {
        self.0.gave_up = Some(reason).filter(|reason| reason.is_news());
        self
    }

    /// Adds the region that the service names, where the request was signed for another.
    pub(crate) fn signed_for(mut self, region: &str) -> Self {
        let named = || {
            let (name, metadata) = (self.service()?.region_header?, self.response_metadata()?);
            let name = metadata.headers().get(name)?.to_str().ok()?;
            let is_other = self.is_service() && !name.is_empty() && name != region;
            is_other.then(|| name.to_owned())
        };
        self.0.right_region = named().map(|name| RightRegion {
            hint: format!("the service says that this is in the region `{name}`: make the call with a client for it"),
            name,
        });
        self
    }

    pub(crate) fn what(&self) -> &Kind {
        &self.0.kind
    }

    /// What kind of failure this is. See [`ErrorKind`].
    pub fn kind(&self) -> ErrorKind {
        let cause = self.cause();
        match cause.retry {
            Retry::Always(RetryKind::Throttling) => ErrorKind::Throttling,
            Retry::Always(RetryKind::NotReady) => ErrorKind::NotReady,
            _ => cause.kind,
        }
    }

    /// The error of the service, if the service answered with one that its description knows.
    #[doc(hidden)]
    pub fn modeled(&self) -> Option<&dyn ModeledError> {
        match &self.0.kind {
            Kind::Service { modeled, .. } => modeled.as_deref(),
            _ => None,
        }
    }

    /// The code of the service's error, such as `ValidationError`, whether or not the description knows it. See [`CallError::code`].
    pub fn code(&self) -> Option<&str> {
        match &self.0.kind {
            Kind::Service { code, .. } => Some(code),
            _ => None,
        }
    }

    /// What the service says of its error. See [`CallError::message`].
    pub fn message(&self) -> Option<&str> {
        match &self.0.kind {
            Kind::Service { message, .. } => Some(message),
            #[cfg(feature = "objects")]
            Kind::Failure { text, .. } => Some(text),
            _ => None,
        }
    }

    /// What to do about the error, where that is known. See [`CallError::hint`].
    pub fn hint(&self) -> Option<&str> {
        let of_region = self.0.right_region.as_ref().map(|region| &*region.hint);
        of_region.or(self.cause().hint)
    }

    /// The region that the request should have gone to, where the service names another. See [`CallError::right_region`].
    pub fn right_region(&self) -> Option<&str> {
        self.0.right_region.as_ref().map(|region| &*region.name)
    }

    /// The operation that failed, such as `InvokeEndpoint`. See [`CallError::operation`].
    pub fn operation(&self) -> Option<&'static str> {
        self.0.operation.map(|operation| operation.name)
    }

    /// The service of the operation that failed.
    pub(crate) fn service(&self) -> Option<&'static ServiceInfo> {
        self.0.operation.map(|operation| operation.service)
    }

    /// The HTTP status, if there was a response. See [`CallError::status`].
    pub fn status(&self) -> Option<StatusCode> {
        self.0.metadata.as_ref().map(ResponseMetadata::status)
    }

    /// The service's identifier of the request, to give to its support, if there was a response. See [`CallError::request_id`].
    pub fn request_id(&self) -> Option<&str> {
        self.0.metadata.as_ref()?.request_id()
    }

    /// The head of the response, if there was one. See [`CallError::response_metadata`].
    pub fn response_metadata(&self) -> Option<&ResponseMetadata> {
        self.0.metadata.as_ref()
    }

    /// The body of the response that the error is about, byte for byte, or the payload of the event. See [`CallError::raw_body`].
    pub fn raw_body(&self) -> Option<&Bytes> {
        self.0.metadata.as_ref().map(|_| &self.0.raw_body)
    }

    /// How many attempts were made to send the request. See [`CallError::attempts`].
    pub fn attempts(&self) -> u32 {
        self.0.attempts
    }

    /// Whether the error is transient, so that the same call may succeed if it is made again. See [`CallError::is_retryable`].
    pub fn is_retryable(&self) -> bool {
        matches!(self.cause().retry, Retry::Always(_) | Retry::ByCaller)
    }

    /// How long the response asks to wait before another call. See [`CallError::retry_after`].
    pub fn retry_after(&self) -> Option<Duration> {
        retry_after::retry_after(self.response_metadata()?.headers())
    }

    /// Whether the service may have done its work. See [`CallError::may_have_executed`].
    pub fn may_have_executed(&self) -> bool {
        self.0.may_have_executed_before || self.cause().may_have_executed
    }

    /// The status for a program that makes the call for callers of its own. See [`CallError::http_status_hint`].
    pub fn http_status_hint(&self) -> StatusCode {
        let status = self.status();
        match self.kind() {
            ErrorKind::Input => StatusCode::BAD_REQUEST,
            ErrorKind::Throttling => StatusCode::TOO_MANY_REQUESTS,
            ErrorKind::NotReady => StatusCode::SERVICE_UNAVAILABLE,
            ErrorKind::Timeout => StatusCode::GATEWAY_TIMEOUT,
            ErrorKind::Configuration | ErrorKind::Credentials => StatusCode::INTERNAL_SERVER_ERROR,
            // What is wrong with the input of the call is likely wrong with the input of its caller.
            ErrorKind::Service => match status {
                Some(StatusCode::BAD_REQUEST | StatusCode::PAYLOAD_TOO_LARGE) => status.unwrap_or_default(),
                _ => StatusCode::BAD_GATEWAY,
            },
            ErrorKind::Connect | ErrorKind::Connection | ErrorKind::Response | ErrorKind::Waiter => {
                StatusCode::BAD_GATEWAY
            }
        }
    }

    pub(crate) fn is_in_stream(&self) -> bool {
        self.0.place != Place::Answer
    }

    /// Whether the caller has the output, so that the call cannot be made again for it.
    pub(crate) fn is_after_output(&self) -> bool {
        self.0.place == Place::Event
    }

    /// Whether a timeout passed. See [`CallError::is_timeout`].
    pub fn is_timeout(&self) -> bool {
        self.is(ErrorKind::Timeout)
    }

    /// Whether a waiter found that what it waits for will never come. See [`CallError::is_waiter_failure`].
    pub fn is_waiter_failure(&self) -> bool {
        self.is(ErrorKind::Waiter)
    }

    /// Whether no connection to the service could be made, or not in time. See [`CallError::is_connect`].
    pub fn is_connect(&self) -> bool {
        self.is(ErrorKind::Connect)
    }

    /// The content type of a body that is not of the form that it should have.
    fn unreadable_content_type(&self) -> Option<&str> {
        match self.0.kind {
            Kind::Unreadable(_) => first(self.response_metadata()?.headers(), &CONTENT_TYPE)?.to_str().ok(),
            _ => None,
        }
    }

    /// Whether the connection failed after it was made. See [`CallError::is_connection`].
    pub fn is_connection(&self) -> bool {
        self.is(ErrorKind::Connection)
    }

    /// Whether the service throttles the caller, or is not ready yet. See [`CallError::is_throttling`].
    pub fn is_throttling(&self) -> bool {
        matches!(
            self.cause().retry,
            Retry::Always(RetryKind::Throttling | RetryKind::NotReady)
        )
    }

    /// Whether the service answered with an error. See [`CallError::is_service`].
    pub fn is_service(&self) -> bool {
        self.is(ErrorKind::Service)
    }

    /// Whether the response could not be read. See [`CallError::is_response`].
    pub fn is_response(&self) -> bool {
        self.is(ErrorKind::Response)
    }

    /// Whether the input cannot be sent as it is. See [`CallError::is_input`].
    pub fn is_input(&self) -> bool {
        self.is(ErrorKind::Input)
    }

    /// Whether there were no credentials to sign with. See [`CallError::is_credentials`].
    pub fn is_credentials(&self) -> bool {
        self.is(ErrorKind::Credentials)
    }

    /// Whether the client's configuration is at fault. See [`CallError::is_configuration`].
    pub fn is_configuration(&self) -> bool {
        self.is(ErrorKind::Configuration)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.0.source.as_ref().map(|source| &**source as _)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        WholeLine(Description(self)).fmt(f)
    }
}

/// The text of an error, before it is kept on one line.
struct Description<'a>(&'a Error);

impl fmt::Display for Description<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.describe(f)
    }
}

impl Error {
    fn describe(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(operation) = self.operation() {
            write!(f, "{operation} failed: ")?;
        }
        // What is in a stream comes after a status of success.
        let status = self.status().filter(|_| !self.is_in_stream());
        match self.root() {
            Some(root @ Root::File(_)) => write!(f, "cannot read {root}")?,
            Some(root @ Root::Connecting(_)) => {
                self.0.kind.describe(status, f)?;
                write!(f, ": {root}")?;
            }
            None => self.0.kind.describe(status, f)?,
        }
        let mut list = List::new(f);
        if self.is_in_stream() {
            list.item("in the event stream");
        }
        if let Some(content_type) = self.unreadable_content_type() {
            list.item(format_args!("content type {}", OneLine(content_type)));
        }
        if let Some(error) = self.modeled() {
            error.visit_details(&mut Details::new(&mut |label, value| {
                list.item(format_args!("{label} {}", OneLine(value)));
            }));
        }
        if let Some(reason) = self.0.gave_up {
            list.item(reason);
        }
        if let Some(request_id) = self.request_id() {
            list.item(format_args!("request id {}", OneLine(&request_id)));
        }
        match self.attempts() {
            0 => {}
            1 => list.item("1 attempt"),
            attempts => list.item(format_args!("{attempts} attempts")),
        }
        if let Some(hint) = self.hint() {
            list.item(format_args!("hint: {}", OneLine(&hint)));
        }
        list.finish()
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // `main` and `unwrap` print this: it begins with the line for people.
        let line = self.to_string();
        f.write_str(&line)?;
        let causes = std::iter::successors(std::error::Error::source(self), |error| error.source());
        if !f.alternate() {
            let mut causes = causes.map(|cause| OneLine(cause).to_string());
            return causes.try_for_each(|cause| write!(f, "; caused by: {cause}"));
        }
        // The body is left out: it may hold what a model said.
        f.write_str("\n")?;
        f.debug_struct("Error")
            .field("operation", &self.operation())
            .field("kind", &self.0.kind)
            .field("status", &self.status())
            .field("request_id", &self.request_id())
            .field("attempts", &self.0.attempts)
            .field("source", &self.0.source)
            .finish_non_exhaustive()
    }
}

/// Writes ` [a, b]`, or nothing when there is no item.
struct List<'a, 'b> {
    f: &'a mut fmt::Formatter<'b>,
    empty: bool,
    result: fmt::Result,
}

impl<'a, 'b> List<'a, 'b> {
    fn new(f: &'a mut fmt::Formatter<'b>) -> Self {
        Self {
            f,
            empty: true,
            result: Ok(()),
        }
    }

    fn item(&mut self, item: impl fmt::Display) {
        let before = if self.empty { " [" } else { ", " };
        self.empty = false;
        self.result = self.result.and_then(|()| write!(self.f, "{before}{item}"));
    }

    fn finish(self) -> fmt::Result {
        self.result?;
        if self.empty { Ok(()) } else { self.f.write_str("]") }
    }
}
