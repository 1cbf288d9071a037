//! The payload of a response that is a stream of events.

#[cfg(feature = "cbor")]
mod cbor;
pub(crate) mod initial;
mod json;
#[cfg(feature = "xml")]
mod xml;

use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use http::header::CONTENT_TYPE;

use crate::answer::byte_stream::ByteStream;
use crate::answer::error_response::bare_code;
use crate::answer::response::Success;
use crate::answer::response_body::{Chunks, ResponseBody};
use crate::answer::service::Service;
use crate::error::metadata::ResponseMetadata;
use crate::error::{BoxError, Error, Kind};
use crate::wire::frame::{FrameDecoder, FromEventHeader, MEDIA_TYPE, Problem};
use crate::words::hidden::Hidden;
use crate::words::text::FromText;

pub use crate::wire::frame::Frame;

/// The events of a response, read as they arrive.
///
/// Take them one by one with [`recv`](Self::recv), or through the [`Stream`] implementation:
///
/// ```text
/// while let Some(event) = output.body.recv().await? {
///     match event {
///         ResponseStream::PayloadPart(part) => ..,
///         _ => {}
///     }
/// }
/// ```
///
/// An error ends the stream; what was received before stays good, and the client does not retry the call.
/// [`Error::is_retryable`] says whether another call may succeed. Reading fails when
///
/// - the service reports an error in the stream: an error of its description is in
///   `service_error`, and [`is_service`](Error::is_service) holds for any;
/// - the stream breaks off within an event, a checksum is wrong, or an event cannot be read
///   ([`is_response`](Error::is_response));
/// - nothing arrives within the read timeout ([`Timeouts::read`](crate::Timeouts::read)).
///
/// At most one event is held in memory, and it may have 24 MiB; see [`set_max_event_size`](Self::set_max_event_size).
/// Payloads of events are slices of what came over the network, not copies: one that is kept for long keeps its
/// neighbours in memory. Dropping the stream before its end closes the connection.
///
/// `Debug` shows how much has been read, never the content.
pub struct EventStream<E> {
    bytes: ResponseBody,
    frames: FrameDecoder,
    event: PhantomData<fn() -> E>,
}

/// What generated code does for the events of a stream.
pub trait Event: Sized {
    /// The service that sends the events.
    const SERVICE: &'static Service;

    /// The error of the client.
    type Error: From<Error>;

    /// Reads an event of any type.
    ///
    /// # Errors
    ///
    /// When a header or the payload is not of the form that the description gives it.
    fn parse(event: &Frame<'_>) -> Result<Self, Malformed>;

    /// The code of the exception that is this member of the stream. The two need not be the same.
    fn exception_code(member: &str) -> Option<&'static str>;
}

/// An event that is a part of a payload: the only one of its stream, with nothing in it but bytes.
pub trait PayloadEvent: Event {
    /// The bytes. Empty for an event that the description does not know.
    fn into_payload(self) -> Bytes;
}

impl<E: PayloadEvent + 'static> EventStream<E> {
    /// The bytes that the events carry, as one payload: to read lines, JSON, server-sent events or text from.
    ///
    /// Errors stay what and where they are: what the service reports in the stream comes after the bytes before it, with
    /// its code and request id. Events of a type that this version of the client does not know carry no bytes.
    pub fn into_bytes(self) -> ByteStream<E::Error> {
        let context = self.bytes.context().cloned();
        ResponseBody::decoded(Box::new(self), context).into()
    }
}

impl<E: PayloadEvent> Chunks for EventStream<E> {
    fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<Bytes>, Error>> {
        loop {
            let event = ready!(self.poll_event(context))?;
            let payload = event.map(E::into_payload);
            if payload.as_ref().is_none_or(|bytes| !bytes.is_empty()) {
                return Poll::Ready(Ok(payload));
            }
        }
    }
}

impl<E: Event> EventStream<E> {
    /// Limits the memory that an event can take, in bytes with its headers. Default: 24 MiB, and 128 KiB for headers.
    ///
    /// An event that is larger ends the stream with an error, before it is received.
    pub fn set_max_event_size(&mut self, bytes: usize) {
        self.frames.max_frame = bytes;
    }

    /// The next event, or `None` at the end.
    ///
    /// Nothing is lost when the future is dropped before it is done.
    ///
    /// # Errors
    ///
    /// When the service reports an error, the stream breaks off or cannot be read, or the read timeout passes in
    /// silence. There are no events after an error.
    pub async fn recv(&mut self) -> Result<Option<E>, E::Error> {
        Ok(poll_fn(|context| self.poll_event(context)).await?)
    }

    fn poll_event(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<E>, Error>> {
        loop {
            let event = match ready!(self.poll_frame(context)) {
                Ok(Some(frame)) => self.event(&frame),
                Ok(None) => return Poll::Ready(Ok(None)),
                Err(error) => Err(error),
            };
            match event {
                // Its members belong to the output. If that has none beside the stream, nobody asks for them.
                Ok(None) => {}
                Ok(event) => return Poll::Ready(Ok(event)),
                Err(error) => {
                    self.bytes.close();
                    self.frames.clear();
                    return Poll::Ready(Err(error));
                }
            }
        }
    }

    /// The next frame, once it is there as a whole; `None` at the end.
    fn poll_frame(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<Bytes>, Error>> {
        loop {
            match self.frames.next() {
                Ok(None) => {}
                Ok(frame) => return Poll::Ready(Ok(frame)),
                Err(problem) => return Poll::Ready(Err(self.broken(problem))),
            }
            match ready!(self.bytes.poll_chunk(context))? {
                Some(chunk) => self.frames.push(chunk),
                None if self.frames.is_empty() => return Poll::Ready(Ok(None)),
                None => return Poll::Ready(Err(self.bytes.cut_off(None))),
            }
        }
    }

    /// The event in a frame; `None` if the frame is an initial response.
    fn event(&self, frame: &Bytes) -> Result<Option<E>, Error> {
        let frame = Frame::read(frame).map_err(|problem| self.broken(problem))?;
        match self.event_type(&frame)? {
            initial::EVENT_TYPE => Ok(None),
            name => match E::parse(&frame) {
                Ok(event) => Ok(Some(event)),
                Err(malformed) => Err(self.malformed(name, &frame, malformed)),
            },
        }
    }

    /// The type of the event in a frame, or the error that is there instead.
    fn event_type<'f>(&self, frame: &Frame<'f>) -> Result<&'f str, Error> {
        match frame.message_type().map_err(|problem| self.broken(problem))? {
            "event" => frame.event_type().map_err(|problem| self.broken(problem)),
            "exception" => Err(self.exception(frame)),
            "error" => Err(self.unmodeled_error(frame)),
            _ => Err(self.broken(Problem::MessageType)),
        }
    }

    #[cold]
    fn malformed(&self, name: &str, frame: &Frame<'_>, malformed: Malformed) -> Error {
        let error = |problem: fmt::Arguments<'_>| {
            self.bytes
                .error(Kind::EventStream(format!("the event `{name}` {problem}")))
        };
        let error = match malformed {
            Malformed::Payload { format, problem } => {
                error(format_args!("is not the {format} that the service describes")).with_source(problem)
            }
            Malformed::Text => error(format_args!("is not UTF-8 text")),
            Malformed::Header(header) => error(format_args!(
                "does not have the header `{header}` that the service describes"
            )),
        };
        error.with_raw_body(frame.payload())
    }

    /// An error that the description may know.
    fn exception(&self, frame: &Frame<'_>) -> Error {
        let member = code_in(frame, ":exception-type").unwrap_or("exception");
        let code = E::exception_code(member).unwrap_or(member);
        let text = String::from_utf8_lossy(frame.payload_bytes());
        let response = E::SERVICE.error_response(None, frame.payload_bytes(), &text);
        self.reported(E::SERVICE.error_kind(&response, code.to_owned()), frame)
    }

    fn unmodeled_error(&self, frame: &Frame<'_>) -> Error {
        let code = code_in(frame, ":error-code").unwrap_or("error").to_owned();
        let kind = Kind::Service {
            code,
            message: frame.header_text(":error-message").unwrap_or_default().to_owned(),
            modeled: None,
        };
        self.reported(kind, frame)
    }

    fn reported(&self, kind: Kind, frame: &Frame<'_>) -> Error {
        self.bytes.error(kind).in_stream().with_raw_body(frame.payload())
    }

    fn broken(&self, problem: Problem) -> Error {
        self.bytes.error(Kind::EventStream(problem.to_string()))
    }
}

/// The code in a header of a frame, if there is one.
fn code_in<'a>(frame: &'a Frame<'_>, header: &str) -> Option<&'a str> {
    let code = frame.header_text(header).map(bare_code);
    code.filter(|code| !code.is_empty())
}

impl<E: Event> From<ByteStream<E::Error>> for EventStream<E> {
    fn from(bytes: ByteStream<E::Error>) -> Self {
        bytes.into_response_body().into()
    }
}

impl<E> From<ResponseBody> for EventStream<E> {
    fn from(bytes: ResponseBody) -> Self {
        Self {
            bytes,
            frames: FrameDecoder::default(),
            event: PhantomData,
        }
    }
}

#[cfg(feature = "test-util")]
impl<E> EventStream<E> {
    /// The frames that have not been read.
    #[doc(hidden)]
    pub fn into_response_body(mut self) -> ResponseBody {
        self.bytes.unread(self.frames.into_rest());
        self.bytes
    }
}

impl Success {
    /// The events that the body is, and the rest of the response.
    ///
    /// # Errors
    ///
    /// When the content type says that the body is something else, or a member in the head was not of its type.
    pub async fn into_events<E>(self) -> Result<(EventStream<E>, ResponseMetadata), Error> {
        if let Some(content_type) = self.header_text(&CONTENT_TYPE)
            && !may_be_events(&content_type)
        {
            let problem = format!("its content type is `{content_type}`, not `{MEDIA_TYPE}`");
            return Err(Box::pin(self.into_unreadable(Kind::EventStream(problem))).await);
        }
        let (bytes, metadata) = self.into_parts()?;
        Ok((bytes.into(), metadata))
    }
}

/// Whether a body with this content type may be a stream of events. Some say nothing of what it is.
fn may_be_events(content_type: &str) -> bool {
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    let types = ["", MEDIA_TYPE, "application/octet-stream"];
    types.iter().any(|ty| media_type.eq_ignore_ascii_case(ty))
}

impl<E> Default for EventStream<E> {
    /// No events.
    fn default() -> Self {
        ResponseBody::default().into()
    }
}

impl<E> fmt::Debug for EventStream<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "EventStream({} bytes read)", self.bytes.received())
    }
}

impl<E: Event> Stream for EventStream<E> {
    type Item = Result<E, E::Error>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_event(context).map_err(E::Error::from).map(Result::transpose)
    }
}

/// Why an event cannot be read.
#[derive(Debug)]
pub enum Malformed {
    /// The payload is not of the format that it should be.
    Payload {
        /// The name of the format, such as `JSON`.
        format: &'static str,
        /// What is wrong.
        problem: BoxError,
    },
    /// The payload is not UTF-8.
    Text,
    /// A header is not of its type, or comes twice.
    Header(&'static str),
}

/// What generated code reads events with.
impl Frame<'_> {
    /// The name of the event.
    pub fn name(&self) -> &str {
        self.event_type().unwrap_or_default()
    }

    /// The payload as it is.
    pub fn blob(&self) -> Bytes {
        self.payload()
    }

    /// The payload as text.
    ///
    /// # Errors
    ///
    /// When it is not UTF-8.
    pub fn text<T: FromText>(&self) -> Result<Option<T>, Malformed> {
        let text = std::str::from_utf8(self.payload_bytes()).map_err(|_| Malformed::Text)?;
        Ok(T::from_text(text.into()))
    }

    /// The member in a header, if it is there.
    ///
    /// # Errors
    ///
    /// When the header is of another type, or there is more than one of that name.
    pub fn header<T: FromEventHeader>(&self, name: &'static str) -> Result<Option<T>, Malformed> {
        let mut values = self.values(name);
        match (values.next(), values.next()) {
            (None, _) => Ok(None),
            (Some(value), None) => T::from_value(value).map(Some).ok_or(Malformed::Header(name)),
            (Some(_), Some(_)) => Err(Malformed::Header(name)),
        }
    }

    /// The event as it is, for a type that the description does not know.
    pub fn unknown(&self) -> UnknownEvent {
        UnknownEvent {
            name: self.name().to_owned(),
            payload: self.payload(),
        }
    }
}

/// An event of a type that this version of the client does not know.
///
/// `Debug` shows the name, but not the payload: that may be sensitive.
#[derive(Clone, PartialEq, Eq)]
pub struct UnknownEvent {
    name: String,
    payload: Bytes,
}

impl UnknownEvent {
    /// The type of the event.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What the event carries, byte for byte.
    pub fn payload(&self) -> &Bytes {
        &self.payload
    }
}

impl fmt::Debug for UnknownEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("UnknownEvent")
            .field("name", &self.name)
            .field("payload", &Hidden)
            .finish()
    }
}
