//! What the payload of a response is split into: lines, JSON, server-sent events, text.

#[cfg(feature = "json")]
mod json_lines;
mod lines;
mod sse;
mod text;

#[cfg(test)]
mod tests;

use std::fmt;
use std::future::poll_fn;
use std::marker::PhantomData;
use std::pin::Pin;
use std::str::Utf8Error;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;

use crate::answer::response_body::ResponseBody;
use crate::error::{Error, Kind};

#[cfg(feature = "json")]
pub use self::json_lines::JsonLines;
pub use self::lines::Lines;
pub use self::sse::{SseEvent, SseStream};
pub use self::text::TextChunks;

/// The longest line or event that a stream takes unless [`Split::max_length`] says otherwise, in bytes: 16 MiB.
const MAX_LENGTH: usize = 16 * 1024 * 1024;

/// The items of a payload, read as they arrive: lines, JSON values, server-sent events or text.
///
/// Take them one by one with [`next`](Self::next), or through the [`Stream`] implementation. An error ends the stream and
/// closes the connection; what was received before stays good. Reading fails when the payload does, as
/// [`ByteStream`](crate::ByteStream) describes, when it is not UTF-8 or ends within a character, and when an item exceeds
/// its limit.
///
/// The read timeout ([`Timeouts::read`](crate::Timeouts::read)) counts only while the stream waits for the service, not
/// while the program is at work on an item. Dropping the stream before its end closes the connection.
///
/// `Debug` shows how much has been read, never the content.
pub struct Split<C, E = Error> {
    body: ResponseBody,
    /// What has arrived and is not cut yet.
    chunk: Bytes,
    cutter: C,
    has_ended: bool,
    error: PhantomData<fn() -> E>,
}

/// Cuts the bytes of a payload into items.
pub trait Cut: Unpin {
    /// What the payload consists of.
    type Item;

    /// The next item, once enough of it has arrived. Takes what it uses off the chunk: all of it when there is no item.
    ///
    /// # Errors
    ///
    /// When the bytes are not of the form that they should have.
    fn next(&mut self, chunk: &mut Bytes) -> Result<Option<Self::Item>, Problem>;

    /// What is left at the end of the payload.
    ///
    /// # Errors
    ///
    /// When the payload must not end here.
    fn last(&mut self) -> Result<Option<Self::Item>, Problem>;
}

/// Why a payload cannot be cut into items.
#[derive(Debug)]
pub enum Problem {
    /// It is not UTF-8, or ends within a character.
    NotUtf8(Utf8Error),
    /// A line or an event is longer than this number of bytes.
    TooLong {
        /// What is too long.
        what: &'static str,
        /// In bytes.
        max: usize,
    },
    /// A line is not the JSON that it should be.
    #[cfg(feature = "json")]
    Json(crate::wire::json::Error),
}

impl From<Utf8Error> for Problem {
    fn from(error: Utf8Error) -> Self {
        Self::NotUtf8(error)
    }
}

impl<C: Cut, E: From<Error>> Split<C, E> {
    fn new(body: ResponseBody, cutter: C) -> Self {
        Self {
            body,
            chunk: Bytes::new(),
            cutter,
            has_ended: false,
            error: PhantomData,
        }
    }

    /// The next item, or `None` at the end.
    ///
    /// Nothing is lost when the future is dropped before it is done.
    ///
    /// # Errors
    ///
    /// When the payload breaks off, the read timeout passes, or what arrives cannot be read. Nothing follows then.
    pub async fn next(&mut self) -> Result<Option<C::Item>, E> {
        Ok(poll_fn(|context| self.poll_item(context)).await?)
    }

    fn poll_item(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<C::Item>, Error>> {
        if self.has_ended {
            return Poll::Ready(Ok(None));
        }
        loop {
            match self.cutter.next(&mut self.chunk) {
                Ok(None) => {}
                Ok(item) => return Poll::Ready(Ok(item)),
                Err(problem) => return Poll::Ready(Err(self.fail(problem))),
            }
            match ready!(self.body.poll_chunk(context)) {
                Ok(Some(chunk)) => self.chunk = chunk,
                Ok(None) => {
                    self.has_ended = true;
                    return Poll::Ready(self.cutter.last().map_err(|problem| self.fail(problem)));
                }
                Err(error) => {
                    self.has_ended = true;
                    return Poll::Ready(Err(error));
                }
            }
        }
    }

    /// Ends the stream, and closes its connection.
    fn fail(&mut self, problem: Problem) -> Error {
        self.has_ended = true;
        self.chunk = Bytes::new();
        self.body.close();
        match problem {
            Problem::NotUtf8(error) => self.body.error(Kind::Unreadable("UTF-8 text")).with_source(error),
            Problem::TooLong { what, max } => self.body.error(Kind::TooLong { what, max }),
            #[cfg(feature = "json")]
            Problem::Json(error) => self
                .body
                .error(Kind::Unreadable("JSON of the wanted form"))
                .with_source(error),
        }
    }
}

impl<C: Cut, E: From<Error>> Stream for Split<C, E> {
    type Item = Result<C::Item, E>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_item(context).map_err(E::from).map(Result::transpose)
    }
}

impl<C, E> fmt::Debug for Split<C, E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Split({:?})", self.body)
    }
}
