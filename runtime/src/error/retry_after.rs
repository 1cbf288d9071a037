//! How long a response asks to wait before the next request.

use std::time::{Duration, SystemTime};

use http::HeaderMap;
use http::header::{DATE, HeaderName, HeaderValue, RETRY_AFTER};

use crate::words::header_map::first;

/// The same in milliseconds, as AWS services send it.
const X_AMZ_RETRY_AFTER: HeaderName = HeaderName::from_static("x-amz-retry-after");

/// Reads the headers of a response. One that is not understood asks for nothing.
pub(super) fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let milliseconds = text(headers, &X_AMZ_RETRY_AFTER).and_then(|text| text.parse().ok());
    match milliseconds {
        Some(milliseconds) => Some(Duration::from_millis(milliseconds)),
        None => seconds_or_date(text(headers, &RETRY_AFTER)?, headers),
    }
}

/// A date is compared with that of the response, because the clock of this machine may be off.
fn seconds_or_date(text: &str, headers: &HeaderMap) -> Option<Duration> {
    if let Ok(seconds) = text.parse() {
        return Some(Duration::from_secs(seconds));
    }
    let date = |text| httpdate::parse_http_date(text).ok();
    let now = self::text(headers, &DATE).and_then(date);
    let until = date(text)?;
    Some(
        until
            .duration_since(now.unwrap_or_else(SystemTime::now))
            .unwrap_or_default(),
    )
}

fn text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    first(headers, name).map(HeaderValue::to_str)?.ok().map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(headers: &[(HeaderName, &'static str)]) -> Option<Duration> {
        let headers = headers.iter().cloned();
        let headers = headers.map(|(name, value)| (name, HeaderValue::from_static(value)));
        retry_after(&headers.collect())
    }

    #[test]
    fn seconds_milliseconds_and_dates_are_understood() {
        let seconds = Duration::from_secs;
        assert_eq!(asked(&[(RETRY_AFTER, "120")]), Some(seconds(120)));
        assert_eq!(asked(&[(RETRY_AFTER, " 0 ")]), Some(seconds(0)));
        assert_eq!(asked(&[(X_AMZ_RETRY_AFTER, "1500")]), Some(Duration::from_millis(1500)));
        let both = [(RETRY_AFTER, "120"), (X_AMZ_RETRY_AFTER, "1500")];
        assert_eq!(asked(&both), Some(Duration::from_millis(1500)));

        let date = (DATE, "Wed, 21 Oct 2026 07:28:00 GMT");
        let later = (RETRY_AFTER, "Wed, 21 Oct 2026 07:28:30 GMT");
        assert_eq!(asked(&[date.clone(), later.clone()]), Some(seconds(30)));
        let earlier = (RETRY_AFTER, "Wed, 21 Oct 2026 07:27:00 GMT");
        assert_eq!(asked(&[date, earlier]), Some(seconds(0)));
        // Without a date of the response, the clock of this machine counts.
        let past = (RETRY_AFTER, "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(asked(&[past]), Some(seconds(0)));
    }

    #[test]
    fn anything_else_asks_for_nothing() {
        for text in [
            "",
            "soon",
            "-1",
            "1.5",
            "99999999999999999999",
            "Wed, 99 Oct 2026 07:28:30 GMT",
        ] {
            assert_eq!(asked(&[(RETRY_AFTER, text)]), None, "{text}");
        }
        assert_eq!(
            asked(&[(X_AMZ_RETRY_AFTER, "soon"), (RETRY_AFTER, "7")]),
            Some(Duration::from_secs(7))
        );
        assert_eq!(asked(&[]), None);
    }
}
