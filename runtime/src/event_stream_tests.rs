//! Event streams: how frames become events and errors, however they are cut.
//!
//! The frames are written here, byte by byte as the format says, and not by code that the runtime shares.

mod arrival;
mod errors;
mod events;
mod formats;
mod initial;
mod malformed;

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use crate::words::date_time::DateTime;
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode};
use http_body::{Body, Frame as HttpFrame};

use crate::answer::event_stream::{Event, EventStream, Frame, Malformed, UnknownEvent};
use crate::answer::response_body::ResponseBody;
use crate::answer::service::Service;
use crate::error::metadata::{REQUEST_ID, ResponseContext};
use crate::transport::{Frames, Incoming, Lease, Permit};
use crate::weather::{Error, WEATHER};

/// What the generator writes for a stream with an event of each kind and two exceptions.
#[derive(Clone, Debug, PartialEq)]
enum Sky {
    /// The payload is a blob.
    Photo(Bytes),
    /// The payload is text.
    Report(String),
    /// The payload is the JSON of the structure, but for one member in a header.
    Wind(Wind),
    /// Nothing but headers.
    Probe(Box<Probe>),
    Unknown(UnknownEvent),
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Wind {
    station: Option<String>,
    speed: Option<i32>,
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Probe {
    on: Option<bool>,
    off: Option<bool>,
    byte: Option<i8>,
    short: Option<i16>,
    int: Option<i32>,
    long: Option<i64>,
    blob: Option<Bytes>,
    text: Option<String>,
    time: Option<DateTime>,
    missing: Option<String>,
}

impl Event for Sky {
    const SERVICE: &'static Service = &WEATHER;

    type Error = Error;

    fn parse(event: &Frame<'_>) -> Result<Self, Malformed> {
        Ok(match event.name() {
            "photo" => Self::Photo(event.blob()),
            "report" => Self::Report(event.text()?.unwrap_or_default()),
            "wind" => {
                let mut wind = Wind::default();
                event.read_json(|json| {
                    json.begin_object()?;
                    while let Some(name) = json.next_member()? {
                        match &*name {
                            "speed" => wind.speed = json.read()?,
                            _ => json.skip()?,
                        }
                    }
                    Ok(())
                })?;
                wind.station = event.header("station")?;
                Self::Wind(wind)
            }
            "probe" => Self::Probe(Box::new(Probe {
                on: event.header("on")?,
                off: event.header("off")?,
                byte: event.header("byte")?,
                short: event.header("short")?,
                int: event.header("int")?,
                long: event.header("long")?,
                blob: event.header("blob")?,
                text: event.header("text")?,
                time: event.header("time")?,
                missing: event.header("missing")?,
            })),
            _ => Self::Unknown(event.unknown()),
        })
    }

    fn exception_code(member: &str) -> Option<&'static str> {
        match member {
            "rainExc" => Some("Rain"),
            _ => None,
        }
    }
}

/// CRC-32 as of IEEE 802.3, bit by bit.
fn crc(bytes: &[u8]) -> [u8; 4] {
    let mut crc = u32::MAX;
    for byte in bytes {
        crc ^= u32::from(*byte);
        for _ in 0..8 {
            crc = if crc & 1 == 1 {
                (crc >> 1) ^ 0xedb8_8320
            } else {
                crc >> 1
            };
        }
    }
    (!crc).to_be_bytes()
}

/// A frame with these headers, as they are.
fn raw_frame(headers: &[u8], payload: &[u8]) -> Vec<u8> {
    let length = 12 + headers.len() + payload.len() + 4;
    let mut frame = (length as u32).to_be_bytes().to_vec();
    frame.extend((headers.len() as u32).to_be_bytes());
    frame.extend(crc(&frame));
    frame.extend(headers);
    frame.extend(payload);
    frame.extend(crc(&frame));
    frame
}

fn raw_header(name: &str, kind: u8, value: &[u8]) -> Vec<u8> {
    [&[name.len() as u8], name.as_bytes(), &[kind], value].concat()
}

fn text_header(name: &str, value: &str) -> Vec<u8> {
    let length = (value.len() as u16).to_be_bytes();
    raw_header(name, 7, &[&length, value.as_bytes()].concat())
}

fn frame(headers: &[(&str, &str)], payload: &[u8]) -> Vec<u8> {
    let headers: Vec<u8> = headers
        .iter()
        .flat_map(|(name, value)| text_header(name, value))
        .collect();
    raw_frame(&headers, payload)
}

fn event(name: &str, payload: &[u8]) -> Vec<u8> {
    let headers = [
        (":event-type", name),
        (":content-type", "application/octet-stream"),
        (":message-type", "event"),
    ];
    frame(&headers, payload)
}

fn exception(member: &str, payload: &[u8]) -> Vec<u8> {
    let headers = [
        (":message-type", "exception"),
        (":exception-type", member),
        (":content-type", "application/json"),
    ];
    frame(&headers, payload)
}

fn photo(bytes: &'static str) -> Sky {
    Sky::Photo(Bytes::from_static(bytes.as_bytes()))
}

/// A response body in pieces.
struct Pieces {
    pieces: VecDeque<Bytes>,
    /// Whether nothing comes after the last piece, not even the end.
    silent: bool,
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<HttpFrame<Bytes>, Infallible>>> {
        match self.pieces.pop_front() {
            Some(piece) => Poll::Ready(Some(Ok(HttpFrame::data(piece)))),
            None if self.silent => Poll::Pending,
            None => Poll::Ready(None),
        }
    }
}

/// A stream of these pieces, as the client makes one of a response.
fn stream_of(pieces: impl IntoIterator<Item = Vec<u8>>, silent: bool) -> EventStream<Sky> {
    let pieces = pieces.into_iter().map(Bytes::from).collect();
    let frames = Frames::of(Pieces { pieces, silent });
    let lease = Lease::without_connection(Permit::default(), Some(Duration::from_secs(60)));
    let mut body = ResponseBody::from(Incoming { frames, lease });
    let headers = HeaderMap::from_iter([(REQUEST_ID, HeaderValue::from_static("1f2e"))]);
    let operation = WEATHER.info.operation("Watch");
    body.set_context(ResponseContext::new(operation, StatusCode::OK, &headers, 2));
    body.into()
}

/// The events until the end or an error.
async fn read(mut stream: EventStream<Sky>) -> (Vec<Sky>, Option<Error>) {
    let mut events = Vec::new();
    let error = loop {
        match stream.recv().await {
            Ok(Some(event)) => events.push(event),
            Ok(None) => break None,
            Err(error) => break Some(error),
        }
    };
    let after = stream.recv().await;
    assert!(
        matches!(after, Ok(None)),
        "after the end or an error comes nothing: {after:?}"
    );
    (events, error)
}

async fn read_bytes(bytes: impl Into<Vec<u8>>) -> (Vec<Sky>, Option<Error>) {
    read(stream_of([bytes.into()], false)).await
}

/// The error that ends a stream before any event.
async fn error_of(bytes: impl Into<Vec<u8>>) -> Error {
    let (events, error) = read_bytes(bytes).await;
    assert_eq!(events, []);
    error.expect("the stream ends with an error")
}

/// The error for a stream that is broken, without what all errors have.
async fn problem_of(bytes: impl Into<Vec<u8>>) -> String {
    let error = error_of(bytes).await;
    assert!(error.is_response() && !error.is_service() && !error.is_retryable());
    let text = error.to_string();
    let problem = text
        .strip_prefix("Watch failed: the event stream cannot be read: ")
        .and_then(|text| text.strip_suffix(" [request id 1f2e, 2 attempts]"));
    problem.unwrap_or_else(|| panic!("{text}")).to_owned()
}

/// Three events and where each ends.
fn three_events() -> (Vec<u8>, Vec<usize>, Vec<Sky>) {
    let frames = [event("photo", b"one"), event("photo", b""), event("report", b"three")];
    let ends = frames
        .iter()
        .scan(0, |end, frame| {
            *end += frame.len();
            Some(*end)
        })
        .collect();
    let events = vec![photo("one"), photo(""), Sky::Report("three".to_owned())];
    (frames.concat(), ends, events)
}
