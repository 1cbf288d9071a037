//! Reading responses: what outputs and errors have in common.

#[cfg(feature = "cbor")]
mod cbor;
mod header;
mod members;
#[cfg(feature = "xml")]
mod xml;

use std::borrow::Cow;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_ENCODING, HeaderName, HeaderValue};
use http::{HeaderMap, Response, response};
use tokio::time::Instant;

use super::byte_stream::ByteStream;
use super::operation::{self, Operation, Service};
use super::response_body::ResponseBody;
use crate::error::BoxError;
use crate::error::{Error, Kind};
use crate::transport::Deadline;
use crate::wire::from_header::text;
use crate::wire::json;
use crate::wire::rpc;
use crate::words::text::FromText;

use self::members::Members;
use crate::error::metadata::{self, ResponseContext};
pub use crate::error::metadata::ResponseMetadata;

pub use crate::wire::from_header::{FromElement, FromHeader, value_from_header};

pub(crate) const ERROR_TYPE: HeaderName = HeaderName::from_static("x-amzn-errortype");

/// How much of the body of an error is read, in bytes.
const MAX_ERROR_BODY: usize = 1024 * 1024;

/// How long the beginning of a body may take that is of no further use. It may be a stream that takes minutes.
const MAX_WAIT_FOR_BEGINNING: Duration = Duration::from_secs(1);

/// A response that reports success.
#[derive(Debug)]
pub struct Success {
    service: &'static Service,
    parts: response::Parts,
    body: ResponseBody,
}

impl Success {
    fn new<O: Operation>(response: Response<ResponseBody>) -> Self {
        let (parts, mut body) = response.into_parts();
        if body.context().is_none() {
            // It was received without the client, so it counts as the response to the first attempt.
            let operation = operation::info::<O>();
            body.set_context(ResponseContext::new(operation, parts.status, &parts.headers, 1));
        }
        Self {
            service: O::SERVICE,
            parts,
            body,
        }
    }

    /// Takes a response apart, or reads the error that it reports.
    ///
    /// # Errors
    ///
    /// The error that the service reports: every status but 2xx is one.
    pub async fn check<O: Operation>(response: Response<ResponseBody>) -> Result<Self, Error> {
        let success = Self::new::<O>(response);
        if success.parts.status.is_success() {
            Ok(success)
        } else {
            // Boxed, so that calls which succeed do not have room for it.
            Err(Box::pin(success.into_error()).await)
        }
    }

    /// The HTTP status as a number.
    pub fn status_code(&self) -> i32 {
        self.parts.status.as_u16().into()
    }

    /// The whole body.
    ///
    /// # Errors
    ///
    /// When the body is cut off.
    pub async fn read_body(&mut self) -> Result<Bytes, Error> {
        let body = self.body.read_all().await;
        body.map_err(|error| error.with_metadata(self.metadata()))
    }

    /// Reads the JSON object that `body` is. An empty body is an empty object: nothing is read.
    ///
    /// # Errors
    ///
    /// When the body is not a JSON object, or has a member of the wrong type.
    pub fn read_json(
        &self,
        body: &Bytes,
        read: impl FnOnce(&mut json::Reader<'_>) -> Result<(), json::Error>,
    ) -> Result<(), Error> {
        if json::is_blank(body) {
            return Ok(());
        }
        let mut json = json::Reader::new(body);
        let read = read(&mut json).and_then(|()| json.end());
        read.map_err(|error| self.unreadable("the JSON object that the service describes", error, body))
    }

    /// Reads the value that `body` is. An empty body is none.
    ///
    /// # Errors
    ///
    /// When the body is not JSON, or a value of the wrong type.
    pub fn read_value<T: json::FromJson>(&self, body: &Bytes) -> Result<Option<T>, Error> {
        if json::is_blank(body) {
            return Ok(None);
        }
        let mut json = json::Reader::new(body);
        let value = json.read().and_then(|value| json.end().map(|()| value));
        value.map_err(|error| self.unreadable("the JSON that the service describes", error, body))
    }

    /// Reads the text that `body` is. An empty body is none.
    ///
    /// # Errors
    ///
    /// When the body is not UTF-8.
    pub fn read_text<T: FromText>(&self, body: &Bytes) -> Result<Option<T>, Error> {
        match std::str::from_utf8(body) {
            Ok("") => Ok(None),
            Ok(text) => Ok(T::from_text(text.into())),
            Err(error) => Err(self.unreadable("UTF-8 text", error, body)),
        }
    }

    #[cold]
    fn unreadable(&self, form: &'static str, problem: impl Into<BoxError>, body: &Bytes) -> Error {
        self.error(Kind::Unreadable(form))
            .with_source(problem)
            .with_raw_body(body.clone())
    }

    /// The body and the rest of the response.
    pub fn into_body<E>(self) -> (ByteStream<E>, ResponseMetadata) {
        let (body, metadata) = self.into_parts();
        (body.into(), metadata)
    }

    pub(crate) fn into_parts(self) -> (ResponseBody, ResponseMetadata) {
        let attempts = self.attempts();
        let metadata = ResponseMetadata::new(self.parts.status, self.parts.headers, attempts);
        (self.body, metadata)
    }

    /// The rest of the response, for outputs without a streamed body.
    ///
    /// # Errors
    ///
    /// When the body is cut off.
    pub async fn finish(mut self) -> Result<ResponseMetadata, Error> {
        // Reading to the end lets the connection serve the next call.
        loop {
            match self.body.chunk().await {
                Ok(Some(_)) => {}
                Ok(None) => return Ok(self.into_parts().1),
                Err(error) => return Err(error.with_metadata(self.metadata())),
            }
        }
    }

    fn metadata(&self) -> ResponseMetadata {
        ResponseMetadata::new(self.parts.status, self.parts.headers.clone(), self.attempts())
    }

    fn attempts(&self) -> u32 {
        self.body.context().map_or(1, ResponseContext::attempts)
    }

    fn error(&self, kind: Kind) -> Error {
        self.body.error(kind).with_metadata(self.metadata())
    }

    /// The text of a header, if it is there.
    #[cfg_attr(
        not(feature = "event-stream"),
        allow(dead_code, reason = "there are no event streams")
    )]
    pub(crate) fn header_text(&self, name: &HeaderName) -> Option<Cow<'_, str>> {
        self.parts.headers.get(name).map(|value| text(value.as_bytes()))
    }

    /// An error about the body, with the beginning of it: what comes at once, or soon.
    #[cfg_attr(
        not(feature = "event-stream"),
        allow(dead_code, reason = "there are no event streams")
    )]
    pub(crate) async fn into_unreadable(mut self, kind: Kind) -> Error {
        let end = Instant::now() + MAX_WAIT_FOR_BEGINNING;
        self.body.set_deadline(Deadline::new(Some(end)));
        let (beginning, _) = self.body.read_what_comes(MAX_ERROR_BODY).await;
        self.error(kind).with_raw_body(beginning)
    }

    async fn into_error(mut self) -> Error {
        let (body, complete) = self.body.read_what_comes(MAX_ERROR_BODY).await;
        // The status says more than the fact that its explanation was cut off.
        let read = if complete { &body[..] } else { &[] };
        let text = String::from_utf8_lossy(read);
        let response = ErrorResponse::new(&self.parts, read, &text, self.service);
        let (code, request_id) = (response.code(), response.request_id());
        let kind = response.into_kind(code, self.service);
        // Where the answer itself has it, it is as good as in the header.
        if let Some(request_id) = request_id.filter(|_| metadata::request_id(&self.parts.headers).is_none()) {
            self.parts.headers.insert(metadata::REQUEST_ID, request_id);
        }
        self.error(kind).with_raw_body(body.clone())
    }
}

/// A response that reports an error, as the errors of the service see it. So is an event that reports one, which has
/// neither a status nor headers of HTTP.
///
/// A member that is not of its type is left out: it must not hide the error.
#[derive(Debug)]
pub struct ErrorResponse<'a> {
    parts: Option<&'a response::Parts>,
    /// The body, if it is text. A compressed page, an image and the like are none.
    text: Option<&'a str>,
    members: Option<Members<'a>>,
}

impl<'a> ErrorResponse<'a> {
    fn new(parts: &'a response::Parts, body: &'a [u8], text: &'a Cow<'a, str>, service: &Service) -> Self {
        let response = Self::in_stream(body, text, service);
        Self {
            parts: Some(parts),
            text: response.text.filter(|_| !is_coded(&parts.headers)),
            ..response
        }
    }

    /// The payload of an event that reports an error, borrowed where all of it is UTF-8.
    pub(crate) fn in_stream(body: &'a [u8], text: &'a Cow<'a, str>, service: &Service) -> Self {
        let without_mark = |text: &'a str| text.strip_prefix('\u{feff}').unwrap_or(text);
        Self {
            parts: None,
            text: match text {
                Cow::Borrowed(text) => Some(without_mark(text)),
                Cow::Owned(_) => None,
            },
            // A byte that is not UTF-8 must not hide the members.
            members: Members::read(body, without_mark(text), service),
        }
    }

    /// A response that says nothing.
    #[cfg(feature = "xml")]
    const fn empty() -> Self {
        Self {
            parts: None,
            text: None,
            members: None,
        }
    }

    /// The error with this code. Where the service tells the code that the error had in query, that is what users see.
    pub(crate) fn into_kind(self, code: String, service: &Service) -> Kind {
        let query_code = self.parts.and_then(|parts| rpc::query_code(&parts.headers));
        let modeled = (service.parse_error)(&code, &self);
        let modeled = modeled.or_else(|| (service.parse_error)(query_code?, &self));
        let code = query_code.map_or(code, str::to_owned);
        let is_hidden = modeled.as_ref().is_some_and(|error| error.hides_message());
        let message = modeled.as_ref().and_then(|error| error.message()).map(str::to_owned);
        let message = message
            .or_else(|| self.message("message").filter(|_| !is_hidden))
            .or_else(|| self.reason(&code));
        Kind::Service {
            code,
            message: message.unwrap_or_default(),
            modeled,
        }
    }

    /// The error's code, without namespace and URI; the status where the response has none.
    fn code(&self) -> String {
        let header = self.parts.and_then(|parts| parts.headers.get(ERROR_TYPE));
        let header = header.map(|value| text(value.as_bytes()).into_owned());
        let codes = header.into_iter().chain(self.members.iter().flat_map(Members::codes));
        let code = codes
            .map(|code| bare_code(&code).to_owned())
            .find(|code| !code.is_empty());
        code.or_else(|| Some(self.parts?.status.as_str().to_owned()))
            .unwrap_or_default()
    }

    /// What the service says of the error: the member of this name, or the same in another spelling.
    pub fn message(&self, name: &str) -> Option<String> {
        match &self.members {
            Some(_) => [name, "message", "Message", "errorMessage"]
                .iter()
                .find_map(|name| self.text_of(name)),
            None => {
                // A page that a proxy made says nothing in one line.
                let says_nothing = |text: &str| text.is_empty() || text.starts_with('<');
                let text = self.text.filter(|text| !says_nothing(text.trim_start()))?;
                Some(text.to_owned())
            }
        }
    }

    /// The identifier of the request that the body holds.
    fn request_id(&self) -> Option<HeaderValue> {
        self.members.as_ref()?.request_id()?.try_into().ok()
    }

    /// What the status means, for a response that has no code and no message.
    fn reason(&self, code: &str) -> Option<String> {
        let status = self.parts?.status;
        let reason = status.canonical_reason();
        reason.filter(|_| code == status.as_str()).map(str::to_owned)
    }

    fn text_of(&self, name: &str) -> Option<String> {
        let text = self.members.as_ref()?.text(name);
        text.filter(|text| !text.is_empty())
    }

    /// A member of the body.
    pub fn member<T: json::FromJson>(&self, name: &str) -> Option<T> {
        self.members.as_ref()?.json()?.get(name)
    }

    /// The HTTP status as a number.
    pub fn status_code(&self) -> Option<i32> {
        Some(self.parts?.status.as_u16().into())
    }
}

/// Whether the body is compressed or has another coding. None was asked for.
fn is_coded(headers: &HeaderMap) -> bool {
    let values = headers.get_all(CONTENT_ENCODING).iter();
    let mut codings = values.flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
    codings.any(|coding| {
        let coding = coding.trim_ascii();
        !coding.is_empty() && !coding.eq_ignore_ascii_case(b"identity")
    })
}

/// Strips the namespace, the URI and the codes that gateways append: `aws.protocoltests#FooError:http://example.com/,Other`
/// is `FooError`. Empty if there is no code in it.
pub(crate) fn bare_code(code: &str) -> &str {
    let mut codes = code.split(',').map(|code| {
        let code = code.split(':').next().unwrap_or_default();
        code.rsplit('#').next().unwrap_or_default().trim()
    });
    codes.find(|code| !code.is_empty()).unwrap_or_default()
}
