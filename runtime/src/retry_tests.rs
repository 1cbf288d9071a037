//! What follows a failed attempt.

use std::time::Duration;

use http::{HeaderMap, StatusCode};

use crate::Retries;
use crate::call::retry::{Reason, RetryQuota, Tries};
use crate::error::metadata::ResponseMetadata;
use crate::error::{Broke, Connecting, Distrust, Error, Kind, Refusal, Step, TimedOut};
use crate::weather::WEATHER;
use crate::words::service::RetryKind;

fn broke(broke: Broke) -> Error {
    let host = "weather.example".to_owned();
    Error::new(Kind::Connection {
        host,
        broke,
        sent: None,
    })
}

fn connecting(phase: Connecting) -> Error {
    let host = "weather.example".to_owned();
    Error::new(Kind::Connect { host, phase })
}

fn answer(status: u16, code: &str) -> Error {
    let status = StatusCode::from_u16(status).expect("a status");
    let kind = Kind::Service {
        code: code.to_owned(),
        message: String::new(),
        modeled: None,
    };
    Error::new(kind)
        .in_operation(WEATHER.info.operation("Forecast"))
        .with_metadata(ResponseMetadata::new(status, HeaderMap::new(), 1))
}

/// A call whose attempts fail one after the other.
struct Call {
    tries: Tries,
    quota: RetryQuota,
}

impl Call {
    fn new(retries: Retries) -> Self {
        Self {
            tries: Tries::new(retries.max_backoff(Duration::ZERO), None),
            quota: RetryQuota::default(),
        }
    }

    fn fails(&mut self, error: &Error) -> Result<&'static str, Refusal> {
        self.fails_with(error, None)
    }

    fn fails_with(&mut self, error: &Error, mended: Option<Reason>) -> Result<&'static str, Refusal> {
        let again = self.tries.after(error, mended, true, &self.quota)?;
        Ok(again.reason.label())
    }

    fn numbers(&self) -> (u32, u32) {
        (self.tries.number(), self.tries.max())
    }
}

#[test]
fn which_errors_are_tried_again() {
    let timeout_at = |what, step| {
        let limit = Duration::ZERO;
        Error::new(Kind::Timeout { what, limit, step })
    };
    let timeout = |what| timeout_at(what, Step::Head);
    for (error, expected) in [
        (connecting(Connecting::Resolve), Some("transient")),
        (connecting(Connecting::Tcp), Some("transient")),
        (connecting(Connecting::ForeignProxy), None),
        (connecting(Connecting::Proxy), Some("transient")),
        (connecting(Connecting::Tunnel), Some("transient")),
        (connecting(Connecting::Refused(302)), None),
        (connecting(Connecting::Refused(403)), None),
        (connecting(Connecting::Refused(407)), None),
        (connecting(Connecting::Refused(502)), Some("transient")),
        (connecting(Connecting::Tls), Some("transient")),
        (connecting(Connecting::Certificate(Distrust::Expired)), None),
        (broke(Broke::Unsent), Some("stale-connection")),
        (broke(Broke::Stale), Some("transient")),
        (broke(Broke::Silent), Some("transient")),
        (broke(Broke::Late), None),
        (broke(Broke::Answering), None),
        (Error::new(Kind::HeadTooLarge { host: String::new() }), None),
        (timeout(TimedOut::Read), None),
        (timeout(TimedOut::Attempt), None),
        (timeout(TimedOut::Operation), None),
        (timeout_at(TimedOut::Attempt, Step::Credentials), None),
        (timeout_at(TimedOut::Attempt, Step::Connecting), Some("transient")),
        (timeout_at(TimedOut::Operation, Step::Connecting), None),
        (Error::new(Kind::Transport), None),
        (answer(500, "500"), Some("transient")),
        (answer(501, "501"), None),
        (answer(503, "503"), Some("transient")),
        (answer(530, "530"), Some("transient")),
        (answer(531, "531"), None),
        (answer(400, "Fog"), Some("transient")),
        (answer(400, "Overcast"), Some("throttling")),
        (answer(400, "SlowDown"), Some("throttling")),
        (answer(429, "Sunrise"), Some("throttling")),
        (answer(429, "429"), Some("throttling")),
        (answer(429, "RateLimited"), Some("throttling")),
        (answer(429, "Fog"), Some("transient")),
        (answer(403, "RequestTimeTooSkewed"), None),
    ] {
        let decision = Call::new(Retries::new()).fails(&error);
        match expected {
            Some(reason) => assert_eq!(decision, Ok(reason), "{error}"),
            None => assert!(matches!(decision, Err(Refusal::Never(_))), "{error}: {decision:?}"),
        }
    }
    let mut patient = Call::new(Retries::new().after_timeout(true));
    assert_eq!(patient.fails(&timeout(TimedOut::Read)), Ok("transient"));
    assert_eq!(patient.fails(&broke(Broke::Late)), Ok("transient"));
    let mut operation = Call::new(Retries::new().after_timeout(true));
    assert!(operation.fails(&timeout(TimedOut::Operation)).is_err());
}

/// It needs a connection that cannot be stale, too.
#[test]
fn a_request_of_which_nothing_was_sent_is_free() {
    let mut call = Call::new(Retries::new());
    assert!(!call.tries.needs_fresh_connection());
    assert_eq!(call.numbers(), (1, 3));
    assert_eq!(call.fails(&broke(Broke::Unsent)), Ok("stale-connection"));
    assert!(call.tries.needs_fresh_connection());
    assert_eq!(call.numbers(), (2, 4));
    assert_eq!(call.tries.paid(), None);
    assert_eq!(call.fails(&answer(503, "503")), Ok("transient"));
    assert!(!call.tries.needs_fresh_connection());
    assert_eq!(call.fails(&broke(Broke::Unsent)), Ok("stale-connection"));
    assert_eq!(call.numbers(), (4, 5));
}

#[test]
fn a_request_that_was_sent_counts() {
    let mut call = Call::new(Retries::new());
    assert_eq!(call.fails(&broke(Broke::Stale)), Ok("transient"));
    assert!(call.tries.needs_fresh_connection());
    assert_eq!(call.numbers(), (2, 3));
    assert_eq!(call.tries.paid(), Some(14));
    assert_eq!(call.fails(&broke(Broke::Silent)), Ok("transient"));
    assert!(!call.tries.needs_fresh_connection());
    assert_eq!(call.fails(&broke(Broke::Silent)), Err(Refusal::Attempts));
}

#[test]
fn a_corrected_clock_is_free_once_a_call() {
    let skewed = answer(403, "RequestTimeTooSkewed");
    let mut call = Call::new(Retries::new());
    assert_eq!(call.fails_with(&skewed, Some(Reason::ClockSkew)), Ok("clock-skew"));
    assert_eq!(call.numbers(), (2, 4));
    assert_eq!(call.fails(&broke(Broke::Unsent)), Ok("stale-connection"));
    assert_eq!(call.numbers(), (3, 5));
    assert!(matches!(
        call.fails_with(&skewed, Some(Reason::ClockSkew)),
        Err(Refusal::Never(_))
    ));
}

#[test]
fn with_one_attempt_one_request_is_sent() {
    let mut call = Call::new(Retries::none());
    assert_eq!(call.fails(&broke(Broke::Stale)), Err(Refusal::Attempts));
    assert_eq!(call.fails(&broke(Broke::Silent)), Err(Refusal::Attempts));
    let skewed = answer(403, "RequestTimeTooSkewed");
    assert!(matches!(
        call.fails_with(&skewed, Some(Reason::ClockSkew)),
        Err(Refusal::Never(_))
    ));
    assert_eq!(call.numbers(), (1, 1));
    assert_eq!(call.fails(&broke(Broke::Unsent)), Ok("stale-connection"));
}

#[test]
fn free_retries_need_no_quota_but_a_payload() {
    let mut call = Call::new(Retries::new());
    while call.quota.spend(RetryKind::Throttling).is_some() {}
    assert_eq!(call.fails(&answer(503, "503")), Err(Refusal::Quota));
    assert_eq!(call.fails(&broke(Broke::Unsent)), Ok("stale-connection"));
    let mut call = Call::new(Retries::new());
    let decision = call.tries.after(&broke(Broke::Unsent), None, false, &call.quota);
    assert_eq!(decision, Err(Refusal::Stream));
}

#[test]
fn an_attempt_that_comes_too_late_is_not_paid_for() {
    let quota = RetryQuota::default();
    let mut tries = Tries::new(Retries::new(), Some(Duration::ZERO));
    let decision = tries.after(&broke(Broke::Silent), None, true, &quota);
    assert_eq!(decision, Err(Refusal::Deadline));
    // 35 times 14 are 490 of 500.
    for _ in 0..35 {
        assert!(quota.spend(RetryKind::Transient).is_some());
    }
}
