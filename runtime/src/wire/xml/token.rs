//! The pieces that a document consists of.

use std::borrow::Cow;

use super::{Error, escape};

/// How deep elements may be nested.
const MAX_DEPTH: usize = 128;

/// A piece of a document. Comments and processing instructions mean nothing.
pub(super) enum Token<'a> {
    /// The start tag of an element with this local name.
    Start(&'a str),
    /// The end of the innermost element.
    End,
    /// Character data as it is written. Where it is plain, nothing in it stands for something else.
    Text { raw: &'a str, is_plain: bool },
    /// Character data without references.
    CData(&'a str),
    /// The end of the document.
    Done,
}

/// Takes a document apart.
pub(super) struct Tokens<'a> {
    /// The text as far as it is UTF-8, so that names and values need no check of their own.
    text: &'a str,
    /// Whether `text` is all.
    is_utf8: bool,
    at: usize,
    /// Where the element that was entered last begins.
    start: usize,
    /// The names of the open elements as they are written, the root's first.
    open: Vec<&'a str>,
    /// What the start tag has behind the name, until something else is read.
    attributes: &'a str,
    /// Whether the element that was entered last has no end tag: `<a/>`.
    is_empty: bool,
    has_root: bool,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        let (text, is_utf8) = match std::str::from_utf8(bytes) {
            Ok(text) => (text, true),
            Err(error) => {
                let (valid, _) = bytes.split_at(error.valid_up_to());
                (std::str::from_utf8(valid).unwrap_or_default(), false)
            }
        };
        Self {
            text: text.strip_prefix('\u{feff}').unwrap_or(text),
            is_utf8,
            at: 0,
            start: 0,
            open: Vec::with_capacity(8),
            attributes: "",
            is_empty: false,
            has_root: false,
        }
    }

    /// How many elements are open.
    pub(super) fn depth(&self) -> usize {
        self.open.len()
    }

    /// Where the next piece begins.
    pub(super) fn place(&self) -> usize {
        self.at
    }

    /// What has been read since this place.
    pub(super) fn since(&self, start: usize) -> &'a str {
        &self.text[start..self.at]
    }

    /// Where the element that was entered last begins.
    pub(super) fn element_start(&self) -> usize {
        self.start
    }

    /// A problem at this place.
    #[cold]
    pub(super) fn error(&self, what: impl Into<Cow<'static, str>>, place: usize) -> Error {
        Error::new(what, self.text, place)
    }

    /// The attribute with this local name of the element that was just entered.
    pub(super) fn attribute(&self, local_name: &str) -> Result<Option<Cow<'a, str>>, Error> {
        let mut rest = self.attributes;
        // The start tag was checked: it has names, equal signs and quotes.
        while let Some((name, after)) = rest.split_once('=') {
            let after = after.trim_ascii_start();
            let Some(quote) = after.chars().next() else { break };
            let Some((raw, after)) = after[1..].split_once(quote) else {
                break;
            };
            rest = after;
            let name = name.trim_ascii();
            let (prefix, local) = name.rsplit_once(':').unwrap_or(("", name));
            if local == local_name && prefix != "xmlns" {
                let value = escape::attribute(raw);
                return value.map(Some).map_err(|_| self.error(UNKNOWN_ENTITY, self.start));
            }
        }
        Ok(None)
    }

    /// The error for a reference in character data that was just read.
    #[cold]
    pub(super) fn unknown_entity(&self, raw: &str, unknown: escape::Unknown) -> Error {
        // The text may end in the middle of it.
        match self.at == self.text.len() && !raw[unknown..].contains(';') {
            true => self.invalid(),
            false => self.error(UNKNOWN_ENTITY, self.at - raw.len() + unknown),
        }
    }

    pub(super) fn next(&mut self) -> Result<Token<'a>, Error> {
        self.attributes = "";
        if std::mem::take(&mut self.is_empty) {
            self.open.pop();
            return Ok(Token::End);
        }
        loop {
            let bytes = self.text.as_bytes();
            match (bytes.get(self.at), bytes.get(self.at + 1)) {
                (Some(b'<'), Some(b'/')) => return self.end_tag(),
                (Some(b'<'), Some(b'?')) => _ = self.up_to("<?", "?>")?,
                (Some(b'<'), Some(b'!')) => {
                    let rest = &self.text[self.at..];
                    if rest.starts_with("<!--") {
                        self.up_to("<!--", "-->")?;
                    } else if !self.open.is_empty() && rest.starts_with("<![CDATA[") {
                        let raw = self.up_to("<![CDATA[", "]]>")?;
                        return Ok(Token::CData(raw));
                    } else {
                        return Err(self.bad_declaration());
                    }
                }
                (Some(b'<'), _) => return self.start_tag().map(Token::Start),
                (Some(_), _) if self.open.is_empty() => self.outer_white_space()?,
                (Some(_), _) => return Ok(self.character_data()),
                (None, _) if self.open.is_empty() && self.has_root && self.is_utf8 => return Ok(Token::Done),
                (None, _) => return Err(self.invalid()),
            }
        }
    }

    /// Takes text up to the next tag, or to the end of what there is.
    fn character_data(&mut self) -> Token<'a> {
        let rest = &self.text[self.at..];
        // Eight bytes at a time as far as they mean nothing but themselves, which is nearly all text.
        let (words, _) = rest.as_bytes().as_chunks();
        let plain = 8 * words.iter().take_while(|word| !has_markup(**word)).count();
        let mut is_plain = true;
        let end = rest.as_bytes()[plain..].iter().position(|byte| {
            // A carriage return stands for a line feed.
            is_plain &= !matches!(byte, b'&' | b'\r');
            *byte == b'<'
        });
        let raw = &rest[..end.map_or(rest.len(), |end| plain + end)];
        self.at += raw.len();
        Token::Text { raw, is_plain }
    }

    /// Takes what stands between two delimiters, at the first of which the reader is.
    fn up_to(&mut self, opening: &str, closing: &str) -> Result<&'a str, Error> {
        let start = self.at + opening.len();
        match self.text[start..].find(closing) {
            Some(length) => {
                self.at = start + length + closing.len();
                Ok(&self.text[start..start + length])
            }
            None => {
                self.at = self.text.len();
                Err(self.invalid())
            }
        }
    }

    fn start_tag(&mut self) -> Result<&'a str, Error> {
        if self.open.len() == MAX_DEPTH {
            return Err(self.error("elements are nested too deeply", self.at));
        }
        if self.open.is_empty() && std::mem::replace(&mut self.has_root, true) {
            return Err(self.error("it has more than one root", self.at));
        }
        self.start = self.at;
        self.at += 1;
        let (name, local) = self.name()?;
        let attributes = self.at;
        let end = loop {
            let is_separated = self.white_space();
            let end = self.at;
            match self.text.as_bytes().get(end) {
                Some(b'>') => break end,
                Some(b'/') => {
                    self.at += 1;
                    self.is_empty = true;
                    break end;
                }
                Some(_) if is_separated => self.skip_attribute()?,
                _ => return Err(self.invalid()),
            }
        };
        self.expect(b'>')?;
        self.attributes = &self.text[attributes..end];
        self.open.push(name);
        Ok(local)
    }

    fn skip_attribute(&mut self) -> Result<(), Error> {
        self.name()?;
        self.white_space();
        self.expect(b'=')?;
        self.white_space();
        let quote = match self.text.as_bytes().get(self.at) {
            Some(quote @ (b'"' | b'\'')) => *quote,
            _ => return Err(self.invalid()),
        };
        self.at += 1;
        let rest = &self.text.as_bytes()[self.at..];
        let length = rest.iter().position(|byte| *byte == quote || *byte == b'<');
        self.at += length.unwrap_or(rest.len());
        self.expect(quote)
    }

    fn end_tag(&mut self) -> Result<Token<'a>, Error> {
        let place = self.at;
        let Some(name) = self.open.pop() else {
            return Err(self.error("an element ends that has not begun", place));
        };
        let rest = &self.text[place + 2..];
        if let Some(after) = rest.strip_prefix(name) {
            self.at = self.text.len() - after.len();
            self.white_space();
            if self.text.as_bytes().get(self.at) == Some(&b'>') {
                self.at += 1;
                return Ok(Token::End);
            }
        }
        if self.at == self.text.len() || name.starts_with(rest) {
            self.at = self.text.len();
            return Err(self.invalid());
        }
        Err(self.error("another element ends than the one that is open", place))
    }

    /// Takes the name of an element or attribute, and returns it as it is written and without its prefix.
    fn name(&mut self) -> Result<(&'a str, &'a str), Error> {
        let rest = &self.text[self.at..];
        let mut local = 0;
        let end = rest.bytes().enumerate().position(|(at, byte)| {
            match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => {}
                b'0'..=b'9' | b'-' | b'.' if at > 0 => {}
                b':' => local = at + 1,
                _ => return true,
            }
            false
        });
        let name = &rest[..end.unwrap_or(rest.len())];
        self.at += name.len();
        match local < name.len() {
            true => Ok((name, &name[local..])),
            false => Err(self.invalid()),
        }
    }

    /// Takes white space, and returns whether there is any.
    fn white_space(&mut self) -> bool {
        let start = self.at;
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.text.as_bytes().get(self.at) {
            self.at += 1;
        }
        self.at > start
    }

    fn outer_white_space(&mut self) -> Result<(), Error> {
        match self.white_space() {
            true => Ok(()),
            false => Err(self.error("there is text outside of the root", self.at)),
        }
    }

    fn expect(&mut self, byte: u8) -> Result<(), Error> {
        if self.text.as_bytes().get(self.at) != Some(&byte) {
            return Err(self.invalid());
        }
        self.at += 1;
        Ok(())
    }

    /// The error for a `<!` that is neither a comment nor text.
    #[cold]
    fn bad_declaration(&mut self) -> Error {
        let rest = &self.text[self.at..];
        if rest.starts_with("<!DOCTYPE") {
            return self.error("it has a document type, which is not allowed", self.at);
        }
        if ["<!--", "<![CDATA[", "<!DOCTYPE"]
            .iter()
            .any(|whole| whole.starts_with(rest))
        {
            self.at = self.text.len();
        }
        self.invalid()
    }

    /// The error where the document is malformed.
    #[cold]
    fn invalid(&self) -> Error {
        let what = match (self.at < self.text.len(), self.is_utf8) {
            (true, _) => "it is not valid",
            (false, true) => "it ends too early",
            (false, false) => "it is not UTF-8",
        };
        self.error(what, self.at)
    }
}

/// Whether one of eight bytes is a `<`, an `&` or a carriage return.
fn has_markup(bytes: [u8; 8]) -> bool {
    const ONES: u64 = u64::from_ne_bytes([0x01; 8]);
    const HIGHS: u64 = u64::from_ne_bytes([0x80; 8]);
    let word = u64::from_ne_bytes(bytes);
    // Where a byte is zero, one less sets its highest bit, which was not set before.
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word & HIGHS;
    let equal = |byte: u8| zeros(word ^ (ONES * u64::from(byte)));
    equal(b'<') | equal(b'&') | equal(b'\r') != 0
}

const UNKNOWN_ENTITY: &str = "an entity is not known";
