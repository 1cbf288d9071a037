//! Events whose payload is XML.

use super::{Frame, Malformed};
use crate::wire::xml::{self, FromXml, Reader};

impl From<xml::Error> for Malformed {
    fn from(error: xml::Error) -> Self {
        Self::Payload {
            format: "XML",
            problem: error.into(),
        }
    }
}

impl Frame<'_> {
    /// Reads the payload, a value in XML whose root may have any name. An empty one is an empty value.
    ///
    /// # Errors
    ///
    /// When the payload is not XML, or a value of the wrong type.
    pub fn xml<T: FromXml>(&self) -> Result<T, Malformed> {
        let mut value = T::zero();
        self.read_xml(|xml| xml.fill(&mut value))?;
        Ok(value)
    }

    /// Reads the members of the root of the payload. An empty payload has none: nothing is read.
    ///
    /// # Errors
    ///
    /// When the payload is not XML, or has a member of the wrong type.
    pub fn read_xml(&self, read: impl FnOnce(&mut Reader<'_>) -> Result<(), xml::Error>) -> Result<(), Malformed> {
        let payload = self.payload_bytes();
        if !xml::is_blank(payload) {
            let mut xml = Reader::new(payload);
            xml.next_child()?;
            read(&mut xml)?;
            xml.end()?;
        }
        Ok(())
    }
}
