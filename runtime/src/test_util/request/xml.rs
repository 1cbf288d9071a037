//! Payloads that are XML.

use super::{ReceivedRequest, of_member, unreadable};
use crate::wire::xml::{self, Error, FromXml, Reader};

impl ReceivedRequest {
    /// Reads the members of the root of the payload. An empty payload has no members: nothing is read.
    ///
    /// # Errors
    ///
    /// When it is not XML, or has a member of the wrong type.
    pub fn read_xml(&self, read: impl FnOnce(&mut Reader<'_>) -> Result<(), Error>) -> Result<(), String> {
        self.read_root(read).map_err(unreadable)
    }

    /// The payload as a value in XML, if there is one.
    ///
    /// # Errors
    ///
    /// When it is not XML, or a value of the wrong type.
    pub fn read_value_xml<T: FromXml>(&self, member: &str) -> Result<Option<T>, String> {
        let mut value = None;
        let read = self.read_root(|xml| {
            value = xml.read()?;
            Ok(())
        });
        read.map_err(|error| of_member(member, &format!("cannot be read: {error}")))?;
        Ok(value)
    }

    fn read_root(&self, read: impl FnOnce(&mut Reader<'_>) -> Result<(), Error>) -> Result<(), Error> {
        if xml::is_blank(&self.body) {
            return Ok(());
        }
        let mut xml = Reader::new(&self.body);
        xml.next_child()?;
        read(&mut xml)?;
        xml.end()
    }
}
