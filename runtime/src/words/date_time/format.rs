//! How times are written.

use std::fmt::Write as _;

use super::{DateTime, NANOS_PER_SECOND};
use crate::words::calendar::{self, DAY};

pub(super) const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// A time in the words of the calendar.
struct Parts {
    date: (i64, i64, i64),
    hour: i64,
    minute: i64,
    second: i64,
}

impl DateTime {
    /// Writes `2019-12-16T23:48:18.52Z`. Only the years 1 to 9999 have this form.
    pub(crate) fn rfc3339(self) -> Option<String> {
        let Parts {
            date: (year, month, day),
            hour,
            minute,
            second,
        } = self.parts()?;
        let mut text = format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}");
        write_fraction(&mut text, self.nanos);
        text.push('Z');
        Some(text)
    }

    /// Writes `Mon, 16 Dec 2019 23:48:18 GMT`, without fractions of a second. Only the years 1 to 9999 have this form.
    #[cfg(feature = "timestamp")]
    pub(crate) fn http_date(self) -> Option<String> {
        let Parts {
            date: (year, month, day),
            hour,
            minute,
            second,
        } = self.parts()?;
        // 1970 began on a Thursday.
        let days = self.secs.div_euclid(DAY);
        let weekday = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"][days.rem_euclid(7) as usize];
        let month = MONTHS[month as usize - 1];
        Some(format!(
            "{weekday}, {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02} GMT"
        ))
    }

    /// Writes `1576540098.52`.
    pub(crate) fn epoch_seconds(self) -> String {
        // `-1.5` is two seconds before 1970, and half a second after that.
        let (sign, secs, nanos) = match (self.secs, self.nanos) {
            (0.., nanos) => ("", self.secs as u64, nanos),
            (secs, 0) => ("-", secs.unsigned_abs(), 0),
            (secs, nanos) => ("-", secs.unsigned_abs() - 1, NANOS_PER_SECOND - nanos),
        };
        let mut text = format!("{sign}{secs}");
        write_fraction(&mut text, nanos);
        text
    }

    fn parts(self) -> Option<Parts> {
        let date = calendar::date(self.secs.div_euclid(DAY));
        let second = self.secs.rem_euclid(DAY);
        (1..=9999).contains(&date.0).then_some(Parts {
            date,
            hour: second / 3600,
            minute: second / 60 % 60,
            second: second % 60,
        })
    }
}

/// Writes a fraction of a second without zeros at its end: `.52`, or nothing.
fn write_fraction(text: &mut String, nanos: u32) {
    if nanos > 0 {
        // Writing to a string cannot fail.
        _ = write!(text, ".{nanos:09}");
        text.truncate(text.trim_end_matches('0').len());
    }
}
