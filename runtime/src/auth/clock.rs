//! The time that signatures carry: this machine's, corrected by what services say of it.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::header::{AGE, DATE};

use crate::error::Error;
use crate::words::header_map::first;

/// How much a signature may be off where the service does not say that the time is what is wrong with it. Services
/// accept five minutes.
const TOLERANCE: Duration = Duration::from_secs(4 * 60);

/// What a `Date` must be to be believed, in seconds since 1970: the years 2000 to 2199.
const BELIEVABLE: std::ops::Range<i64> = 946_684_800..7_258_118_400;

/// What time it is by two clocks: that of this machine and that of the services. Either may be wrong.
///
/// Credentials are renewed in time for the one that is ahead, and refused only when they have expired by both: a service
/// that refuses them says so, and what it says can set the clock right.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Times {
    pub(crate) earlier: SystemTime,
    pub(crate) later: SystemTime,
}

/// A clock that is set by the answers of services.
#[derive(Debug, Default)]
pub(crate) struct Clock {
    /// What to add to the time of this machine, in milliseconds.
    correction: AtomicI64,
    /// Whether services have no say in it.
    is_fixed: bool,
}

impl Clock {
    /// A clock that nothing corrects.
    pub(crate) fn fixed() -> Self {
        Self {
            is_fixed: true,
            ..Self::default()
        }
    }

    /// The time, as services have corrected it.
    pub(crate) fn now(&self) -> SystemTime {
        self.corrected(SystemTime::now())
    }

    /// The time by this machine and by the services.
    pub(crate) fn times(&self) -> Times {
        let own = SystemTime::now();
        let corrected = self.corrected(own);
        Times {
            earlier: own.min(corrected),
            later: own.max(corrected),
        }
    }

    fn corrected(&self, own: SystemTime) -> SystemTime {
        let correction = self.correction.load(Ordering::Relaxed);
        let by = Duration::from_millis(correction.unsigned_abs());
        let corrected = match correction {
            0.. => own.checked_add(by),
            _ => own.checked_sub(by),
        };
        corrected.unwrap_or(own)
    }

    /// Takes over the service's time if its error is about the time that was signed. Whether it did.
    pub(crate) fn correct(&self, error: &Error, signed: Option<SystemTime>) -> bool {
        if self.is_fixed {
            return false;
        }
        let corrected = || {
            let signed = signed?;
            let is_certain = is_about_time(error.code()?)?;
            let theirs = date(error)?;
            let off = theirs.abs_diff(milliseconds(signed)?);
            if !is_certain && u128::from(off) <= TOLERANCE.as_millis() {
                return None;
            }
            let correction = theirs.checked_sub(milliseconds(SystemTime::now())?)?;
            self.correction.store(correction, Ordering::Relaxed);
            Some(correction)
        };
        let correction = corrected();
        if let Some(correction) = correction {
            tracing::warn!(
                correction_ms = correction,
                "the clock is off, signing with the service's time"
            );
        }
        correction.is_some()
    }
}

/// Whether errors with this code are about the time that was signed: for certain, or perhaps.
fn is_about_time(code: &str) -> Option<bool> {
    match code {
        "RequestExpired" | "RequestInTheFuture" | "RequestTimeTooSkewed" => Some(true),
        "AuthFailure" | "InvalidSignatureException" | "SignatureDoesNotMatch" => Some(false),
        _ => None,
    }
}

/// The time at the service, in milliseconds since 1970. The date of a cache is that of an earlier answer.
fn date(error: &Error) -> Option<i64> {
    let headers = error.response_metadata()?.headers();
    if first(headers, &AGE).is_some() {
        return None;
    }
    let date = first(headers, &DATE)?.to_str().ok()?;
    let date = milliseconds(httpdate::parse_http_date(date).ok()?)?;
    BELIEVABLE.contains(&(date / 1000)).then_some(date)
}

fn milliseconds(time: SystemTime) -> Option<i64> {
    match time.duration_since(UNIX_EPOCH) {
        Ok(after) => after.as_millis().try_into().ok(),
        Err(before) => before.duration().as_millis().try_into().map(|millis: i64| -millis).ok(),
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, HeaderValue, StatusCode};

    use super::*;
    use crate::error::Kind;
    use crate::error::metadata::ResponseMetadata;

    fn refusal(code: &str, date: Option<&str>) -> Error {
        let date = date.map(|date| (DATE, HeaderValue::from_str(date).expect("a value of a header")));
        let metadata = ResponseMetadata::new(StatusCode::FORBIDDEN, HeaderMap::from_iter(date), 1);
        let kind = Kind::Service {
            code: code.to_owned(),
            message: String::new(),
            modeled: None,
        };
        Error::new(kind).with_metadata(metadata)
    }

    /// How far the clock is from this date, in seconds.
    fn distance(clock: &Clock, seconds: i64) -> u64 {
        milliseconds(clock.now()).expect("a time").abs_diff(seconds * 1000) / 1000
    }

    /// RFC 9110, 5.6.7 has this date; it is 784111777 seconds after 1970, but too old to be believed. So is one of 2030.
    const OLD: &str = "Sun, 06 Nov 1994 08:49:37 GMT";
    const NEW: (&str, i64) = ("Tue, 01 Jan 2030 00:00:00 GMT", 1_893_456_000);

    #[test]
    fn a_fixed_clock_is_not_set() {
        let clock = Clock::fixed();
        assert!(!clock.correct(&refusal("RequestTimeTooSkewed", Some(NEW.0)), Some(clock.now())));
        assert_eq!(clock.correction.into_inner(), 0);
    }

    #[test]
    fn a_certain_error_sets_the_clock() {
        for code in ["RequestExpired", "RequestInTheFuture", "RequestTimeTooSkewed"] {
            let clock = Clock::default();
            assert!(clock.correct(&refusal(code, Some(NEW.0)), Some(clock.now())));
            assert!(distance(&clock, NEW.1) < 60, "{code}");
        }
        // Again, also if the service finds its own time wrong now.
        let clock = Clock::default();
        let error = refusal("RequestExpired", Some(NEW.0));
        assert!(clock.correct(&error, Some(clock.now())));
        assert!(clock.correct(&error, Some(clock.now())));
        assert!(distance(&clock, NEW.1) < 60);
    }

    #[test]
    fn a_bad_signature_sets_the_clock_if_the_time_is_off() {
        let signed = |minutes: u64, more: u64| {
            UNIX_EPOCH + Duration::from_secs(NEW.1 as u64) - Duration::from_secs(minutes * 60 + more)
        };
        for code in ["AuthFailure", "InvalidSignatureException", "SignatureDoesNotMatch"] {
            let clock = Clock::default();
            let error = refusal(code, Some(NEW.0));
            assert!(!clock.correct(&error, Some(signed(4, 0))));
            assert!(!clock.correct(&error, Some(signed(0, 0))));
            assert_eq!(clock.correction.load(Ordering::Relaxed), 0);
            assert!(clock.correct(&error, Some(signed(4, 1))));
            assert!(distance(&clock, NEW.1) < 60, "{code}");
        }
    }

    #[test]
    fn nothing_else_sets_the_clock() {
        let clock = Clock::default();
        let signed = Some(clock.now());
        for date in [
            None,
            Some("soon"),
            Some(""),
            Some(OLD),
            Some("Fri, 01 Jan 2200 00:00:00 GMT"),
        ] {
            assert!(!clock.correct(&refusal("RequestExpired", date), signed), "{date:?}");
        }
        assert!(!clock.correct(&refusal("ExpiredToken", Some(NEW.0)), signed));
        assert!(!clock.correct(&refusal("RequestExpired", Some(NEW.0)), None));
        assert!(!clock.correct(&Error::new(Kind::Signing), signed));
        assert_eq!(clock.correction.load(Ordering::Relaxed), 0);
    }
}
