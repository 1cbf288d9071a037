//! Times as signatures have them.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::error::BoxError;
use crate::words::calendar::{self, DAY};

/// The first second of the year 10000.
const END: i64 = 253_402_300_800;

/// A time of the years 1970 to 9999, such as `20150830T123600Z`, as ASCII.
///
/// # Errors
///
/// For other times, which have no such form.
pub(crate) fn text(time: SystemTime) -> Result<[u8; 16], BoxError> {
    let since = time.duration_since(UNIX_EPOCH).ok();
    let seconds = since.and_then(|since| i64::try_from(since.as_secs()).ok());
    let Some(seconds) = seconds.filter(|seconds| *seconds < END) else {
        return Err("the time is not of the years 1970 to 9999".into());
    };
    let (year, month, day) = calendar::date(seconds / DAY);
    let seconds = seconds % DAY;
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    let pairs = [year / 100, year % 100, month, day, hour, minute, second];
    let mut text = *b"00000000T000000Z";
    for (at, pair) in [0, 2, 4, 6, 9, 11, 13].into_iter().zip(pairs) {
        text[at] += (pair / 10) as u8;
        text[at + 1] += (pair % 10) as u8;
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn at(seconds: i64) -> String {
        let text = text(UNIX_EPOCH + Duration::from_secs(seconds as u64)).expect("a time with a form");
        String::from_utf8(text.to_vec()).expect("it is ASCII")
    }

    /// The seconds are those that `date -u -d .. +%s` prints.
    #[test]
    fn times() {
        for (seconds, expected) in [
            (0, "19700101T000000Z"),
            (86_399, "19700101T235959Z"),
            (86_400, "19700102T000000Z"),
            (68_169_599, "19720228T235959Z"),
            (68_169_600, "19720229T000000Z"),
            (68_256_000, "19720301T000000Z"),
            (951_782_400, "20000229T000000Z"),
            (951_868_800, "20000301T000000Z"),
            (978_307_199, "20001231T235959Z"),
            (1_440_938_160, "20150830T123600Z"),
            (4_107_542_399, "21000228T235959Z"),
            (4_107_542_400, "21000301T000000Z"),
            (13_574_563_200, "24000229T000000Z"),
            (END - 1, "99991231T235959Z"),
        ] {
            assert_eq!(at(seconds), expected);
        }
    }

    #[test]
    fn times_without_a_form() {
        assert!(text(UNIX_EPOCH - Duration::from_secs(1)).is_err());
        assert!(text(UNIX_EPOCH + Duration::from_secs(END as u64)).is_err());
    }
}
