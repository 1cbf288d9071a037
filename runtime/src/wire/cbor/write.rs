//! The writer: each call appends a piece to the data.

use super::{ToCbor, kind};

/// Writes CBOR: integers and lengths as short as they can be, structures without a length.
#[derive(Default)]
pub struct Writer {
    bytes: Vec<u8>,
}

impl Writer {
    /// No data.
    pub fn new() -> Self {
        Self::default()
    }

    /// What has been written.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Begins a structure: a map that ends with a break, so that nobody has to count the members that are set.
    pub fn begin_object(&mut self) {
        self.bytes.push(0xbf);
    }

    /// Ends a structure.
    pub fn end_object(&mut self) {
        self.bytes.push(0xff);
    }

    /// Writes a member of a structure, unless there is no value.
    pub fn member<T: ToCbor>(&mut self, name: &str, value: &T) {
        if !value.is_absent() {
            self.string(name);
            value.to_cbor(self);
        }
    }

    /// Writes the member of a union that has no value of its own: an empty map.
    pub fn unit(&mut self, name: &str) {
        self.string(name);
        self.map(0);
    }

    /// Begins an array of so many elements.
    pub fn array(&mut self, length: usize) {
        self.head(kind::ARRAY, length as u64);
    }

    /// Begins a map of so many entries.
    pub fn map(&mut self, length: usize) {
        self.head(kind::MAP, length as u64);
    }

    /// Writes text.
    pub fn string(&mut self, text: &str) {
        self.head(kind::TEXT, text.len() as u64);
        self.bytes.extend_from_slice(text.as_bytes());
    }

    /// Writes bytes.
    pub fn bytes(&mut self, bytes: &[u8]) {
        self.head(kind::BYTES, bytes.len() as u64);
        self.bytes.extend_from_slice(bytes);
    }

    /// Writes true or false.
    pub fn boolean(&mut self, value: bool) {
        self.bytes.push(if value { 0xf5 } else { 0xf4 });
    }

    /// Writes a null.
    pub fn null(&mut self) {
        self.bytes.push(0xf6);
    }

    /// Writes an integer.
    pub fn integer(&mut self, value: i64) {
        match u64::try_from(value) {
            Ok(value) => self.head(kind::UNSIGNED, value),
            // All bits turned, -1 is 0, -2 is 1 and so on.
            Err(_) => self.head(kind::NEGATIVE, !value as u64),
        }
    }

    /// Writes a float of 32 bits.
    pub fn float(&mut self, value: f32) {
        self.bytes.push(0xfa);
        self.bytes.extend_from_slice(&value.to_be_bytes());
    }

    /// Writes a float of 64 bits.
    pub fn double(&mut self, value: f64) {
        self.bytes.push(0xfb);
        self.bytes.extend_from_slice(&value.to_be_bytes());
    }

    /// Writes the tag of the item that is next.
    pub fn tag(&mut self, tag: u64) {
        self.head(kind::TAG, tag);
    }

    fn head(&mut self, kind: u8, argument: u64) {
        let kind = kind << 5;
        match argument {
            0..24 => self.bytes.push(kind | argument as u8),
            24..=0xff => self.bytes.extend_from_slice(&[kind | 24, argument as u8]),
            0x100..=0xffff => {
                self.bytes.push(kind | 25);
                self.bytes.extend_from_slice(&(argument as u16).to_be_bytes());
            }
            0x1_0000..=0xffff_ffff => {
                self.bytes.push(kind | 26);
                self.bytes.extend_from_slice(&(argument as u32).to_be_bytes());
            }
            _ => {
                self.bytes.push(kind | 27);
                self.bytes.extend_from_slice(&argument.to_be_bytes());
            }
        }
    }
}
