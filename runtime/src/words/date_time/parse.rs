//! How times are read.

use std::iter::repeat;

use super::DateTime;
use super::format::MONTHS;
use crate::words::calendar::{self, DAY};

impl DateTime {
    /// Reads a time in any format: seconds since 1970, ISO 8601, or a date of HTTP.
    ///
    /// Without an offset a time is one of UTC, and a date alone is its beginning. botocore and the official SDK for Go read
    /// times without an offset, too.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        // No text is a time in two of them. Most are as XML has them.
        iso8601(text)
            .or_else(|| epoch_seconds(text))
            .or_else(|| http_date(text))
    }

    /// Reads RFC 3339 alone: date, time and offset, such as `2025-11-19T00:15:00.5Z` or `2025-11-19T01:15:00+01:00`.
    #[cfg(feature = "credential-chain")]
    pub(crate) fn parse_rfc3339(text: &str) -> Option<Self> {
        date_and_time(text, offset)
    }
}

/// Reads `1576540098.52` or `1.57654009852E9`, without floats: they are less exact, and their tables take 20 KB of a program.
fn epoch_seconds(text: &str) -> Option<DateTime> {
    let (number, exponent) = match text.split_once(['e', 'E']) {
        Some((number, exponent)) => (number, exponent.parse::<i16>().ok()?),
        None => (text, 0),
    };
    let (sign, number) = match number.strip_prefix('-') {
        Some(number) => (-1, number),
        None => (1, number.strip_prefix('+').unwrap_or(number)),
    };
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = || whole.bytes().chain(fraction.bytes());
    if digits().next().is_none() || !digits().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    // More digits than nanoseconds have are those of a float, such as 0.19999999999999996 for 0.2, which is good for
    // microseconds.
    let decimals = match i64::try_from(fraction.len()).ok()? - i64::from(exponent) {
        ..=9 => 9,
        _ => 6,
    };
    // What stands before the point of a number of these units.
    let length = i64::try_from(whole.len()).ok()? + i64::from(exponent) + decimals;
    let mut digits = digits().chain(repeat(b'0'));
    let units = (0..length).zip(&mut digits).try_fold(0_i128, |units, (_, digit)| {
        units.checked_mul(10)?.checked_add(i128::from(digit - b'0'))
    })?;
    let rounded_up = length >= 0 && digits.next() >= Some(b'5');
    let units = units.checked_add(rounded_up.into())?;
    let nanos = units.checked_mul(10_i128.pow(9 - decimals as u32))?;
    DateTime::from_nanos(sign * nanos)
}

fn iso8601(text: &str) -> Option<DateTime> {
    if text.len() == 10 {
        return Some(DateTime::from_secs(date(text)? * DAY));
    }
    date_and_time(text, |zone| match zone.split_at_checked(3) {
        None if zone.is_empty() => Some(0),
        Some((hours, minutes)) if !minutes.starts_with(':') => hours_and_minutes(hours, minutes),
        _ => offset(zone),
    })
}

/// Reads a date, a time of day, and behind it a zone: its offset from UTC in seconds.
fn date_and_time(text: &str, offset: impl Fn(&str) -> Option<i64>) -> Option<DateTime> {
    let (day, rest) = text.split_at_checked(10)?;
    let rest = rest.strip_prefix(['T', 't', ' '])?;
    let zone = rest.bytes().position(|byte| matches!(byte, b'Z' | b'z' | b'+' | b'-'));
    let (time, zone) = rest.split_at(zone.unwrap_or(rest.len()));
    let (secs, nanos) = time_of_day(time)?;
    let secs = date(day)? * DAY + secs - offset(zone)?;
    Some(DateTime::from_secs_and_nanos(secs, nanos))
}

/// Reads `Mon, 16 Dec 2019 23:48:18 GMT`, or the same with a fraction of a second. The day of the week is not checked.
fn http_date(text: &str) -> Option<DateTime> {
    let (_, text) = text.split_at_checked(3)?;
    let text = text.strip_prefix(", ")?.strip_suffix(" GMT")?;
    let mut words = text.splitn(4, ' ');
    let mut word = || words.next();
    let (day, month, year, time) = (word()?, word()?, word()?, word()?);
    let month = MONTHS.iter().position(|name| *name == month)? as i64 + 1;
    let days = calendar::days(number(year, 4)?, month, number(day, 2)?)?;
    let (secs, nanos) = time_of_day(time)?;
    Some(DateTime::from_secs_and_nanos(days * DAY + secs, nanos))
}

/// Reads `2019-12-16` as the days since 1970.
fn date(text: &str) -> Option<i64> {
    let [year, month, day] = numbers(text, '-', [4, 2, 2])?;
    calendar::days(year, month, day)
}

/// Reads `23:48:18.52` as seconds and nanoseconds. A leap second is the first one of the next minute.
fn time_of_day(text: &str) -> Option<(i64, u32)> {
    let (time, fraction) = text.split_at_checked(8)?;
    let nanos = match fraction.strip_prefix('.') {
        Some(fraction) => nanos(fraction)?,
        None if fraction.is_empty() => 0,
        None => return None,
    };
    let [hour, minute, second] = numbers(time, ':', [2, 2, 2])?;
    let is_valid = hour < 24 && minute < 60 && second <= 60;
    is_valid.then_some((hour * 3600 + minute * 60 + second, nanos))
}

/// Reads the seconds by which a zone is ahead of UTC: `Z`, or `+01:00`.
fn offset(zone: &str) -> Option<i64> {
    if zone.eq_ignore_ascii_case("z") {
        return Some(0);
    }
    let (hours, minutes) = zone.split_once(':')?;
    hours_and_minutes(hours, minutes)
}

/// Reads `+01` and `00` as seconds.
fn hours_and_minutes(hours: &str, minutes: &str) -> Option<i64> {
    let (sign, hours) = match hours.strip_prefix('-') {
        Some(hours) => (-1, hours),
        None => (1, hours.strip_prefix('+')?),
    };
    let (hours, minutes) = (number(hours, 2)?, number(minutes, 2)?);
    (hours < 24 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

/// Reads a fraction of a second. What is finer than nanoseconds is dropped.
fn nanos(digits: &str) -> Option<u32> {
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let digits = &digits[..digits.len().min(9)];
    let number: u32 = digits.parse().ok()?;
    Some(number * 10_u32.pow(9 - digits.len() as u32))
}

/// Reads numbers of so many digits each.
fn numbers<const N: usize>(text: &str, separator: char, digits: [usize; N]) -> Option<[i64; N]> {
    let mut numbers = [0; N];
    let mut rest = text;
    for (at, (place, digits)) in numbers.iter_mut().zip(digits).enumerate() {
        if at > 0 {
            rest = rest.strip_prefix(separator)?;
        }
        let (own, after) = rest.split_at_checked(digits)?;
        *place = number(own, digits)?;
        rest = after;
    }
    rest.is_empty().then_some(numbers)
}

/// Reads a number of so many digits, which are few.
fn number(text: &str, digits: usize) -> Option<i64> {
    if text.len() != digits {
        return None;
    }
    text.bytes().try_fold(0, |number, byte| {
        byte.is_ascii_digit().then(|| 10 * number + i64::from(byte - b'0'))
    })
}
