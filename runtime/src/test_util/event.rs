//! Events, and the frames that they travel in.

use std::collections::VecDeque;

use bytes::Bytes;

use super::body::Pieces;
use super::document::Document;
use super::operation::{FakeError, FakeOperation};
use super::protocol::Protocol;
use super::response::ResponseWriter;
use crate::answer::event_stream::{Event, EventStream, UnknownEvent, initial};
use crate::answer::response_body::ResponseBody;
#[cfg(feature = "cbor")]
use crate::wire::cbor::{self, ToCbor};
use crate::wire::json::{self, ToJson};
#[cfg(feature = "xml")]
use crate::wire::xml::{self, ToXml};
use crate::words::text::Enum;

/// An event that a fake sends.
pub trait FakeEvent: Event + Clone + Send + 'static {
    /// The errors of the service.
    type ServiceError: FakeError;

    /// Writes the event.
    fn write(self) -> FrameWriter;

    /// The member of the stream that is the exception with this code.
    fn exception_member(code: &str) -> Option<&'static str>;
}

/// An operation that answers with events.
pub trait FakeStream: FakeOperation {
    /// The events.
    type Event: FakeEvent<Error = Self::Error, ServiceError = Self::ServiceError>;

    /// An output with these events and nothing else.
    fn output(events: EventStream<Self::Event>) -> Self::Output;
}

impl<E: FakeEvent> EventStream<E> {
    /// A stream of these events. It needs the feature `test-util`.
    ///
    /// # Panics
    ///
    /// When an event is written in XML and has a character that XML cannot hold.
    pub fn from_events<T: Into<E>>(events: impl IntoIterator<Item = T>) -> Self {
        Self::from_frames(frames(events))
    }

    /// A stream of these events, which an error of the service ends. It needs the feature `test-util`.
    ///
    /// # Panics
    ///
    /// When an event is written in XML and has a character that XML cannot hold.
    pub fn from_events_and_error<T: Into<E>>(
        events: impl IntoIterator<Item = T>,
        error: impl Into<E::ServiceError>,
    ) -> Self {
        let error = exception::<E, _>(error.into());
        Self::from_frames(frames(events).chain([error]))
    }

    fn from_frames(frames: impl Iterator<Item = Bytes>) -> Self {
        ResponseBody::from_http_body(Pieces(frames.collect::<VecDeque<_>>())).into()
    }
}

/// The frames of events.
fn frames<E: FakeEvent, T: Into<E>>(events: impl IntoIterator<Item = T>) -> impl Iterator<Item = Bytes> {
    events.into_iter().map(|event| event.into().write().finish())
}

/// The frame of an error of the service. One that the stream does not have is sent by its code.
pub(super) fn exception<E: FakeEvent<ServiceError = F>, F: FakeError>(error: F) -> Bytes {
    let code = FakeError::code(&error);
    let mut frame = FrameWriter::new(
        "exception",
        ":exception-type",
        E::exception_member(code).unwrap_or(code),
    );
    // A member that a header would carry has no place in an event.
    let mut head = ResponseWriter::new(F::PROTOCOL, 200, "");
    let mut document = <F::Protocol as Protocol>::Document::open(&["Error"]);
    let _ = error.write(&mut head, &mut document);
    frame.document(document);
    frame.finish()
}

/// A frame in the making.
#[derive(Debug)]
pub struct FrameWriter {
    headers: Vec<u8>,
    payload: Bytes,
}

impl FrameWriter {
    /// Begins an event of this type.
    pub fn event(name: &str) -> Self {
        Self::new("event", ":event-type", name)
    }

    /// The event before all others: a document with the members that an output has beside its stream.
    pub(super) fn initial_response<D: Document>(document: D) -> Result<Bytes, String> {
        let mut frame = Self::event(initial::EVENT_TYPE);
        frame.value(D::CONTENT_TYPE, document.finish()?);
        Ok(frame.finish())
    }

    fn new(message_type: &str, header: &str, name: &str) -> Self {
        let mut frame = Self {
            headers: Vec::new(),
            payload: Bytes::new(),
        };
        frame.text_header(":message-type", message_type);
        frame.text_header(header, name);
        frame
    }

    fn text_header(&mut self, name: &str, text: &str) {
        self.header(name, &Text(text));
    }

    /// Writes a member in a header, if it is set.
    pub fn header(&mut self, name: &str, value: &impl ToEventHeader) {
        if let Some((kind, value)) = value.to_event_header() {
            self.headers.push(name.len() as u8);
            self.headers.extend_from_slice(name.as_bytes());
            self.headers.push(kind);
            self.headers.extend_from_slice(&value);
        }
    }

    /// Writes the payload: bytes or text, if they are set.
    pub fn payload(&mut self, payload: impl ToEventPayload) {
        if let Some((bytes, content_type)) = payload.to_event_payload() {
            self.text_header(":content-type", content_type);
            self.payload = bytes;
        }
    }

    /// Writes a document as the payload.
    ///
    /// # Panics
    ///
    /// When a value has a character that XML cannot hold.
    pub fn document<D: Document>(&mut self, document: D) {
        match document.finish() {
            Ok(document) => self.value(D::CONTENT_TYPE, document),
            Err(problem) => panic!("{problem}"),
        }
    }

    /// Writes a value in JSON as the payload.
    pub fn json_value<T: ToJson>(&mut self, value: &T) {
        self.value("application/json", json::to_bytes(value));
    }

    /// Writes a value in CBOR as the payload.
    #[cfg(feature = "cbor")]
    pub fn cbor_value<T: ToCbor>(&mut self, value: &T) {
        self.value(<cbor::Writer as Document>::CONTENT_TYPE, cbor::to_bytes(value));
    }

    /// Writes a value in XML as the payload, whose root has this name.
    ///
    /// # Panics
    ///
    /// When a value has a character that XML cannot hold.
    #[cfg(feature = "xml")]
    pub fn xml_value<T: ToXml>(&mut self, root: &'static str, value: &T) {
        let mut xml = xml::Writer::open(&[root]);
        value.to_xml(&mut xml);
        self.document(xml);
    }

    fn value(&mut self, content_type: &str, value: Vec<u8>) {
        self.text_header(":content-type", content_type);
        self.payload = value.into();
    }

    /// Sends back an event that the description does not know.
    pub fn unknown(event: &UnknownEvent) -> Self {
        let mut frame = Self::event(event.name());
        frame.payload(event.payload().clone());
        frame
    }

    pub(super) fn finish(self) -> Bytes {
        let length = 16 + self.headers.len() + self.payload.len();
        let mut frame = Vec::with_capacity(length);
        frame.extend((length as u32).to_be_bytes());
        frame.extend((self.headers.len() as u32).to_be_bytes());
        frame.extend(crc32fast::hash(&frame).to_be_bytes());
        frame.extend(self.headers);
        frame.extend_from_slice(&self.payload);
        frame.extend(crc32fast::hash(&frame).to_be_bytes());
        frame.into()
    }
}

/// A type that the header of an event can hold.
pub trait ToEventHeader {
    /// The type of the header and its bytes; `None` for no header.
    fn to_event_header(&self) -> Option<(u8, Vec<u8>)>;
}

/// Text, whatever it is.
struct Text<'t>(&'t str);

impl ToEventHeader for Text<'_> {
    fn to_event_header(&self) -> Option<(u8, Vec<u8>)> {
        Some((7, with_length(self.0.as_bytes())))
    }
}

/// Bytes with their length before them.
fn with_length(bytes: &[u8]) -> Vec<u8> {
    [&(bytes.len() as u16).to_be_bytes()[..], bytes].concat()
}

impl ToEventHeader for String {
    fn to_event_header(&self) -> Option<(u8, Vec<u8>)> {
        Text(self).to_event_header()
    }
}

impl<E: Enum> ToEventHeader for E {
    fn to_event_header(&self) -> Option<(u8, Vec<u8>)> {
        Text(self.as_str()).to_event_header()
    }
}

impl<T: ToEventHeader> ToEventHeader for Option<T> {
    fn to_event_header(&self) -> Option<(u8, Vec<u8>)> {
        self.as_ref()?.to_event_header()
    }
}

impl ToEventHeader for bool {
    fn to_event_header(&self) -> Option<(u8, Vec<u8>)> {
        Some((u8::from(!self), Vec::new()))
    }
}

impl ToEventHeader for Bytes {
    fn to_event_header(&self) -> Option<(u8, Vec<u8>)> {
        Some((6, with_length(self)))
    }
}

macro_rules! numbers {
    ($($ty:ty: $kind:literal;)*) => {$(
        impl ToEventHeader for $ty {
            fn to_event_header(&self) -> Option<(u8, Vec<u8>)> {
                Some(($kind, self.to_be_bytes().to_vec()))
            }
        }
    )*};
}

numbers! {
    i8: 2;
    i16: 3;
    i32: 4;
    i64: 5;
}

#[cfg(feature = "timestamp")]
impl ToEventHeader for crate::words::date_time::DateTime {
    fn to_event_header(&self) -> Option<(u8, Vec<u8>)> {
        let millis = self.to_millis().ok()?;
        Some((8, millis.to_be_bytes().to_vec()))
    }
}

/// A member that is the payload of an event.
pub trait ToEventPayload {
    /// The bytes and their media type, if the member is set.
    fn to_event_payload(self) -> Option<(Bytes, &'static str)>;
}

impl ToEventPayload for Bytes {
    fn to_event_payload(self) -> Option<(Bytes, &'static str)> {
        Some((self, "application/octet-stream"))
    }
}

impl ToEventPayload for String {
    fn to_event_payload(self) -> Option<(Bytes, &'static str)> {
        Some((self.into(), "text/plain"))
    }
}

impl<E: Enum> ToEventPayload for E {
    fn to_event_payload(self) -> Option<(Bytes, &'static str)> {
        self.as_str().to_owned().to_event_payload()
    }
}

impl<T: ToEventPayload> ToEventPayload for Option<T> {
    fn to_event_payload(self) -> Option<(Bytes, &'static str)> {
        self?.to_event_payload()
    }
}
