//! The trace that a call is part of.

use http::HeaderValue;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What AWS leaves as it is in a trace id.
const TRACE_ID_ESCAPED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'=')
    .remove(b';')
    .remove(b':')
    .remove(b'+')
    .remove(b'&')
    .remove(b'[')
    .remove(b']')
    .remove(b'{')
    .remove(b'}')
    .remove(b'"')
    .remove(b'\'')
    .remove(b',')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

/// The trace that a Lambda function is part of, so that a function that calls itself can be found out.
///
/// One that is not UTF-8 is none. Calls do the same without it, so it is no reason to fail them.
pub(super) fn trace_id() -> Option<HeaderValue> {
    let id = std::env::var("_X_AMZN_TRACE_ID").ok()?;
    HeaderValue::try_from(utf8_percent_encode(&id, TRACE_ID_ESCAPED).to_string()).ok()
}
