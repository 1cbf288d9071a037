//! The form of a request whose hash is signed: that which server and client come to, whatever happens on the way.

use std::borrow::Cow;
use std::ops::Range;

use http::header::HOST;
use http::{HeaderMap, Request};
use percent_encoding::{percent_decode_str, percent_encode};

use super::Scope;
use crate::words::header_map::first;
use crate::words::header_names::is_signed;
use crate::words::host;
use crate::words::percent::{UNRESERVED, UNRESERVED_OR_SLASH};

/// A canonical request.
pub(super) struct CanonicalRequest {
    text: Vec<u8>,
    /// Where in the text the names of the signed headers are.
    signed_headers: Range<usize>,
}

impl CanonicalRequest {
    pub(super) fn new<B>(request: &Request<B>, payload_hash: &[u8], scope: Scope<'_>) -> Self {
        let mut text = Vec::with_capacity(1024);
        text.extend_from_slice(request.method().as_str().as_bytes());
        text.push(b'\n');
        write_path(request.uri().path(), scope, &mut text);
        text.push(b'\n');
        write_query(request.uri().query().unwrap_or_default(), &mut text);
        text.push(b'\n');

        let headers = signed_headers(request.headers(), host::header(request.uri()).unwrap_or_default());
        let by_name = || headers.chunk_by(|(name, _), (next, _)| name == next);
        for same_name in by_name() {
            text.extend_from_slice(same_name[0].0.as_bytes());
            let mut before = b':';
            for (_, value) in same_name {
                text.push(before);
                write_value(value, &mut text);
                before = b',';
            }
            text.push(b'\n');
        }
        text.push(b'\n');
        let start = text.len();
        for same_name in by_name() {
            if text.len() > start {
                text.push(b';');
            }
            text.extend_from_slice(same_name[0].0.as_bytes());
        }
        let signed_headers = start..text.len();
        text.push(b'\n');
        text.extend_from_slice(payload_hash);
        Self { text, signed_headers }
    }

    pub(super) fn text(&self) -> &[u8] {
        &self.text
    }

    /// The names of the signed headers, with semicolons between them.
    pub(super) fn signed_headers(&self) -> &[u8] {
        &self.text[self.signed_headers.clone()]
    }
}

/// Names and values, sorted by name. Those of one name keep their order. The host is that of the URL unless a header says
/// otherwise, which is sent then.
fn signed_headers<'a>(headers: &'a HeaderMap, host: &'a str) -> Vec<(&'a str, &'a [u8])> {
    let mut signed = Vec::with_capacity(headers.len() + 1);
    if first(headers, &HOST).is_none() {
        signed.push(("host", host.as_bytes()));
    }
    for (name, value) in headers {
        let name = name.as_str();
        if is_signed(name) {
            insert(&mut signed, (name, value.as_bytes()), |(name, _)| name);
        }
    }
    signed
}

/// Puts an item at its place in a sorted list. The lists are short; a sort that is fast with long ones is much code.
fn insert<T, K: Ord + ?Sized>(list: &mut Vec<T>, item: T, key: impl Fn(&T) -> &K) {
    let place = list.partition_point(|other| key(other) <= key(&item));
    list.insert(place, item);
}

/// Writes a header's value without the blanks around it, which HTTP takes off, and with one space where there are several.
pub(super) fn write_value(value: &[u8], text: &mut Vec<u8>) {
    let value = value.trim_ascii();
    if !value.contains(&b' ') {
        return text.extend_from_slice(value);
    }
    let words = value.split(|byte| *byte == b' ');
    let mut words = words.filter(|word| !word.is_empty());
    text.extend_from_slice(words.next().unwrap_or_default());
    for word in words {
        text.push(b' ');
        text.extend_from_slice(word);
    }
}

pub(super) fn write_path(path: &str, scope: Scope<'_>, text: &mut Vec<u8>) {
    let path = match scope.normalize_path {
        true => normalized(path),
        false => Cow::Borrowed(path),
    };
    match scope.double_encode {
        true => percent_encode(path.as_bytes(), UNRESERVED_OR_SLASH).for_each(|part| text.extend(part.as_bytes())),
        false => text.extend_from_slice(path.as_bytes()),
    }
}

/// A path without dot segments and empty segments.
fn normalized(path: &str) -> Cow<'_, str> {
    if !path.contains("//") && !path.contains("/.") {
        return path.into();
    }
    let mut segments = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => {
                segments.pop();
            }
            segment => segments.push(segment),
        }
    }
    let is_folder = ["/", "/.", "/.."].iter().any(|end| path.ends_with(end));
    let end = if is_folder && !segments.is_empty() { "/" } else { "" };
    format!("/{}{end}", segments.join("/")).into()
}

/// Writes the parameters of a query, encoded and sorted.
pub(super) fn write_query(query: &str, text: &mut Vec<u8>) {
    let mut parameters: Vec<(String, String)> = Vec::new();
    for parameter in query.split('&').filter(|parameter| !parameter.is_empty()) {
        let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
        let parameter = (encoded_once(name), encoded_once(value));
        insert(&mut parameters, parameter, |parameter| parameter);
    }
    for (number, (name, value)) in parameters.iter().enumerate() {
        if number > 0 {
            text.push(b'&');
        }
        text.extend_from_slice(name.as_bytes());
        text.push(b'=');
        text.extend_from_slice(value.as_bytes());
    }
}

/// A part of a query in the one encoding that all agree on. As in forms, a plus is a space.
fn encoded_once(part: &str) -> String {
    let part = part.replace('+', " ");
    percent_encode(&percent_decode_str(&part).collect::<Vec<u8>>(), UNRESERVED).to_string()
}
