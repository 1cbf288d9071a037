//! Members in headers.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use base64::prelude::{BASE64_STANDARD, Engine};
use http::header::{HeaderName, HeaderValue};

use super::RequestWriter;
use crate::words::header_names::is_set_by_client;
use crate::words::text::{Enum, ToText};

impl RequestWriter<'_> {
    /// Sets a header to a member, if that is set.
    ///
    /// The request fails if the text has a character that a header cannot carry.
    #[inline(never)] // An operation with many headers would have as many copies.
    pub fn header(&mut self, name: HeaderName, member: &'static str, value: impl ToHeader) {
        let value = value.to_header();
        // Most members are not set.
        if !matches!(value, Ok(None)) {
            self.insert_header(name, member, value, false);
        }
    }

    /// Sets a header to a member that must not be shown, if that is set.
    ///
    /// The request fails if the text has a character that a header cannot carry.
    pub fn sensitive_header(&mut self, name: HeaderName, member: &'static str, value: impl ToHeader) {
        self.insert_header(name, member, value.to_header(), true);
    }

    /// Without type parameters: else each client would compile the map of headers once more.
    fn insert_header(
        &mut self,
        name: HeaderName,
        member: &'static str,
        value: Result<Option<HeaderValue>, String>,
        sensitive: bool,
    ) {
        match value {
            Ok(Some(mut value)) => {
                value.set_sensitive(sensitive);
                self.request.headers_mut().insert(name, value);
            }
            Ok(None) => {}
            Err(problem) => self.refuse(member, problem),
        }
    }

    /// Sets a header for each entry of a map: the prefix with the key behind it. What is set already wins over the map.
    ///
    /// The request fails if a header cannot have such a name or value, the client itself sets one of this name, or two keys
    /// are one name.
    pub fn prefix_headers<K: ToText, V: ToHeader>(
        &mut self,
        prefix: &str,
        member: &'static str,
        map: impl Into<Option<HashMap<K, V>>>,
    ) {
        self.insert_headers(prefix, member, map.into(), false);
    }

    /// Sets a header for each entry of a map that must not be shown; else as [`prefix_headers`](Self::prefix_headers).
    ///
    /// The request fails if a header cannot have such a name or value, the client itself sets one of this name, or two keys
    /// are one name.
    pub fn sensitive_prefix_headers<K: ToText, V: ToHeader>(
        &mut self,
        prefix: &str,
        member: &'static str,
        map: impl Into<Option<HashMap<K, V>>>,
    ) {
        self.insert_headers(prefix, member, map.into(), true);
    }

    fn insert_headers<K: ToText, V: ToHeader>(
        &mut self,
        prefix: &str,
        member: &'static str,
        map: Option<HashMap<K, V>>,
        sensitive: bool,
    ) {
        let mut names = HashSet::new();
        for (key, value) in map.into_iter().flatten() {
            let name = [prefix, &*key.to_text()].concat();
            let Ok(name) = HeaderName::try_from(name) else {
                return self.refuse(member, "has a key that cannot be in the name of a header");
            };
            if is_set_by_client(name.as_str()) {
                return self.refuse(member, "has a key that names a header which the client sets itself");
            }
            if names.contains(&name) {
                return self.refuse(
                    member,
                    "has two keys that differ in their case alone, and name one header",
                );
            }
            if !self.request.headers().contains_key(&name) {
                names.insert(name.clone());
                self.insert_header(name, member, value.to_header(), sensitive);
            }
        }
    }
}

/// A type that a header can hold.
pub trait ToHeader {
    /// The text of the header; `None` for a header that is not sent.
    ///
    /// # Errors
    ///
    /// What is wrong with the value, as the rest of a sentence about the member.
    fn to_header(self) -> Result<Option<HeaderValue>, String>;
}

/// A type that a list in a header can hold.
pub trait ToElement {
    /// The text of the element; `None` for an element that is not sent.
    fn to_element(&self) -> Option<Cow<'_, str>>;
}

/// JSON as text, which stands in a header in base64.
#[derive(Debug)]
pub struct Json<T>(pub T);

impl<T: ToHeader> ToHeader for Option<T> {
    fn to_header(self) -> Result<Option<HeaderValue>, String> {
        self.map_or(Ok(None), T::to_header)
    }
}

/// A list without elements is a header without text.
impl<T: ToElement> ToHeader for Vec<T> {
    fn to_header(self) -> Result<Option<HeaderValue>, String> {
        list_header(self.iter().filter_map(T::to_element))
    }
}

/// A header with these elements.
pub fn list_header<'a>(elements: impl Iterator<Item = Cow<'a, str>>) -> Result<Option<HeaderValue>, String> {
    let elements: Vec<Cow<'a, str>> = elements.collect();
    elements.join(", ").to_header()
}

impl<T: ToElement> ToElement for Option<T> {
    fn to_element(&self) -> Option<Cow<'_, str>> {
        self.as_ref()?.to_element()
    }
}

impl ToHeader for String {
    fn to_header(self) -> Result<Option<HeaderValue>, String> {
        // A tab is legal inside a value, but intermediaries turn it into a space and so break the signature.
        if let Some((at, c)) = self.char_indices().find(|(_, c)| c.is_ascii_control()) {
            let code = u32::from(c);
            return Err(format!(
                "has a character at byte {at} that a header cannot carry (U+{code:04X})"
            ));
        }
        if self.starts_with(' ') || self.ends_with(' ') {
            return Err("begins or ends with a space, which HTTP does not keep".to_owned());
        }
        HeaderValue::try_from(self)
            .map(Some)
            .map_err(|_| "has a character that a header cannot carry".to_owned())
    }
}

impl<E: Enum> ToHeader for E {
    fn to_header(self) -> Result<Option<HeaderValue>, String> {
        self.as_str().to_owned().to_header()
    }
}

impl ToElement for String {
    fn to_element(&self) -> Option<Cow<'_, str>> {
        Some(quoted(self))
    }
}

impl<E: Enum> ToElement for E {
    fn to_element(&self) -> Option<Cow<'_, str>> {
        Some(quoted(self.as_str()))
    }
}

/// Quotes (RFC 7230, 3.2.6) what would be another element, more than one or none without.
fn quoted(text: &str) -> Cow<'_, str> {
    let ends_in_space = text.starts_with(' ') || text.ends_with(' ');
    if !text.is_empty() && !ends_in_space && !text.contains(['"', ',']) {
        return text.into();
    }
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            quoted.push('\\');
        }
        quoted.push(c);
    }
    quoted.push('"');
    quoted.into()
}

impl ToHeader for Json<String> {
    fn to_header(self) -> Result<Option<HeaderValue>, String> {
        BASE64_STANDARD.encode(self.0).to_header()
    }
}

impl ToHeader for Json<Option<String>> {
    fn to_header(self) -> Result<Option<HeaderValue>, String> {
        self.0.map(Json).to_header()
    }
}

macro_rules! as_text {
    ($($ty:ty)*) => {$(
        impl ToHeader for $ty {
            fn to_header(self) -> Result<Option<HeaderValue>, String> {
                self.to_text().into_owned().to_header()
            }
        }

        impl ToElement for $ty {
            fn to_element(&self) -> Option<Cow<'_, str>> {
                Some(self.to_text())
            }
        }
    )*};
}

as_text!(bool i8 i16 i32 i64 f32 f64);
