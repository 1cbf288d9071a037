//! A payload with a JSON value in each line.

use std::marker::PhantomData;

use bytes::Bytes;
use serde_core::de::DeserializeOwned;

use super::lines::LineBuffer;
use super::{Cut, Problem, Split};
use crate::answer::byte_stream::ByteStream;
use crate::answer::response_body::json::without_content;
use crate::error::Error;

/// The JSON values of a payload, from [`ByteStream::json_lines`].
pub type JsonLines<T, E = Error> = Split<JsonLineCutter<T>, E>;

impl<E: From<Error>> ByteStream<E> {
    /// The payload as JSON values, one in each line. Blank lines are skipped. It needs the feature `json`, which is on by
    /// default.
    ///
    /// A line has at most 16 MiB; [`Split::max_length`] changes that. A longer one, and one that does not have the form of
    /// a `T`, ends the stream with an error. The error names the place, but not what stands there.
    ///
    /// ```
    /// # use lean_aws_runtime::{ByteStream, Error};
    /// # async fn example(body: ByteStream) -> Result<(), Error> {
    /// let mut scores = body.json_lines::<f64>();
    /// while let Some(score) = scores.next().await? {
    ///     println!("{score}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn json_lines<T: DeserializeOwned>(self) -> JsonLines<T, E> {
        let cutter = JsonLineCutter {
            lines: LineBuffer::default(),
            number: 0,
            value: PhantomData,
        };
        Split::new(self.into_response_body(), cutter)
    }
}

impl<T, E> JsonLines<T, E> {
    /// Limits the length of a line, in bytes without its end. Default: 16 MiB.
    pub fn max_length(mut self, bytes: usize) -> Self {
        self.cutter.lines.max = bytes;
        self
    }
}

/// Reads a JSON value in each line.
pub struct JsonLineCutter<T> {
    lines: LineBuffer,
    /// How many lines there have been.
    number: usize,
    value: PhantomData<fn() -> T>,
}

impl<T: DeserializeOwned> Cut for JsonLineCutter<T> {
    type Item = T;

    fn next(&mut self, chunk: &mut Bytes) -> Result<Option<T>, Problem> {
        loop {
            self.number += 1;
            match self.lines.next(chunk, |line| read(line, self.number))? {
                None => {
                    self.number -= 1;
                    return Ok(None);
                }
                Some(None) => {}
                Some(value) => return Ok(value),
            }
        }
    }

    fn last(&mut self) -> Result<Option<T>, Problem> {
        let value = self.lines.last(|line| read(line, self.number + 1))?;
        Ok(value.flatten())
    }
}

/// The value in the line of this number, unless it is blank.
fn read<T: DeserializeOwned>(line: &str, number: usize) -> Result<Option<T>, Problem> {
    if line.trim_ascii().is_empty() {
        return Ok(None);
    }
    let value = serde_json::from_str(line);
    value
        .map(Some)
        .map_err(|error| Problem::Json(without_content(&error, number)))
}
