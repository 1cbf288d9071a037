//! The payload of a request.

use std::borrow::Cow;
use std::fmt;
use std::future::Future;
use std::io;
use std::path::{Path, PathBuf};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::{Bytes, BytesMut};
use http_body::{Body as HttpBody, Frame, SizeHint};
use http_body_util::BodyExt;
use http_body_util::combinators::UnsyncBoxBody;
use sha2::{Digest, Sha256};
use tokio::fs::File;
use tokio::io::{AsyncRead, AsyncReadExt, ReadBuf};
use tokio::time::Instant;

use super::BoxError;

/// How much of a payload is handed to the transport at once, in bytes.
const CHUNK: usize = 64 * 1024;

/// The payload of a request.
///
/// It is made from text or bytes with `into()`, from a file with [`Body::from_path`], or from any
/// [`http_body::Body`] with [`Body::from_http_body`].
///
/// `Debug` shows the kind and the length, never the content.
#[derive(Default)]
pub struct Body {
    content: Content,
    progress: Option<Progress>,
}

enum Content {
    Bytes(Bytes),
    File(FileContent),
    // The mutex is never locked: it makes the body `Sync`, which a future that holds a request needs.
    Stream(Mutex<UnsyncBoxBody<Bytes, BoxError>>),
}

impl Default for Content {
    fn default() -> Self {
        Self::Bytes(Bytes::new())
    }
}

/// When the transport last took a piece of a body.
#[derive(Clone, Debug)]
pub(crate) struct Progress(Arc<Mutex<Instant>>);

impl Progress {
    /// Watches over a body, if it is handed out in more than one piece.
    pub(crate) fn of(payload: &Payload) -> Option<Self> {
        (payload.length > CHUNK as u64).then(|| Self(Arc::new(Mutex::new(Instant::now()))))
    }

    pub(crate) fn last(&self) -> Instant {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn record(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
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
            content: Content::File(FileContent {
                path: path.as_ref().to_owned(),
                remaining: None,
                state: FileState::Closed,
            }),
            progress: None,
        }
    }

    /// Any stream of bytes.
    ///
    /// A signature covers the hash of the whole payload, which stands in a header before the payload. So the stream is
    /// read into memory before the request is sent; use [`Body::from_path`] for what should not be.
    pub fn from_http_body<B>(body: B) -> Self
    where
        B: HttpBody + Send + 'static,
        B::Data: Into<Bytes>,
        B::Error: Into<BoxError>,
    {
        let body = body
            .map_frame(|frame| frame.map_data(Into::into))
            .map_err(Into::into)
            .boxed_unsync();
        Self {
            content: Content::Stream(Mutex::new(body)),
            progress: None,
        }
    }

    /// Reads what must be known before the request is signed: the length and the hash.
    pub(crate) async fn prepare(&mut self) -> Result<Payload, BoxError> {
        if let Content::Stream(stream) = &mut self.content {
            let stream = stream.get_mut().unwrap_or_else(PoisonError::into_inner);
            self.content = Content::Bytes(stream.collect().await?.to_bytes());
        }
        let mut hash = Sha256::new();
        let length = match &mut self.content {
            Content::Bytes(bytes) => {
                hash.update(&*bytes);
                bytes.len() as u64
            }
            Content::File(file) => {
                let length = file.hash(&mut hash).await?;
                file.remaining = Some(length);
                length
            }
            Content::Stream(_) => unreachable!("a stream has been collected above"),
        };
        Ok(Payload {
            length,
            sha256: hash.finalize().into(),
        })
    }

    /// The same payload for another attempt. Only a prepared body can be sent more than once.
    pub(crate) fn replay(&self, progress: Option<Progress>) -> Self {
        let content = match &self.content {
            Content::Bytes(bytes) => Content::Bytes(bytes.clone()),
            Content::File(file) => Content::File(FileContent {
                path: file.path.clone(),
                remaining: file.remaining,
                state: FileState::Closed,
            }),
            Content::Stream(_) => unreachable!("a prepared body is no stream"),
        };
        Self { content, progress }
    }
}

/// What is known of a prepared payload.
#[derive(Debug)]
pub(crate) struct Payload {
    /// In bytes.
    pub(crate) length: u64,
    /// The hash that the signature covers.
    pub(crate) sha256: [u8; 32],
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.content {
            Content::Bytes(bytes) => write!(f, "Body({} bytes)", bytes.len()),
            Content::File(file) => write!(f, "Body(file {})", file.path.display()),
            Content::Stream(_) => f.write_str("Body(stream)"),
        }
    }
}

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

impl HttpBody for Body {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let chunk = match &mut self.content {
            Content::Bytes(bytes) if bytes.is_empty() => return Poll::Ready(None),
            // Handing out a large payload in pieces shows how far the transport has come.
            Content::Bytes(bytes) => bytes.split_to(bytes.len().min(CHUNK)),
            Content::File(file) => match ready!(file.poll_chunk(context)) {
                Ok(chunk) if chunk.is_empty() => return Poll::Ready(None),
                Ok(chunk) => chunk,
                Err(error) => return Poll::Ready(Some(Err(error.into()))),
            },
            Content::Stream(stream) => {
                let stream = stream.get_mut().unwrap_or_else(PoisonError::into_inner);
                return Pin::new(stream).poll_frame(context);
            }
        };
        if let Some(progress) = &self.progress {
            progress.record();
        }
        Poll::Ready(Some(Ok(Frame::data(chunk))))
    }

    fn is_end_stream(&self) -> bool {
        match &self.content {
            Content::Bytes(bytes) => bytes.is_empty(),
            Content::File(file) => file.remaining == Some(0),
            Content::Stream(_) => false,
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.content {
            Content::Bytes(bytes) => SizeHint::with_exact(bytes.len() as u64),
            Content::File(file) => file.remaining.map_or_else(SizeHint::new, SizeHint::with_exact),
            Content::Stream(_) => SizeHint::new(),
        }
    }
}

struct FileContent {
    path: PathBuf,
    /// What is still to be sent, in bytes; unknown until the file has been hashed.
    remaining: Option<u64>,
    state: FileState,
}

enum FileState {
    Closed,
    Opening(Mutex<Pin<Box<dyn Future<Output = io::Result<File>> + Send>>>),
    Open(File),
}

impl FileContent {
    async fn hash(&self, hash: &mut Sha256) -> io::Result<u64> {
        let mut file = File::open(&self.path).await.map_err(|error| at(&self.path, error))?;
        let mut chunk = BytesMut::with_capacity(CHUNK);
        let mut length = 0;
        while file.read_buf(&mut chunk).await.map_err(|error| at(&self.path, error))? > 0 {
            hash.update(&chunk);
            length += chunk.len() as u64;
            chunk.clear();
        }
        Ok(length)
    }

    fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<io::Result<Bytes>> {
        loop {
            match &mut self.state {
                _ if self.remaining == Some(0) => return Poll::Ready(Ok(Bytes::new())),
                FileState::Closed => {
                    let path = self.path.clone();
                    let opening = async move { File::open(&path).await.map_err(|error| at(&path, error)) };
                    self.state = FileState::Opening(Mutex::new(Box::pin(opening)));
                }
                FileState::Opening(opening) => {
                    let opening = opening.get_mut().unwrap_or_else(PoisonError::into_inner);
                    self.state = FileState::Open(ready!(opening.as_mut().poll(context))?);
                }
                FileState::Open(file) => {
                    let mut chunk = BytesMut::zeroed(CHUNK);
                    if let Some(remaining) = self.remaining {
                        chunk.truncate(remaining.min(CHUNK as u64) as usize);
                    }
                    let mut buffer = ReadBuf::new(&mut chunk);
                    ready!(Pin::new(file).poll_read(context, &mut buffer)).map_err(|error| at(&self.path, error))?;
                    let read = buffer.filled().len();
                    match &mut self.remaining {
                        Some(_) if read == 0 => {
                            let error = io::Error::from(io::ErrorKind::UnexpectedEof);
                            return Poll::Ready(Err(at(&self.path, error)));
                        }
                        Some(remaining) => *remaining -= read as u64,
                        None => {}
                    }
                    chunk.truncate(read);
                    return Poll::Ready(Ok(chunk.freeze()));
                }
            }
        }
    }
}

/// Names the file that an error is about.
fn at(path: &Path, error: io::Error) -> io::Error {
    io::Error::new(error.kind(), format!("{}: {error}", path.display()))
}
