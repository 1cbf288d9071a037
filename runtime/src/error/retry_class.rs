//! Which errors are transient, and which ones throttle.

use std::error::Error as _;

use super::{Broke, Error, Kind, Step, TimedOut};
use crate::words::service::RetryKind;

/// How an error may be retried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RetryClass {
    /// Unless the caller wants no retries.
    Always(RetryKind),
    /// Only if the caller allows it: the service may be at work on the request.
    AfterTimeout,
}

const TRANSIENT: RetryClass = RetryClass::Always(RetryKind::Transient);

impl Error {
    /// How the error may be retried, if at all.
    pub(crate) fn retry_class(&self) -> Option<RetryClass> {
        match self.kind() {
            Kind::Connect { phase, .. } => (!phase.is_final()).then_some(TRANSIENT),
            Kind::ConnectTimeout { .. } => Some(TRANSIENT),
            Kind::Connection {
                broke: Broke::Unsent | Broke::Stale | Broke::Silent,
                ..
            } => Some(TRANSIENT),
            Kind::Timeout {
                what: TimedOut::Attempt,
                step: Step::Connecting,
                ..
            } => Some(TRANSIENT),
            Kind::Timeout {
                what: TimedOut::Read | TimedOut::Attempt,
                ..
            }
            | Kind::Connection { broke: Broke::Late, .. } => Some(RetryClass::AfterTimeout),
            Kind::Service { code, modeled, .. } => {
                kind_of_service_error(self, code, modeled.is_some()).map(RetryClass::Always)
            }
            _ => None,
        }
    }
}

fn kind_of_service_error(error: &Error, code: &str, is_modeled: bool) -> Option<RetryKind> {
    let service = error.service();
    let of_service = service.and_then(|service| service.retry_kind(code));
    of_service
        .or_else(|| kind_of_code(code))
        .or_else(|| match error.status()?.as_u16() {
            // Gateways and proxies throttle, too, and have codes of their own or none.
            429 if !is_modeled => Some(RetryKind::Throttling),
            500 | 502 | 503 | 504 => Some(RetryKind::Transient),
            status if service?.transient_statuses.contains(&status) => Some(RetryKind::Transient),
            _ => None,
        })
}

/// The codes with which services throttle or report a transient error.
fn kind_of_code(code: &str) -> Option<RetryKind> {
    match code {
        "RequestTimeout" | "RequestTimeoutException" => Some(RetryKind::Transient),
        "BandwidthLimitExceeded"
        | "EC2ThrottledException"
        | "LimitExceededException"
        | "PriorRequestNotComplete"
        | "ProvisionedThroughputExceededException"
        | "RequestLimitExceeded"
        | "RequestThrottled"
        | "RequestThrottledException"
        | "SlowDown"
        | "ThrottledException"
        | "Throttling"
        | "ThrottlingException"
        | "TooManyRequestsException"
        | "TransactionInProgressException" => Some(RetryKind::Throttling),
        _ => None,
    }
}

/// Whether an error that came after the answer had begun is transient. The client does not retry for it, because the
/// service has done its work; the caller may.
pub(super) fn is_transient_in_answer(error: &Error) -> bool {
    match error.kind() {
        Kind::Body { received, expected } => expected.is_none_or(|expected| *received < expected),
        Kind::Connection {
            broke: Broke::Answering,
            ..
        } => {
            // What is not HTTP stays so.
            let cause = error.source().and_then(|cause| cause.downcast_ref());
            !cause.is_some_and(hyper::Error::is_parse)
        }
        Kind::Service { code, .. } => error.is_in_stream() && is_server_fault(code),
        _ => false,
    }
}

/// Whether services report a failure of their own with this code. Before a stream the status says so.
fn is_server_fault(code: &str) -> bool {
    matches!(
        code,
        "InternalError"
            | "InternalFailure"
            | "InternalFailureException"
            | "InternalServerError"
            | "InternalServerException"
            | "InternalServiceError"
            | "InternalServiceException"
            | "ServiceUnavailable"
            | "ServiceUnavailableException"
    )
}
