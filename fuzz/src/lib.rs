//! What the fuzz targets share.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::error::Error;
use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue};
use http_body::{Body, Frame};

/// The output of a future that has nothing to wait for.
pub fn now<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("the future waits, and nothing will wake it"),
    }
}

/// Checks that an error and its causes are a line each.
pub fn check_text(error: &(dyn Error + 'static)) {
    for error in std::iter::successors(Some(error), |&error| error.source()) {
        let text = error.to_string();
        assert!(!text.contains(char::is_control), "{text:?}");
        assert!(text.len() < 100_000, "a text of {} bytes", text.len());
    }
}

/// A body that arrives in these pieces.
#[derive(Debug)]
pub struct Pieces(pub VecDeque<Bytes>);

impl Pieces {
    /// Cuts bytes into pieces of these lengths, again and again.
    pub fn of(bytes: &[u8], lengths: &[u8]) -> Self {
        let mut pieces = VecDeque::new();
        let mut rest = Bytes::copy_from_slice(bytes);
        for length in lengths.iter().cycle() {
            if rest.is_empty() {
                break;
            }
            pieces.push_back(rest.split_to(rest.len().min(usize::from(*length) + 1)));
        }
        Self(pieces)
    }
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.pop_front().map(|piece| Ok(Frame::data(piece))))
    }
}

/// The headers that httparse has read, if HTTP can have them.
pub fn headers(parsed: &[httparse::Header<'_>]) -> Option<HeaderMap> {
    let mut headers = HeaderMap::new();
    for header in parsed {
        let name = HeaderName::from_bytes(header.name.as_bytes()).ok()?;
        headers.append(name, HeaderValue::from_bytes(header.value).ok()?);
    }
    Some(headers)
}
