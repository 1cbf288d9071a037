//! Points in time as text.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use crate::auth::signing::date;

const DAY: i64 = 24 * 60 * 60;

/// Reads a date and time of RFC 3339, such as `2025-11-19T00:15:00.5Z` or `2025-11-19T01:15:00+01:00`. Old versions of the
/// AWS CLI wrote `UTC` instead of the `Z`.
pub(crate) fn parse(text: &str) -> Option<SystemTime> {
    let text = text.trim();
    let (date, rest) = text.split_at_checked(10)?;
    let time = rest.strip_prefix(['T', 't', ' '])?;
    let (time, rest) = time.split_at_checked(8)?;
    let [year, month, day] = numbers(date, '-', [4, 2, 2])?;
    let [hour, minute, second] = numbers(time, ':', [2, 2, 2])?;
    let (nanos, zone) = match rest.strip_prefix('.') {
        Some(rest) => {
            let end = rest.find(|c: char| !c.is_ascii_digit())?;
            (nanos(&rest[..end])?, &rest[end..])
        }
        None => (0, rest),
    };
    let is_valid = (1..=12).contains(&month)
        && (1..=days_of(year, month)).contains(&day)
        && hour < 24
        && minute < 60
        && second <= 60;
    if !is_valid {
        return None;
    }
    let seconds = days_before(year, month, day) * DAY + hour * 3600 + minute * 60 + second - offset(zone)?;
    let time = match u64::try_from(seconds) {
        Ok(after) => UNIX_EPOCH.checked_add(Duration::from_secs(after)),
        Err(_) => UNIX_EPOCH.checked_sub(Duration::from_secs(seconds.unsigned_abs())),
    };
    time?.checked_add(Duration::from_nanos(nanos))
}

/// Numbers of so many digits each.
fn numbers<const N: usize>(text: &str, separator: char, digits: [usize; N]) -> Option<[i64; N]> {
    let mut numbers = [0; N];
    let mut parts = text.split(separator);
    for (number, digits) in numbers.iter_mut().zip(digits) {
        let part = parts.next()?;
        let is_number = part.len() == digits && part.bytes().all(|byte| byte.is_ascii_digit());
        *number = part.parse().ok().filter(|_| is_number)?;
    }
    parts.next().is_none().then_some(numbers)
}

/// A fraction of a second. What is finer than nanoseconds is dropped.
fn nanos(digits: &str) -> Option<u64> {
    let digits = &digits[..digits.len().min(9)];
    let number: u64 = digits.parse().ok()?;
    Some(number * 10_u64.pow(9 - digits.len() as u32))
}

/// The seconds by which a zone is ahead.
fn offset(zone: &str) -> Option<i64> {
    if zone.eq_ignore_ascii_case("z") || zone.eq_ignore_ascii_case("utc") {
        return Some(0);
    }
    let (sign, zone) = match zone.strip_prefix('+') {
        Some(zone) => (1, zone),
        None => (-1, zone.strip_prefix('-')?),
    };
    let [hours, minutes] = numbers(zone, ':', [2, 2])?;
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

/// How many days a month has.
fn days_of(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// The days from 1970-01-01 to a date.
///
/// This is `days_from_civil` of Howard Hinnant's <https://howardhinnant.github.io/date_algorithms.html>: years begin in
/// March, so that the day that only some of them have is the last one.
fn days_before(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year - era * 400;
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Writes a point in time such as `2025-11-19T00:15:00Z`. There is none for years before 1970 and after 9999.
pub(crate) fn format(time: SystemTime) -> Option<String> {
    // `20251119T001500Z`
    let text = date::text(time).ok()?;
    let part = |range: std::ops::Range<usize>| String::from_utf8_lossy(&text[range]).into_owned();
    let [year, month, day] = [0..4, 4..6, 6..8].map(part);
    let [hour, minute, second] = [9..11, 11..13, 13..15].map(part);
    Some(format!("{year}-{month}-{day}T{hour}:{minute}:{second}Z"))
}

/// How long a time is ago or ahead, in the largest unit that fits.
pub(crate) fn rough(duration: Duration) -> String {
    let seconds = duration.as_secs();
    match seconds {
        ..=119 => format!("{seconds} s"),
        120..=7_199 => format!("{} min", seconds / 60),
        7_200..=172_799 => format!("{} h", seconds / 3_600),
        _ => format!("{} days", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str) -> Option<f64> {
        let time = parse(text)?;
        Some(match time.duration_since(UNIX_EPOCH) {
            Ok(after) => after.as_secs_f64(),
            Err(before) => -before.duration().as_secs_f64(),
        })
    }

    /// The seconds are those that `date -u -d .. +%s` prints.
    #[test]
    fn times() {
        for (text, expected) in [
            ("1970-01-01T00:00:00Z", 0.0),
            ("2009-02-13T23:31:30Z", 1_234_567_890.0),
            ("2021-12-07T01:19:12UTC", 1_638_839_952.0),
            ("2022-05-02T18:36:00+00:00", 1_651_516_560.0),
            ("2022-05-02T20:36:00+02:00", 1_651_516_560.0),
            ("2022-05-02T13:06:00-05:30", 1_651_516_560.0),
            ("2000-02-29T00:00:00z", 951_782_400.0),
            (" 2025-11-19T00:15:00.25Z\n", 1_763_511_300.25),
            ("2025-11-19 00:15:00.2500000001Z", 1_763_511_300.25),
            ("1969-12-31T23:59:59Z", -1.0),
            ("3025-09-14T04:05:45Z", 33_314_731_545.0),
        ] {
            assert_eq!(seconds(text), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_time() {
        for text in [
            "",
            "soon",
            "2025-11-19",
            "2025-11-19T00:15:00",
            "2025-11-19T00:15:00.Z",
            "2025-11-19T00:15:00.5",
            "2025-13-19T00:15:00Z",
            "2025-02-29T00:15:00Z",
            "1900-02-29T00:15:00Z",
            "2025-11-19T24:15:00Z",
            "2025-11-19T00:15:00+1:00",
            "2025-11-19T00:15:00+00:60",
            "+025-11-19T00:15:00Z",
            "2025-11-19T00:15:0éZ",
            "20251119T001500Z",
            "1763511300",
        ] {
            assert_eq!(seconds(text), None, "{text}");
        }
    }

    #[test]
    fn what_is_written_reads_back() {
        let mut random = fastrand::Rng::with_seed(7);
        for _ in 0..10_000 {
            let time = UNIX_EPOCH + Duration::from_secs(random.u64(..253_402_300_800));
            let text = format(time).expect("a time with a form");
            assert_eq!(parse(&text), Some(time), "{text}");
        }
        assert_eq!(format(UNIX_EPOCH - Duration::from_secs(1)), None);
        let end = UNIX_EPOCH + Duration::from_secs(253_402_300_800);
        assert_eq!(format(end), None);
    }

    #[test]
    fn any_text_is_read_or_refused() {
        let mut random = fastrand::Rng::with_seed(8);
        for _ in 0..100_000 {
            let mut text: Vec<char> = "2025-11-19T00:15:00.25+01:00".chars().collect();
            for _ in 0..random.usize(1..4) {
                let place = random.usize(..text.len());
                text[place] = random
                    .choice(['0', '9', '-', ':', 'T', 'Z', '.', '+', 'é'])
                    .expect("a character");
            }
            let _ = parse(&text.iter().collect::<String>());
        }
    }
}
