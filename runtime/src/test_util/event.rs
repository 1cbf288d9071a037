//! Events that a fake sends.

use std::collections::VecDeque;

use bytes::Bytes;

use super::body::Pieces;
use super::document::Document;
use super::frame::FrameWriter;
use super::operation::{FakeError, FakeOperation};
use super::protocol::Protocol;
use super::response::ResponseWriter;
use crate::answer::event_stream::{Event, EventStream};
use crate::answer::response_body::ResponseBody;

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
