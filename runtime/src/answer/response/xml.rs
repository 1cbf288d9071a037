//! Bodies that are XML.

use bytes::Bytes;

use super::Success;
use crate::error::Error;
use crate::wire::xml::{self, FromXml, Reader};

/// What a body should be.
const DOCUMENT: &str = "the XML that the service describes";

impl Success {
    /// Reads the members of the root of `body`. An empty body has no members: nothing is read.
    ///
    /// # Errors
    ///
    /// When the body is no XML, or has a member of the wrong type.
    pub fn read_xml(
        &self,
        body: &Bytes,
        read: impl FnOnce(&mut Reader<'_>) -> Result<(), xml::Error>,
    ) -> Result<(), Error> {
        if xml::is_blank(body) {
            return Ok(());
        }
        let mut xml = Reader::new(body);
        let read = xml.next_child().and_then(|_| read(&mut xml)).and_then(|()| xml.end());
        read.map_err(|error| self.unreadable(DOCUMENT, error, body))
    }

    /// Reads the members of the element with this name inside the root of `body`.
    ///
    /// # Errors
    ///
    /// When there is no such element, or it has a member of the wrong type.
    pub fn read_result(
        &self,
        name: &'static str,
        body: &Bytes,
        read: impl FnOnce(&mut Reader<'_>) -> Result<(), xml::Error>,
    ) -> Result<(), Error> {
        let mut xml = Reader::new(body);
        let read = xml
            .next_child()
            .and_then(|_| xml.enter(name))
            .and_then(|()| read(&mut xml))
            .and_then(|()| xml.skip())
            .and_then(|()| xml.end());
        read.map_err(|error| self.unreadable(DOCUMENT, error, body))
    }

    /// Reads the value that the root of `body` is. An empty body is none.
    ///
    /// # Errors
    ///
    /// When the body is no XML, or a value of the wrong type.
    pub fn read_value_xml<T: FromXml>(&self, body: &Bytes) -> Result<Option<T>, Error> {
        let mut value = None;
        self.read_xml(body, |xml| {
            value = xml.read()?;
            Ok(())
        })?;
        Ok(value)
    }
}
