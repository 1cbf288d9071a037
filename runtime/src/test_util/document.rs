//! Bodies in the making, in all formats.

#[cfg(feature = "cbor")]
use crate::wire::cbor;
use crate::wire::json;
#[cfg(feature = "xml")]
use crate::wire::xml;

/// A body that is written one member after the other.
pub trait Document: Sized {
    /// The media type.
    const CONTENT_TYPE: &'static str;

    /// What the member with the message of an error is called where no description says so.
    const MESSAGE: &'static str = "message";

    /// Begins a document. In XML, its members lie inside these elements, the root first.
    fn open(path: &[&'static str]) -> Self;

    /// Writes a member that is text.
    fn text_member(&mut self, name: &'static str, text: &str);

    /// Ends the document.
    ///
    /// # Errors
    ///
    /// When a value has a character that the format cannot hold.
    fn finish(self) -> Result<Vec<u8>, String>;
}

impl Document for json::Writer {
    const CONTENT_TYPE: &'static str = "application/json";

    fn open(_: &[&'static str]) -> Self {
        let mut json = Self::new();
        json.begin_object();
        json
    }

    fn text_member(&mut self, name: &'static str, text: &str) {
        self.member(name, text);
    }

    fn finish(mut self) -> Result<Vec<u8>, String> {
        self.end_object();
        Ok(self.into_bytes())
    }
}

#[cfg(feature = "cbor")]
impl Document for cbor::Writer {
    const CONTENT_TYPE: &'static str = "application/cbor";

    fn open(_: &[&'static str]) -> Self {
        let mut cbor = Self::new();
        cbor.begin_object();
        cbor
    }

    fn text_member(&mut self, name: &'static str, text: &str) {
        self.string(name);
        self.string(text);
    }

    fn finish(mut self) -> Result<Vec<u8>, String> {
        self.end_object();
        Ok(self.into_bytes())
    }
}

#[cfg(feature = "xml")]
impl Document for xml::Writer {
    const CONTENT_TYPE: &'static str = "application/xml";
    const MESSAGE: &'static str = "Message";

    fn open(path: &[&'static str]) -> Self {
        let mut xml = Self::new();
        for name in path {
            xml.begin(name);
        }
        xml
    }

    fn text_member(&mut self, name: &'static str, text: &str) {
        self.begin(name);
        self.text(text);
        self.end();
    }

    fn finish(mut self) -> Result<Vec<u8>, String> {
        while self.is_open() {
            self.end();
        }
        xml::Writer::finish(self).map_err(|unwritable| format!("the answer {unwritable}"))
    }
}
