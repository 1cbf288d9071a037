//! Writing requests: one call a member.

use std::fmt::{self, Write as _};

use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::uri::PathAndQuery;
use http::{Method, Request, Uri};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::body::Body;
use super::endpoint::Endpoint;
use super::error::{Error, Kind};
use super::operation::Operation;

/// Everything but the unreserved characters of RFC 3986.
const LABEL: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
const GREEDY_LABEL: &AsciiSet = &LABEL.remove(b'/');

/// The longest path and query that HTTP clients take, in bytes.
const MAX_PATH: usize = u16::MAX as usize - 1;

/// An HTTP request in the making.
#[derive(Debug)]
pub struct RequestWriter<'a> {
    operation: &'static str,
    endpoint: &'a Endpoint,
    path: String,
    request: Request<Body>,
}

impl<'a> RequestWriter<'a> {
    /// Begins a request to an endpoint.
    pub fn new<O: Operation>(method: Method, endpoint: &'a Endpoint) -> Self {
        let mut request = Request::new(Body::empty());
        *request.method_mut() = method;
        let path = endpoint.path().to_owned();
        Self {
            operation: O::NAME,
            endpoint,
            path,
            request,
        }
    }

    /// Appends to the path what the description has there, as it is.
    pub fn literal(&mut self, text: &str) {
        self.path.push_str(text);
    }

    /// Appends a member to the path as one segment.
    ///
    /// # Errors
    ///
    /// When the value is empty, `.` or `..`: HTTP and signatures take those for other paths. Also when the URL becomes too
    /// long.
    pub fn label(&mut self, member: &'static str, value: impl fmt::Display) -> Result<(), Error> {
        self.encode_label(member, value, LABEL)
    }

    /// Appends a member to the path, with its slashes.
    ///
    /// # Errors
    ///
    /// When the value is empty or one of its segments is `.` or `..`, and when the URL becomes too long.
    pub fn greedy_label(&mut self, member: &'static str, value: impl fmt::Display) -> Result<(), Error> {
        self.encode_label(member, value, GREEDY_LABEL)
    }

    fn encode_label(
        &mut self,
        member: &'static str,
        value: impl fmt::Display,
        set: &'static AsciiSet,
    ) -> Result<(), Error> {
        let start = self.path.len();
        let encoded = write!(
            Encoded {
                text: &mut self.path,
                set
            },
            "{value}"
        );
        debug_assert!(encoded.is_ok(), "writing to a string does not fail");
        let label = &self.path[start..];
        if label.is_empty() {
            return Err(self.invalid(member, "is empty, but is a part of the URL"));
        }
        if label.split('/').any(|segment| matches!(segment, "." | "..")) {
            return Err(self.invalid(member, "is `.` or `..`, which would change the path of the URL"));
        }
        if self.path.len() > MAX_PATH {
            return Err(self.invalid(member, "makes the URL longer than HTTP can carry"));
        }
        Ok(())
    }

    /// Sets the body to a member, with this type of content unless a member has set one.
    pub fn payload(&mut self, payload: impl Into<Option<Body>>, content_type: &'static str) {
        if let Some(body) = payload.into() {
            *self.request.body_mut() = body;
            let default = HeaderValue::from_static(content_type);
            self.request.headers_mut().entry(CONTENT_TYPE).or_insert(default);
        }
    }

    /// The request.
    ///
    /// # Errors
    ///
    /// When the URL is longer than HTTP clients take (65,534 bytes).
    pub fn finish(self) -> Result<Request<Body>, Error> {
        let Self {
            operation,
            endpoint,
            path,
            mut request,
        } = self;
        let path = PathAndQuery::try_from(path).map_err(|error| {
            let problem = "the URL of the request is not one that HTTP can carry".to_owned();
            Error::new(Kind::Configuration(problem))
                .in_operation(operation)
                .with_source(error)
        })?;
        let mut parts = endpoint.to_parts();
        parts.path_and_query = Some(path);
        *request.uri_mut() = Uri::from_parts(parts).map_err(|error| {
            let problem = "the endpoint is not a URL that HTTP can carry".to_owned();
            Error::new(Kind::Configuration(problem))
                .in_operation(operation)
                .with_source(error)
        })?;
        Ok(request)
    }

    fn invalid(&self, member: &'static str, problem: impl Into<String>) -> Error {
        let problem = problem.into();
        Error::new(Kind::Input { member, problem }).in_operation(self.operation)
    }
}

/// Sets a header to a member, if that is set.
///
/// # Errors
///
/// When the text has a character that a header cannot carry.
pub fn header(
    request: &mut RequestWriter<'_>,
    name: HeaderName,
    member: &'static str,
    value: impl ToHeader,
) -> Result<(), Error> {
    insert_header(request, name, member, value, false)
}

/// Sets a header to a member that must not be shown, if that is set.
///
/// # Errors
///
/// When the text has a character that a header cannot carry.
pub fn sensitive_header(
    request: &mut RequestWriter<'_>,
    name: HeaderName,
    member: &'static str,
    value: impl ToHeader,
) -> Result<(), Error> {
    insert_header(request, name, member, value, true)
}

fn insert_header(
    request: &mut RequestWriter<'_>,
    name: HeaderName,
    member: &'static str,
    value: impl ToHeader,
    sensitive: bool,
) -> Result<(), Error> {
    let value = value.to_header().map_err(|problem| request.invalid(member, problem))?;
    if let Some(mut value) = value {
        value.set_sensitive(sensitive);
        request.request.headers_mut().insert(name, value);
    }
    Ok(())
}

/// Percent-encodes what is formatted into it.
struct Encoded<'a> {
    text: &'a mut String,
    set: &'static AsciiSet,
}

impl fmt::Write for Encoded<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.text.extend(utf8_percent_encode(text, self.set));
        Ok(())
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

impl<T: ToHeader> ToHeader for Option<T> {
    fn to_header(self) -> Result<Option<HeaderValue>, String> {
        self.map_or(Ok(None), T::to_header)
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

impl ToHeader for bool {
    fn to_header(self) -> Result<Option<HeaderValue>, String> {
        Ok(Some(HeaderValue::from_static(if self { "true" } else { "false" })))
    }
}

macro_rules! whole_number_to_header {
    ($($ty:ty)*) => {$(
        impl ToHeader for $ty {
            fn to_header(self) -> Result<Option<HeaderValue>, String> {
                Ok(Some(self.into()))
            }
        }
    )*};
}

macro_rules! fraction_to_header {
    ($($ty:ty)*) => {$(
        impl ToHeader for $ty {
            fn to_header(self) -> Result<Option<HeaderValue>, String> {
                let text = match self {
                    <$ty>::INFINITY => "Infinity".to_owned(),
                    <$ty>::NEG_INFINITY => "-Infinity".to_owned(),
                    number => number.to_string(),
                };
                text.to_header()
            }
        }
    )*};
}

whole_number_to_header!(i32 i64);
fraction_to_header!(f32 f64);
