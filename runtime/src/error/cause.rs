//! The causes of failure: of each, what it is called, what it counts as, whether it may be retried, and what to do.
//!
//! Its text, which has the values in it, is [`Kind::describe`].

use std::error::Error as StdError;
use std::io;

use http::StatusCode;

use super::codes::{is_server_fault, retry_kind};
use super::{Broke, Connecting, Error, ErrorKind, Kind, Step, TimedOut, Waited, hint};
use crate::words::service::RetryKind;

/// What follows from how a call failed.
pub(crate) struct Cause<'a> {
    /// A word for logs: the code of the service's error, or what kind of failure it is.
    pub(crate) label: &'a str,
    pub(super) kind: ErrorKind,
    /// A second kind that the failure counts as.
    pub(super) also: Option<ErrorKind>,
    pub(crate) retry: Retry,
    /// Whether the attempt may have done the work of the call.
    pub(super) may_have_executed: bool,
    /// Why a request that is sent again does no harm, in words for logs.
    pub(crate) why_safe: &'static str,
    /// Why none is sent again, in words for logs.
    pub(crate) why_never: &'static str,
    /// What to do about it, where that is known.
    pub(super) hint: Option<&'static str>,
}

/// Whether a failed call may be retried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Retry {
    /// Unless the caller wants no retries.
    Always(RetryKind),
    /// Only if the caller allows it: the service may be at work on the request.
    AfterTimeout,
    /// By the caller alone: the failure passes, but the service has done its work.
    ByCaller,
    Never,
}

impl<'a> Cause<'a> {
    /// It would fail again, and here is why.
    fn never(label: &'a str, kind: ErrorKind, why: &'static str) -> Self {
        Self {
            label,
            kind,
            also: None,
            retry: Retry::Never,
            may_have_executed: false,
            why_safe: "",
            why_never: why,
            hint: None,
        }
    }

    /// It passes, and it is safe to send the request again.
    fn transient(label: &'a str, kind: ErrorKind, why: &'static str) -> Self {
        Self {
            retry: Retry::Always(RetryKind::Transient),
            why_safe: why,
            ..Self::never(label, kind, "")
        }
    }

    /// The service may be at work on the request.
    fn after_timeout(label: &'a str, kind: ErrorKind) -> Self {
        Self {
            retry: Retry::AfterTimeout,
            why_safe: "the caller allows it",
            may_have_executed: true,
            ..Self::never(label, kind, "the service may be at work on it")
        }
    }

    /// A request was sent, and nothing says that it did not arrive.
    fn executed(self) -> Self {
        Self {
            may_have_executed: true,
            ..self
        }
    }

    fn also(self, kind: ErrorKind) -> Self {
        Self {
            also: Some(kind),
            ..self
        }
    }

    fn hint(self, hint: impl Into<Option<&'static str>>) -> Self {
        Self {
            hint: hint.into(),
            ..self
        }
    }
}

const NO_REQUEST: &str = "there is no request to send";
const NOT_SENT: &str = "nothing was sent";
const UNANSWERED: &str = "no byte of a response arrived";
const BEGUN: &str = "the response had begun";
const ANSWERED: &str = "the service has responded";

impl Error {
    /// What follows from how the call failed.
    pub(crate) fn cause(&self) -> Cause<'_> {
        match self.what() {
            Kind::Configuration(problem) => {
                Cause::never("configuration", ErrorKind::Configuration, NO_REQUEST).hint(hint::of_settings(problem))
            }
            Kind::NoCredentials(problem) => Cause::never("credentials", ErrorKind::Credentials, NO_REQUEST)
                .also(ErrorKind::Configuration)
                .hint(hint::of_settings(problem)),
            Kind::Input { .. } | Kind::ValidFor { .. } => Cause::never("input", ErrorKind::Input, NO_REQUEST),
            Kind::Payload => Cause::never("payload", ErrorKind::Input, NO_REQUEST),
            #[cfg(feature = "json")]
            Kind::NotJson => Cause::never("payload", ErrorKind::Input, NO_REQUEST),
            Kind::Signing => Cause::never("signing", ErrorKind::Input, NO_REQUEST),
            Kind::Credentials { none_found, .. } => {
                let hint = none_found.then_some("set environment variables or a profile, or give this machine a role");
                Cause::never("credentials", ErrorKind::Credentials, NO_REQUEST).hint(hint)
            }
            Kind::BadCredentials(_) => Cause::never("credentials", ErrorKind::Credentials, NO_REQUEST),
            Kind::ExpiredCredentials => {
                Cause::never("credentials", ErrorKind::Credentials, NO_REQUEST).hint(hint::EXPIRED)
            }
            Kind::Connect { phase, .. } => {
                let hint = hint::of_connecting(*phase, self.is_refused());
                match phase.is_final() {
                    _ if *phase == Connecting::WithoutIo => {
                        Cause::never("configuration", ErrorKind::Configuration, NO_REQUEST).hint(hint)
                    }
                    true => Cause::never("connect", ErrorKind::Connect, "it would fail again").hint(hint),
                    false => Cause::transient("connect", ErrorKind::Connect, NOT_SENT).hint(hint),
                }
            }
            Kind::ConnectTimeout { phase, .. } => {
                let hint = hint::of_connecting(*phase, false);
                Cause::transient("timeout", ErrorKind::Timeout, NOT_SENT)
                    .also(ErrorKind::Connect)
                    .hint(hint)
            }
            Kind::Connection { broke, .. } => self.of_connection(*broke),
            Kind::Transport => {
                Cause::never("transport", ErrorKind::Connection, "the request may have been sent").executed()
            }
            Kind::Timeout { what, step, .. } => of_timeout(*what, *step).hint(hint::of_timeout(*what, *step)),
            Kind::HeadTooLarge { .. }
            | Kind::Header { .. }
            | Kind::Unreadable(_)
            | Kind::EventStream(_)
            | Kind::TooLong { .. }
            | Kind::RepeatedToken => Cause::never("response", ErrorKind::Response, ANSWERED).executed(),
            Kind::Body { received, expected } => Cause {
                retry: match expected.is_none_or(|expected| *received < expected) {
                    true => Retry::ByCaller,
                    false => Retry::Never,
                },
                ..Cause::never("response", ErrorKind::Response, BEGUN).executed()
            },
            Kind::Checksum(_) => Cause {
                retry: Retry::ByCaller,
                ..Cause::never("response", ErrorKind::Response, BEGUN).executed()
            },
            Kind::Service { code, message, modeled } => self
                .of_service(code, modeled.is_some())
                .hint(hint::of_service(self, code, message)),
            Kind::Location { .. } => Cause::never("response", ErrorKind::Response, ANSWERED),
            #[cfg(feature = "objects")]
            Kind::Failure { .. } => Cause::never("failure", ErrorKind::Service, ANSWERED),
            Kind::NoResult { is_forbidden, .. } => {
                let hint = is_forbidden.then_some(hint::FORBIDDEN);
                Cause::never("timeout", ErrorKind::Timeout, ANSWERED).hint(hint)
            }
            Kind::Waiter { waited, .. } => match waited {
                Waited::TooLong(_) => Cause::never("timeout", ErrorKind::Timeout, ANSWERED).executed(),
                Waited::InVain => Cause::never("waiter", ErrorKind::Waiter, ANSWERED).executed(),
            },
        }
    }

    pub(super) fn is(&self, kind: ErrorKind) -> bool {
        let cause = self.cause();
        cause.kind == kind || cause.also == Some(kind)
    }

    fn of_connection(&self, broke: Broke) -> Cause<'_> {
        const KIND: ErrorKind = ErrorKind::Connection;
        match broke {
            Broke::Unsent => Cause::transient("connection", KIND, NOT_SENT),
            Broke::Stale | Broke::Silent => Cause::transient("connection", KIND, UNANSWERED).executed(),
            Broke::Late => Cause::after_timeout("connection", KIND)
                .hint("make the call again only if the service may do its work twice; see `Retries::after_timeout`"),
            Broke::Answering => Cause {
                // What is not HTTP stays so.
                retry: match self.cause_of_type().is_some_and(hyper::Error::is_parse) {
                    true => Retry::Never,
                    false => Retry::ByCaller,
                },
                ..Cause::never("connection", KIND, BEGUN).executed()
            },
        }
    }

    fn of_service<'a>(&'a self, code: &'a str, is_modeled: bool) -> Cause<'a> {
        let retry = match retry_kind(self, code, is_modeled) {
            Some(kind) => Retry::Always(kind),
            None if self.is_in_stream() && is_server_fault(code) => match self.is_after_output() {
                true => Retry::ByCaller,
                false => Retry::Always(RetryKind::Transient),
            },
            None => Retry::Never,
        };
        let may_have_executed = match retry {
            Retry::Always(RetryKind::Throttling | RetryKind::NotReady) => false,
            _ => self.is_in_stream() || !self.status().is_some_and(refuses),
        };
        let is_fault = |status: StatusCode| status.is_server_error() || status.is_success();
        let is_fault = self.status().is_some_and(is_fault);
        Cause {
            retry,
            may_have_executed,
            why_safe: match is_fault {
                true => "the service says that it failed",
                false => "the service refused the request",
            },
            ..Cause::never(code, ErrorKind::Service, "the error is final")
        }
    }

    fn cause_of_type<T: StdError + 'static>(&self) -> Option<&T> {
        self.source()?.downcast_ref()
    }

    /// Whether the host refused the connection.
    fn is_refused(&self) -> bool {
        let mut causes = std::iter::successors(self.source(), |&error| error.source());
        causes.any(|cause| {
            let error: Option<&io::Error> = cause.downcast_ref();
            error.is_some_and(|error| error.kind() == io::ErrorKind::ConnectionRefused)
        })
    }
}

/// Whether a service that answers with this status has refused the request. Behind the others it may have tried: it ran out
/// of time (408), or what it asked failed (424), or a proxy lost its client (499).
fn refuses(status: StatusCode) -> bool {
    status.is_client_error() && !matches!(status.as_u16(), 408 | 424 | 499)
}

fn of_timeout(what: TimedOut, step: Step) -> Cause<'static> {
    let also = match step {
        Step::Connecting => Some(ErrorKind::Connect),
        Step::Credentials => Some(ErrorKind::Credentials),
        _ => None,
    };
    let cause = match (what, step) {
        (TimedOut::Operation, _) => Cause {
            may_have_executed: !step.is_before_request(),
            ..Cause::never("timeout", ErrorKind::Timeout, "no time is left")
        },
        (TimedOut::Attempt, Step::Connecting) => Cause::transient("timeout", ErrorKind::Timeout, NOT_SENT),
        _ if step.is_before_request() => Cause {
            may_have_executed: false,
            why_safe: NOT_SENT,
            why_never: NO_REQUEST,
            ..Cause::after_timeout("timeout", ErrorKind::Timeout)
        },
        _ => Cause::after_timeout("timeout", ErrorKind::Timeout),
    };
    Cause { also, ..cause }
}
