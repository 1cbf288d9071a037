//! Frames of `application/vnd.amazon.eventstream`: cut out of the bytes as they come, checked, and looked into without
//! copies.
//!
//! A frame is, in big endian:
//!
//! | part | bytes |
//! |---|---|
//! | length of the whole frame | 4 |
//! | length of the headers | 4 |
//! | CRC-32 of these eight bytes | 4 |
//! | headers: length of the name (1), name, type (1), value | |
//! | payload | |
//! | CRC-32 of all before it | 4 |
//!
//! AWS's own `aws-smithy-eventstream` believes a length before its checksum, so that one flipped bit makes it wait for up
//! to 4 GiB. It also copies the payload and the name and value of each header, which costs several times as much as all
//! that is done here.

use std::fmt;

use bytes::{Bytes, BytesMut};

use crate::words::text::Enum;

/// The media type of a stream of events.
pub(crate) const MEDIA_TYPE: &str = "application/vnd.amazon.eventstream";

/// Two lengths and their checksum.
const PRELUDE: usize = 12;
/// A frame without headers and payload.
const SMALLEST: usize = PRELUDE + 4;

/// What services may send at most: 128 KiB of headers and 24 MiB of payload, in bytes with all that belongs to a frame.
pub(crate) const DEFAULT_MAX_FRAME: usize = 128 * 1024 + 24 * 1024 * 1024 + SMALLEST;

/// A frame in pieces has room for so much at once, in bytes.
const FIRST_ROOM: usize = 32 * 1024;

/// What is wrong with a frame. Nothing that follows it can be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Problem {
    PreludeChecksum,
    FrameChecksum,
    Lengths,
    TooLarge { length: usize, max: usize },
    Header,
    Twice(&'static str),
    NotText(&'static str),
    Missing(&'static str),
    MessageType,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PreludeChecksum => f.write_str("the checksum of the lengths of a frame is wrong"),
            Self::FrameChecksum => f.write_str("the checksum of a frame is wrong"),
            Self::Lengths => f.write_str("the lengths of a frame contradict each other"),
            Self::TooLarge { length, max } => {
                write!(f, "a frame of {length} bytes exceeds the limit of {max} bytes")
            }
            Self::Header => f.write_str("a frame has a malformed header"),
            Self::Twice(name) => write!(f, "a frame has the header `{name}` more than once"),
            Self::NotText(name) => write!(f, "the header `{name}` of a frame is not text"),
            Self::Missing(name) => write!(f, "a frame has no header `{name}`"),
            Self::MessageType => f.write_str("a frame is neither an event, an exception nor an error"),
        }
    }
}

/// Cuts a stream of bytes into frames.
///
/// It holds one piece of the stream and, while a frame is spread over several, what has come of that frame. A length alone
/// takes no memory.
#[derive(Debug)]
pub(crate) struct FrameDecoder {
    /// In bytes.
    pub(crate) max_frame: usize,
    chunk: Bytes,
    begun: BytesMut,
}

impl Default for FrameDecoder {
    fn default() -> Self {
        Self {
            max_frame: DEFAULT_MAX_FRAME,
            chunk: Bytes::new(),
            begun: BytesMut::new(),
        }
    }
}

impl FrameDecoder {
    /// Takes the next piece of the stream, after [`next`](Self::next) has used up the one before.
    pub(crate) fn push(&mut self, chunk: Bytes) {
        debug_assert!(self.chunk.is_empty());
        self.chunk = chunk;
    }

    /// Takes back the frame that [`next`](Self::next) has just returned: it is the next one again.
    pub(crate) fn put_back(&mut self, frame: &[u8]) {
        debug_assert!(self.begun.is_empty());
        self.begun.extend_from_slice(frame);
    }

    /// What has been taken and not returned.
    #[cfg(feature = "test-util")]
    pub(crate) fn into_rest(self) -> Bytes {
        match self.begun.is_empty() {
            true => self.chunk,
            false => [self.begun.freeze(), self.chunk].concat().into(),
        }
    }

    /// Whether the stream is between two frames.
    pub(crate) fn is_empty(&self) -> bool {
        self.begun.is_empty() && self.chunk.is_empty()
    }

    /// Forgets what it holds.
    pub(crate) fn clear(&mut self) {
        self.chunk = Bytes::new();
        self.begun = BytesMut::new();
    }

    /// The next frame, its checksums verified; `None` when it takes more bytes.
    pub(crate) fn next(&mut self) -> Result<Option<Bytes>, Problem> {
        if self.begun.is_empty() {
            // As a rule a frame is whole, and is a slice of the piece that it came in.
            match self.length_of(&self.chunk)? {
                Some(length) if length <= self.chunk.len() => return verified(self.chunk.split_to(length)).map(Some),
                Some(length) => self.make_room(length),
                None => {}
            }
        }
        if self.begun.len() < PRELUDE {
            self.take_until(PRELUDE);
        }
        let Some(length) = self.length_of(&self.begun)? else {
            return Ok(None);
        };
        self.make_room(length);
        self.take_until(length);
        if self.begun.len() < length {
            return Ok(None);
        }
        verified(std::mem::take(&mut self.begun).freeze()).map(Some)
    }

    /// The length of the frame that begins here, once enough is there to tell; it is not believed without its checksum.
    fn length_of(&self, bytes: &[u8]) -> Result<Option<usize>, Problem> {
        let Some(prelude) = bytes.first_chunk::<PRELUDE>() else {
            return Ok(None);
        };
        let mut rest = prelude.as_slice();
        let (Some(length), Some(headers), Some(checksum)) = (take(&mut rest), take(&mut rest), take(&mut rest)) else {
            return Ok(None);
        };
        if crc32fast::hash(&prelude[..8]) != u32::from_be_bytes(checksum) {
            return Err(Problem::PreludeChecksum);
        }
        let length = u32::from_be_bytes(length) as usize;
        let headers = u32::from_be_bytes(headers) as usize;
        if length.checked_sub(SMALLEST).is_none_or(|room| headers > room) {
            return Err(Problem::Lengths);
        }
        if length > self.max_frame {
            let max = self.max_frame;
            return Err(Problem::TooLarge { length, max });
        }
        Ok(Some(length))
    }

    /// Makes room for the current piece in a frame of this length: for less than twice of what has arrived, but for a small
    /// one. Halves of halves double to the length itself, so that little is copied and nothing is left over.
    fn make_room(&mut self, length: usize) {
        let arrived = length.min(self.begun.len() + self.chunk.len());
        if arrived <= self.begun.capacity() {
            return;
        }
        let mut room = length;
        while room.div_ceil(2) >= arrived.max(FIRST_ROOM) {
            room = room.div_ceil(2);
        }
        self.begun.reserve(room - self.begun.len());
    }

    /// Moves bytes of the current piece to the frame that has begun, until that has a length.
    fn take_until(&mut self, length: usize) {
        let missing = length.saturating_sub(self.begun.len());
        let head = self.chunk.split_to(missing.min(self.chunk.len()));
        self.begun.extend_from_slice(&head);
    }
}

fn verified(frame: Bytes) -> Result<Bytes, Problem> {
    match frame.split_last_chunk() {
        Some((content, checksum)) if crc32fast::hash(content) == u32::from_be_bytes(*checksum) => Ok(frame),
        _ => Err(Problem::FrameChecksum),
    }
}

/// A whole frame.
#[derive(Debug)]
pub struct Frame<'a> {
    bytes: &'a Bytes,
    headers: &'a [u8],
    message_type: Option<&'a str>,
    event_type: Option<&'a str>,
}

impl<'a> Frame<'a> {
    pub(crate) const MESSAGE_TYPE: &'static str = ":message-type";
    pub(crate) const EVENT_TYPE: &'static str = ":event-type";

    /// Looks into a frame, all of whose headers have to be well-formed.
    pub(crate) fn read(bytes: &'a Bytes) -> Result<Self, Problem> {
        let headers = headers(bytes).ok_or(Problem::Lengths)?;
        let (mut message_type, mut event_type) = (None, None);
        let mut rest = headers;
        while !rest.is_empty() {
            let (name, value) = next_header(&mut rest).ok_or(Problem::Header)?;
            match name {
                Self::MESSAGE_TYPE => text(Self::MESSAGE_TYPE, value, &mut message_type)?,
                Self::EVENT_TYPE => text(Self::EVENT_TYPE, value, &mut event_type)?,
                _ => {}
            }
        }
        Ok(Self {
            bytes,
            headers,
            message_type,
            event_type,
        })
    }

    pub(crate) fn message_type(&self) -> Result<&'a str, Problem> {
        self.message_type.ok_or(Problem::Missing(Self::MESSAGE_TYPE))
    }

    pub(crate) fn event_type(&self) -> Result<&'a str, Problem> {
        self.event_type.ok_or(Problem::Missing(Self::EVENT_TYPE))
    }

    /// The text of a header; `None` if there is none.
    pub(crate) fn header_text(&self, name: &str) -> Option<&'a str> {
        self.values(name).find_map(|value| match value {
            Value::Text(text) => Some(text),
            _ => None,
        })
    }

    /// The values of all headers with this name. There should be one at most.
    pub(crate) fn values(&self, name: &str) -> impl Iterator<Item = Value<'a>> {
        let mut rest = self.headers;
        std::iter::from_fn(move || next_header(&mut rest))
            .filter(move |(key, _)| *key == name)
            .map(|(_, value)| value)
    }

    /// A slice of the memory that the frame came in.
    pub(crate) fn payload(&self) -> Bytes {
        self.bytes
            .slice(PRELUDE + self.headers.len()..self.bytes.len().saturating_sub(4))
    }

    pub(crate) fn payload_bytes(&self) -> &'a [u8] {
        &self.bytes[PRELUDE + self.headers.len()..self.bytes.len().saturating_sub(4)]
    }
}

fn headers(frame: &[u8]) -> Option<&[u8]> {
    let mut rest = frame.get(4..)?;
    let length = u32::from_be_bytes(take(&mut rest)?) as usize;
    frame.get(PRELUDE..frame.len().checked_sub(4)?)?.get(..length)
}

/// Remembers the text of a header that must not come twice.
fn text<'a>(name: &'static str, value: Value<'a>, found: &mut Option<&'a str>) -> Result<(), Problem> {
    let Value::Text(text) = value else {
        return Err(Problem::NotText(name));
    };
    match found.replace(text) {
        None => Ok(()),
        Some(_) => Err(Problem::Twice(name)),
    }
}

/// The value of a header.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Value<'a> {
    /// True or false.
    Bool(bool),
    /// 8 bits.
    Byte(i8),
    /// 16 bits.
    Short(i16),
    /// 32 bits.
    Integer(i32),
    /// 64 bits.
    Long(i64),
    /// Any bytes.
    Blob(&'a [u8]),
    /// UTF-8.
    Text(&'a str),
    /// In milliseconds since 1970.
    Timestamp(i64),
    /// No type of a description is sent as one.
    Uuid,
}

/// Reads a header; `None` where the bytes are none.
fn next_header<'a>(rest: &mut &'a [u8]) -> Option<(&'a str, Value<'a>)> {
    let [length] = take(rest)?;
    if length == 0 {
        return None;
    }
    let name = std::str::from_utf8(take_slice(rest, length.into())?).ok()?;
    let [kind] = take(rest)?;
    let value = match kind {
        0 => Value::Bool(true),
        1 => Value::Bool(false),
        2 => Value::Byte(i8::from_be_bytes(take(rest)?)),
        3 => Value::Short(i16::from_be_bytes(take(rest)?)),
        4 => Value::Integer(i32::from_be_bytes(take(rest)?)),
        5 => Value::Long(i64::from_be_bytes(take(rest)?)),
        6 => Value::Blob(take_value(rest)?),
        7 => Value::Text(std::str::from_utf8(take_value(rest)?).ok()?),
        8 => Value::Timestamp(i64::from_be_bytes(take(rest)?)),
        9 => take::<16>(rest).map(|_| Value::Uuid)?,
        _ => return None,
    };
    Some((name, value))
}

fn take<const N: usize>(rest: &mut &[u8]) -> Option<[u8; N]> {
    let (head, tail) = rest.split_first_chunk()?;
    *rest = tail;
    Some(*head)
}

fn take_slice<'a>(rest: &mut &'a [u8], length: usize) -> Option<&'a [u8]> {
    let (head, tail) = rest.split_at_checked(length)?;
    *rest = tail;
    Some(head)
}

/// A value with its length before it.
fn take_value<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = u16::from_be_bytes(take(rest)?);
    take_slice(rest, length.into())
}

/// A type that the header of an event can hold.
pub trait FromEventHeader: Sized {
    /// Reads a value; `None` where it is of another type.
    fn from_value(value: Value<'_>) -> Option<Self>;
}

impl<E: Enum> FromEventHeader for E {
    fn from_value(value: Value<'_>) -> Option<Self> {
        match value {
            Value::Text(text) => Some(text.into()),
            _ => None,
        }
    }
}

macro_rules! from_event_header {
    ($($ty:ty: $variant:ident($value:ident) => $result:expr;)*) => {$(
        impl FromEventHeader for $ty {
            fn from_value(value: Value<'_>) -> Option<Self> {
                match value {
                    Value::$variant($value) => Some($result),
                    _ => None,
                }
            }
        }
    )*};
}

from_event_header! {
    bool: Bool(value) => value;
    i8: Byte(value) => value;
    i16: Short(value) => value;
    i32: Integer(value) => value;
    i64: Long(value) => value;
    Bytes: Blob(value) => Bytes::copy_from_slice(value);
    String: Text(value) => value.to_owned();
}
