//! The payloads of fakes, faults included.

#[cfg(feature = "event-stream")]
use std::collections::VecDeque;
#[cfg(feature = "event-stream")]
use std::convert::Infallible;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use tokio::time::{Sleep, sleep};

use crate::answer::byte_stream::ByteStream;
use crate::answer::response_body::ResponseBody;
use crate::error::BoxError;

/// A payload in pieces.
#[cfg(feature = "event-stream")]
pub(super) struct Pieces(pub(super) VecDeque<Bytes>);

#[cfg(feature = "event-stream")]
impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(self.0.pop_front().map(|piece| Ok(Frame::data(piece))))
    }
}

/// What happens to a payload on its way.
#[derive(Clone, Debug, Default)]
pub(super) struct Fate {
    /// A piece that comes after the others.
    pub(super) last: Option<Bytes>,
    /// After how many bytes the connection breaks.
    pub(super) cut_after: Option<usize>,
    /// The pause before each piece.
    pub(super) every: Option<Duration>,
}

/// A payload with its fate.
pub(super) struct FakeBody {
    body: ByteStream,
    fate: Fate,
    pause: Option<Pin<Box<Sleep>>>,
    has_flushed: bool,
}

impl FakeBody {
    pub(super) fn new(body: ResponseBody, fate: Fate) -> Self {
        Self {
            body: body.into(),
            pause: fate.every.map(|pause| Box::pin(sleep(pause))),
            fate,
            has_flushed: false,
        }
    }
}

impl HttpBody for FakeBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let this = &mut *self;
        if this.fate.cut_after == Some(0) {
            // A server sends what it has before the connection breaks.
            if !std::mem::replace(&mut this.has_flushed, true) {
                context.waker().wake_by_ref();
                return Poll::Pending;
            }
            return Poll::Ready(Some(Err(io::Error::from(io::ErrorKind::UnexpectedEof).into())));
        }
        if let Some(pause) = &mut this.pause {
            ready!(pause.as_mut().poll(context));
        }
        let piece = match ready!(Pin::new(&mut this.body).poll_frame(context)) {
            Some(piece) => piece?.into_data().ok(),
            None => this.fate.last.take(),
        };
        let Some(mut piece) = piece else {
            return Poll::Ready(None);
        };
        if let Some(left) = &mut this.fate.cut_after {
            piece.truncate(*left);
            *left -= piece.len();
        }
        if let Some(pause) = this.fate.every {
            this.pause = Some(Box::pin(sleep(pause)));
        }
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }

    fn size_hint(&self) -> SizeHint {
        match self.fate.last {
            Some(_) => SizeHint::new(),
            None => self.body.size_hint(),
        }
    }
}
