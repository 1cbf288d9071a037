//! The writer: each call appends a piece to the text.

use std::fmt::{self, Write as _};

use super::types::ToJson;

/// Writes JSON.
#[derive(Debug, Default)]
pub struct Writer {
    text: String,
}

impl Writer {
    /// An empty text.
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty text with room for so many bytes.
    pub fn with_capacity(bytes: usize) -> Self {
        Self {
            text: String::with_capacity(bytes),
        }
    }

    /// What has been written.
    pub fn into_bytes(self) -> Vec<u8> {
        self.text.into_bytes()
    }

    /// Begins an object.
    pub fn begin_object(&mut self) {
        self.text.push('{');
    }

    /// Ends an object.
    pub fn end_object(&mut self) {
        self.text.push('}');
    }

    /// Writes a member of an object, unless there is no value.
    pub fn member<T: ToJson + ?Sized>(&mut self, name: &str, value: &T) {
        if !value.is_absent() {
            self.name(name);
            value.to_json(self);
        }
    }

    /// Begins an array.
    pub fn begin_array(&mut self) {
        self.text.push('[');
    }

    /// Ends an array.
    pub fn end_array(&mut self) {
        self.text.push(']');
    }

    /// Writes an element of an array.
    pub fn element<T: ToJson + ?Sized>(&mut self, value: &T) {
        self.separate();
        value.to_json(self);
    }

    /// Writes the name of a member, whose value has to be next.
    pub fn name(&mut self, name: &str) {
        self.separate();
        self.string(name);
        self.text.push(':');
    }

    /// Writes a string.
    pub fn string(&mut self, value: &str) {
        self.text.push('"');
        let mut rest = value;
        while let Some(plain) = rest.bytes().position(|byte| matches!(byte, b'"' | b'\\' | 0..0x20)) {
            self.text.push_str(&rest[..plain]);
            self.escape(rest.as_bytes()[plain]);
            rest = &rest[plain + 1..];
        }
        self.text.push_str(rest);
        self.text.push('"');
    }

    /// Writes the member of a union that has no value of its own: an empty object.
    pub fn unit(&mut self, name: &str) {
        self.name(name);
        self.text.push_str("{}");
    }

    /// Writes a null.
    pub fn null(&mut self) {
        self.text.push_str("null");
    }

    /// Writes a value that is JSON already.
    #[cfg(any(feature = "document", feature = "timestamp"))]
    pub(crate) fn raw(&mut self, json: &str) {
        self.text.push_str(json);
    }

    /// Writes a value that is JSON where it is shown.
    pub(super) fn display(&mut self, value: impl fmt::Display) {
        // A string takes everything.
        let _ = write!(self.text, "{value}");
    }

    /// Writes the comma between members and elements. No value ends in an opening bracket, strings end in a quote.
    fn separate(&mut self) {
        if !matches!(self.text.as_bytes().last(), Some(b'{' | b'[')) {
            self.text.push(',');
        }
    }

    fn escape(&mut self, byte: u8) {
        let short = match byte {
            b'\n' => 'n',
            b'\r' => 'r',
            b'\t' => 't',
            0..0x20 => {
                self.text.push_str("\\u00");
                self.text.push(if byte < 0x10 { '0' } else { '1' });
                self.text.push(char::from(b"0123456789abcdef"[usize::from(byte & 0xf)]));
                return;
            }
            _ => char::from(byte),
        };
        self.text.push('\\');
        self.text.push(short);
    }
}
