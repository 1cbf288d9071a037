//! A payload as lines of text.

use std::str;

use bytes::{Buf, Bytes};

use super::{Cut, MAX_LENGTH, Problem, Split};
use crate::answer::byte_stream::ByteStream;
use crate::error::Error;

/// The lines of a payload, from [`ByteStream::lines`].
pub type Lines<E = Error> = Split<LineCutter, E>;

impl<E: From<Error>> ByteStream<E> {
    /// The payload as lines of UTF-8, without their ends: `\n` or `\r\n`. The last line needs no end.
    ///
    /// A line has at most 16 MiB; [`Split::max_length`] changes that. A longer one ends the stream with an error.
    ///
    /// ```
    /// # use lean_aws_runtime::{ByteStream, Error};
    /// # async fn example(body: ByteStream) -> Result<(), Error> {
    /// let mut lines = body.lines();
    /// while let Some(line) = lines.next().await? {
    ///     println!("{line}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn lines(self) -> Lines<E> {
        Split::new(self.into_response_body(), LineCutter(LineBuffer::default()))
    }
}

impl<E> Lines<E> {
    /// Limits the length of a line, in bytes without its end. Default: 16 MiB.
    pub fn max_length(mut self, bytes: usize) -> Self {
        self.cutter.0.max = bytes;
        self
    }
}

/// Cuts a payload into lines.
pub struct LineCutter(LineBuffer);

impl Cut for LineCutter {
    type Item = String;

    fn next(&mut self, chunk: &mut Bytes) -> Result<Option<String>, Problem> {
        self.0.next(chunk, |line| Ok(line.to_owned()))
    }

    fn last(&mut self) -> Result<Option<String>, Problem> {
        self.0.last(|line| Ok(line.to_owned()))
    }
}

/// Finds lines that end in `\n` or `\r\n`, and keeps the beginning of one.
pub(super) struct LineBuffer {
    begun: Vec<u8>,
    /// In bytes, without the end.
    pub(super) max: usize,
}

impl Default for LineBuffer {
    fn default() -> Self {
        Self {
            begun: Vec::new(),
            max: MAX_LENGTH,
        }
    }
}

impl LineBuffer {
    /// Hands the next line that is complete to a function, as a slice of the chunk where it is whole there.
    pub(super) fn next<T>(
        &mut self,
        chunk: &mut Bytes,
        use_line: impl FnOnce(&str) -> Result<T, Problem>,
    ) -> Result<Option<T>, Problem> {
        let Some(end) = chunk.iter().position(|byte| *byte == b'\n') else {
            return self.keep(chunk).map(|()| None);
        };
        let result = if self.begun.is_empty() {
            self.check(without_return(&chunk[..end])).and_then(use_line)
        } else {
            self.begun.extend_from_slice(&chunk[..end]);
            let result = self.check(without_return(&self.begun)).and_then(use_line);
            self.begun.clear();
            result
        };
        chunk.advance(end + 1);
        result.map(Some)
    }

    /// Hands the last line to a function, if it has no end.
    pub(super) fn last<T>(&mut self, use_line: impl FnOnce(&str) -> Result<T, Problem>) -> Result<Option<T>, Problem> {
        if self.begun.is_empty() {
            return Ok(None);
        }
        self.check(&self.begun).and_then(use_line).map(Some)
    }

    /// Keeps what may be the beginning of a line, unless it is too long for one.
    fn keep(&mut self, chunk: &mut Bytes) -> Result<(), Problem> {
        let length = self.begun.len() + chunk.len();
        // The last byte may be a part of the end.
        let is_open = length == self.max.saturating_add(1) && chunk.last() == Some(&b'\r');
        if length > self.max && !is_open {
            return Err(self.too_long());
        }
        self.begun.extend_from_slice(chunk);
        chunk.clear();
        Ok(())
    }

    fn check<'l>(&self, line: &'l [u8]) -> Result<&'l str, Problem> {
        if line.len() > self.max {
            return Err(self.too_long());
        }
        Ok(str::from_utf8(line)?)
    }

    fn too_long(&self) -> Problem {
        Problem::TooLong {
            what: "line",
            max: self.max,
        }
    }
}

fn without_return(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r").unwrap_or(line)
}
