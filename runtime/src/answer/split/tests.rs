//! What a payload is cut into does not depend on how it arrives.

mod lines;
mod sse;
mod text;
mod waiting;

use std::collections::VecDeque;
use std::convert::Infallible;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http_body::{Body, Frame};

use super::{Cut, Split};
use crate::answer::byte_stream::ByteStream;
use crate::error::Error;

/// A payload that arrives in pieces.
struct Pieces(VecDeque<Bytes>);

impl Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.pop_front().map(|piece| Ok(Frame::data(piece))))
    }
}

fn in_pieces<'p>(pieces: impl IntoIterator<Item = &'p [u8]>) -> ByteStream {
    ByteStream::from_http_body(Pieces(pieces.into_iter().map(Bytes::copy_from_slice).collect()))
}

/// All items up to the end, or up to an error, with its text. Asked once more, the stream has nothing.
fn drain<C: Cut>(mut items: Split<C>) -> (Vec<C::Item>, Option<String>) {
    let mut drained = Vec::new();
    let error = loop {
        match now(items.next()) {
            Ok(Some(item)) => drained.push(item),
            Ok(None) => break None,
            Err(error) => break Some(error.to_string()),
        }
    };
    assert!(matches!(now(items.next()), Ok(None)));
    (drained, error)
}

/// The output of a future that never waits.
fn now<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("the future waits"),
    }
}

/// What a payload is read as when it arrives at once, in two pieces or byte by byte: always the same.
fn however_it_arrives<T: PartialEq + std::fmt::Debug>(payload: &[u8], read: impl Fn(ByteStream) -> T) -> T {
    let whole = read(in_pieces([payload]));
    for cut in 0..=payload.len() {
        let (head, tail) = payload.split_at(cut);
        assert_eq!(read(in_pieces([head, tail])), whole, "cut at {cut} of {payload:?}");
    }
    assert_eq!(read(in_pieces(payload.chunks(1))), whole, "{payload:?} byte by byte");
    whole
}

/// Payloads made at random of these parts.
fn random<'p>(parts: &'p [&'p [u8]]) -> impl Iterator<Item = Vec<u8>> + 'p {
    let mut random = fastrand::Rng::with_seed(15);
    (0..400).map(move |_| {
        let length = random.usize(0..14);
        let parts = (0..length).map(|_| parts[random.usize(0..parts.len())]);
        parts.collect::<Vec<_>>().concat()
    })
}

fn text_of(error: Result<impl Sized, Error>) -> String {
    error.err().map(|error| error.to_string()).unwrap_or_default()
}
