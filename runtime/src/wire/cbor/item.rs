//! The items that data consists of.

use std::borrow::Cow;

use super::{Error, kind};

/// How deep maps and arrays may be nested.
const MAX_DEPTH: usize = 128;

/// The end of what has no length.
const BREAK: u8 = 0xff;

/// Takes data apart.
pub(super) struct Items<'a> {
    bytes: &'a [u8],
    at: usize,
    open: Vec<Open>,
}

/// A map or array that has begun.
struct Open {
    is_map: bool,
    /// How many items are left, keys and values counted apart. `None` where a break ends them.
    left: Option<usize>,
    /// Whether a key has been taken, and not its value.
    has_key: bool,
}

/// What an item begins with.
#[derive(Clone, Copy)]
pub(super) struct Head {
    pub(super) kind: u8,
    /// The five bits that say how long the argument is; or, in floats and simple values, which they are.
    pub(super) info: u8,
    /// The length or value. `None` where a break ends the item.
    pub(super) argument: Option<u64>,
}

impl<'a> Items<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            open: Vec::with_capacity(8),
        }
    }

    /// How many maps and arrays are open.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// Where the next item begins.
    pub(super) fn place(&self) -> usize {
        self.at
    }

    /// Goes back to an item that has been read.
    pub(super) fn go_back(&mut self, place: usize) {
        self.at = place;
    }

    /// What has been read since this place.
    pub(super) fn since(&self, start: usize) -> &'a [u8] {
        &self.bytes[start..self.at]
    }

    pub(super) fn is_at_end(&self) -> bool {
        self.at == self.bytes.len()
    }

    /// Whether the next item can be a null: most are told by their first byte.
    pub(super) fn may_be_null(&self) -> bool {
        let first = self.bytes.get(self.at);
        first.is_none_or(|first| matches!(first >> 5, kind::SIMPLE | kind::TAG))
    }

    /// Takes what an item begins with.
    pub(super) fn head(&mut self) -> Result<Head, Error> {
        let place = self.at;
        let [first] = self.take()?;
        let (kind, info) = (first >> 5, first & 0x1f);
        let argument = match info {
            0..24 => Some(info.into()),
            24 => Some(u8::from_be_bytes(self.take()?).into()),
            25 => Some(u16::from_be_bytes(self.take()?).into()),
            26 => Some(u32::from_be_bytes(self.take()?).into()),
            27 => Some(u64::from_be_bytes(self.take()?)),
            31 if matches!(kind, kind::BYTES | kind::TEXT | kind::ARRAY | kind::MAP) => None,
            _ => return Err(Error::new("it is not valid", place)),
        };
        Ok(Head { kind, info, argument })
    }

    /// Takes what an item begins with after its tags, and the innermost of these.
    pub(super) fn untagged(&mut self) -> Result<(Head, Option<u64>), Error> {
        let mut tag = None;
        loop {
            let head = self.head()?;
            if head.kind != kind::TAG {
                return Ok((head, tag));
            }
            tag = head.argument;
        }
    }

    /// Takes what an item of this kind begins with, and returns where that is.
    pub(super) fn expect(&mut self, kind: u8) -> Result<(Head, usize), Error> {
        let place = self.at;
        let (head, _) = self.untagged()?;
        match head.kind == kind {
            true => Ok((head, place)),
            false => Err(unexpected(place)),
        }
    }

    pub(super) fn begin(&mut self, kind: u8) -> Result<(), Error> {
        let (head, place) = self.expect(kind)?;
        self.enter(head, place)
    }

    pub(super) fn enter(&mut self, head: Head, place: usize) -> Result<(), Error> {
        if self.open.len() == MAX_DEPTH {
            return Err(Error::new("maps and arrays are nested too deeply", place));
        }
        let is_map = head.kind == kind::MAP;
        let left = match head.argument {
            None => None,
            Some(length) => {
                // Every item is a byte at least.
                let items = length.checked_mul(if is_map { 2 } else { 1 });
                Some(self.length(items, place)?)
            }
        };
        self.open.push(Open {
            is_map,
            left,
            has_key: false,
        });
        Ok(())
    }

    /// Whether another item is in the innermost map or array, which is left at its end.
    pub(super) fn has_more(&mut self) -> Result<bool, Error> {
        let at_break = self.bytes.get(self.at) == Some(&BREAK);
        let Some(open) = self.open.last_mut() else {
            return Err(Error::new("there is no map or array", self.at));
        };
        let is_over = match &mut open.left {
            Some(0) => true,
            Some(left) => {
                *left -= 1;
                false
            }
            None => at_break && !open.has_key,
        };
        if is_over {
            self.at += usize::from(open.left.is_none());
            self.open.pop();
        } else {
            open.has_key ^= open.is_map;
        }
        Ok(!is_over)
    }

    /// Enters the next item if it is a map or array, and takes it otherwise.
    pub(super) fn enter_or_skip(&mut self) -> Result<(), Error> {
        let place = self.at;
        let (head, _) = self.untagged()?;
        match head.kind {
            kind::ARRAY | kind::MAP => self.enter(head, place),
            kind::BYTES | kind::TEXT => self.each_chunk(head, &mut |_| {}),
            _ => Ok(()),
        }
    }

    pub(super) fn rest_of_text(&mut self, head: Head) -> Result<Cow<'a, str>, Error> {
        let place = self.at;
        let text = match self.rest_of_bytes(head)? {
            Cow::Borrowed(bytes) => std::str::from_utf8(bytes).ok().map(Cow::Borrowed),
            Cow::Owned(bytes) => String::from_utf8(bytes).ok().map(Cow::Owned),
        };
        text.ok_or_else(|| Error::new("text is not UTF-8", place))
    }

    /// Takes the bytes of an item, which may come in chunks.
    pub(super) fn rest_of_bytes(&mut self, head: Head) -> Result<Cow<'a, [u8]>, Error> {
        if head.argument.is_some() {
            return self.slice(head.argument).map(Cow::Borrowed);
        }
        let mut bytes = Cow::Borrowed(&[][..]);
        self.each_chunk(head, &mut |chunk| match bytes.is_empty() {
            true => bytes = Cow::Borrowed(chunk),
            false => bytes.to_mut().extend_from_slice(chunk),
        })?;
        Ok(bytes)
    }

    fn each_chunk(&mut self, head: Head, take: &mut dyn FnMut(&'a [u8])) -> Result<(), Error> {
        if head.argument.is_some() {
            take(self.slice(head.argument)?);
            return Ok(());
        }
        while self.bytes.get(self.at) != Some(&BREAK) {
            let place = self.at;
            let chunk = self.head()?;
            if chunk.kind != head.kind || chunk.argument.is_none() {
                return Err(Error::new("it is not valid", place));
            }
            take(self.slice(chunk.argument)?);
        }
        self.at += 1;
        Ok(())
    }

    fn slice(&mut self, length: Option<u64>) -> Result<&'a [u8], Error> {
        let length = self.length(length, self.at)?;
        let slice = &self.bytes[self.at..self.at + length];
        self.at += length;
        Ok(slice)
    }

    /// A length that may be that of what follows.
    fn length(&self, length: Option<u64>, place: usize) -> Result<usize, Error> {
        let length = length.and_then(|length| usize::try_from(length).ok());
        match length {
            Some(length) if length <= self.bytes.len() - self.at => Ok(length),
            _ => Err(Error::new("a length is beyond its end", place)),
        }
    }

    fn take<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        match self.bytes[self.at..].first_chunk() {
            Some(bytes) => {
                self.at += N;
                Ok(*bytes)
            }
            None => Err(Error::new("it ends too early", self.bytes.len())),
        }
    }
}

/// The error where something else should be next.
#[cold]
pub(super) fn unexpected(place: usize) -> Error {
    Error::new("a value is of another type", place)
}
