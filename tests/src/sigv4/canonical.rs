//! The canonical form of a request, whose hash is what gets signed.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode};
use sha2::{Digest, Sha256};

use crate::server::Recorded;

/// Everything but RFC 3986's unreserved characters.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
const PATH: &AsciiSet = &COMPONENT.remove(b'/');

pub(super) fn canonical_request(request: &Recorded, signed_headers: &[&str]) -> Result<String, String> {
    let (path, query) = request.target.split_once('?').unwrap_or((&request.target, ""));
    let mut headers = String::new();
    for name in signed_headers {
        headers += &format!("{name}:{}\n", canonical_header(request, name)?);
    }
    Ok(format!(
        "{}\n{}\n{}\n{headers}\n{}\n{}",
        request.method,
        canonical_path(path),
        canonical_query(query),
        signed_headers.join(";"),
        hex::encode(Sha256::digest(&request.body)),
    ))
}

/// Without dot segments and empty ones, then encoded: the path of a request is encoded already, so it is now so twice.
fn canonical_path(path: &str) -> String {
    let mut segments = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            _ => segments.push(segment),
        }
    }
    let slash = if path.ends_with('/') && !segments.is_empty() {
        "/"
    } else {
        ""
    };
    let path = format!("/{}{slash}", segments.join("/"));
    percent_encode(path.as_bytes(), PATH).to_string()
}

/// Sorted by what is encoded, in one way whatever the sender's was.
fn canonical_query(query: &str) -> String {
    let encode = |text: &str| {
        let decoded: Vec<u8> = percent_decode_str(text).collect();
        percent_encode(&decoded, COMPONENT).to_string()
    };
    let mut parameters: Vec<(String, String)> = query
        .split('&')
        .filter(|parameter| !parameter.is_empty())
        .map(|parameter| parameter.split_once('=').unwrap_or((parameter, "")))
        .map(|(name, value)| (encode(name), encode(value)))
        .collect();
    parameters.sort();
    let parameters: Vec<String> = parameters
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    parameters.join("&")
}

fn canonical_header(request: &Recorded, name: &str) -> Result<String, String> {
    let mut values = Vec::new();
    for value in request.headers_named(name) {
        let value = str::from_utf8(value).map_err(|_| format!("{name} is not UTF-8"))?;
        values.push(value.split_ascii_whitespace().collect::<Vec<_>>().join(" "));
    }
    Ok(values.join(","))
}
