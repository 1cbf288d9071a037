//! Streams of events, cut, split and damaged in any way, without a network.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use ::bytes::Bytes;
use http_body::{Body, Frame};
use proptest::collection::vec;
use proptest::prelude::*;
use sagemaker_runtime::types::ResponseStream;
use sagemaker_runtime::{ByteStream, Error, EventStream};
use tests::frame;

use crate::measure::{Alone, Memory};

/// What a stream takes besides what has arrived, in bytes.
const CONSTANT: usize = 64 * 1024;

/// What the events of a stream are to say, and where it is cut into pieces.
fn events() -> impl Strategy<Value = (Vec<Vec<u8>>, Vec<usize>)> {
    (vec(vec(any::<u8>(), 0..60), 1..5), vec(1..200_usize, 0..20))
}

/// A stream that arrives in pieces of these lengths, and the rest in one.
fn pieces(bytes: Vec<u8>, lengths: &[usize]) -> EventStream<ResponseStream> {
    let mut rest = Bytes::from(bytes);
    let mut pieces = Vec::new();
    for length in lengths {
        pieces.push(rest.split_to(rest.len().min(*length)));
    }
    pieces.push(rest);
    ByteStream::from_http_body(Pieces(pieces.into())).into()
}

struct Pieces(VecDeque<Bytes>);

impl Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.pop_front().map(|piece| Ok(Frame::data(piece))))
    }
}

/// What the events say, and the error that ends them.
async fn read(mut stream: EventStream<ResponseStream>) -> (Vec<Bytes>, Option<Error>) {
    let mut read = Vec::new();
    loop {
        match stream.recv().await {
            Ok(Some(ResponseStream::PayloadPart(part))) => read.push(part.bytes.unwrap_or_default()),
            Ok(Some(_)) => {}
            Ok(None) => return (read, None),
            Err(error) => return (read, Some(error)),
        }
    }
}

fn frames(events: &[Vec<u8>]) -> Vec<Vec<u8>> {
    events
        .iter()
        .map(|payload| frame::event("PayloadPart", payload))
        .collect()
}

#[test]
fn split_anywhere() {
    let alone = Alone::new();
    alone.property(8, events(), |(events, lengths)| {
        let (read, error) = alone.run(read(pieces(frames(&events).concat(), &lengths)));
        prop_assert!(error.is_none(), "{:?}", error);
        prop_assert_eq!(read, events);
        Ok(())
    });
}

/// What came before is good, and that something is missing is known, unless it ends between two events.
#[test]
fn cut_anywhere() {
    let alone = Alone::new();
    let given = (events(), any::<prop::sample::Index>());
    alone.property(8, given, |((events, lengths), cut)| {
        let frames = frames(&events);
        let mut bytes = frames.concat();
        bytes.truncate(cut.index(bytes.len() + 1));
        let mut ends = 0;
        let whole = frames.iter().take_while(|frame| {
            ends += frame.len();
            ends <= bytes.len()
        });
        let whole = whole.count();
        let is_between = frames[..whole].concat().len() == bytes.len();
        let (read, error) = alone.run(read(pieces(bytes, &lengths)));
        prop_assert_eq!(read, &events[..whole]);
        prop_assert_eq!(error.is_none(), is_between, "{:?}", error);
        prop_assert!(error.is_none_or(|error| error.is_response()));
        Ok(())
    });
}

/// One bit is enough for a checksum to be wrong, and no length is believed before its checksum.
#[test]
fn with_a_flipped_bit() {
    let alone = Alone::new();
    let given = (events(), any::<prop::sample::Index>());
    alone.property(12, given, |((events, lengths), bit)| {
        let frames = frames(&events);
        let mut bytes = frames.concat();
        let bit = bit.index(8 * bytes.len());
        bytes[bit / 8] ^= 1 << (bit % 8);
        let mut ends = 0;
        let whole = frames.iter().take_while(|frame| {
            ends += frame.len();
            ends <= bit / 8
        });
        let whole = whole.count();
        let arrived = bytes.len();
        let stream = pieces(bytes, &lengths);
        let memory = Memory::watch();
        let (read, error) = alone.run(read(stream));
        let peak = memory.peak();
        prop_assert!(
            peak < CONSTANT + 4 * arrived,
            "{} bytes of memory for {}",
            peak,
            arrived
        );
        prop_assert_eq!(read, &events[..whole]);
        prop_assert!(error.is_some_and(|error| error.is_response()));
        Ok(())
    });
}

/// Frames whose checksums are right and whose headers are anything.
#[test]
fn with_any_headers() {
    let alone = Alone::new();
    let header = prop_oneof![
        3 => (prop::sample::select(vec![":message-type", ":event-type", ":exception-type", ":error-code", ""]), "[a-zA-Z-]{0,12}")
            .prop_map(|(name, value)| frame::header(name, &value)),
        2 => (prop::sample::select(vec!["event", "exception", "error", "other"])).prop_map(|kind| frame::header(":message-type", kind)),
        2 => Just(frame::header(":event-type", "PayloadPart")),
        1 => vec(any::<u8>(), 0..20),
    ];
    let frame = (vec(header, 0..5), vec(any::<u8>(), 0..60));
    alone.property(5, vec(frame, 1..4), |frames| {
        let bytes: Vec<u8> = frames
            .iter()
            .flat_map(|(headers, payload)| frame::raw(&headers.concat(), payload))
            .collect();
        let arrived = bytes.len();
        let stream = pieces(bytes, &[]);
        let memory = Memory::watch();
        let (_, error) = alone.run(read(stream));
        let peak = memory.peak();
        prop_assert!(
            peak < CONSTANT + 8 * arrived,
            "{} bytes of memory for {}",
            peak,
            arrived
        );
        if let Some(error) = error {
            let text = error.to_string();
            prop_assert!(!text.contains(char::is_control), "{:?}", text);
        }
        Ok(())
    });
}

/// A length takes no memory before its bytes do: a peer that claims to send 24 MiB gets as much as it sends.
#[test]
fn of_a_length_that_is_only_claimed() {
    let alone = Alone::new();
    for arrived in [12, 13, 10_000, 40_000, 1 << 20, (3 << 22) + 1] {
        let mut bytes = frame::prelude(25_296_912, 131_072).to_vec();
        bytes.resize(arrived, 0);
        let stream = pieces(bytes, &vec![10_000; arrived / 10_000]);
        let memory = Memory::watch();
        let (read, error) = alone.run(read(stream));
        let peak = memory.peak();
        // While memory grows, it is there twice: as it was, and for up to twice of what has arrived.
        assert!(peak < CONSTANT + 3 * arrived, "{peak} bytes of memory for {arrived}");
        assert!(read.is_empty() && error.is_some_and(|error| error.is_response()));
    }
}

/// Memory that has grown is as large as the event in the end.
#[test]
fn of_the_largest_event() {
    let alone = Alone::new();
    let payload = vec![7; 24 << 20];
    let bytes = frame::event("PayloadPart", &payload);
    let length = bytes.len();
    let stream = pieces(bytes, &vec![10_000; length / 10_000]);
    let memory = Memory::watch();
    let (read, error) = alone.run(read(stream));
    let (peak, held) = (memory.peak(), memory.growth());
    assert!(read == [payload] && error.is_none());
    assert!(peak < CONSTANT + length + length / 2, "{peak} bytes of memory");
    assert!(held < CONSTANT + length, "{held} bytes of memory");
}
