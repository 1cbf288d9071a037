//! A payload in chunks with its checksum behind it: the content encoding `aws-chunked`.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes, BytesMut};
use http_body::{Body as HttpBody, Frame, SizeHint};

use super::{Algorithm, Hasher};
use crate::error::BoxError;
use crate::wire::body::Body;

/// The length of all chunks but the last, in bytes. Services take no shorter ones than 8 KiB.
const CHUNK: usize = 64 * 1024;

/// Encodes a payload while it is sent.
pub(super) struct Chunked {
    body: Body,
    /// What has come of the next chunk.
    buffer: BytesMut,
    /// The length of the payload as it was announced, in bytes.
    length: u64,
    /// How much of the payload has come, in bytes.
    received: u64,
    /// How much is still to be handed out, in bytes.
    remaining: u64,
    algorithm: Algorithm,
    /// `None` when the trailer has been written.
    hasher: Option<Hasher>,
}

impl Chunked {
    pub(super) fn new(body: Body, length: u64, algorithm: Algorithm) -> Self {
        let hasher = algorithm.hasher();
        let checksum = hasher.clone().finish().len();
        Self {
            body,
            buffer: BytesMut::new(),
            length,
            received: 0,
            remaining: encoded_length(length, algorithm, checksum),
            algorithm,
            hasher: Some(hasher),
        }
    }

    /// A chunk of the first bytes that have come.
    fn chunk(&mut self, length: usize) -> BytesMut {
        let data = self.buffer.split_to(length);
        let mut chunk = BytesMut::with_capacity(length + 16);
        chunk.extend_from_slice(format!("{length:x}\r\n").as_bytes());
        chunk.extend_from_slice(&data);
        chunk.extend_from_slice(b"\r\n");
        chunk
    }

    /// The last chunks and the checksum.
    fn end(&mut self, hasher: Hasher) -> Result<Bytes, BoxError> {
        if self.received != self.length {
            let (received, length) = (self.received, self.length);
            return Err(format!("the stream has {received} bytes, and {length} were announced").into());
        }
        let mut end = match self.buffer.len() {
            0 => BytesMut::new(),
            length => self.chunk(length),
        };
        let (name, checksum) = (self.algorithm.header_name(), hasher.finish());
        end.extend_from_slice(format!("0\r\n{name}:{checksum}\r\n\r\n").as_bytes());
        Ok(end.freeze())
    }

    fn poll_chunk(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, BoxError>>> {
        while self.buffer.len() < CHUNK {
            let Some(hasher) = &mut self.hasher else {
                return Poll::Ready(None);
            };
            let Some(frame) = ready!(Pin::new(&mut self.body).poll_frame(context)) else {
                let hasher = self.hasher.take();
                return Poll::Ready(hasher.map(|hasher| self.end(hasher)));
            };
            if let Ok(data) = frame?.into_data() {
                hasher.update(&data);
                self.received += data.remaining() as u64;
                self.buffer.extend_from_slice(&data);
            }
        }
        Poll::Ready(Some(Ok(self.chunk(CHUNK).freeze())))
    }
}

impl HttpBody for Chunked {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        let chunk = ready!(self.poll_chunk(context));
        if let Some(Ok(chunk)) = &chunk {
            self.remaining = self.remaining.saturating_sub(chunk.len() as u64);
        }
        Poll::Ready(chunk.map(|chunk| chunk.map(Frame::data)))
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.remaining)
    }
}

/// How long a payload is with everything around it, in bytes.
fn encoded_length(length: u64, algorithm: Algorithm, checksum: usize) -> u64 {
    let around = |data: u64| format!("{data:x}\r\n\r\n").len() as u64;
    let (whole, rest) = (length / CHUNK as u64, length % CHUNK as u64);
    let whole = whole * (CHUNK as u64 + around(CHUNK as u64));
    let rest = if rest == 0 { 0 } else { rest + around(rest) };
    let trailer = "0\r\n:\r\n\r\n".len() + algorithm.header_name().len() + checksum;
    whole + rest + trailer as u64
}

#[cfg(test)]
mod tests {
    use http_body_util::{BodyExt, Full};

    use super::*;

    async fn encode(payload: &'static [u8], announced: usize) -> Result<(u64, Bytes), BoxError> {
        let body = Body::from_http_body(Full::new(Bytes::from_static(payload)));
        let body = Chunked::new(body, announced as u64, Algorithm::Crc32);
        let length = body.size_hint().exact().expect("the length is known");
        Ok((length, body.collect().await?.to_bytes()))
    }

    #[tokio::test]
    async fn the_checksum_follows_the_payload() {
        let (length, encoded) = encode(b"hello", 5).await.expect("it can be encoded");
        assert_eq!(
            &encoded[..],
            b"5\r\nhello\r\n0\r\nx-amz-checksum-crc32:NhCmhg==\r\n\r\n"
        );
        assert_eq!(length, encoded.len() as u64);
    }

    #[tokio::test]
    async fn lengths_are_known_beforehand() {
        static PAYLOAD: [u8; 2 * CHUNK + 1] = [7; 2 * CHUNK + 1];
        for payload in [
            &PAYLOAD[..0],
            &PAYLOAD[..1],
            &PAYLOAD[..CHUNK],
            &PAYLOAD[..CHUNK + 1],
            &PAYLOAD,
        ] {
            let (length, encoded) = encode(payload, payload.len()).await.expect("it can be encoded");
            assert_eq!(length, encoded.len() as u64, "{}", payload.len());
        }
    }

    #[tokio::test]
    async fn another_length_than_was_announced_is_an_error() {
        for announced in [4, 6] {
            let error = encode(b"hello", announced).await.expect_err("the length is wrong");
            assert_eq!(
                error.to_string(),
                format!("the stream has 5 bytes, and {announced} were announced")
            );
        }
    }
}
