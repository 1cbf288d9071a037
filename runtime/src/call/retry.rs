//! Whether and when a call is retried.
//!
//! This is the standard mode of the AWS SDKs with its numbers of 2026, except that nothing is sent again that may have
//! reached the service's model: a timeout, a late break and a half-received answer end the call.

mod decision;
mod quota;

use std::time::Duration;

use crate::error::{Error, Retry};
use crate::words::service::RetryKind;

pub(crate) use self::decision::{Reason, RetryDecision, Tries};
pub(crate) use self::quota::RetryQuota;

/// How a failed call is retried.
///
/// What is not set here is taken from the client and then from the defaults.
///
/// These are retried:
///
/// - failures to connect and timeouts while connecting, unless the certificate of the peer is not trusted or a proxy
///   refuses to let the client through;
/// - connections that break before the first byte of an answer, unless the whole request had left 2 s or more before;
/// - the statuses 500, 502, 503 and 504, and the other statuses and codes of this service that are transient;
/// - throttling: the codes with which AWS services throttle, and the status 429 without a code of this service.
///
/// These are not retried: other read and attempt timeouts, and connections that break later than that, because the service may
/// be at work on the request ([`after_timeout`](Self::after_timeout) allows it); the operation timeout; answers that break
/// off; and every other error of the service.
///
/// The pause before a retry is a random part of 50 ms (1 s for throttling), doubled with each attempt, and never more than
/// [`max_backoff`](Self::max_backoff). A response can ask for a longer one with `Retry-After` (seconds or a date) or
/// `x-amz-retry-after` (milliseconds), within the same limit. A client whose calls fail often stops retrying until calls
/// succeed.
///
/// Three retries are immediate and do not count against the limit: on a new connection, if a reused one turns out to be
/// closed before any byte of the request was sent; once a call with renewed credentials, if the service reports that they have
/// expired; and once a call with the time of the response, if the service rejects the time of the signature. That `Date`
/// corrects all later signatures of the client. With a limit of one attempt, only the first applies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Retries {
    max_attempts: Option<u32>,
    after_timeout: Option<bool>,
    max_backoff: Option<Duration>,
    /// A feature has the setter for it.
    pub(super) ready_within: Option<Duration>,
}

impl Retries {
    /// Sets nothing. The default is 3 attempts.
    pub fn new() -> Self {
        Self::default()
    }

    /// A single attempt: a call sends one request at most, besides those of `wait_until_ready` if the service has it.
    pub fn none() -> Self {
        Self::new().max_attempts(1)
    }

    /// The number of requests that a call may send, including the first. Default 3; 0 counts as 1.
    ///
    /// The immediate retries that [`Retries`] lists do not count.
    pub fn max_attempts(mut self, attempts: u32) -> Self {
        self.max_attempts = Some(attempts.max(1));
        self
    }

    /// Whether a call is retried after its read or attempt timeout, and after a connection that broke without an
    /// answer 2 s or more after the whole request had left. Default false, because the service may be at work on the first
    /// request: a model would run twice.
    pub fn after_timeout(mut self, again: bool) -> Self {
        self.after_timeout = Some(again);
        self
    }

    /// The longest pause before another attempt, even if the response asks for a longer one. Default 20 s.
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
        match error.cause().retry {
            Retry::Always(kind) => Some(kind),
            Retry::AfterTimeout => self.after_timeout.unwrap_or(false).then_some(RetryKind::Transient),
            Retry::ByCaller | Retry::Never => None,
        }
    }

    /// The pause after the failed attempt with this number, counted from 1. The response may have asked for a longer one.
    pub(crate) fn pause(self, kind: RetryKind, attempt: u32, asked: Option<Duration>) -> Duration {
        let base = match kind {
            RetryKind::Transient => Duration::from_millis(50),
            RetryKind::Throttling | RetryKind::NotReady => Duration::from_secs(1),
        };
        let doubled = base.saturating_mul(1_u32.checked_shl(attempt - 1).unwrap_or(u32::MAX));
        let limit = self.max_backoff.unwrap_or(Duration::from_secs(20));
        let pause = doubled.min(limit).mul_f64(fastrand::f64());
        asked.map_or(pause, |asked| asked.min(limit).max(pause))
    }
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
    fn the_service_can_ask_for_a_longer_pause_within_the_limit() {
        let pause = |retries: Retries, asked| {
            let pause = retries.pause(RetryKind::Transient, 1, Some(Duration::from_millis(asked)));
            pause.as_millis()
        };
        assert_eq!(pause(Retries::new(), 1500), 1500);
        assert_eq!(pause(Retries::new(), 60_000), 20_000);
        let hasty = Retries::new().max_backoff(Duration::from_secs(1));
        assert_eq!(pause(hasty, 1500), 1000);
        // Its own pause, at random up to 50 ms.
        assert!(pause(Retries::new(), 0) <= 50);
    }
}
