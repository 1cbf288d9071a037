//! Points in time as text.

use std::time::{Duration, SystemTime};

use crate::words::date_time::DateTime;

/// Reads a date and time of RFC 3339, such as `2025-11-19T00:15:00.5Z` or `2025-11-19T01:15:00+01:00`. Old versions of the
/// AWS CLI wrote `UTC` instead of the `Z`.
pub(crate) fn parse(text: &str) -> Option<SystemTime> {
    let text = text.trim();
    let time = match text.strip_suffix("UTC") {
        Some(text) => DateTime::parse_rfc3339(&format!("{text}Z")),
        None => DateTime::parse_rfc3339(text),
    };
    time?.try_into().ok()
}

/// Writes a point in time such as `2025-11-19T00:15:00Z`. There is none for years before 1 and after 9999.
pub(crate) fn format(time: SystemTime) -> Option<String> {
    DateTime::from_secs(DateTime::from(time).secs()).rfc3339()
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
    use std::time::UNIX_EPOCH;

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
        let before = UNIX_EPOCH - Duration::from_millis(1);
        assert_eq!(format(before).as_deref(), Some("1969-12-31T23:59:59Z"));
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
