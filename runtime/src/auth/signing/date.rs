//! Times as signatures have them.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::error::BoxError;

const DAY: u64 = 24 * 60 * 60;

/// The first second of the year 10000.
const END: u64 = 253_402_300_800;

/// A time of the years 1970 to 9999, such as `20150830T123600Z`, as ASCII.
///
/// # Errors
///
/// For other times, which have no such form.
pub(crate) fn text(time: SystemTime) -> Result<[u8; 16], BoxError> {
    let seconds = time.duration_since(UNIX_EPOCH).map(|since| since.as_secs());
    let Some(seconds) = seconds.ok().filter(|seconds| *seconds < END) else {
        return Err("the time is not of the years 1970 to 9999".into());
    };
    let (year, month, day) = civil(seconds / DAY);
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

/// Year, month and day of the Gregorian calendar, from the days since 1970-01-01.
///
/// This is `civil_from_days` of Howard Hinnant's <https://howardhinnant.github.io/date_algorithms.html>: years begin in
/// March, so that the day that only some of them have is the last one, and repeat after 400 years, an era.
fn civil(days: u64) -> (u64, u64, u64) {
    const DAYS_OF_ERA: u64 = 146_097;
    // From 0000-03-01 to 1970-01-01.
    let days = days + 719_468;
    let era = days / DAYS_OF_ERA;
    let day = days % DAYS_OF_ERA;
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    // From March on the months have 31, 30, 31, 30 and 31 days, which are 153, and then again.
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, next_year) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (era * 400 + year + next_year, month, day)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn at(seconds: u64) -> String {
        let text = text(UNIX_EPOCH + Duration::from_secs(seconds)).expect("a time with a form");
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

    /// Counted day by day, by the rule of the calendar.
    #[test]
    fn every_day() {
        let (mut year, mut month, mut day) = (1970, 1, 1);
        for days in 0..END / DAY {
            assert_eq!(civil(days), (year, month, day));
            let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            let last = match month {
                2 if is_leap => 29,
                2 => 28,
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            (year, month, day) = match (month, day) {
                (12, 31) => (year + 1, 1, 1),
                (_, day) if day == last => (year, month + 1, 1),
                _ => (year, month, day + 1),
            };
        }
        assert_eq!((year, month, day), (10_000, 1, 1));
    }

    #[test]
    fn times_without_a_form() {
        assert!(text(UNIX_EPOCH - Duration::from_secs(1)).is_err());
        assert!(text(UNIX_EPOCH + Duration::from_secs(END)).is_err());
    }
}
