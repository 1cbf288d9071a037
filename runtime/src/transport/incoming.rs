//! The body of a response, as it comes from the network.

use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame};
use http_body_util::BodyExt;
use http_body_util::combinators::UnsyncBoxBody;

use super::lease::Lease;
use crate::error::BoxError;

/// The frames of a body, and what they hold on to until their end.
pub(crate) struct Incoming {
    pub(crate) frames: Frames,
    pub(crate) lease: Lease,
}

/// The frames of a body.
pub(crate) enum Frames {
    Hyper(hyper::body::Incoming),
    /// Of any other client, with the announced length in bytes. The mutex is never locked: it makes the stream `Sync`, so
    /// that outputs can be shared between tasks.
    Boxed(Mutex<UnsyncBoxBody<Bytes, BoxError>>, Option<u64>),
}

impl Frames {
    /// Those of the body of any HTTP client.
    pub(crate) fn of<B>(body: B) -> Self
    where
        B: HttpBody + Send + 'static,
        B::Data: Into<Bytes>,
        B::Error: Into<BoxError>,
    {
        // Asked first, because frames that are mapped do not know how long they will be.
        let length = body.size_hint().exact();
        let body = body
            .map_frame(|frame| frame.map_data(Into::into))
            .map_err(Into::into)
            .boxed_unsync();
        Self::Boxed(Mutex::new(body), length)
    }

    /// The announced length of the body, in bytes.
    pub(crate) fn length(&self) -> Option<u64> {
        match self {
            Self::Hyper(body) => body.size_hint().exact(),
            Self::Boxed(_, length) => *length,
        }
    }

    /// The next frame. Drives the connection that is leased, unless a task does.
    pub(crate) fn poll_frame(
        &mut self,
        lease: &mut Lease,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match self {
            Self::Hyper(body) => {
                let mut body = Pin::new(body);
                let frame = match body.as_mut().poll_frame(context) {
                    Poll::Pending if lease.work(context) => body.poll_frame(context),
                    frame => frame,
                };
                frame.map_err(BoxError::from)
            }
            Self::Boxed(body, _) => {
                let body = body.get_mut().unwrap_or_else(PoisonError::into_inner);
                Pin::new(body).poll_frame(context)
            }
        }
    }
}
