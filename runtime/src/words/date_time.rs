//! Points in time.

mod format;
mod parse;
#[cfg(all(test, feature = "timestamp"))]
mod tests;

use std::error::Error;
use std::fmt;
use std::str::FromStr;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::one_line::Quoted;

const NANOS_PER_SECOND: u32 = 1_000_000_000;

/// A point in time, in UTC, to the nanosecond.
///
/// Requests carry milliseconds; anything finer is cut off. Responses are read as precisely as they are written.
///
/// It displays as RFC 3339, and is parsed from any form in which services write a time: RFC 3339, a date of HTTP, or the
/// seconds since 1970. RFC 3339 ends with the year 9999 and begins with the year 1; other times display as seconds.
///
/// ```
/// use std::time::SystemTime;
/// use lean_aws_runtime::DateTime;
///
/// let time: DateTime = "2019-12-16T23:48:18.52Z".parse()?;
/// assert_eq!(time, DateTime::from_millis(1_576_540_098_520));
/// assert_eq!(time.to_string(), "2019-12-16T23:48:18.52Z");
/// assert!(time < DateTime::from(SystemTime::now()));
/// # Ok::<(), lean_aws_runtime::InvalidDateTime>(())
/// ```
///
/// # Other crates
///
/// Crates for dates convert from and into [`SystemTime`], and so does this type. Without the detour:
///
/// | crate | from a `DateTime` | to a `DateTime` |
/// |---|---|---|
/// | `chrono` | `chrono::DateTime::from_timestamp(t.secs(), t.subsec_nanos())` | `DateTime::from(SystemTime::from(t))` |
/// | `jiff` | `jiff::Timestamp::new(t.secs(), t.subsec_nanos() as i32)` | `DateTime::from(SystemTime::from(t))` |
/// | `time` | `time::OffsetDateTime::from_unix_timestamp_nanos(t.as_nanos())` | `DateTime::from(SystemTime::from(t))` |
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DateTime {
    /// Since 1970, rounded down.
    secs: i64,
    /// After these seconds, less than a second.
    nanos: u32,
}

impl DateTime {
    const MIN: Self = Self::from_secs(i64::MIN);
    const MAX: Self = Self {
        secs: i64::MAX,
        nanos: NANOS_PER_SECOND - 1,
    };

    /// Makes a time from the seconds since 1970.
    pub const fn from_secs(secs: i64) -> Self {
        Self { secs, nanos: 0 }
    }

    /// Makes a time from the milliseconds since 1970.
    pub const fn from_millis(millis: i64) -> Self {
        Self {
            secs: millis.div_euclid(1000),
            nanos: millis.rem_euclid(1000) as u32 * 1_000_000,
        }
    }

    /// Makes a time from the seconds since 1970, rounded down, and the nanoseconds after these.
    ///
    /// A billion nanoseconds or more count as seconds. The result is at most what fits.
    ///
    /// ```
    /// # use lean_aws_runtime::DateTime;
    /// assert_eq!(DateTime::from_secs_and_nanos(-1, 500_000_000), DateTime::from_millis(-500));
    /// ```
    pub const fn from_secs_and_nanos(secs: i64, nanos: u32) -> Self {
        match secs.checked_add((nanos / NANOS_PER_SECOND) as i64) {
            Some(secs) => Self {
                secs,
                nanos: nanos % NANOS_PER_SECOND,
            },
            None => Self::MAX,
        }
    }

    /// Makes a time from the nanoseconds since 1970, if the seconds fit.
    pub(crate) fn from_nanos(nanos: i128) -> Option<Self> {
        let second = i128::from(NANOS_PER_SECOND);
        Some(Self {
            secs: nanos.div_euclid(second).try_into().ok()?,
            nanos: nanos.rem_euclid(second) as u32,
        })
    }

    /// Makes a time from the seconds since 1970 as a float, which has room for microseconds, if they fit.
    #[cfg(all(feature = "cbor", feature = "timestamp"))]
    pub(crate) fn from_secs_f64(secs: f64) -> Option<Self> {
        let micros = (secs * 1e6).round();
        // Beyond this, which is farther than any time goes, numbers would overflow. NaN is not less, either.
        let fits = micros.abs() < 1e25;
        fits.then(|| Self::from_nanos(micros as i128 * 1000))?
    }

    /// Returns the seconds since 1970, rounded down.
    pub const fn secs(self) -> i64 {
        self.secs
    }

    /// Returns the nanoseconds after these [seconds](Self::secs), less than a billion.
    pub const fn subsec_nanos(self) -> u32 {
        self.nanos
    }

    /// Returns the milliseconds since 1970, rounded down.
    ///
    /// # Errors
    ///
    /// If the time is more than 292 million years from 1970.
    pub fn to_millis(self) -> Result<i64, DateTimeOutOfRange> {
        let millis = self.as_nanos().div_euclid(1_000_000);
        millis.try_into().map_err(|_| DateTimeOutOfRange(self))
    }

    /// Returns the nanoseconds since 1970.
    pub const fn as_nanos(self) -> i128 {
        self.secs as i128 * NANOS_PER_SECOND as i128 + self.nanos as i128
    }

    /// Returns the time without what is finer than milliseconds.
    #[cfg(feature = "timestamp")]
    pub(crate) fn in_millis(self) -> Self {
        Self {
            nanos: self.nanos / 1_000_000 * 1_000_000,
            ..self
        }
    }
}

/// Reads RFC 3339, a date of HTTP, or the seconds since 1970.
///
/// A time without an offset is in UTC, and a date without a time is its beginning.
///
/// ```
/// # use lean_aws_runtime::DateTime;
/// let time = DateTime::from_secs(1_576_540_098);
/// for text in ["2019-12-17T00:48:18+01:00", "Mon, 16 Dec 2019 23:48:18 GMT", "1576540098"] {
///     assert_eq!(text.parse(), Ok(time));
/// }
/// assert!("soon".parse::<DateTime>().is_err());
/// ```
impl FromStr for DateTime {
    type Err = InvalidDateTime;

    fn from_str(text: &str) -> Result<Self, InvalidDateTime> {
        Self::parse(text).ok_or_else(|| InvalidDateTime { text: text.to_owned() })
    }
}

impl From<SystemTime> for DateTime {
    fn from(time: SystemTime) -> Self {
        let nanos = match time.duration_since(UNIX_EPOCH) {
            Ok(after) => after.as_nanos() as i128,
            Err(error) => -(error.duration().as_nanos() as i128),
        };
        let end = if nanos < 0 { Self::MIN } else { Self::MAX };
        Self::from_nanos(nanos).unwrap_or(end)
    }
}

/// # Errors
///
/// If the time is one that the platform's clock cannot have: on Windows, before the year 1601 or after the year 30,000.
impl TryFrom<DateTime> for SystemTime {
    type Error = DateTimeOutOfRange;

    fn try_from(time: DateTime) -> Result<Self, DateTimeOutOfRange> {
        let seconds = Duration::from_secs(time.secs.unsigned_abs());
        let second = match time.secs {
            0.. => UNIX_EPOCH.checked_add(seconds),
            _ => UNIX_EPOCH.checked_sub(seconds),
        };
        let exact = second.and_then(|second| second.checked_add(Duration::from_nanos(time.nanos.into())));
        exact.ok_or(DateTimeOutOfRange(time))
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.rfc3339().unwrap_or_else(|| self.epoch_seconds()))
    }
}

/// The same as [`Display`](fmt::Display).
impl fmt::Debug for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A text that is not a [`DateTime`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidDateTime {
    text: String,
}

impl fmt::Display for InvalidDateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is not a time such as 2019-12-16T23:48:18Z", Quoted(&self.text))
    }
}

impl Error for InvalidDateTime {}

/// A [`DateTime`] that another form has no room for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateTimeOutOfRange(DateTime);

impl fmt::Display for DateTimeOutOfRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the time {} is out of range", self.0)
    }
}

impl Error for DateTimeOutOfRange {}
