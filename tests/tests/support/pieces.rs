//! Bodies of responses that arrive in pieces, and break.

use std::collections::VecDeque;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use sagemaker_runtime::ByteStream;

/// A body that arrives in pieces, some of which may be errors. Like many streams it must not be polled after its end.
pub(crate) struct Pieces {
    pieces: VecDeque<Result<&'static str, &'static str>>,
    announced: Option<u64>,
    ended: bool,
}

impl Pieces {
    pub(crate) fn new(pieces: impl Into<VecDeque<Result<&'static str, &'static str>>>) -> Self {
        Self {
            pieces: pieces.into(),
            announced: None,
            ended: false,
        }
    }

    /// Announces a length, right or wrong, as `Content-Length` does.
    pub(crate) fn announcing(mut self, length: u64) -> Self {
        self.announced = Some(length);
        self
    }
}

impl From<Pieces> for ByteStream {
    fn from(pieces: Pieces) -> Self {
        Self::from_http_body(pieces)
    }
}

impl Body for Pieces {
    type Data = Bytes;
    type Error = &'static str;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, &'static str>>> {
        assert!(!self.ended, "the body is polled after its end");
        let piece = self.pieces.pop_front();
        self.ended = !matches!(piece, Some(Ok(_)));
        Poll::Ready(piece.map(|piece| piece.map(|text| Frame::data(text.into()))))
    }

    fn size_hint(&self) -> SizeHint {
        self.announced.map_or_else(SizeHint::new, SizeHint::with_exact)
    }
}
