//! Reading responses: what outputs and errors have in common.

#[cfg(feature = "cbor")]
mod cbor;
mod header;
#[cfg(feature = "xml")]
mod xml;

use std::borrow::Cow;
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;
use http::header::HeaderName;
use http::{Response, response};
use tokio::time::Instant;

use super::byte_stream::ByteStream;
use super::operation::{self, Operation};
use super::response_body::ResponseBody;
use super::service::Service;
use crate::error::BoxError;
use crate::error::metadata::{self, ResponseContext};
use crate::error::{Error, Kind};
use crate::transport::Deadline;
use crate::wire::from_header::text;
use crate::wire::json;
use crate::words::header_map::first;
use crate::words::text::FromText;

pub use crate::error::metadata::ResponseMetadata;
pub use crate::wire::from_header::{FromElement, FromHeader, value_from_header};

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
    /// The first member that cannot be read from the head, and why.
    problem: Option<Error>,
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
            problem: None,
        }
    }

    /// Takes a response apart, or reads the error that it reports.
    ///
    /// # Errors
    ///
    /// The error that the service reports: every status but 2xx is one.
    pub fn check<O: Operation>(response: Response<ResponseBody>) -> impl Future<Output = Result<Self, Error>> + Send {
        // Outside of the future, which would have room for the response twice.
        let success = Self::new::<O>(response);
        async move {
            match success.parts.status.is_success() {
                true => Ok(success),
                false => Err(success.into_error().await),
            }
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
        let body = self.body.read_within_limit().await;
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
    ///
    /// # Errors
    ///
    /// When a member in the head was not of its type.
    pub fn into_body<E>(self) -> Result<(ByteStream<E>, ResponseMetadata), Error> {
        let (body, metadata) = self.into_parts()?;
        Ok((body.into(), metadata))
    }

    /// The body, which is checked by its checksum, and the rest of the response.
    ///
    /// # Errors
    ///
    /// When a member in the head was not of its type.
    #[cfg(feature = "http-checksum")]
    pub fn into_checked_body<E>(mut self) -> Result<(ByteStream<E>, ResponseMetadata), Error> {
        self.body.check_by(self.parts.status, &self.parts.headers);
        self.into_body()
    }

    pub(crate) fn into_parts(self) -> Result<(ResponseBody, ResponseMetadata), Error> {
        let attempts = self.attempts();
        match self.problem {
            Some(problem) => Err(problem),
            None => {
                let metadata = ResponseMetadata::new(self.parts.status, self.parts.headers, attempts);
                Ok((self.body, metadata))
            }
        }
    }

    /// Reads a body without members to its end, which lets the connection serve the next call.
    ///
    /// # Errors
    ///
    /// When the body is cut off.
    pub async fn skip_body(&mut self) -> Result<(), Error> {
        loop {
            match self.body.chunk().await {
                Ok(Some(_)) => {}
                Ok(None) => return Ok(()),
                Err(error) => return Err(error.with_metadata(self.metadata())),
            }
        }
    }

    /// The rest of the response, for outputs without a streamed body. The body has been read or skipped.
    ///
    /// # Errors
    ///
    /// When a member in the head was not of its type.
    pub fn finish(self) -> Result<ResponseMetadata, Error> {
        Ok(self.into_parts()?.1)
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
        first(&self.parts.headers, name).map(|value| text(value.as_bytes()))
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

    /// Boxed, so that calls which succeed do not have room for it.
    fn into_error(self) -> Pin<Box<dyn Future<Output = Error> + Send>> {
        Box::pin(self.into_error_unboxed())
    }

    async fn into_error_unboxed(mut self) -> Error {
        let (body, complete) = self.body.read_what_comes(MAX_ERROR_BODY).await;
        // The status says more than the fact that its explanation was cut off.
        let read = if complete { &body[..] } else { &[] };
        let text = String::from_utf8_lossy(read);
        let response = self.service.error_response(Some(&self.parts), read, &text);
        let (code, request_id) = (response.code(&self.service.info), response.request_id());
        let region = self.service.info.region_header.map(HeaderName::from_static);
        let region = region.zip(response.region());
        let kind = self.service.error_kind(&response, code);
        // Where the answer itself has it, it is as good as in the header.
        if let Some(request_id) = request_id.filter(|_| metadata::request_id(&self.parts.headers).is_none()) {
            self.parts.headers.insert(metadata::REQUEST_ID, request_id);
        }
        if let Some((name, region)) = region {
            self.parts.headers.entry(name).or_insert(region);
        }
        self.error(kind).with_raw_body(body.clone())
    }
}
