//! Whether and when a call is tried again.
//!
//! This is the standard mode of the AWS SDKs with its numbers of 2026, except that nothing is sent again that may have
//! reached the service's model: a timeout, a late break and a half-received answer end the call.

mod decision;
mod quota;

use std::error::Error as _;
use std::time::Duration;

use http::HeaderName;

use super::error::{Broke, Error, Kind, Step, TimedOut};
use super::service::RetryKind;

pub(crate) use self::decision::{Again, Refusal, Tries, why_safe};
pub(crate) use self::quota::RetryQuota;

/// How a failed call is retried.
///
/// What is not set here is taken from the client and then from the defaults.
///
/// Retried are:
///
/// - failures to connect and timeouts while connecting, unless the certificate of the peer is not trusted or a proxy
///   refuses to let the client through;
/// - connections that break before the first byte of an answer, unless the whole request had left 2 s or more before;
/// - the statuses 500, 502, 503 and 504, and the other statuses and codes of this service that are transient;
/// - throttling: the codes with which AWS services throttle, and the status 429 without a code of this service.
///
/// Not retried are: other read and attempt timeouts, and connections that break later than that, because the service may
/// be at work on the request ([`after_timeout`](Self::after_timeout) allows it); the operation timeout; answers that break
/// off; and every other error of the service.
///
/// The pause before a retry is a random part of 50 ms (1 s for throttling), doubled with each attempt, and never more than
/// [`max_backoff`](Self::max_backoff). The service can ask for a longer one. A client whose calls fail often stops retrying
/// until calls succeed.
///
/// Two retries are made at once and do not count against the limit. One is for a connection that turns out to be closed
/// before a byte of the request has left, so that nothing was sent. The other, once a call, is for a service that says that
/// the time of a signature is off: its `Date` corrects all later signatures of the client. With one attempt alone there is
/// only the former.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retries {
    max_attempts: Option<u32>,
    after_timeout: Option<bool>,
    max_backoff: Option<Duration>,
    /// A feature has the setter for it.
    pub(super) ready_within: Option<Duration>,
}

impl Retries {
    /// Nothing set: 3 attempts.
    pub fn new() -> Self {
        Self::default()
    }

    /// One attempt only: one request is sent at most. Those that follow `wait_until_ready`, where the service has that, come on top.
    pub fn none() -> Self {
        Self::new().max_attempts(1)
    }

    /// How many requests a call may send, the first one included, and besides those that mend what [`Retries`] tells of.
    /// Default 3; 0 counts as 1.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = Some(attempts.max(1));
        self
    }

    /// Whether a call is tried again after its read or attempt timeout, and after a connection that broke without an
    /// answer 2 s or more after the whole request had left. Default false, because the service may be at work on the first
    /// request: a model would run twice.
    pub fn after_timeout(mut self, again: bool) -> Self {
        self.after_timeout = Some(again);
        self
    }

    /// The longest pause that the client makes by itself before another attempt. Default 20 s.
    pub fn max_backoff(mut self, limit: Duration) -> Self {
        self.max_backoff = Some(limit);
        self
    }

    /// These settings, and where they say nothing, the others.
    pub(crate) fn or(self, other: Self) -> Self {
        Self {
            max_attempts: self.max_attempts.or(other.max_attempts),
            after_timeout: self.after_timeout.or(other.after_timeout),
            max_backoff: self.max_backoff.or(other.max_backoff),
            ready_within: self.ready_within.or(other.ready_within),
        }
    }

    pub(crate) fn attempts(self) -> u32 {
        self.max_attempts.unwrap_or(3)
    }

    /// How this error may be retried, if at all.
    pub(crate) fn kind_of(self, error: &Error) -> Option<RetryKind> {
        match error.kind() {
            Kind::Connect { phase, .. } => (!phase.is_final()).then_some(RetryKind::Transient),
            Kind::ConnectTimeout { .. } => Some(RetryKind::Transient),
            Kind::Connection {
                broke: Broke::Unsent | Broke::Stale | Broke::Silent,
                ..
            } => Some(RetryKind::Transient),
            Kind::Timeout {
                what: TimedOut::Attempt,
                step: Step::Connecting,
                ..
            } => Some(RetryKind::Transient),
            Kind::Timeout {
                what: TimedOut::Read | TimedOut::Attempt,
                ..
            }
            | Kind::Connection { broke: Broke::Late, .. } => {
                self.after_timeout.unwrap_or(false).then_some(RetryKind::Transient)
            }
            Kind::Service { code, modeled, .. } => kind_of_service_error(error, code, modeled.is_some()),
            _ => None,
        }
    }

    /// The pause after the failed attempt with this number, counted from 1.
    pub(crate) fn pause(self, kind: RetryKind, attempt: u32, asked: Option<Duration>) -> Duration {
        let base = match kind {
            RetryKind::Transient => Duration::from_millis(50),
            RetryKind::Throttling | RetryKind::NotReady => Duration::from_secs(1),
        };
        let doubled = base.saturating_mul(1_u32.checked_shl(attempt - 1).unwrap_or(u32::MAX));
        let limit = self.max_backoff.unwrap_or(Duration::from_secs(20));
        let pause = doubled.min(limit).mul_f64(fastrand::f64());
        asked.map_or(pause, |asked| asked.clamp(pause, pause + MAX_ASKED))
    }
}

/// How much longer than the client's own pause the service can make one.
const MAX_ASKED: Duration = Duration::from_secs(5);

/// A pause that the service asks for, in milliseconds.
const RETRY_AFTER: HeaderName = HeaderName::from_static("x-amz-retry-after");

/// The pause that the service asks for with its error.
pub(crate) fn asked_pause(error: &Error) -> Option<Duration> {
    let header = error.response_metadata()?.headers().get(RETRY_AFTER)?;
    header.to_str().ok()?.trim().parse().ok().map(Duration::from_millis)
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
pub(crate) fn is_transient_in_answer(error: &Error) -> bool {
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

#[cfg(test)]
mod tests {
    use super::*;

    /// Clients that fail together do not return together: each part of the range has its share of the pauses.
    #[test]
    fn pauses_are_spread_evenly_up_to_a_limit_that_doubles() {
        let transient = [(1, 0.05), (2, 0.1), (3, 0.2), (9, 12.8), (10, 20.0), (40, 20.0)];
        let throttled = [(1, 1.0), (2, 2.0), (5, 16.0), (6, 20.0)];
        let transient = transient.map(|(attempt, limit)| (RetryKind::Transient, attempt, limit));
        let throttled = throttled.map(|(attempt, limit)| (RetryKind::Throttling, attempt, limit));
        fastrand::seed(7);
        for (kind, attempt, limit) in transient.into_iter().chain(throttled) {
            let mut tenths = [0; 10];
            for _ in 0..1000 {
                let pause = Retries::new().pause(kind, attempt, None).as_secs_f64();
                assert!(pause <= limit, "attempt {attempt}: {pause} s");
                tenths[(pause / limit * 9.999) as usize] += 1;
            }
            let even = |share: &i32| (60..=140).contains(share);
            assert!(tenths.iter().all(even), "{kind:?}, attempt {attempt}: {tenths:?}");
        }
    }

    #[test]
    fn the_service_can_ask_for_a_longer_pause_within_bounds() {
        let retries = Retries::new().max_backoff(Duration::ZERO);
        let pause = |asked| retries.pause(RetryKind::Transient, 1, Some(Duration::from_millis(asked)));
        assert_eq!(pause(1500), Duration::from_millis(1500));
        assert_eq!(pause(60_000), Duration::from_secs(5));
    }
}
