//! Requests: what was sent against what should have been.

use std::fmt::Write;
use std::io::Read;

use base64::prelude::{BASE64_STANDARD, Engine};
use codegen::ir::{Codec, Location, Operation, Type};
use flate2::read::MultiGzDecoder;
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value};

use super::super::client::Client;
use super::super::suite::Serialized;
use super::{Difference, cbor, form, json, xml};

/// What was sent.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Request {
    method: String,
    authority: Option<String>,
    uri: Option<String>,
    headers: Vec<(String, String)>,
    #[serde(deserialize_with = "hexadecimal")]
    body: Vec<u8>,
}

fn hexadecimal<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let pairs = (0..text.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(text.get(at..at + 2).unwrap_or(""), 16));
    pairs.collect::<Result<_, _>>().map_err(serde::de::Error::custom)
}

/// All differences.
pub(super) fn differences(
    client: &Client,
    operation: &Operation,
    params: &Map<String, Value>,
    expected: &Serialized,
    actual: &Request,
) -> Vec<Difference> {
    let comparison = Comparison {
        codec: client.api.service.protocol.writer(),
        operation,
        params,
        actual,
    };
    let not_compared = |(name, value): (&String, &Value)| {
        Difference::new(
            format!("`{name}`"),
            value.to_string(),
            "(nobody knows how to compare this)",
        )
    };
    let mut found: Vec<_> = expected.others.iter().map(not_compared).collect();
    if let Some(method) = &expected.method
        && *method != actual.method
    {
        found.push(Difference::new("method", method, &actual.method));
    }
    found.extend(expected.uri.as_ref().and_then(|uri| comparison.uri(uri)));
    found.extend(expected.path.as_ref().and_then(|path| comparison.path(path)));
    found.extend(comparison.query(expected));
    found.extend(expected.host.as_ref().and_then(|host| comparison.host(host)));
    found.extend(
        expected
            .headers
            .iter()
            .filter_map(|(name, value)| comparison.header(name, value)),
    );
    found.extend(
        expected
            .forbid_headers
            .iter()
            .filter_map(|name| comparison.forbidden(name)),
    );
    found.extend(
        expected
            .require_headers
            .iter()
            .filter_map(|name| comparison.required(name)),
    );
    found.extend(expected.body.as_ref().and_then(|body| comparison.body(body)));
    found
}

struct Comparison<'a> {
    codec: Codec,
    operation: &'a Operation,
    params: &'a Map<String, Value>,
    actual: &'a Request,
}

impl Comparison<'_> {
    /// The order of a query's parameters has no meaning, but for those of one name.
    fn uri(&self, expected: &str) -> Option<Difference> {
        let actual = self.actual.uri.as_deref().unwrap_or("/");
        let parts = |uri: &str| {
            let (path, query) = uri.split_once('?').unwrap_or((uri, ""));
            let mut parameters: Vec<String> = query
                .split('&')
                .filter(|it| !it.is_empty())
                .map(str::to_owned)
                .collect();
            parameters.sort_by(|one, other| name_of(one).cmp(name_of(other)));
            (path.to_owned(), parameters)
        };
        (parts(expected) != parts(actual)).then(|| Difference::new("uri", expected, actual))
    }

    fn path(&self, expected: &str) -> Option<Difference> {
        let (actual, _) = self.path_and_query();
        (expected != actual).then(|| Difference::new("path", expected, actual))
    }

    /// Parameters of the query among others.
    fn query(&self, expected: &Serialized) -> Vec<Difference> {
        let (_, query) = self.path_and_query();
        let mut sent: Vec<&str> = query.split('&').collect();
        let mut found = Vec::new();
        for parameter in &expected.query_params {
            match sent.iter().position(|sent| sent == parameter) {
                Some(position) => drop(sent.remove(position)),
                None => found.push(Difference::new("query", parameter, or_empty(query))),
            }
        }
        let is_sent = |name: &&String| query.split('&').any(|parameter| name_of(parameter) == **name);
        let forbidden = expected.forbid_query_params.iter().filter(is_sent);
        found.extend(forbidden.map(|name| Difference::new("query", format!("no `{name}`"), query)));
        let missing = expected.require_query_params.iter().filter(|name| !is_sent(name));
        found.extend(missing.map(|name| Difference::new("query", format!("`{name}` with any value"), or_empty(query))));
        found
    }

    fn path_and_query(&self) -> (&str, &str) {
        let uri = self.actual.uri.as_deref().unwrap_or("/");
        uri.split_once('?').unwrap_or((uri, ""))
    }

    /// The authority, and the path that an endpoint may have.
    fn host(&self, expected: &str) -> Option<Difference> {
        let authority = self.actual.authority.as_deref().unwrap_or_default();
        let (host, base) = match expected.split_once('/') {
            Some((host, base)) => (host, format!("/{}", base.trim_end_matches('/'))),
            None => (expected, String::new()),
        };
        let path = self.actual.uri.as_deref().unwrap_or_default();
        let is_below = path
            .strip_prefix(&base)
            .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']));
        (host != authority || !is_below).then(|| Difference::new("host", expected, format!("{authority}{path}")))
    }

    fn header(&self, name: &str, expected: &str) -> Option<Difference> {
        if name.eq_ignore_ascii_case("content-type") && !self.knows_media_type(expected) {
            return None;
        }
        let Some(actual) = self.value(name) else {
            return Some(Difference::new(format!("header {name}"), expected, "(no such header)"));
        };
        let is_same = match self.is_list(name) {
            true => without_spaces(expected) == without_spaces(&actual),
            // Forms are ASCII.
            false => expected == actual || expected.strip_suffix("; charset=utf-8") == Some(&*actual),
        };
        (!is_same).then(|| Difference::new(format!("header {name}"), expected, actual))
    }

    /// Two headers may be there although a suite forbids them:
    ///
    /// - Content-Length, where HTTP wants it. Suites speak of requests as they are before they are sent. RFC 9110, 8.6.
    /// - One with an empty list. That is what no header at all means: RFC 9110, 5.6.1. Suites contradict each other in this, and
    ///   this client sends it.
    fn forbidden(&self, name: &str) -> Option<Difference> {
        let actual = self.value(name)?;
        let is_asked_for = !self.actual.body.is_empty() || !matches!(&*self.actual.method, "GET" | "HEAD" | "OPTIONS");
        let is_wanted = match () {
            () if name.eq_ignore_ascii_case("content-length") => is_asked_for,
            () => self.is_list(name) && actual.is_empty(),
        };
        (!is_wanted).then(|| Difference::new(format!("header {name}"), "(no such header)", actual))
    }

    fn required(&self, name: &str) -> Option<Difference> {
        let is_missing = self.value(name).is_none();
        is_missing.then(|| Difference::new(format!("header {name}"), "(any value)", "(no such header)"))
    }

    /// By its meaning where it is written by the codec, else byte by byte. Compression has its header, and is taken away.
    fn body(&self, expected: &str) -> Option<Difference> {
        let encodings = self.value("content-encoding").unwrap_or_default();
        let is_compressed = encodings.rsplit(',').next().is_some_and(|last| last.trim() == "gzip");
        let mut unpacked = Vec::new();
        let is_unpacked = is_compressed
            && MultiGzDecoder::new(&*self.actual.body)
                .read_to_end(&mut unpacked)
                .is_ok();
        let actual = if is_unpacked { &unpacked } else { &self.actual.body };
        let is_same = match self.codec {
            Codec::Cbor => BASE64_STANDARD.decode(expected).is_ok_and(|expected| {
                expected == *actual || cbor::item(actual).is_some_and(|actual| cbor::item(&expected) == Some(actual))
            }),
            _ => expected.as_bytes() == actual || self.means_the_same(expected, &String::from_utf8_lossy(actual)),
        };
        (!is_same).then(|| Difference::new("body", or_empty(expected), or_empty(&show(actual))))
    }

    fn means_the_same(&self, expected: &str, actual: &str) -> bool {
        match self.codec {
            Codec::Json => match (serde_json::from_str(expected), serde_json::from_str(actual)) {
                (Ok(expected), Ok(actual)) => json::is_same(&expected, &actual),
                _ => false,
            },
            Codec::Cbor => false,
            Codec::Xml => xml::root(expected).is_some_and(|expected| xml::root(actual) == Some(expected)),
            Codec::Form { .. } => form::pairs(expected) == form::pairs(actual),
        }
    }

    /// Whether this is the media type that the description makes it.
    ///
    /// Descriptions do not have media types of payloads that are bytes or text. Suites that come from descriptions that do may
    /// expect some, even of no bytes at all. What is known is the one for any bytes and the one for any text.
    fn knows_media_type(&self, expected: &str) -> bool {
        let is_set = self.operation.input.iter().any(|member| {
            member.location == Location::Header("content-type".to_owned())
                && self.params.get(&member.name).is_some_and(|value| !value.is_null())
        });
        let payload = self
            .operation
            .input
            .iter()
            .find(|member| member.location == Location::Payload);
        let default = match payload.map(|payload| &payload.ty) {
            Some(Type::Blob) => "application/octet-stream",
            Some(Type::String | Type::Enum(_)) => "text/plain",
            _ => return true,
        };
        is_set || (expected == default && !self.actual.body.is_empty())
    }

    /// Whether commas in a header's value stand between elements of a list.
    fn is_list(&self, name: &str) -> bool {
        let name = name.to_ascii_lowercase();
        let is_bound_to_list = self.operation.input.iter().any(|member| {
            matches!(&member.location, Location::Header(header) if *header == name)
                && matches!(member.ty, Type::List { .. })
        });
        is_bound_to_list || name == "content-encoding"
    }

    /// Of all headers of this name.
    fn value(&self, name: &str) -> Option<String> {
        let headers = self.actual.headers.iter();
        let values = headers
            .filter(|(header, _)| header.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str());
        values.map(str::to_owned).reduce(|all, value| format!("{all},{value}"))
    }
}

fn name_of(parameter: &str) -> &str {
    parameter.split_once('=').map_or(parameter, |(name, _)| name)
}

/// Without what may stand behind commas that are not in quotes.
fn without_spaces(list: &str) -> String {
    let (mut text, mut is_quoted, mut is_escaped) = (String::new(), false, false);
    for character in list.chars() {
        if !is_quoted && character == ' ' && text.ends_with(',') {
            continue;
        }
        is_quoted ^= character == '"' && !is_escaped;
        is_escaped = is_quoted && character == '\\' && !is_escaped;
        text.push(character);
    }
    text
}

fn or_empty(text: &str) -> &str {
    if text.is_empty() { "(empty)" } else { text }
}

/// As text, with other bytes escaped.
fn show(bytes: &[u8]) -> String {
    let mut text = String::new();
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        for byte in chunk.invalid() {
            // Writing to a String cannot fail.
            let _ = write!(text, "\\x{byte:02x}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spaces_in_lists_count_in_quotes_alone() {
        assert_eq!(without_spaces("a, b"), "a,b");
        assert_eq!(without_spaces(r#""b, c", "\", d",e"#), r#""b, c","\", d",e"#);
    }
}
