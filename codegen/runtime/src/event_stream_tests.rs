//! Event streams: how frames become events and errors, however they are cut.
//!
//! The frames are written here, byte by byte as the format says, and not by code that the runtime shares.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use aws_smithy_types::DateTime;
use bytes::Bytes;
use futures_core::Stream;
use http::{HeaderValue, StatusCode};
use http_body::{Body, Frame as HttpFrame};

use crate::runtime::BoxError;
use crate::runtime::byte_stream::{ByteStream, Origin};
use crate::runtime::error::Error;
use crate::runtime::features::event_stream::{Event, EventStream, Frame, Malformed, UnknownEvent};
use crate::service::ServiceError;

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
    let mut body = ByteStream::from_http_body(Pieces { pieces, silent });
    body.set_origin(Origin {
        operation: "Watch",
        status: StatusCode::OK,
        request_id: Some(HeaderValue::from_static("1f2e")),
    });
    body.received_by_client(2, Some(Duration::from_secs(60)));
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

#[test]
fn frames_are_written_as_the_format_says() {
    // The check value of CRC-32 and the smallest frame, as published.
    assert_eq!(crc(b"123456789"), [0xcb, 0xf4, 0x39, 0x26]);
    let smallest = [0, 0, 0, 16, 0, 0, 0, 0, 0x05, 0xc2, 0x48, 0xeb, 0x7d, 0x98, 0xc8, 0xff];
    assert_eq!(raw_frame(&[], &[]), smallest);
}

#[tokio::test]
async fn events_of_each_kind() {
    let station = [
        text_header(":message-type", "event"),
        text_header(":event-type", "wind"),
        text_header("station", "K2"),
    ];
    let bytes = [
        event("photo", b"\xff\x00"),
        event("photo", b""),
        event("report", "wolkenlos, 7°".as_bytes()),
        raw_frame(
            &station.concat(),
            br#"{"speed": 12, "station": "body", "other": [1, {}]}"#,
        ),
        event("wind", b""),
    ];
    let (events, error) = read_bytes(bytes.concat()).await;
    assert!(error.is_none());
    let expected = [
        Sky::Photo(Bytes::from_static(b"\xff\x00")),
        photo(""),
        Sky::Report("wolkenlos, 7°".to_owned()),
        Sky::Wind(Wind {
            station: Some("K2".to_owned()),
            speed: Some(12),
        }),
        Sky::Wind(Wind::default()),
    ];
    assert_eq!(events, expected);
}

#[tokio::test]
async fn headers_of_each_type() {
    let headers = [
        text_header(":message-type", "event"),
        text_header(":event-type", "probe"),
        raw_header("on", 0, &[]),
        raw_header("off", 1, &[]),
        raw_header("byte", 2, &[0x80]),
        raw_header("short", 3, &(-20_000_i16).to_be_bytes()),
        raw_header("int", 4, &500_000_i32.to_be_bytes()),
        raw_header("long", 5, &i64::MIN.to_be_bytes()),
        raw_header("blob", 6, b"\x00\x02\xff\x00"),
        text_header("text", "Grüße"),
        raw_header("time", 8, &1_500_i64.to_be_bytes()),
        raw_header("uuid", 9, &[7; 16]),
    ];
    let (events, error) = read_bytes(raw_frame(&headers.concat(), b"ignored")).await;
    assert!(error.is_none());
    let expected = Probe {
        on: Some(true),
        off: Some(false),
        byte: Some(-128),
        short: Some(-20_000),
        int: Some(500_000),
        long: Some(i64::MIN),
        blob: Some(Bytes::from_static(b"\xff\x00")),
        text: Some("Grüße".to_owned()),
        time: Some(DateTime::from_millis(1_500)),
        missing: None,
    };
    assert_eq!(events, [Sky::Probe(Box::new(expected))]);
}

#[tokio::test]
async fn a_stream_without_events() {
    assert!(matches!(read_bytes([]).await, (events, None) if events.is_empty()));
    assert!(matches!(EventStream::<Sky>::default().recv().await, Ok(None)));
}

#[tokio::test]
async fn an_initial_response_is_skipped() {
    let bytes = [event("initial-response", b"{}"), event("photo", b"a")];
    assert!(matches!(read_bytes(bytes.concat()).await, (events, None) if events == [photo("a")]));
}

#[tokio::test]
async fn an_unknown_event_is_kept() {
    let (events, error) = read_bytes([event("aurora", b"secret"), event("photo", b"a")].concat()).await;
    assert!(error.is_none());
    let [Sky::Unknown(unknown), Sky::Photo(_)] = &events[..] else {
        panic!("{events:?}");
    };
    assert_eq!((unknown.name(), &unknown.payload()[..]), ("aurora", &b"secret"[..]));
    let shown = format!("{unknown:?}");
    assert!(shown.contains("aurora") && !shown.contains("secret"), "{shown}");
}

#[tokio::test]
async fn a_modeled_exception_ends_the_stream_as_its_typed_error() {
    let payload = br#"{"message": "it pours", "Intensity": 40}"#;
    let bytes = [
        event("photo", b"a"),
        exception("rainExc", payload),
        event("photo", b"b"),
    ];
    let (events, error) = read_bytes(bytes.concat()).await;
    assert_eq!(events, [photo("a")]);
    let error = error.expect("the exception");
    assert_eq!(
        error.to_string(),
        "Watch failed: Rain: it pours [in the event stream, intensity 40, request id 1f2e, 2 attempts]"
    );
    let Some(ServiceError::Rain(rain)) = error.service_error() else {
        panic!("{error:?}");
    };
    assert_eq!((rain.message.as_deref(), rain.intensity), (Some("it pours"), Some(40)));
    assert_eq!((error.code(), error.message()), (Some("Rain"), Some("it pours")));
    assert_eq!((error.operation(), error.request_id()), (Some("Watch"), Some("1f2e")));
    assert_eq!((error.status(), error.attempts()), (Some(StatusCode::OK), 2));
    assert_eq!(error.raw_body().map(|body| &body[..]), Some(&payload[..]));
    assert!(error.is_service() && !error.is_response());
}

#[tokio::test]
async fn an_unknown_exception_keeps_its_type_and_message() {
    let error = error_of(exception("hailExc", br#"{"Message": "as large as eggs"}"#)).await;
    assert_eq!(
        (error.code(), error.message()),
        (Some("hailExc"), Some("as large as eggs"))
    );
    assert!(error.service_error().is_none());
    // What is not JSON is the message itself; what is empty says nothing.
    assert_eq!(error_of(exception("hailExc", b"run")).await.message(), Some("run"));
    assert_eq!(error_of(exception("rainExc", b"")).await.message(), Some(""));
    // Even without its type.
    let error = error_of(frame(&[(":message-type", "exception")], br#"{"message": "m"}"#)).await;
    assert_eq!((error.code(), error.message()), (Some("exception"), Some("m")));
}

#[tokio::test]
async fn an_error_frame_is_an_error_of_the_service() {
    let headers = [
        (":message-type", "error"),
        (":error-code", "InternalError"),
        (":error-message", "out of\norder"),
    ];
    let error = error_of(frame(&headers, b"")).await;
    assert_eq!(
        (error.code(), error.message()),
        (Some("InternalError"), Some("out of\norder"))
    );
    assert_eq!(
        error.to_string(),
        "Watch failed: InternalError: out of order [in the event stream, request id 1f2e, 2 attempts]"
    );
    let error = error_of(frame(&[(":message-type", "error")], b"")).await;
    assert_eq!((error.code(), error.message()), (Some("error"), Some("")));
}

#[tokio::test]
async fn a_call_is_not_repeated_for_what_comes_in_a_stream() {
    let error = error_of(exception("ThrottlingException", b"{}")).await;
    assert!(error.is_throttling());
    assert!(!error.is_retryable());
}

#[tokio::test]
async fn headers_that_must_be_there() {
    assert_eq!(
        problem_of(raw_frame(&[], b"x")).await,
        "a frame has no header `:message-type`"
    );
    assert_eq!(
        problem_of(frame(&[(":message-type", "event")], b"x")).await,
        "a frame has no header `:event-type`"
    );
    assert_eq!(
        problem_of(frame(&[(":message-type", "greeting")], b"x")).await,
        "a frame is no event, no exception and no error"
    );
    let number = [
        raw_header(":message-type", 4, &[0; 4]),
        text_header(":event-type", "photo"),
    ];
    assert_eq!(
        problem_of(raw_frame(&number.concat(), b"x")).await,
        "the header `:message-type` of a frame is not text"
    );
    let boolean = [text_header(":message-type", "event"), raw_header(":event-type", 0, &[])];
    assert_eq!(
        problem_of(raw_frame(&boolean.concat(), b"x")).await,
        "the header `:event-type` of a frame is not text"
    );
    let twice = [
        (":message-type", "event"),
        (":event-type", "photo"),
        (":event-type", "report"),
    ];
    assert_eq!(
        problem_of(frame(&twice, b"x")).await,
        "a frame has the header `:event-type` more than once"
    );
}

#[tokio::test]
async fn malformed_headers() {
    let malformed: [&[u8]; 12] = [
        b"\x00\x00",                  // no name
        b"\x05name\x00",              // the name goes beyond the headers
        b"\x02\xff\xfe\x00",          // the name is not UTF-8
        b"\x01n",                     // no type
        b"\x01n\x0a",                 // no such type
        b"\x01n\x02",                 // no value
        b"\x01n\x05\x00\x00\x00",     // a value that is too short
        b"\x01n\x07\x00",             // half a length
        b"\x01n\x07\x00\x04abc",      // a length beyond the headers
        b"\x01n\x06\xff\xffabc",      // a length beyond the frame
        b"\x01n\x07\x00\x02\xff\xfe", // a string that is not UTF-8
        b"\x01n\x09\x00\x00\x00\x00", // a short UUID
    ];
    for header in malformed {
        let headers = [&text_header(":message-type", "event"), header].concat();
        let problem = problem_of(raw_frame(&headers, b"payload that must not be taken for headers")).await;
        assert_eq!(problem, "a frame has a malformed header", "{header:?}");
    }
}

#[tokio::test]
async fn events_that_are_not_as_described() {
    let error = error_of(event("wind", br#"{"speed": "secret"}"#)).await;
    assert_eq!(
        error.to_string(),
        "Watch failed: the event stream cannot be read: the event `wind` is not the JSON that the service describes \
         [request id 1f2e, 2 attempts]"
    );
    let source = std::error::Error::source(&error).expect("the place").to_string();
    assert!(source.starts_with("JSON: ") && !source.contains("secret"), "{source}");
    assert_eq!(
        problem_of(event("report", b"\xff")).await,
        "the event `report` is not UTF-8 text"
    );
    let kind = [(":message-type", "event"), (":event-type", "probe"), ("int", "12")];
    let not_as_described = "the event `probe` does not have the header `int` that the service describes";
    assert_eq!(problem_of(frame(&kind, b"")).await, not_as_described);
    let one = raw_header("int", 4, &[0; 4]);
    let twice = [
        text_header(":message-type", "event"),
        text_header(":event-type", "probe"),
        one.clone(),
        one,
    ];
    assert_eq!(problem_of(raw_frame(&twice.concat(), b"")).await, not_as_described);
}

#[tokio::test]
async fn checksums_are_verified() {
    let good = event("photo", b"payload");
    let mut prelude = good.clone();
    prelude[8] ^= 1;
    assert_eq!(
        problem_of(prelude).await,
        "the checksum of the lengths of a frame is wrong"
    );
    let mut message = [event("photo", b"a"), good.clone(), event("photo", b"b")].concat();
    let last = event("photo", b"a").len() + good.len() - 1;
    message[last] ^= 0x80;
    let (events, error) = read_bytes(message).await;
    assert_eq!(events, [photo("a")]);
    assert!(
        error
            .expect("broken")
            .to_string()
            .contains(": the checksum of a frame is wrong [")
    );
}

#[tokio::test]
async fn a_flipped_bit_never_goes_unnoticed() {
    let bytes = [
        event("photo", b"one"),
        event("wind", br#"{"speed": 1}"#),
        event("photo", b"two"),
    ]
    .concat();
    let (intended, _) = read_bytes(bytes.clone()).await;
    for bit in 0..bytes.len() * 8 {
        let mut flipped = bytes.clone();
        flipped[bit / 8] ^= 1 << (bit % 8);
        let (events, error) = read_bytes(flipped).await;
        assert!(error.is_some(), "bit {bit}");
        assert!(intended.starts_with(&events), "bit {bit}");
    }
}

/// Two lengths with their checksum.
fn prelude(length: u32, headers: u32) -> Vec<u8> {
    let mut prelude = [length.to_be_bytes(), headers.to_be_bytes()].concat();
    prelude.extend(crc(&prelude));
    prelude
}

#[tokio::test]
async fn lengths_are_checked_before_anything_is_awaited() {
    let contradiction = "the lengths of a frame contradict each other";
    for (length, headers) in [
        (0, 0),
        (12, 0),
        (15, 0),
        (16, 1),
        (100, 85),
        (100, u32::MAX),
        (16, u32::MAX - 15),
    ] {
        assert_eq!(
            problem_of(prelude(length, headers)).await,
            contradiction,
            "{length} {headers}"
        );
    }
    assert_eq!(
        problem_of(prelude(u32::MAX, 0)).await,
        "a frame of 4294967295 bytes exceeds the limit of 25296912 bytes"
    );
    // 24 MiB of payload and 128 KiB of headers are within it: what is missing is the rest of the frame.
    let error = error_of(prelude(25_296_912, 131_072)).await;
    assert_eq!(
        error.to_string(),
        "Watch failed: the payload of the response broke off after 12 bytes [request id 1f2e, 2 attempts]"
    );
}

#[tokio::test]
async fn the_limit_can_be_set() {
    let bytes = event("photo", b"0123456789");
    let mut stream = stream_of([bytes.clone()], false);
    stream.set_max_event_size(bytes.len());
    assert!(matches!(read(stream).await, (events, None) if events == [photo("0123456789")]));
    let mut stream = stream_of([bytes.clone()], false);
    stream.set_max_event_size(bytes.len() - 1);
    let (events, error) = read(stream).await;
    assert_eq!(events, []);
    assert!(error.expect("too large").to_string().contains("exceeds the limit"));
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

#[tokio::test]
async fn pieces_of_any_size_give_the_same_events() {
    let (bytes, _, expected) = three_events();
    for size in 1..=bytes.len() {
        let stream = stream_of(bytes.chunks(size).map(<[u8]>::to_vec), false);
        assert!(
            matches!(read(stream).await, (events, None) if events == expected),
            "pieces of {size}"
        );
    }
    for at in 0..=bytes.len() {
        let (head, tail) = bytes.split_at(at);
        let stream = stream_of([head.to_vec(), tail.to_vec()], false);
        assert!(
            matches!(read(stream).await, (events, None) if events == expected),
            "cut at {at}"
        );
    }
}

#[tokio::test]
async fn a_stream_that_ends_within_a_frame_is_cut_off() {
    let (bytes, ends, expected) = three_events();
    for length in 0..=bytes.len() {
        for size in [1, 7, bytes.len()] {
            let stream = stream_of(bytes[..length].chunks(size).map(<[u8]>::to_vec), false);
            let (events, error) = read(stream).await;
            let whole = ends.iter().filter(|end| **end <= length).count();
            assert_eq!(events, expected[..whole], "{length} bytes");
            if length == 0 || ends.contains(&length) {
                assert!(error.is_none(), "{length} bytes");
                continue;
            }
            let error = error.expect("cut off");
            assert!(error.is_response());
            let text = format!("Watch failed: the payload of the response broke off after {length} bytes [");
            assert!(error.to_string().starts_with(&text), "{error}");
        }
    }
}

#[tokio::test]
async fn a_connection_that_breaks_is_told_after_the_events_before() {
    struct Breaks(Option<Bytes>);
    impl Body for Breaks {
        type Data = Bytes;
        type Error = BoxError;

        fn poll_frame(
            mut self: Pin<&mut Self>,
            _: &mut Context<'_>,
        ) -> Poll<Option<Result<HttpFrame<Bytes>, BoxError>>> {
            let first = self.0.take().map(HttpFrame::data);
            Poll::Ready(Some(first.ok_or_else(|| "reset by peer".into())))
        }
    }
    let body = Breaks(Some(event("photo", b"a").into()));
    let (events, error) = read(ByteStream::from_http_body(body).into()).await;
    assert_eq!(events, [photo("a")]);
    let error = error.expect("broken");
    let source = std::error::Error::source(&error).expect("the cause");
    assert_eq!(source.to_string(), "reset by peer");
}

#[tokio::test(start_paused = true)]
async fn silence_ends_with_the_read_timeout() {
    let (bytes, ends, _) = three_events();
    for length in [0, 5, ends[0], ends[0] + 20] {
        let started = tokio::time::Instant::now();
        let (events, error) = read(stream_of([bytes[..length].to_vec()], true)).await;
        assert_eq!(events.len(), usize::from(length >= ends[0]));
        let error = error.expect("timed out");
        assert!(error.is_timeout());
        assert_eq!(
            error.to_string(),
            "Watch failed: no byte of the response came within 60s [request id 1f2e, 2 attempts]"
        );
        assert_eq!(started.elapsed().as_secs(), 60);
    }
}

#[tokio::test(start_paused = true)]
async fn a_dropped_recv_loses_nothing() {
    let (bytes, _, expected) = three_events();
    let mut stream = stream_of(bytes.chunks(50).map(<[u8]>::to_vec), true);
    let mut events = Vec::new();
    while let Ok(event) = tokio::time::timeout(Duration::from_secs(1), stream.recv()).await {
        events.extend(event.expect("no error"));
    }
    assert_eq!(events, expected);
    assert_eq!(
        format!("{stream:?}"),
        format!("EventStream({} bytes read)", bytes.len())
    );
}

#[tokio::test]
async fn it_is_a_stream() {
    let mut stream = stream_of([[event("photo", b"a"), raw_frame(b"", b"")].concat()], false);
    let mut next = async || std::future::poll_fn(|context| Pin::new(&mut stream).poll_next(context)).await;
    assert!(matches!(next().await, Some(Ok(event)) if event == photo("a")));
    assert!(matches!(next().await, Some(Err(_))));
    assert!(next().await.is_none());
}

#[tokio::test]
async fn payloads_are_not_copied() {
    let bytes = Bytes::from(event("photo", b"payload"));
    let mut stream: EventStream<Sky> = ByteStream::from(bytes.clone()).into();
    let Ok(Some(Sky::Photo(payload))) = stream.recv().await else {
        panic!("an event");
    };
    assert!(bytes.as_ptr_range().contains(&payload.as_ptr()));
}

#[tokio::test]
async fn random_bytes_never_panic() {
    let mut random = fastrand::Rng::with_seed(0x5eed);
    let (bytes, _, _) = three_events();
    for _ in 0..20_000 {
        // Noise; frames that hold noise, with good checksums; and good frames with noise in between.
        let mut noise = vec![0; random.usize(..80)];
        random.fill(&mut noise);
        let stream = match random.u8(..3) {
            0 => noise,
            1 => {
                let (headers, payload) = noise.split_at(random.usize(..=noise.len()));
                let known = [
                    text_header(":message-type", "event"),
                    text_header(":event-type", "wind"),
                ]
                .concat();
                raw_frame(
                    &[if random.bool() { &known } else { &[][..] }, headers].concat(),
                    payload,
                )
            }
            _ => {
                let (head, tail) = bytes.split_at(random.usize(..=bytes.len()));
                [head, &noise, tail].concat()
            }
        };
        let size = random.usize(1..100);
        read(stream_of(stream.chunks(size).map(<[u8]>::to_vec), false)).await;
    }
}

#[test]
fn streams_can_be_shared_and_moved() {
    fn check<T: Send + Sync + Unpin + 'static>() {}
    check::<EventStream<Sky>>();
}
