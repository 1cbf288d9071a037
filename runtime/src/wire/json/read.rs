//! The reader: each call takes the next piece of the text.

use std::borrow::Cow;

use super::types::FromJson;
use super::{Error, is_blank};

/// How deep objects and arrays may be nested.
const MAX_DEPTH: usize = 128;

/// Reads JSON from its beginning to its end.
///
/// An object is read by [`begin_object`](Self::begin_object), then [`next_member`](Self::next_member) and the member's
/// value in turn, until there is none; an array likewise. After an error the reader is of no further use.
#[derive(Debug)]
pub struct Reader<'a> {
    /// The text as far as it is UTF-8, so that strings need no check of their own.
    text: &'a str,
    /// Whether `text` is all.
    is_utf8: bool,
    at: usize,
    depth: usize,
    /// Whether an object or array has just begun, so that no comma stands before what is next in it.
    is_fresh: bool,
}

impl<'a> Reader<'a> {
    /// Reads this text.
    pub fn new(bytes: &'a [u8]) -> Self {
        let (text, is_utf8) = match std::str::from_utf8(bytes) {
            Ok(text) => (text, true),
            Err(error) => {
                let (valid, _) = bytes.split_at(error.valid_up_to());
                (std::str::from_utf8(valid).unwrap_or_default(), false)
            }
        };
        Self {
            text,
            is_utf8,
            at: 0,
            depth: 0,
            is_fresh: false,
        }
    }

    /// Enters an object.
    ///
    /// # Errors
    ///
    /// When something else is next, or it would be nested too deeply.
    pub fn begin_object(&mut self) -> Result<(), Error> {
        self.begin(b'{')
    }

    /// The name of the next member, whose value has to be taken then; `None` at the end of the object, which is left.
    ///
    /// # Errors
    ///
    /// When the text is not JSON.
    pub fn next_member(&mut self) -> Result<Option<Cow<'a, str>>, Error> {
        if !self.enters(b'}')? {
            return Ok(None);
        }
        self.expect(b'"')?;
        let name = self.rest_of_string()?;
        self.expect(b':')?;
        Ok(Some(name))
    }

    /// Enters an array.
    ///
    /// # Errors
    ///
    /// When something else is next, or it would be nested too deeply.
    pub fn begin_array(&mut self) -> Result<(), Error> {
        self.begin(b'[')
    }

    /// Whether an element is next, which has to be taken then; `false` at the end of the array, which is left.
    ///
    /// # Errors
    ///
    /// When the text is not JSON.
    pub fn next_element(&mut self) -> Result<bool, Error> {
        self.enters(b']')
    }

    /// Takes a null, if it is next.
    ///
    /// # Errors
    ///
    /// When the text is not JSON.
    pub fn null(&mut self) -> Result<bool, Error> {
        match self.peek() {
            Some(b'n') => self.literal("null").map(|()| true),
            _ => Ok(false),
        }
    }

    /// Takes the next value, whatever it is. Nothing is allocated, and nesting costs no stack.
    ///
    /// # Errors
    ///
    /// When the text is not JSON.
    pub fn skip(&mut self) -> Result<(), Error> {
        let outside = self.depth;
        // A bit for each open object and array, the innermost lowest; it is set for an object.
        let mut objects: u128 = 0;
        loop {
            match self.peek() {
                Some(b'{') => {
                    self.begin_object()?;
                    objects = objects << 1 | 1;
                }
                Some(b'[') => {
                    self.begin_array()?;
                    objects <<= 1;
                }
                Some(b'"') => {
                    self.at += 1;
                    self.skip_rest_of_string()?;
                }
                Some(b'n') => self.literal("null")?,
                Some(b't') => self.literal("true")?,
                Some(b'f') => self.literal("false")?,
                _ => _ = self.number()?,
            }
            loop {
                if self.depth == outside {
                    return Ok(());
                }
                let in_object = objects & 1 == 1;
                if self.enters(if in_object { b'}' } else { b']' })? {
                    if in_object {
                        self.expect(b'"')?;
                        self.skip_rest_of_string()?;
                        self.expect(b':')?;
                    }
                    break;
                }
                objects >>= 1;
            }
        }
    }

    /// Takes the next value and gives its text.
    ///
    /// # Errors
    ///
    /// When the text is not JSON.
    pub fn raw(&mut self) -> Result<&'a [u8], Error> {
        self.peek();
        let start = self.at;
        self.skip()?;
        Ok(&self.text.as_bytes()[start..self.at])
    }

    /// Takes a string.
    ///
    /// # Errors
    ///
    /// When something else is next, or the string has an escape that is none, such as half of a surrogate pair.
    pub fn string(&mut self) -> Result<Cow<'a, str>, Error> {
        match self.peek() {
            Some(b'"') => {
                self.at += 1;
                self.rest_of_string()
            }
            _ => Err(self.unexpected()),
        }
    }

    /// Takes a number or string, and gives its text.
    ///
    /// # Errors
    ///
    /// When something else is next.
    pub fn text(&mut self) -> Result<Cow<'a, str>, Error> {
        match self.peek() {
            Some(b'"') => self.string(),
            _ => self.number().map(Cow::Borrowed),
        }
    }

    /// Takes true or false. A string is `true` if it says so, and `false` otherwise, as in botocore.
    ///
    /// # Errors
    ///
    /// When something else is next.
    pub fn boolean(&mut self) -> Result<bool, Error> {
        match self.peek() {
            Some(b't') => self.literal("true").map(|()| true),
            Some(b'f') => self.literal("false").map(|()| false),
            Some(b'"') => Ok(self.string()?.eq_ignore_ascii_case("true")),
            _ => Err(self.unexpected()),
        }
    }

    /// Takes a value of this type.
    ///
    /// # Errors
    ///
    /// When the value is of another type.
    pub fn read<T: FromJson>(&mut self) -> Result<T, Error> {
        T::from_json(self)
    }

    /// Takes the value of a member into its field. A null leaves a field that always has a value as it is.
    ///
    /// This compiles faster than an assignment, whose code would be repeated for each member.
    ///
    /// # Errors
    ///
    /// When the value is of another type.
    #[inline(never)]
    pub fn fill<T: FromJson>(&mut self, field: &mut T) -> Result<(), Error> {
        if !self.null()? {
            *field = T::from_json(self)?;
        } else if let Some(null) = T::null() {
            *field = null;
        }
        Ok(())
    }

    /// Makes sure that nothing but white space follows.
    ///
    /// # Errors
    ///
    /// When there is more.
    pub fn end(&mut self) -> Result<(), Error> {
        match self.peek() {
            None if self.is_utf8 => Ok(()),
            _ => Err(self.invalid()),
        }
    }

    /// The text that the next value starts with, to tell where a problem is.
    pub(crate) fn place(&mut self) -> usize {
        self.peek();
        self.at
    }

    /// A problem with the value at this place.
    #[cold]
    pub(crate) fn error(&self, what: &'static str, place: usize) -> Error {
        Error::new(what, self.text.as_bytes(), place)
    }

    /// The next byte that is not white space.
    fn peek(&mut self) -> Option<u8> {
        let bytes = self.text.as_bytes();
        while let Some(byte) = bytes.get(self.at) {
            match byte {
                b' ' | b'\n' | b'\r' | b'\t' => self.at += 1,
                _ => return Some(*byte),
            }
        }
        None
    }

    /// Takes the text of a number.
    fn number(&mut self) -> Result<&'a str, Error> {
        let start = match self.peek() {
            Some(b'-' | b'0'..=b'9') => self.at,
            _ => return Err(self.unexpected()),
        };
        self.take_if(|byte| byte == b'-');
        if !self.take_if(|byte| byte == b'0') {
            self.digits()?;
        }
        if self.take_if(|byte| byte == b'.') {
            self.digits()?;
        }
        if self.take_if(|byte| matches!(byte, b'e' | b'E')) {
            self.take_if(|byte| matches!(byte, b'+' | b'-'));
            self.digits()?;
        }
        Ok(&self.text[start..self.at])
    }

    fn digits(&mut self) -> Result<(), Error> {
        if !self.take_if(|byte| byte.is_ascii_digit()) {
            return Err(self.invalid());
        }
        while self.take_if(|byte| byte.is_ascii_digit()) {}
        Ok(())
    }

    fn take_if(&mut self, wanted: impl Fn(u8) -> bool) -> bool {
        let taken = self.text.as_bytes().get(self.at).is_some_and(|byte| wanted(*byte));
        self.at += usize::from(taken);
        taken
    }

    fn begin(&mut self, bracket: u8) -> Result<(), Error> {
        if self.peek() != Some(bracket) {
            return Err(self.unexpected());
        }
        if self.depth == MAX_DEPTH {
            return Err(self.error("it is nested too deeply", self.at));
        }
        self.at += 1;
        self.depth += 1;
        self.is_fresh = true;
        Ok(())
    }

    /// Takes the comma before what is next in an object or array, or its closing bracket.
    fn enters(&mut self, closing: u8) -> Result<bool, Error> {
        let is_first = std::mem::replace(&mut self.is_fresh, false);
        match self.peek() {
            Some(byte) if byte == closing => {
                self.depth = self.depth.checked_sub(1).ok_or_else(|| self.invalid())?;
                self.at += 1;
                Ok(false)
            }
            Some(_) if is_first => Ok(true),
            Some(b',') => {
                self.at += 1;
                Ok(true)
            }
            _ => Err(self.invalid()),
        }
    }

    fn expect(&mut self, byte: u8) -> Result<(), Error> {
        if self.peek() == Some(byte) {
            self.at += 1;
            Ok(())
        } else {
            Err(self.invalid())
        }
    }

    fn literal(&mut self, literal: &'static str) -> Result<(), Error> {
        let rest = &self.text[self.at..];
        if rest.starts_with(literal) {
            self.at += literal.len();
            return Ok(());
        }
        if literal.starts_with(rest) {
            self.at = self.text.len();
        }
        Err(self.invalid())
    }

    /// Takes a string whose opening quote has been taken.
    fn rest_of_string(&mut self) -> Result<Cow<'a, str>, Error> {
        let start = self.at;
        match self.skip_plain() {
            Some(b'"') => {
                self.at += 1;
                Ok(Cow::Borrowed(&self.text[start..self.at - 1]))
            }
            Some(b'\\') => self.rest_of_escaped(start).map(Cow::Owned),
            _ => Err(self.invalid()),
        }
    }

    /// Takes a string from its first escape on.
    #[cold]
    fn rest_of_escaped(&mut self, start: usize) -> Result<String, Error> {
        let mut text = self.text[start..self.at].to_owned();
        self.append_rest_of_string(&mut text)?;
        Ok(text)
    }

    /// Takes a string, and appends it to a text.
    ///
    /// # Errors
    ///
    /// When something else is next.
    #[cfg(feature = "credential-chain")]
    pub(crate) fn append_string(&mut self, text: &mut String) -> Result<(), Error> {
        match self.peek() {
            Some(b'"') => {
                self.at += 1;
                self.append_rest_of_string(text)
            }
            _ => Err(self.unexpected()),
        }
    }

    fn append_rest_of_string(&mut self, text: &mut String) -> Result<(), Error> {
        loop {
            let plain = self.at;
            match self.skip_plain() {
                Some(b'"') => {
                    text.push_str(&self.text[plain..self.at]);
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => {
                    text.push_str(&self.text[plain..self.at]);
                    let place = self.at;
                    let character = match self.escape()? {
                        Escape::Character(character) => Some(character),
                        Escape::Unit(unit) => self.character(unit)?,
                    };
                    text.push(character.ok_or_else(|| self.error("it is not valid", place))?);
                }
                _ => return Err(self.invalid()),
            }
        }
    }

    fn skip_rest_of_string(&mut self) -> Result<(), Error> {
        loop {
            match self.skip_plain() {
                Some(b'"') => {
                    self.at += 1;
                    return Ok(());
                }
                Some(b'\\') => _ = self.escape()?,
                _ => return Err(self.invalid()),
            }
        }
    }

    /// Goes to the next byte of a string that does not stand for itself.
    fn skip_plain(&mut self) -> Option<u8> {
        let rest = &self.text.as_bytes()[self.at..];
        let plain = rest.iter().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20));
        self.at += plain.unwrap_or(rest.len());
        rest.get(plain?).copied()
    }

    /// Takes an escape, at whose backslash the reader is.
    fn escape(&mut self) -> Result<Escape, Error> {
        self.at += 1;
        let character = match self.text.as_bytes().get(self.at) {
            Some(byte @ (b'"' | b'\\' | b'/')) => char::from(*byte),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                self.at += 1;
                return self.unit().map(Escape::Unit);
            }
            _ => return Err(self.invalid()),
        };
        self.at += 1;
        Ok(Escape::Character(character))
    }

    /// Takes the four digits of a UTF-16 unit.
    fn unit(&mut self) -> Result<u32, Error> {
        let mut unit = 0;
        for _ in 0..4 {
            let byte = self.text.as_bytes().get(self.at).copied();
            let digit = byte.and_then(|byte| char::from(byte).to_digit(16));
            unit = unit << 4 | digit.ok_or_else(|| self.invalid())?;
            self.at += 1;
        }
        Ok(unit)
    }

    /// The character of a unit and, where it is half a pair, the one after it; `None` where that is none.
    fn character(&mut self, unit: u32) -> Result<Option<char>, Error> {
        if !(0xd800..0xdc00).contains(&unit) || !self.text[self.at..].starts_with("\\u") {
            return Ok(char::from_u32(unit));
        }
        self.at += 2;
        let low = self.unit()?;
        let pair = (0xdc00..0xe000).contains(&low);
        Ok(pair
            .then(|| 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00))
            .and_then(char::from_u32))
    }

    /// The error where the text is not JSON.
    #[cold]
    fn invalid(&self) -> Error {
        let what = match (self.at < self.text.len(), self.is_utf8) {
            (true, _) => "it is not valid",
            (false, true) => "it ends too early",
            (false, false) => "it is not UTF-8",
        };
        self.error(what, self.at)
    }

    /// The error where something else should be next.
    #[cold]
    fn unexpected(&mut self) -> Error {
        match self.peek() {
            Some(b'{' | b'[' | b'"' | b'n' | b't' | b'f' | b'-' | b'0'..=b'9') => {
                self.error("a value is of another type", self.at)
            }
            _ => self.invalid(),
        }
    }
}

enum Escape {
    Character(char),
    /// A UTF-16 unit.
    Unit(u32),
}

/// The members of an object, for looking up a few by name.
#[derive(Debug)]
pub struct Members<'a>(Vec<(Cow<'a, str>, &'a [u8])>);

impl<'a> Members<'a> {
    /// Reads an object. An empty body is an empty object.
    ///
    /// # Errors
    ///
    /// When the bytes are not a JSON object.
    pub fn read(body: &'a [u8]) -> Result<Self, Error> {
        let mut members = Vec::new();
        if !is_blank(body) {
            let mut json = Reader::new(body);
            json.begin_object()?;
            while let Some(name) = json.next_member()? {
                members.push((name, json.raw()?));
            }
            json.end()?;
        }
        Ok(Self(members))
    }

    /// The member with this very name, the last one if there are several; `None` where it is null or of another type.
    pub fn get<T: FromJson>(&self, name: &str) -> Option<T> {
        self.find(name)?.read::<Option<T>>().ok()?
    }

    /// The text of a string or number.
    pub fn text(&self, name: &str) -> Option<String> {
        self.find(name)?.text().map(Into::into).ok()
    }

    fn find(&self, name: &str) -> Option<Reader<'a>> {
        let (_, value) = self.0.iter().rfind(|(key, _)| key == name)?;
        Some(Reader::new(value))
    }
}
