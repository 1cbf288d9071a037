//! What the server receives.

use std::io;

use bytes::{Buf, Bytes, BytesMut};
use httparse::Status;

/// A request as it came over the wire.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The number of the TCP connection, from 0: equal for requests that shared one.
    pub connection: usize,
    /// The method, such as `POST`.
    pub method: String,
    /// The path and query, as in the request line.
    pub target: String,
    /// Names in their original case with their values, in order.
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body, without the framing of chunks.
    pub body: Bytes,
}

impl Recorded {
    /// The first value of a header, whose name may be in any case; `None` even where it is not UTF-8.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers_named(name)
            .next()
            .and_then(|value| str::from_utf8(value).ok())
    }

    /// All values of a header, in order.
    pub fn headers_named(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        self.headers
            .iter()
            .filter(move |(other, _)| other.eq_ignore_ascii_case(name))
            .map(|(_, value)| &**value)
    }
}

/// Takes the head of a request out of the buffer, if all of it is there.
pub(super) fn take_head(buffer: &mut BytesMut, connection: usize) -> io::Result<Option<Recorded>> {
    let mut headers = [httparse::EMPTY_HEADER; 100];
    let mut request = httparse::Request::new(&mut headers);
    let Status::Complete(length) = request.parse(buffer).map_err(invalid)? else {
        return Ok(None);
    };
    let head = Recorded {
        connection,
        method: request.method.unwrap_or_default().to_owned(),
        target: request.path.unwrap_or_default().to_owned(),
        headers: request
            .headers
            .iter()
            .map(|header| (header.name.to_owned(), header.value.to_owned()))
            .collect(),
        body: Bytes::new(),
    };
    buffer.advance(length);
    Ok(Some(head))
}

/// Takes the line before a chunk out of the buffer, if all of it is there, and says how long the chunk is.
pub(super) fn take_chunk_line(buffer: &mut BytesMut) -> io::Result<Option<usize>> {
    let line = httparse::parse_chunk_size(buffer).map_err(|error| invalid(error.to_string()))?;
    let Status::Complete((start, length)) = line else {
        return Ok(None);
    };
    buffer.advance(start);
    usize::try_from(length).map(Some).map_err(invalid)
}

/// Takes the trailers behind the last chunk out of the buffer, if all of them are there.
pub(super) fn take_trailers(buffer: &mut BytesMut) -> io::Result<Option<()>> {
    let mut headers = [httparse::EMPTY_HEADER; 100];
    let Status::Complete((length, _)) = httparse::parse_headers(buffer, &mut headers).map_err(invalid)? else {
        return Ok(None);
    };
    buffer.advance(length);
    Ok(Some(()))
}

/// The request is malformed.
pub(super) fn invalid(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}
