//! The payload of a response, as users see it.

use std::fmt;
use std::io;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use http_body::{Body as HttpBody, Frame, SizeHint};
use tokio::io::{AsyncRead, ReadBuf};

use super::response_body::ResponseBody;
use crate::error::BoxError;
use crate::error::Error;

/// The payload of a response, read as it arrives.
///
/// Take it whole with [`bytes`](Self::bytes), [`text`](Self::text) or [`json`](Self::json), piece by piece with
/// [`chunk`](Self::chunk), or through its [`AsyncRead`], [`Stream`] and [`http_body::Body`] implementations.
///
/// Reading fails when the connection breaks, when the payload ends before the announced length, and when nothing
/// arrives within the read timeout ([`Timeouts::read`](crate::Timeouts::read)). The client does not retry the call: the
/// service has done its work. Dropping the stream before its end closes the connection.
///
/// More bytes than the announced length are never a part of the payload, nor of the answer to another call: their
/// connection is closed. They are an error if they have arrived when the payload ends; they may arrive later.
///
/// `E` is the error of the client that made the call.
///
/// `Debug` shows how much has been read, never the content.
pub struct ByteStream<E = Error> {
    body: ResponseBody,
    error: PhantomData<fn() -> E>,
}

impl<E: From<Error>> ByteStream<E> {
    /// Wraps the response body of any HTTP client.
    pub fn from_http_body<B>(body: B) -> Self
    where
        B: HttpBody + Send + 'static,
        B::Data: Into<Bytes>,
        B::Error: Into<BoxError>,
    {
        ResponseBody::from_http_body(body).into()
    }

    /// The announced length in bytes, if the service announced one.
    pub fn content_length(&self) -> Option<u64> {
        self.body.content_length()
    }

    /// The next piece, or `None` at the end.
    ///
    /// # Errors
    ///
    /// When the payload is cut off or the read timeout passes. Nothing follows then.
    pub async fn chunk(&mut self) -> Result<Option<Bytes>, E> {
        Ok(self.body.chunk().await?)
    }

    /// All that remains, as one piece of memory.
    ///
    /// # Errors
    ///
    /// When the payload is cut off or the read timeout passes.
    pub async fn bytes(mut self) -> Result<Bytes, E> {
        Ok(self.body.read_all().await?)
    }

    /// All that remains, as text.
    ///
    /// # Errors
    ///
    /// As for [`bytes`](Self::bytes), and when the payload is not UTF-8.
    pub async fn text(self) -> Result<String, E> {
        Ok(self.body.text().await?)
    }

    /// All that remains, read as JSON. It needs the feature `json`, which is on by default.
    ///
    /// # Errors
    ///
    /// As for [`bytes`](Self::bytes), and when the payload is not JSON or does not have the form of a `T`. The error names
    /// the place, but not the content; read the payload with [`bytes`](Self::bytes) if you want that.
    #[cfg(feature = "json")]
    pub async fn json<T: serde_core::de::DeserializeOwned>(self) -> Result<T, E> {
        Ok(self.body.json().await?)
    }
}

impl<E> ByteStream<E> {
    #[cfg(feature = "blocking")]
    pub(super) fn body_mut(&mut self) -> &mut ResponseBody {
        &mut self.body
    }

    /// The payload without the type of its errors.
    #[doc(hidden)]
    pub fn into_response_body(self) -> ResponseBody {
        self.body
    }
}

impl<E> From<ResponseBody> for ByteStream<E> {
    fn from(body: ResponseBody) -> Self {
        Self {
            body,
            error: PhantomData,
        }
    }
}

impl<E> From<Bytes> for ByteStream<E> {
    fn from(bytes: Bytes) -> Self {
        ResponseBody::from(bytes).into()
    }
}

impl<E> From<Vec<u8>> for ByteStream<E> {
    fn from(bytes: Vec<u8>) -> Self {
        Bytes::from(bytes).into()
    }
}

impl<E> From<String> for ByteStream<E> {
    fn from(text: String) -> Self {
        Bytes::from(text).into()
    }
}

impl<E> From<&str> for ByteStream<E> {
    fn from(text: &str) -> Self {
        Bytes::copy_from_slice(text.as_bytes()).into()
    }
}

impl<E> Default for ByteStream<E> {
    fn default() -> Self {
        ResponseBody::default().into()
    }
}

impl<E> fmt::Debug for ByteStream<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ByteStream({:?})", self.body)
    }
}

impl<E: From<Error>> Stream for ByteStream<E> {
    type Item = Result<Bytes, E>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.body.poll_chunk(context).map_err(E::from).map(Result::transpose)
    }
}

impl<E: From<Error>> HttpBody for ByteStream<E> {
    type Data = Bytes;
    type Error = E;

    fn poll_frame(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, E>>> {
        self.poll_next(context)
            .map(|chunk| chunk.map(|chunk| chunk.map(Frame::data)))
    }

    fn size_hint(&self) -> SizeHint {
        self.body.remaining().map_or_else(SizeHint::new, SizeHint::with_exact)
    }
}

impl<E: From<Error> + Into<BoxError>> AsyncRead for ByteStream<E> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let chunk = ready!(self.body.poll_chunk(context)).map_err(|error| io::Error::other(E::from(error)))?;
        if let Some(mut chunk) = chunk {
            let head = chunk.split_to(chunk.len().min(buffer.remaining()));
            buffer.put_slice(&head);
            self.body.unread(chunk);
        }
        Poll::Ready(Ok(()))
    }
}
