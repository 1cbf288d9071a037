//! The payload of a response, and its errors.

#[cfg(feature = "http-checksum")]
mod check;
#[cfg(feature = "json")]
pub(super) mod json;

use std::fmt;
use std::future::poll_fn;
use std::task::{Context, Poll, ready};

#[cfg(feature = "blocking")]
use bytes::Buf;
use bytes::{Bytes, BytesMut};
use http_body::{Body as HttpBody, Frame};

use crate::error::BoxError;
use crate::error::metadata::ResponseContext;
use crate::error::{Error, Kind, Step, TimedOut};
use crate::transport::{Deadline, Frames, Incoming, Lease};
use crate::words::metrics::ResponseSize;

/// The payload of a response, whatever its client.
pub struct ResponseBody {
    source: Source,
    /// The connection that the payload comes from. Read to its end, it serves the next call; before that, it is closed.
    lease: Lease,
    /// In bytes.
    received: u64,
    /// The announced length in bytes, if there is one.
    expected: Option<u64>,
    /// Whether more has come than was announced, as far as it was known at the end.
    exceeded: bool,
    /// The most that is read as a whole, in bytes.
    limit: Option<u64>,
    /// What the payload is checked by.
    #[cfg(feature = "http-checksum")]
    check: Option<Box<check::Check>>,
    /// What [`AsyncRead`] has taken from the source and not handed out yet.
    unread: Bytes,
    /// When nothing is waited for any more: the payload breaks off.
    deadline: Deadline,
    /// The response that this is a part of, if it is known.
    context: Option<ResponseContext>,
    measured: ResponseSize,
}

/// What a payload is decoded from, with errors and limits of its own.
#[cfg(feature = "event-stream")]
pub(crate) trait Chunks: Send + Sync {
    /// The next piece, or `None` at the end. It is not asked again after that, nor after an error.
    fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<Bytes>, Error>>;
}

enum Source {
    /// Nothing comes any more: the end was reached, or an error. Some bodies panic when they are asked again.
    Ended,
    Whole(Option<Bytes>),
    Frames(Frames),
    #[cfg(feature = "event-stream")]
    Decoded(Box<dyn Chunks>),
}

impl ResponseBody {
    /// Wraps the response body of any HTTP client.
    pub fn from_http_body<B>(body: B) -> Self
    where
        B: HttpBody + Send + 'static,
        B::Data: Into<Bytes>,
        B::Error: Into<BoxError>,
    {
        Self::of(Frames::of(body))
    }

    fn of(frames: Frames) -> Self {
        let expected = frames.length();
        Self::new(Source::Frames(frames), expected)
    }

    fn new(source: Source, expected: Option<u64>) -> Self {
        Self {
            source,
            lease: Lease::default(),
            received: 0,
            expected,
            exceeded: false,
            limit: None,
            #[cfg(feature = "http-checksum")]
            check: None,
            unread: Bytes::new(),
            deadline: Deadline::default(),
            context: None,
            measured: ResponseSize::default(),
        }
    }

    /// The payload that another one is decoded to.
    #[cfg(feature = "event-stream")]
    pub(crate) fn decoded(chunks: Box<dyn Chunks>, context: Option<ResponseContext>) -> Self {
        Self {
            context,
            ..Self::new(Source::Decoded(chunks), None)
        }
    }

    /// Measures how much comes.
    pub(crate) fn measure(&mut self, size: ResponseSize) {
        self.measured = size;
    }

    /// Limits what is read for the members of an output, in bytes.
    pub(crate) fn set_limit(&mut self, limit: Option<u64>) {
        self.limit = limit;
    }

    /// Waits for no more bytes then: the payload breaks off.
    pub(crate) fn set_deadline(&mut self, deadline: Deadline) {
        self.deadline = deadline;
    }

    /// Says which response this is a part of, for its errors.
    pub(crate) fn set_context(&mut self, context: ResponseContext) {
        self.context = Some(context);
    }

    /// The response that this is a part of, if it is known.
    pub(crate) fn context(&self) -> Option<&ResponseContext> {
        self.context.as_ref()
    }

    /// The announced length, in bytes.
    pub(crate) fn content_length(&self) -> Option<u64> {
        self.expected
    }

    /// How much there is still to read, in bytes, if that is known.
    pub(crate) fn remaining(&self) -> Option<u64> {
        let remaining = self.expected?.saturating_sub(self.received);
        Some(remaining + self.unread.len() as u64)
    }

    /// What has been given back.
    #[cfg(feature = "blocking")]
    pub(crate) fn buffered(&self) -> &[u8] {
        &self.unread
    }

    /// Takes so many bytes of what has been given back.
    #[cfg(feature = "blocking")]
    pub(crate) fn consume(&mut self, bytes: usize) {
        self.unread.advance(bytes.min(self.unread.len()));
    }

    /// Gives bytes back, to be read again before all others.
    pub(crate) fn unread(&mut self, bytes: Bytes) {
        self.unread = match self.unread.is_empty() {
            true => bytes,
            false => [bytes, std::mem::take(&mut self.unread)].concat().into(),
        };
    }

    /// The next piece, or `None` at the end.
    ///
    /// # Errors
    ///
    /// When the payload is cut off or the read timeout passes. Nothing follows then.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, Error> {
        poll_fn(|context| self.poll_chunk(context)).await
    }

    /// All that remains, as one piece of memory.
    pub(crate) async fn read_all(&mut self) -> Result<Bytes, Error> {
        let Some(first) = self.chunk().await? else {
            return Ok(Bytes::new());
        };
        let Some(second) = self.chunk().await? else {
            return Ok(first);
        };
        let announced = self.expected.unwrap_or(0).min(MAX_RESERVED) as usize;
        let mut all = BytesMut::with_capacity(announced.max(first.len() + second.len()));
        all.extend_from_slice(&first);
        all.extend_from_slice(&second);
        while let Some(chunk) = self.chunk().await? {
            all.extend_from_slice(&chunk);
        }
        Ok(all.freeze())
    }

    /// All that remains, as one piece of memory, unless it exceeds the limit.
    pub(crate) async fn read_within_limit(&mut self) -> Result<Bytes, Error> {
        let Some(limit) = self.limit else {
            return self.read_all().await;
        };
        let mut all = BytesMut::new();
        let mut length = self.expected.unwrap_or_default();
        while length <= limit {
            let Some(chunk) = self.chunk().await? else {
                return Ok(all.freeze());
            };
            length = (all.len() + chunk.len()) as u64;
            if length <= limit {
                all.extend_from_slice(&chunk);
            }
        }
        self.close();
        Err(self.error(Kind::TooLong {
            what: "payload",
            max: limit.try_into().unwrap_or(usize::MAX),
        }))
    }

    /// What arrives until the end or up to a limit in bytes, and whether it is all.
    pub(crate) async fn read_what_comes(&mut self, limit: usize) -> (Bytes, bool) {
        let mut all = BytesMut::new();
        loop {
            match self.chunk().await {
                Ok(Some(chunk)) if chunk.len() > limit - all.len() => {
                    all.extend_from_slice(&chunk[..limit - all.len()]);
                    return (all.freeze(), false);
                }
                Ok(Some(chunk)) => all.extend_from_slice(&chunk),
                Ok(None) => return (all.freeze(), true),
                Err(_) => return (all.freeze(), false),
            }
        }
    }

    /// All that remains, as text.
    pub(crate) async fn text(mut self) -> Result<String, Error> {
        let bytes = self.read_all().await?;
        String::from_utf8(bytes.into()).map_err(|error| {
            self.error(Kind::Unreadable("UTF-8 text"))
                .with_source(error.utf8_error())
        })
    }

    /// Gives up what has not been read, and the connection with it.
    pub(crate) fn close(&mut self) {
        self.give_up();
        self.unread = Bytes::new();
    }

    fn give_up(&mut self) {
        self.source = Source::Ended;
        self.lease = Lease::default();
    }

    /// Lets the connection serve the next call.
    fn finish(&mut self) {
        self.exceeded |= self.lease.finish();
    }

    /// How much has been read, in bytes.
    #[cfg(feature = "event-stream")]
    pub(crate) fn received(&self) -> u64 {
        self.received
    }

    pub(crate) fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<Bytes>, Error>> {
        if !self.unread.is_empty() {
            return Poll::Ready(Ok(Some(std::mem::take(&mut self.unread))));
        }
        loop {
            let frame = match &mut self.source {
                Source::Ended => return Poll::Ready(Ok(None)),
                Source::Whole(bytes) => Poll::Ready(bytes.take().map(|bytes| Ok(Frame::data(bytes)))),
                Source::Frames(frames) => frames.poll_frame(&mut self.lease, context),
                #[cfg(feature = "event-stream")]
                Source::Decoded(chunks) => {
                    let chunk = ready!(chunks.poll_chunk(context));
                    match &chunk {
                        Ok(Some(chunk)) => self.received += chunk.len() as u64,
                        Ok(None) | Err(_) => self.source = Source::Ended,
                    }
                    return Poll::Ready(chunk);
                }
            };
            let Poll::Ready(frame) = frame else {
                return self.poll_timeouts(context).map(Err);
            };
            self.lease.heard();
            match frame {
                None => {
                    self.source = Source::Ended;
                    self.finish();
                    return Poll::Ready(match self.expected {
                        Some(expected) if self.exceeded || self.received > expected => Err(self.too_long()),
                        Some(expected) if self.received < expected => Err(self.cut_off(None)),
                        #[cfg(feature = "http-checksum")]
                        _ => self.end_check().map(|()| None),
                        #[cfg(not(feature = "http-checksum"))]
                        _ => Ok(None),
                    });
                }
                Some(Err(error)) => {
                    self.give_up();
                    return Poll::Ready(Err(self.cut_off(Some(error))));
                }
                Some(Ok(frame)) => match frame.into_data() {
                    Ok(data) if !data.is_empty() => {
                        self.received += data.len() as u64;
                        self.measured.add(data.len());
                        #[cfg(feature = "http-checksum")]
                        self.update_check(&data);
                        if self.expected == Some(self.received) {
                            // Not everyone asks for the end of what has an announced length.
                            self.finish();
                        }
                        return Poll::Ready(Ok(Some(data)));
                    }
                    // Trailers say nothing to these services.
                    _ => {}
                },
            }
        }
    }

    /// Whether nothing is waited for any more.
    fn poll_timeouts(&mut self, context: &mut Context<'_>) -> Poll<Error> {
        if self.deadline.poll(context).is_ready() {
            self.give_up();
            return Poll::Ready(self.cut_off(Some("no time is left to read the rest".into())));
        }
        let limit = ready!(self.lease.poll_silence(context, None));
        self.give_up();
        Poll::Ready(self.error(Kind::Timeout {
            what: TimedOut::Read,
            limit,
            step: Step::Body,
        }))
    }

    pub(crate) fn cut_off(&self, source: Option<BoxError>) -> Error {
        let error = self.error(Kind::Body {
            received: self.received,
            // All of it may be there, and still be only a part of what it should hold.
            expected: self.expected.filter(|expected| *expected > self.received),
        });
        match source {
            Some(source) => error.with_source(source),
            None => error,
        }
    }

    fn too_long(&self) -> Error {
        self.error(Kind::Body {
            received: self.received,
            expected: self.expected,
        })
    }

    pub(crate) fn error(&self, kind: Kind) -> Error {
        Error::new(kind).in_response(self.context())
    }
}

/// Announced lengths beyond this are not trusted with memory in advance, in bytes.
const MAX_RESERVED: u64 = 16 * 1024 * 1024;

impl From<Incoming> for ResponseBody {
    fn from(incoming: Incoming) -> Self {
        let mut body = Self::of(incoming.frames);
        body.lease = incoming.lease;
        if body.expected == Some(0) {
            body.finish();
        }
        body
    }
}

impl From<Bytes> for ResponseBody {
    fn from(bytes: Bytes) -> Self {
        let expected = bytes.len() as u64;
        Self::new(Source::Whole(Some(bytes)), Some(expected))
    }
}

impl Default for ResponseBody {
    fn default() -> Self {
        Bytes::new().into()
    }
}

impl fmt::Debug for ResponseBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.expected {
            Some(expected) => write!(f, "{} of {expected} bytes read", self.received),
            None => write!(f, "{} bytes read", self.received),
        }
    }
}
