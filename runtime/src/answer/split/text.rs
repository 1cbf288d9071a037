//! A payload as pieces of text.

use std::mem;

use bytes::Bytes;

use super::{Cut, Problem, Split};
use crate::answer::byte_stream::ByteStream;
use crate::error::Error;

/// The text of a payload in pieces, from [`ByteStream::text_chunks`].
pub type TextChunks<E = Error> = Split<TextCutter, E>;

impl<E: From<Error>> ByteStream<E> {
    /// The payload as text, in pieces as they arrive. A character that arrives in two pieces is put together; no piece is
    /// empty.
    ///
    /// ```
    /// # use lean_aws_runtime::{ByteStream, Error};
    /// # async fn example(body: ByteStream) -> Result<(), Error> {
    /// let mut text = body.text_chunks();
    /// while let Some(piece) = text.next().await? {
    ///     print!("{piece}");
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn text_chunks(self) -> TextChunks<E> {
        Split::new(self.into_response_body(), TextCutter::default())
    }
}

/// Cuts a payload between characters.
#[derive(Default)]
pub struct TextCutter {
    /// A character that has begun, or what is not UTF-8 and comes after text that is.
    rest: Vec<u8>,
}

impl Cut for TextCutter {
    type Item = String;

    fn next(&mut self, chunk: &mut Bytes) -> Result<Option<String>, Problem> {
        let mut bytes = mem::take(&mut self.rest);
        bytes.extend_from_slice(chunk);
        chunk.clear();
        if bytes.is_empty() {
            return Ok(None);
        }
        let error = match String::from_utf8(bytes) {
            Ok(text) => return Ok(Some(text)),
            Err(error) => error,
        };
        let problem = error.utf8_error();
        let length = problem.valid_up_to();
        if length == 0 && problem.error_len().is_some() {
            return Err(problem.into());
        }
        let mut bytes = error.into_bytes();
        self.rest = bytes.split_off(length);
        // It is UTF-8 up to here.
        Ok(String::from_utf8(bytes).ok().filter(|text| !text.is_empty()))
    }

    fn last(&mut self) -> Result<Option<String>, Problem> {
        match std::str::from_utf8(&self.rest) {
            Ok(_) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }
}
