//! The payload of a request.

mod file;

use std::borrow::Cow;
use std::fmt;
use std::future::poll_fn;
use std::io;
use std::path::Path;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use http_body_util::BodyExt;
use http_body_util::combinators::UnsyncBoxBody;
use ring::digest::{Context as Digest, SHA256};
use tokio::time::Instant;

use self::file::FileContent;
use crate::error::BoxError;
#[cfg(feature = "json")]
use crate::error::{Error, Kind};
use crate::words::one_line::OneLine;

/// How much of a payload is handed to the transport at once, in bytes.
const CHUNK: usize = 64 * 1024;

/// The payload of a request.
///
/// It is made from text or bytes with `into()`, from a value with `Body::json`, from a file with [`Body::from_path`], or from
/// any [`http_body::Body`] with [`Body::from_http_body`].
///
/// Clones share the bytes, the file or the stream. A stream can be sent only once: if one of the clones has been sent, a call
/// with another one fails, before anything is sent. [`try_clone`](Self::try_clone) tells beforehand.
///
/// `Debug` shows the kind and the length, never the content.
#[derive(Default)]
pub struct Body {
    content: Content,
    progress: Option<Progress>,
}

/// What is larger than bytes is boxed: a body is moved several times on its way to the connection.
enum Content {
    Bytes(Bytes),
    File(Box<FileContent>),
    /// Of all clones, the first one that is read takes it.
    Shared(Arc<Mutex<Option<StreamContent>>>),
    Stream(Box<StreamContent>),
    /// A stream has been here, and was sent.
    Gone,
}

/// What is wrong with the clone of a stream.
const GONE: &str = "the payload is a stream, and a clone of it has been sent";

impl Default for Content {
    fn default() -> Self {
        Self::Bytes(Bytes::new())
    }
}

/// When the transport last took a piece of a body, and whether it has all of it. Of transports that tell no more, that is
/// all that is known of sending.
#[derive(Clone, Debug)]
pub(crate) struct Progress(Arc<Mutex<Taken>>);

#[derive(Debug)]
struct Taken {
    last: Instant,
    is_whole: bool,
}

impl Progress {
    /// Watches over a body, if it is handed out in more than one piece.
    pub(crate) fn of(payload: &Payload) -> Option<Self> {
        let is_one_piece = payload.length.is_some_and(|length| length <= CHUNK as u64);
        let taken = || Taken {
            last: Instant::now(),
            is_whole: false,
        };
        (!is_one_piece).then(|| Self(Arc::new(Mutex::new(taken()))))
    }

    pub(crate) fn last(&self) -> Instant {
        self.taken().last
    }

    pub(crate) fn is_whole(&self) -> bool {
        self.taken().is_whole
    }

    fn record(&self, is_whole: bool) {
        *self.taken() = Taken {
            last: Instant::now(),
            is_whole,
        };
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Body {
    /// A body without bytes.
    pub fn empty() -> Self {
        Self::default()
    }

    /// The content of a file.
    ///
    /// The file is read twice for the first attempt, once for the signature and once for sending it, and is never held
    /// in memory whole. It must not change in between.
    ///
    /// # Errors
    ///
    /// None here: a file that cannot be read fails the call, before anything is sent.
    pub fn from_path(path: impl AsRef<Path>) -> Self {
        Self {
            content: Content::File(Box::new(FileContent::new(path.as_ref().to_owned()))),
            progress: None,
        }
    }

    /// A value as JSON. The `json` method of a builder sets the media types as well. It needs the feature `json`, which is on
    /// by default.
    ///
    /// # Errors
    ///
    /// If JSON cannot express the value, such as a map whose keys are not strings.
    #[cfg(feature = "json")]
    pub fn json<T: serde_core::Serialize + ?Sized>(value: &T) -> Result<Self, Error> {
        let json = serde_json::to_vec(value).map_err(|error| Error::new(Kind::NotJson).with_source(error))?;
        Ok(json.into())
    }

    /// A clone, or `None` for a stream, which can be sent only once.
    pub fn try_clone(&self) -> Option<Self> {
        self.is_replayable().then(|| self.clone())
    }

    /// Any stream of bytes.
    ///
    /// A signature covers the hash of the whole payload, which stands in a header before the payload. So the stream is
    /// read into memory before the request is sent; use [`Body::from_path`] for what should not be. Operations whose
    /// payload is not signed send the stream as it comes, once: such a call is not retried.
    pub fn from_http_body<B>(body: B) -> Self
    where
        B: HttpBody + Send + 'static,
        B::Data: Into<Bytes>,
        B::Error: Into<BoxError>,
    {
        let remaining = body.size_hint().exact();
        let body = body
            .map_frame(|frame| frame.map_data(Into::into))
            .map_err(Into::into)
            .boxed_unsync();
        Self {
            content: Content::Shared(Arc::new(Mutex::new(Some(StreamContent {
                body: Mutex::new(body),
                remaining,
            })))),
            progress: None,
        }
    }

    /// Takes the stream that this body shares with its clones.
    fn take_stream(&mut self) {
        if let Content::Shared(shared) = &self.content {
            let stream = shared.lock().unwrap_or_else(PoisonError::into_inner).take();
            self.content = stream.map_or(Content::Gone, |stream| Content::Stream(Box::new(stream)));
        }
    }

    /// The length in bytes, as far as it is known without reading the content.
    pub(crate) async fn length(&self) -> io::Result<Option<u64>> {
        match &self.content {
            Content::File(file) => file.length().await.map(Some),
            _ => Ok(self.size_hint().exact()),
        }
    }

    /// The length in bytes, if it is known without asking the system.
    #[cfg(feature = "http-checksum")]
    pub(crate) fn known_length(&self) -> Option<u64> {
        self.size_hint().exact()
    }

    /// Gives the content to `each` in pieces, and tells its length. A stream is kept in memory from then on.
    pub(crate) async fn read(&mut self, each: &mut (dyn FnMut(&[u8]) + Send)) -> Result<u64, BoxError> {
        self.take_stream();
        if let Content::Stream(stream) = &mut self.content {
            self.content = Content::Bytes(stream.whole().await?);
        }
        match &self.content {
            Content::Bytes(bytes) => {
                each(bytes);
                Ok(bytes.len() as u64)
            }
            Content::File(file) => Ok(file.read(each).await?),
            Content::Shared(_) | Content::Stream(_) | Content::Gone => Err(GONE.into()),
        }
    }

    /// Learns what must be known before the request is signed: the length and the hash.
    pub(crate) async fn prepare(&mut self) -> Result<Payload, BoxError> {
        let mut hash = Digest::new(&SHA256);
        let length = self.read(&mut |bytes| hash.update(bytes)).await?;
        if let Content::File(file) = &mut self.content {
            file.remaining = Some(length);
        }
        let mut sha256 = [0; 32];
        sha256.copy_from_slice(hash.finish().as_ref());
        Ok(Payload {
            length: Some(length),
            sha256: Some(sha256),
        })
    }

    /// The same where no signature covers the payload, which need not be read then.
    pub(crate) async fn prepare_unhashed(&mut self) -> Result<Payload, BoxError> {
        self.take_stream();
        if matches!(self.content, Content::Gone) {
            return Err(GONE.into());
        }
        let length = self.length().await?;
        if let Content::File(file) = &mut self.content {
            file.remaining = length;
        }
        Ok(Payload { length, sha256: None })
    }

    /// Whether the content can be sent more than once.
    pub(crate) fn is_replayable(&self) -> bool {
        matches!(self.content, Content::Bytes(_) | Content::File(_))
    }

    /// The content of a prepared body, for one attempt. There is only one attempt with what is not replayable.
    pub(crate) fn replay(&mut self, progress: Option<Progress>) -> Self {
        let content = match &mut self.content {
            Content::Bytes(bytes) => Content::Bytes(bytes.clone()),
            Content::File(file) => Content::File(Box::new(file.unopened())),
            stream => std::mem::replace(stream, Content::Gone),
        };
        Self { content, progress }
    }
}

/// What is known of a prepared payload.
#[derive(Debug, Default)]
pub(crate) struct Payload {
    /// In bytes; not known of a stream that is sent as it comes.
    pub(crate) length: Option<u64>,
    /// The hash, if the signature covers it.
    pub(crate) sha256: Option<[u8; 32]>,
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.content {
            Content::Bytes(bytes) => write!(f, "Body({} bytes)", bytes.len()),
            Content::File(file) => write!(f, "Body(file {})", OneLine(&file.path().display())),
            Content::Shared(_) | Content::Stream(_) | Content::Gone => f.write_str("Body(stream)"),
        }
    }
}

impl Clone for Body {
    fn clone(&self) -> Self {
        let content = match &self.content {
            Content::Bytes(bytes) => Content::Bytes(bytes.clone()),
            Content::File(file) => Content::File(Box::new(file.unopened())),
            Content::Shared(stream) => Content::Shared(Arc::clone(stream)),
            Content::Stream(_) | Content::Gone => Content::Gone,
        };
        Self {
            content,
            progress: None,
        }
    }
}

/// Converts into a [`Body`]: everything that is `Into<Body>`, such as text and bytes.
///
/// A trait of its own, so that the compiler says what to do with a value that is neither.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be a payload",
    label = "neither text, nor bytes, nor a `Body`",
    note = "to send a value as JSON, call `.json(&value)` on the builder, or `Body::json(&value)`",
    note = "to send a file or a stream, call `Body::from_path` or `Body::from_http_body`"
)]
pub trait IntoBody: Into<Body> {}

#[diagnostic::do_not_recommend]
impl<T: Into<Body>> IntoBody for T {}

impl From<Bytes> for Body {
    fn from(bytes: Bytes) -> Self {
        Self {
            content: Content::Bytes(bytes),
            progress: None,
        }
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Bytes::from(bytes).into()
    }
}

impl From<String> for Body {
    fn from(text: String) -> Self {
        Bytes::from(text).into()
    }
}

impl From<&String> for Body {
    fn from(text: &String) -> Self {
        text.as_str().into()
    }
}

impl From<Cow<'_, str>> for Body {
    fn from(text: Cow<'_, str>) -> Self {
        text.into_owned().into()
    }
}

impl From<Box<[u8]>> for Body {
    fn from(bytes: Box<[u8]>) -> Self {
        Bytes::from(bytes).into()
    }
}

impl From<&Vec<u8>> for Body {
    fn from(bytes: &Vec<u8>) -> Self {
        bytes.as_slice().into()
    }
}

impl From<&str> for Body {
    fn from(text: &str) -> Self {
        text.as_bytes().into()
    }
}

impl From<&[u8]> for Body {
    fn from(bytes: &[u8]) -> Self {
        Bytes::copy_from_slice(bytes).into()
    }
}

impl<const N: usize> From<&[u8; N]> for Body {
    fn from(bytes: &[u8; N]) -> Self {
        bytes.as_slice().into()
    }
}

impl Body {
    fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, BoxError>>> {
        self.take_stream();
        match &mut self.content {
            Content::Bytes(bytes) if bytes.is_empty() => Poll::Ready(None),
            // Handing out a large payload in pieces shows how far the transport has come.
            Content::Bytes(bytes) => Poll::Ready(Some(Ok(bytes.split_to(bytes.len().min(CHUNK))))),
            Content::File(file) => match ready!(file.poll_chunk(context)) {
                Ok(chunk) if chunk.is_empty() => Poll::Ready(None),
                chunk => Poll::Ready(Some(chunk.map_err(Into::into))),
            },
            Content::Stream(stream) => stream.poll_data(context),
            Content::Shared(_) | Content::Gone => Poll::Ready(Some(Err(GONE.into()))),
        }
    }
}

impl HttpBody for Body {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let chunk = ready!(self.poll_chunk(context));
        if let Some(progress) = &self.progress {
            progress.record(chunk.is_none() || self.is_end_stream());
        }
        Poll::Ready(chunk.map(|chunk| chunk.map(Frame::data)))
    }

    fn is_end_stream(&self) -> bool {
        match &self.content {
            Content::Bytes(bytes) => bytes.is_empty(),
            Content::File(file) => file.remaining == Some(0),
            Content::Stream(stream) => stream.remaining == Some(0),
            Content::Shared(_) | Content::Gone => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.content {
            Content::Bytes(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Content::File(file) => file.remaining.map_or_else(SizeHint::new, SizeHint::with_exact),
            Content::Stream(stream) => stream.remaining.map_or_else(SizeHint::new, SizeHint::with_exact),
            Content::Shared(shared) => {
                let shared = shared.lock().unwrap_or_else(PoisonError::into_inner);
                let remaining = shared.as_ref().and_then(|stream| stream.remaining);
                remaining.map_or_else(SizeHint::new, SizeHint::with_exact)
            }
            Content::Gone => SizeHint::new(),
        }
    }
}

struct StreamContent {
    // The mutex is never locked: it makes the body `Sync`, which a future that holds a request needs.
    body: Mutex<UnsyncBoxBody<Bytes, BoxError>>,
    /// What is still to come, in bytes, if the stream tells.
    remaining: Option<u64>,
}

impl StreamContent {
    /// All pieces together. Boxed, so that calls which send no stream do not have room for it.
    fn whole(&mut self) -> Pin<Box<dyn Future<Output = Result<Bytes, BoxError>> + Send + '_>> {
        Box::pin(async {
            let mut pieces = Vec::new();
            while let Some(piece) = poll_fn(|context| self.poll_data(context)).await.transpose()? {
                pieces.push(piece);
            }
            Ok(match &pieces[..] {
                [whole] => whole.clone(),
                pieces => pieces.concat().into(),
            })
        })
    }

    /// The next piece. Trailers say nothing to these services.
    fn poll_data(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, BoxError>>> {
        let body = self.body.get_mut().unwrap_or_else(PoisonError::into_inner);
        loop {
            let data = match ready!(Pin::new(&mut *body).poll_frame(context)) {
                Some(Ok(frame)) => frame.into_data(),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                None => return Poll::Ready(None),
            };
            if let Ok(data) = data {
                self.remaining = self
                    .remaining
                    .map(|remaining| remaining.saturating_sub(data.len() as u64));
                return Poll::Ready(Some(Ok(data)));
            }
        }
    }
}
