//! Frames of event streams that arrive in any pieces, judged by aws-smithy-eventstream.
//!
//! The first byte says whether checksums are mended first, the next three how the rest is cut.

#![no_main]

#[allow(dead_code, reason = "only the service itself is needed")]
#[path = "../../runtime/tests/support/weather.rs"]
mod weather;

use aws_smithy_eventstream::frame::{DecodedFrame, MessageFrameDecoder};
use aws_smithy_types::event_stream::{HeaderValue, Message};
use bytes::{Buf, Bytes};
use fuzz::{Pieces, check_text, now};
use lean_aws_runtime::support::Service;
use lean_aws_runtime::support::event_stream::{Event, Frame, Malformed};
use lean_aws_runtime::{ByteStream, Error, EventStream};
use libfuzzer_sys::fuzz_target;

use self::weather::WEATHER;

fuzz_target!(|data: &[u8]| {
    let Some((&[mends, lengths @ ..], rest)) = data.split_first_chunk::<4>() else {
        return;
    };
    let mut bytes = rest.to_vec();
    if mends % 8 != 0 {
        mend_checksums(&mut bytes);
    }
    let (events, error) = read(ByteStream::from_http_body(Pieces::of(&bytes, &lengths)));
    let (whole, same) = read(ByteStream::from(bytes.clone()));
    assert_eq!(events, whole);
    assert_eq!(error.is_some(), same.is_some());
    judge(&bytes, &events, error.as_ref());
});

/// What is compared of an event.
#[derive(Debug, PartialEq)]
struct Seen {
    name: String,
    payload: Bytes,
    text: Option<String>,
    number: Option<i32>,
}

impl Event for Seen {
    const SERVICE: &'static Service = &WEATHER;

    type Error = Error;

    fn parse(event: &Frame<'_>) -> Result<Self, Malformed> {
        Ok(Self {
            name: event.name().to_owned(),
            payload: event.blob(),
            text: event.header("text").ok().flatten(),
            number: event.header("number").ok().flatten(),
        })
    }

    fn exception_code(_: &str) -> Option<&'static str> {
        None
    }
}

fn read(bytes: ByteStream) -> (Vec<Seen>, Option<Error>) {
    let mut stream: EventStream<Seen> = bytes.into();
    let mut events = Vec::new();
    loop {
        match now(stream.recv()) {
            Ok(Some(event)) => events.push(event),
            Ok(None) => return (events, None),
            Err(error) => {
                check_text(&error);
                assert!(now(stream.recv()).is_ok_and(|event| event.is_none()));
                return (events, Some(error));
            }
        }
    }
}

fn judge(bytes: &[u8], events: &[Seen], error: Option<&Error>) {
    let (messages, is_whole) = decode(bytes);
    let is_initial = |message: &&Message| {
        text(message, ":message-type") == Some("event") && text(message, ":event-type") == Some("initial-response")
    };
    let mut messages = messages.iter().filter(|message| !is_initial(message));
    for event in events {
        let message = messages.next().expect("an event that the judge does not see");
        assert_eq!(text(message, ":message-type"), Some("event"));
        assert_eq!(text(message, ":event-type"), Some(&*event.name));
        assert_eq!(event.payload, message.payload());
        assert_eq!(event.text.as_deref(), text(message, "text"));
        let number = only(message, "number").and_then(|value| match value {
            HeaderValue::Int32(number) => Some(*number),
            _ => None,
        });
        assert_eq!(event.number, number);
    }
    let next = messages.next();
    match error {
        None => assert!(next.is_none() && is_whole, "the judge sees more: {next:?}"),
        Some(error) if error.is_service() => {
            let kind = next.and_then(|message| text(message, ":message-type"));
            assert!(matches!(kind, Some("exception" | "error")), "{error}");
        }
        Some(error) => {
            let is_no_event = |message: &Message| match text(message, ":message-type") {
                Some("event") => text(message, ":event-type").is_none(),
                Some("exception" | "error") => false,
                _ => true,
            };
            // Types that come twice or are no text are an error even where nobody asks for them, and so are headers without
            // a name, which the judge takes.
            let is_odd = |message: &Message| {
                let is_odd = |name| has(message, name) && text(message, name).is_none();
                is_odd(":event-type") || is_odd(":message-type") || has(message, "")
            };
            assert!(
                next.is_none_or(|message| is_no_event(message) || is_odd(message)),
                "{error}: {next:?}"
            );
            assert!(next.is_some() || !is_whole, "{error}");
        }
    }
}

/// The messages that the judge sees, and whether nothing is left over.
fn decode(bytes: &[u8]) -> (Vec<Message>, bool) {
    let mut decoder = MessageFrameDecoder::new();
    let mut rest = bytes;
    let mut messages = Vec::new();
    loop {
        let is_whole = !rest.has_remaining();
        match decoder.decode_frame(&mut rest) {
            Ok(DecodedFrame::Complete(message)) => messages.push(message),
            Ok(DecodedFrame::Incomplete) => return (messages, is_whole),
            Err(_) => return (messages, false),
        }
    }
}

fn has(message: &Message, name: &str) -> bool {
    message.headers().iter().any(|header| header.name().as_str() == name)
}

/// The value of a header that is there once.
fn only<'m>(message: &'m Message, name: &str) -> Option<&'m HeaderValue> {
    let mut named = message.headers().iter().filter(|header| header.name().as_str() == name);
    let first = named.next()?;
    named.next().is_none().then(|| first.value())
}

fn text<'m>(message: &'m Message, name: &str) -> Option<&'m str> {
    match only(message, name)? {
        HeaderValue::String(text) => Some(text.as_str()),
        _ => None,
    }
}

/// Makes the checksums right of what has the lengths of a frame. No fuzzer guesses them.
fn mend_checksums(mut rest: &mut [u8]) {
    while let Some(prelude) = rest.first_chunk::<8>() {
        let length = u32::from_be_bytes([prelude[0], prelude[1], prelude[2], prelude[3]]) as usize;
        if length < 16 || length > rest.len() {
            return;
        }
        let (frame, after) = rest.split_at_mut(length);
        let checksum = crc32fast::hash(&frame[..8]);
        frame[8..12].copy_from_slice(&checksum.to_be_bytes());
        let checksum = crc32fast::hash(&frame[..length - 4]);
        frame[length - 4..].copy_from_slice(&checksum.to_be_bytes());
        rest = after;
    }
}
