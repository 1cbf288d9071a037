//! A payload as server-sent events, by the rules of the
//! [HTML standard](https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation).

use std::fmt;
use std::marker::PhantomData;
use std::str;
#[cfg(feature = "json")]
use std::sync::Arc;
use std::time::Duration;

use bytes::{Buf, Bytes};

use super::{Cut, MAX_LENGTH, Problem, Split};
use crate::answer::byte_stream::ByteStream;
use crate::error::Error;
#[cfg(feature = "json")]
use crate::error::metadata::ResponseContext;

/// The server-sent events of a payload, from [`ByteStream::sse`].
pub type SseStream<E = Error> = Split<SseCutter<E>, E>;

impl<E: From<Error>> ByteStream<E> {
    /// The payload as server-sent events, which is how most models send generated text.
    ///
    /// The rules are those of the HTML standard, with two exceptions:
    ///
    /// - An event at the end counts even without the blank line after it: many models leave that out.
    /// - What is not UTF-8 is an error instead of a replacement character.
    ///
    /// A line, and the data of an event, has at most 16 MiB; [`Split::max_length`] changes that. A longer one ends the
    /// stream with an error. Texts by which a vendor ends its streams, such as `[DONE]`, are events like any other:
    ///
    /// ```
    /// # use lean_aws_runtime::{ByteStream, Error};
    /// # async fn example(body: ByteStream) -> Result<(), Error> {
    /// let mut events = body.sse();
    /// while let Some(event) = events.next().await? {
    ///     if event.data() == "[DONE]" {
    ///         break;
    ///     }
    ///     println!("{}", event.data());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn sse(self) -> SseStream<E> {
        let body = self.into_response_body();
        let cutter = SseCutter {
            line: Vec::new(),
            after_return: false,
            is_first_line: true,
            data: String::new(),
            event: String::new(),
            id: String::new(),
            retry: None,
            max: MAX_LENGTH,
            #[cfg(feature = "json")]
            context: Arc::new(body.context().cloned()),
            error: PhantomData,
        };
        Split::new(body, cutter)
    }
}

impl<E> SseStream<E> {
    /// Limits the length of a line, and of the data of an event, in bytes. Default: 16 MiB.
    pub fn max_length(mut self, bytes: usize) -> Self {
        self.cutter.max = bytes;
        self
    }
}

/// A server-sent event.
///
/// `Debug` shows how long the data is, never the content.
pub struct SseEvent<E = Error> {
    /// The data, the type and the id.
    text: Box<str>,
    /// Where the data ends.
    data_end: usize,
    /// Where the type ends.
    event_end: usize,
    retry: Option<Duration>,
    #[cfg(feature = "json")]
    context: Arc<Option<ResponseContext>>,
    error: PhantomData<fn() -> E>,
}

impl<E> SseEvent<E> {
    /// The lines of `data`, with `\n` between them.
    pub fn data(&self) -> &str {
        &self.text[..self.data_end]
    }

    /// The type of the event. It is `message` when the event does not say.
    pub fn event(&self) -> &str {
        match &self.text[self.data_end..self.event_end] {
            "" => "message",
            event => event,
        }
    }

    /// The `id` of this event or of the last one before it that had one. Empty when there is none.
    pub fn id(&self) -> &str {
        &self.text[self.event_end..]
    }

    /// How long to wait before connecting again, if the stream has said so since the event before.
    pub fn retry(&self) -> Option<Duration> {
        self.retry
    }

    /// The data, without a copy.
    pub fn into_data(self) -> String {
        let mut text = String::from(self.text);
        text.truncate(self.data_end);
        text
    }
}

#[cfg(feature = "json")]
impl<E: From<Error>> SseEvent<E> {
    /// The data, read as JSON. It needs the feature `json`, which is on by default.
    ///
    /// # Errors
    ///
    /// When the data is not JSON or does not have the form of a `T`. The error names the place in the data, but not what
    /// stands there. The stream goes on.
    pub fn json<T: serde_core::de::DeserializeOwned>(&self) -> Result<T, E> {
        use crate::answer::response_body::json::without_content;
        use crate::error::Kind;

        let value = serde_json::from_str(self.data());
        Ok(value.map_err(|error| {
            Error::new(Kind::Unreadable("JSON of the wanted form"))
                .in_response((*self.context).as_ref())
                .with_source(without_content(&error, error.line()))
        })?)
    }
}

impl<E> fmt::Debug for SseEvent<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SseEvent({} bytes of data)", self.data_end)
    }
}

/// Cuts a payload into events.
pub struct SseCutter<E> {
    /// A line that has begun.
    line: Vec<u8>,
    /// Whether a `\n` that comes next belongs to the line before.
    after_return: bool,
    is_first_line: bool,
    /// Each line of data, with `\n` after it.
    data: String,
    event: String,
    id: String,
    retry: Option<Duration>,
    /// The most that a line, or the data of an event, may have, in bytes.
    max: usize,
    #[cfg(feature = "json")]
    context: Arc<Option<ResponseContext>>,
    error: PhantomData<fn() -> E>,
}

impl<E> Cut for SseCutter<E> {
    type Item = SseEvent<E>;

    fn next(&mut self, chunk: &mut Bytes) -> Result<Option<SseEvent<E>>, Problem> {
        while !chunk.is_empty() {
            if self.after_return {
                self.after_return = false;
                if chunk[0] == b'\n' {
                    chunk.advance(1);
                    continue;
                }
            }
            let Some(end) = chunk.iter().position(|byte| matches!(byte, b'\n' | b'\r')) else {
                self.keep(chunk)?;
                chunk.clear();
                break;
            };
            self.after_return = chunk[end] == b'\r';
            let event = self.end_line(&chunk[..end])?;
            chunk.advance(end + 1);
            if event.is_some() {
                return Ok(event);
            }
        }
        Ok(None)
    }

    fn last(&mut self) -> Result<Option<SseEvent<E>>, Problem> {
        if !self.line.is_empty() {
            self.end_line(&[])?;
        }
        Ok(self.dispatch())
    }
}

impl<E> SseCutter<E> {
    /// Keeps a part of a line.
    fn keep(&mut self, part: &[u8]) -> Result<(), Problem> {
        if self.line.len() + part.len() > self.max {
            return Err(self.too_long("line"));
        }
        self.line.extend_from_slice(part);
        Ok(())
    }

    /// Takes a line, whose last part this is. A blank one ends the event.
    fn end_line(&mut self, part: &[u8]) -> Result<Option<SseEvent<E>>, Problem> {
        if self.line.is_empty() {
            if part.len() > self.max {
                return Err(self.too_long("line"));
            }
            return self.take_line(part);
        }
        self.keep(part)?;
        let mut line = std::mem::take(&mut self.line);
        let event = self.take_line(&line);
        // Its memory serves the next line.
        line.clear();
        self.line = line;
        event
    }

    fn take_line(&mut self, line: &[u8]) -> Result<Option<SseEvent<E>>, Problem> {
        let mut line = str::from_utf8(line)?;
        if std::mem::take(&mut self.is_first_line) {
            line = line.strip_prefix('\u{feff}').unwrap_or(line);
        }
        if line.is_empty() {
            return Ok(self.dispatch());
        }
        let (field, value) = line.split_once(':').unwrap_or((line, ""));
        let value = value.strip_prefix(' ').unwrap_or(value);
        match field {
            "data" => {
                if self.data.len() + value.len() > self.max {
                    return Err(self.too_long("server-sent event"));
                }
                self.data.push_str(value);
                self.data.push('\n');
            }
            "event" => value.clone_into(&mut self.event),
            "id" if !value.contains('\0') => value.clone_into(&mut self.id),
            "retry" if !value.is_empty() && value.bytes().all(|byte| byte.is_ascii_digit()) => {
                self.retry = Some(Duration::from_millis(value.parse().unwrap_or(u64::MAX)));
            }
            // A comment, or a field that the standard does not know.
            _ => {}
        }
        Ok(None)
    }

    /// The event whose lines have been taken, if it has data.
    fn dispatch(&mut self) -> Option<SseEvent<E>> {
        let event = self.data.strip_suffix('\n').map(|data| SseEvent {
            text: [data, &self.event, &self.id].concat().into(),
            data_end: data.len(),
            event_end: data.len() + self.event.len(),
            retry: self.retry.take(),
            #[cfg(feature = "json")]
            context: Arc::clone(&self.context),
            error: PhantomData,
        });
        self.data.clear();
        self.event.clear();
        event
    }

    fn too_long(&self, what: &'static str) -> Problem {
        Problem::TooLong { what, max: self.max }
    }
}
