//! Frames of events in the making.

use bytes::Bytes;

use super::document::Document;
use crate::answer::event_stream::{UnknownEvent, initial};
#[cfg(feature = "cbor")]
use crate::wire::cbor::{self, ToCbor};
use crate::wire::json::{self, ToJson};
#[cfg(feature = "xml")]
use crate::wire::xml::{self, ToXml};
use crate::words::text::Enum;

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

    pub(super) fn new(message_type: &str, header: &str, name: &str) -> Self {
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
