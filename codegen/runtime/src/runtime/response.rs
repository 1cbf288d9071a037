//! Reading responses: what outputs and errors have in common.

use std::borrow::Cow;
use std::fmt;

use http::header::HeaderName;
use http::{HeaderMap, Response, StatusCode, response};

use super::byte_stream::{ByteStream, Origin};
use super::error::{Error, Kind};
use super::json;
use super::operation::Operation;
use super::retry;
use crate::service::ServiceError;

pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-amzn-requestid");
const OTHER_REQUEST_ID: HeaderName = HeaderName::from_static("x-amz-request-id");
const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");

/// What a response tells besides its members.
///
/// `Debug` shows the names of the headers, but not their values: sensitive members are among them.
#[derive(Clone, Default)]
pub struct ResponseMetadata {
    status: StatusCode,
    headers: HeaderMap,
    attempts: u32,
}

impl ResponseMetadata {
    pub(crate) fn new(status: StatusCode, headers: HeaderMap, attempts: u32) -> Self {
        Self {
            status,
            headers,
            attempts,
        }
    }

    /// The service's identifier of the request, to give to its support.
    pub fn request_id(&self) -> Option<&str> {
        request_id(&self.headers)?.to_str().ok()
    }

    /// The HTTP status.
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// All headers of the response.
    pub fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// How many requests were sent for this call, at least 1.
    ///
    /// It is 1 as well where a response was parsed without a [`Client`](crate::Client).
    pub fn attempts(&self) -> u32 {
        self.attempts
    }
}

impl fmt::Debug for ResponseMetadata {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names: Vec<&str> = self.headers.keys().map(HeaderName::as_str).collect();
        f.debug_struct("ResponseMetadata")
            .field("status", &self.status)
            .field("request_id", &self.request_id())
            .field("headers", &names)
            .field("attempts", &self.attempts)
            .finish()
    }
}

pub(crate) fn request_id(headers: &HeaderMap) -> Option<&http::HeaderValue> {
    let ids = [REQUEST_ID, OTHER_REQUEST_ID].map(|name| headers.get(name));
    ids.into_iter().flatten().find(|id| !id.is_empty())
}

/// A response that reports success.
#[derive(Debug)]
pub struct Success {
    operation: &'static str,
    parts: response::Parts,
    body: ByteStream,
}

impl Success {
    /// Takes a response apart, or reads the error that it reports.
    ///
    /// # Errors
    ///
    /// The error that the service reports: every status but 2xx is one.
    pub async fn check<O: Operation>(response: Response<ByteStream>) -> Result<Self, Error> {
        let (parts, mut body) = response.into_parts();
        body.set_origin(Origin {
            operation: O::NAME,
            status: parts.status,
            request_id: request_id(&parts.headers).cloned(),
        });
        let success = Self {
            operation: O::NAME,
            parts,
            body,
        };
        if success.parts.status.is_success() {
            Ok(success)
        } else {
            Err(success.into_error().await)
        }
    }

    /// The HTTP status as a number.
    pub fn status_code(&self) -> i32 {
        self.parts.status.as_u16().into()
    }

    /// Gives the members of the JSON body to `member`, by name. An empty body has none.
    ///
    /// # Errors
    ///
    /// When the body is cut off, is no JSON object, or has a member of the wrong type.
    pub async fn members(
        &mut self,
        mut member: impl FnMut(&str, json::Value<'_>) -> Result<(), json::Error> + Send,
    ) -> Result<(), Error> {
        let body = self.body.read_all().await?;
        json::members(&body, |name, value| member(&name, value)).map_err(|error| {
            self.error(Kind::Unreadable("the JSON object that the service describes"))
                .with_source(json::Problem::from(error))
                .with_raw_body(body)
        })
    }

    /// The body and the rest of the response.
    pub fn into_body(self) -> (ByteStream, ResponseMetadata) {
        let metadata = ResponseMetadata::new(self.parts.status, self.parts.headers, self.body.attempts());
        (self.body, metadata)
    }

    /// The rest of the response, for outputs without a streamed body.
    ///
    /// # Errors
    ///
    /// When the body is cut off.
    pub async fn finish(mut self) -> Result<ResponseMetadata, Error> {
        // Reading to the end lets the connection serve the next call.
        while self.body.chunk().await?.is_some() {}
        Ok(self.into_body().1)
    }

    fn error(&self, kind: Kind) -> Error {
        let metadata = ResponseMetadata::new(self.parts.status, self.parts.headers.clone(), self.body.attempts());
        Error::new(kind).in_operation(self.operation).with_metadata(metadata)
    }

    async fn into_error(mut self) -> Error {
        let (body, complete) = self.body.read_what_comes().await;
        // The status says more than the fact that its explanation was cut off.
        let read = if complete { &body[..] } else { &[] };
        // A byte that is not UTF-8 must not hide the error.
        let json = String::from_utf8_lossy(read);
        let response = ErrorResponse::new(&self.parts, read, &json);
        let code = response.code();
        let modeled = ServiceError::parse(&code, &response);
        let message = modeled.as_ref().and_then(ServiceError::message).map(str::to_owned);
        let message = message
            .or_else(|| response.message("message"))
            .or_else(|| response.reason(&code));
        let message = message.unwrap_or_default();
        let throttling = retry::is_throttling(&code);
        self.error(Kind::Service {
            code,
            message,
            modeled: modeled.map(Box::new),
            throttling,
        })
        .with_raw_body(body.clone())
    }
}

/// The member in a header, if it is there.
///
/// # Errors
///
/// When the text is not of the member's type.
pub fn header<T: FromHeader>(response: &Success, name: &HeaderName) -> Result<Option<T>, Error> {
    let Some(value) = response.parts.headers.get(name) else {
        return Ok(None);
    };
    T::from_header(text(value.as_bytes())).map_err(|problem| {
        let name = name.as_str().to_owned();
        response.error(Kind::Header { name, problem })
    })
}

/// A response that reports an error, as the errors of the service see it.
///
/// A member that is not of its type is left out: it must not hide the error.
#[derive(Debug)]
pub struct ErrorResponse<'a> {
    parts: &'a response::Parts,
    body: &'a [u8],
    members: Option<json::Members<'a>>,
}

impl<'a> ErrorResponse<'a> {
    fn new(parts: &'a response::Parts, body: &'a [u8], json: &'a str) -> Self {
        let members = json::Members::read(json.as_bytes()).ok();
        Self { parts, body, members }
    }

    /// The error's code, without namespace and URI; the status where the response has none.
    fn code(&self) -> String {
        let header = self
            .parts
            .headers
            .get(ERROR_TYPE)
            .map(|value| text(value.as_bytes()).into_owned());
        let code = header
            .filter(|code| !bare(code).is_empty())
            .or_else(|| ["code", "Code", "__type"].iter().find_map(|name| self.text_of(name)));
        match code.as_deref().map(bare) {
            Some(code) if !code.is_empty() => code.to_owned(),
            _ => self.parts.status.as_str().to_owned(),
        }
    }

    /// What the service says of the error: the member of this name, or the same in another spelling.
    pub fn message(&self, name: &str) -> Option<String> {
        match &self.members {
            Some(_) => [name, "message", "Message", "errorMessage"]
                .iter()
                .find_map(|name| self.text_of(name)),
            None if self.is_page() => None,
            None => Some(text(self.body).into_owned()),
        }
    }

    /// A page that a proxy made says nothing in one line.
    fn is_page(&self) -> bool {
        let body = self.body.trim_ascii_start();
        body.is_empty() || body[0] == b'<'
    }

    /// What the status means, for a response that has no code and no message.
    fn reason(&self, code: &str) -> Option<String> {
        let reason = self.parts.status.canonical_reason();
        reason.filter(|_| code == self.parts.status.as_str()).map(str::to_owned)
    }

    fn text_of(&self, name: &str) -> Option<String> {
        let value = self.members.as_ref()?.get(name)?;
        value.text().filter(|text| !text.is_empty())
    }

    /// A member with text in the body.
    pub fn string(&self, name: &str) -> Option<String> {
        self.members.as_ref()?.get(name)?.string().ok().flatten()
    }

    /// A member with a number in the body.
    pub fn number<T: json::Number>(&self, name: &str) -> Option<T> {
        self.members.as_ref()?.get(name)?.number().ok().flatten()
    }

    /// A member with true or false in the body.
    pub fn boolean(&self, name: &str) -> Option<bool> {
        self.members.as_ref()?.get(name)?.boolean().ok().flatten()
    }

    /// A member in a header.
    pub fn header<T: FromHeader>(&self, name: &HeaderName) -> Option<T> {
        let value = self.parts.headers.get(name)?;
        T::from_header(text(value.as_bytes())).ok().flatten()
    }

    /// The HTTP status as a number.
    pub fn status_code(&self) -> Option<i32> {
        Some(self.parts.status.as_u16().into())
    }
}

/// `aws.protocoltests#FooError:http://example.com/` is `FooError`.
fn bare(code: &str) -> &str {
    let code = code.split(':').next().unwrap_or_default();
    code.rsplit('#').next().unwrap_or_default().trim()
}

/// UTF-8 where it is; else each byte is one character, as HTTP once had it.
fn text(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    }
}

/// A type that a header can hold.
pub trait FromHeader: Sized {
    /// Reads the text of a header.
    ///
    /// # Errors
    ///
    /// What is wrong with the text, as the rest of a sentence about the header.
    fn from_header(text: Cow<'_, str>) -> Result<Option<Self>, &'static str>;
}

impl FromHeader for String {
    fn from_header(text: Cow<'_, str>) -> Result<Option<Self>, &'static str> {
        Ok(Some(text.into_owned()))
    }
}

impl FromHeader for bool {
    fn from_header(text: Cow<'_, str>) -> Result<Option<Self>, &'static str> {
        Ok(Some(text.trim().eq_ignore_ascii_case("true")))
    }
}

macro_rules! number_from_header {
    ($($ty:ty)*) => {$(
        impl FromHeader for $ty {
            fn from_header(text: Cow<'_, str>) -> Result<Option<Self>, &'static str> {
                match text.trim() {
                    "" => Ok(None),
                    text => text.parse().map(Some).map_err(|_| "is not the number that it should be"),
                }
            }
        }
    )*};
}

number_from_header!(i32 i64 f32 f64);
