//! Requests as a service sees them: one call a member, as for responses.

#[cfg(feature = "cbor")]
mod cbor;
#[cfg(feature = "http-checksum")]
mod chunked;
#[cfg(feature = "form")]
mod form;
#[cfg(feature = "xml")]
mod xml;

use std::borrow::Cow;
use std::collections::HashMap;
use std::hash::Hash;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HOST, HeaderName};
use http::{HeaderMap, request};
use percent_encoding::percent_decode_str;

use crate::wire::body::Body;
use crate::wire::from_header::{self, FromHeader};
use crate::wire::json;
use crate::words::header_names::is_set_by_client;
use crate::words::text::FromText;

/// A request that has arrived, with its whole payload.
#[derive(Debug)]
pub struct ReceivedRequest {
    pub(super) parts: request::Parts,
    pub(super) body: Bytes,
    /// The labels of the path, decoded.
    pub(super) labels: Vec<String>,
    /// The identifier that its answer has.
    pub(super) id: String,
    /// Whether the body is what the description has in the query.
    form: bool,
}

const TARGET: HeaderName = HeaderName::from_static("x-amz-target");

/// A member that a request must have.
///
/// # Errors
///
/// When it is not there.
pub fn required<T>(member: &str, value: Option<T>) -> Result<T, String> {
    value.ok_or_else(|| format!("the request lacks the member `{member}`"))
}

impl ReceivedRequest {
    /// The request, whose payload is decoded. What the client did to it is undone.
    pub(super) fn new(mut parts: request::Parts, body: Bytes) -> Self {
        #[cfg(feature = "http-checksum")]
        let body = chunked::decoded(&mut parts.headers, body);
        let body = decoded(&mut parts.headers, body);
        Self {
            parts,
            body,
            labels: Vec::new(),
            id: String::new(),
            form: false,
        }
    }

    /// The request of an operation whose query is a form in the body.
    #[must_use]
    pub fn with_form(&self) -> Self {
        Self {
            parts: self.parts.clone(),
            body: self.body.clone(),
            labels: self.labels.clone(),
            id: self.id.clone(),
            form: true,
        }
    }

    pub(super) fn path(&self) -> &str {
        self.parts.uri.path()
    }

    /// The host that it was sent to, with the port.
    pub(super) fn host(&self) -> &str {
        let header = || self.parts.headers.get(HOST)?.to_str().ok();
        let authority = self.parts.uri.authority().map(|authority| authority.as_str());
        authority.or_else(header).unwrap_or_default()
    }

    /// The operation that the header for it names.
    pub(super) fn target(&self) -> Option<&str> {
        self.parts.headers.get(TARGET)?.to_str().ok()
    }

    /// The operation that a form names, or the query of a presigned request.
    pub(super) fn action(&self) -> Option<String> {
        let mut pairs = pairs(self.form_text());
        pairs.find_map(|(name, value)| (name == "Action").then_some(value))
    }

    fn form_text(&self) -> &str {
        match self.body.is_empty() {
            true => self.query_text(),
            false => std::str::from_utf8(&self.body).unwrap_or_default(),
        }
    }

    /// Whether the query has a pair as it is in the description, or without its `=`.
    pub(super) fn query_has(&self, wanted: &str) -> bool {
        let mut pairs = self.query_text().split('&');
        pairs.any(|pair| pair == wanted || pair.strip_suffix('=') == Some(wanted))
    }

    /// Whether there is such a parameter of the query, or such a header.
    pub(super) fn has(&self, name: &str) -> bool {
        self.parts.headers.contains_key(name) || self.pairs().any(|(key, _)| key == name)
    }

    pub(super) fn query_text(&self) -> &str {
        match self.form {
            true => std::str::from_utf8(&self.body).unwrap_or_default(),
            false => self.parts.uri.query().unwrap_or_default(),
        }
    }

    /// The label at this place of the path.
    ///
    /// # Errors
    ///
    /// When the text is not of the member's type.
    pub fn label<T: FromText>(&self, member: &str, index: usize) -> Result<T, String> {
        let text = required(member, self.labels.get(index))?;
        from_text(member, text)
    }

    /// The parameter of the query, or all of them for a list.
    ///
    /// # Errors
    ///
    /// When the text is not of the member's type.
    pub fn query<T: FromQuery>(&self, member: &str, name: &str) -> Result<Option<T>, String> {
        let texts = self.pairs().filter(|(key, _)| key == name).map(|(_, value)| value);
        T::from_query(texts.collect()).map_err(|problem| of_member(member, &problem))
    }

    /// The parameters of the query but for these.
    ///
    /// # Errors
    ///
    /// When a text is not of the member's type.
    pub fn query_map<K, V>(&self, member: &str, others: &[&str]) -> Result<Option<HashMap<K, V>>, String>
    where
        K: FromText + Eq + Hash,
        V: FromQuery,
    {
        let mut texts: HashMap<String, Vec<String>> = HashMap::new();
        for (name, value) in self.pairs().filter(|(name, _)| !others.contains(&&**name)) {
            texts.entry(name).or_default().push(value);
        }
        let mut map = HashMap::new();
        for (name, values) in texts {
            let key = from_text(member, &name)?;
            if let Some(value) = V::from_query(values).map_err(|problem| of_member(member, &problem))? {
                map.insert(key, value);
            }
        }
        Ok((!map.is_empty()).then_some(map))
    }

    /// The names and values of the query, decoded.
    fn pairs(&self) -> impl Iterator<Item = (String, String)> {
        pairs(self.query_text())
    }

    /// The member in a header, if it is there.
    ///
    /// # Errors
    ///
    /// When the text is not of the member's type.
    pub fn header<T: FromHeader>(&self, member: &str, name: &HeaderName) -> Result<Option<T>, String> {
        from_header::read(&self.parts.headers, name).map_err(|problem| of_member(member, &problem))
    }

    /// The JSON that stands in a header in base64, as text, if it is there.
    ///
    /// # Errors
    ///
    /// When it is not text in base64.
    pub fn json_header(&self, member: &str, name: &HeaderName) -> Result<Option<String>, String> {
        let json: Option<from_header::Json> = self.header(member, name)?;
        Ok(json.map(|from_header::Json(text)| text))
    }

    /// The type of the payload, unless it is the one that the client sends where none is set.
    ///
    /// # Errors
    ///
    /// When the text is not of the member's type.
    pub fn content_type<T: FromHeader>(&self, member: &str, default: &str) -> Result<Option<T>, String> {
        match self.parts.headers.get(CONTENT_TYPE) {
            Some(value) if value.as_bytes() == default.as_bytes() => Ok(None),
            _ => self.header(member, &CONTENT_TYPE),
        }
    }

    /// The headers with this prefix, whose names without it are the keys; `None` if there are none. Not among them are
    /// those of other members and those that every client sends.
    pub fn prefix_headers<K, V>(&self, prefix: &str, others: &[HeaderName]) -> Option<HashMap<K, V>>
    where
        K: FromText + Eq + Hash,
        V: FromText,
    {
        let is_of_map = |name: &HeaderName| !others.contains(name) && !is_set_by_client(name.as_str());
        let headers = self.parts.headers.iter().filter(|(name, _)| is_of_map(name));
        let headers: HeaderMap = headers.map(|(name, value)| (name.clone(), value.clone())).collect();
        from_header::with_prefix(&headers, prefix)
    }

    /// The payload, if there is one. An empty one has a type.
    pub fn payload(&self) -> Option<Body> {
        let is_there = !self.body.is_empty() || self.parts.headers.contains_key(CONTENT_TYPE);
        is_there.then(|| self.body.clone().into())
    }

    /// The payload as text, if there is one.
    ///
    /// # Errors
    ///
    /// When it is not UTF-8.
    pub fn text<T: FromText>(&self, member: &str) -> Result<Option<T>, String> {
        let text = std::str::from_utf8(&self.body).map_err(|_| of_member(member, "is not UTF-8"))?;
        match self.payload() {
            Some(_) => from_text(member, text).map(Some),
            None => Ok(None),
        }
    }

    /// The payload as a value in JSON, if there is one.
    ///
    /// # Errors
    ///
    /// When it is not JSON, or a value of the wrong type.
    pub fn read_value<T: json::FromJson>(&self, member: &str) -> Result<Option<T>, String> {
        if json::is_blank(&self.body) {
            return Ok(None);
        }
        let mut json = json::Reader::new(&self.body);
        let value = json.read().and_then(|value| json.end().map(|()| value));
        value
            .map(Some)
            .map_err(|error| of_member(member, &format!("cannot be read: {error}")))
    }

    /// The payload as a structure in JSON. One without members is none: so the client sends what is not set.
    ///
    /// # Errors
    ///
    /// When it is not JSON, or a value of the wrong type.
    pub fn read_structure<T: json::FromJson>(&self, member: &str) -> Result<Option<T>, String> {
        match self.body.trim_ascii() {
            b"{}" => Ok(None),
            _ => self.read_value(member),
        }
    }

    /// Reads the JSON object that the payload is. An empty payload is an empty object: nothing is read.
    ///
    /// # Errors
    ///
    /// When it is not a JSON object, or has a member of the wrong type.
    pub fn read_json(&self, read: impl FnOnce(&mut json::Reader<'_>) -> Result<(), json::Error>) -> Result<(), String> {
        if json::is_blank(&self.body) {
            return Ok(());
        }
        let mut json = json::Reader::new(&self.body);
        let read = read(&mut json).and_then(|()| json.end());
        read.map_err(unreadable)
    }
}

/// The names and values of a form, decoded.
fn pairs(text: &str) -> impl Iterator<Item = (String, String)> {
    let decode = |text: &str| {
        let text = text.replace('+', " ");
        percent_decode_str(&text).decode_utf8_lossy().into_owned()
    };
    let pairs = text.split('&').filter(|pair| !pair.is_empty());
    pairs.map(move |pair| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decode(name), decode(value))
    })
}

fn unreadable(problem: impl std::fmt::Display) -> String {
    format!("the payload of the request cannot be read: {problem}")
}

fn from_text<T: FromText>(member: &str, text: &str) -> Result<T, String> {
    T::from_text(Cow::Borrowed(text)).ok_or_else(|| of_member(member, &format!("is not {}", T::EXPECTED)))
}

fn of_member(member: &str, problem: &str) -> String {
    format!("the member `{member}` of the request {problem}")
}

/// The payload as it was before the client compressed it, and the headers without the word of that.
#[cfg(feature = "compression")]
fn decoded(headers: &mut HeaderMap, body: Bytes) -> Bytes {
    use std::io::Read as _;

    use http::HeaderValue;
    use http::header::CONTENT_ENCODING;

    let codings = headers.get(CONTENT_ENCODING).and_then(|value| value.to_str().ok());
    let (others, is_compressed) = match codings.map(|codings| codings.rsplit_once(", ").unwrap_or(("", codings))) {
        Some((others, "gzip")) => (HeaderValue::from_str(others).ok(), true),
        _ => (None, false),
    };
    let mut decoded = Vec::new();
    if !is_compressed || flate2::read::GzDecoder::new(&*body).read_to_end(&mut decoded).is_err() {
        return body;
    }
    match others.filter(|others| !others.is_empty()) {
        Some(others) => _ = headers.insert(CONTENT_ENCODING, others),
        None => _ = headers.remove(CONTENT_ENCODING),
    }
    decoded.into()
}

#[cfg(not(feature = "compression"))]
fn decoded(_: &mut HeaderMap, body: Bytes) -> Bytes {
    body
}

/// A member that is read from the query.
pub trait FromQuery: Sized {
    /// Reads the values of one name; `None` where there are none.
    ///
    /// # Errors
    ///
    /// What is wrong, as the rest of a sentence about the member.
    fn from_query(texts: Vec<String>) -> Result<Option<Self>, String>;
}

impl<T: FromText> FromQuery for T {
    fn from_query(texts: Vec<String>) -> Result<Option<Self>, String> {
        let text = texts.into_iter().next();
        text.map(|text| T::from_text(text.into()).ok_or_else(|| format!("is not {}", T::EXPECTED)))
            .transpose()
    }
}

impl<T: FromQuery> FromQuery for Vec<T> {
    fn from_query(texts: Vec<String>) -> Result<Option<Self>, String> {
        let mut list = Self::new();
        for text in texts {
            list.extend(T::from_query(vec![text])?);
        }
        Ok((!list.is_empty()).then_some(list))
    }
}

impl<T: FromQuery> FromQuery for Option<T> {
    fn from_query(texts: Vec<String>) -> Result<Option<Self>, String> {
        T::from_query(texts).map(|value| value.map(Some))
    }
}
