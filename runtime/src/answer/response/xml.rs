//! Bodies that are XML.

use bytes::Bytes;

use super::Success;
use crate::error::{Error, metadata};
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
        let root = xml.next_child();
        if let Ok(Some("Error")) = root {
            return Err(self.late_error(body));
        }
        let read = root.and_then(|_| read(&mut xml)).and_then(|()| xml.end());
        read.map_err(|error| self.unreadable(DOCUMENT, error, body))
    }

    /// Reads the root of `body` as if it were a member: a document that is one value. An empty body is none.
    ///
    /// # Errors
    ///
    /// When the body is no XML, or a value of the wrong type.
    pub fn read_document(
        &self,
        body: &Bytes,
        read: impl FnOnce(&mut Reader<'_>) -> Result<(), xml::Error>,
    ) -> Result<(), Error> {
        if xml::is_blank(body) {
            return Ok(());
        }
        if let Ok(Some("Error")) = Reader::new(body).next_child() {
            return Err(self.late_error(body));
        }
        let mut xml = Reader::new(body);
        let read = read(&mut xml).and_then(|()| xml.end());
        read.map_err(|error| self.unreadable(DOCUMENT, error, body))
    }

    /// The error that the service reports after it has sent a status of success.
    #[cold]
    fn late_error(&self, body: &Bytes) -> Error {
        let text = String::from_utf8_lossy(body);
        let response = self.service.error_response(Some(&self.parts), body, &text);
        let code = response.code(&self.service.info);
        let kind = self.service.error_kind(&response, code);
        self.error(kind).with_raw_body(body.clone())
    }

    /// Reads the members of the element with this name inside the root of `body`.
    ///
    /// # Errors
    ///
    /// When there is no such element, or it has a member of the wrong type.
    pub fn read_result(
        &mut self,
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
        read.map_err(|error| self.unreadable(DOCUMENT, error, body))?;
        self.take_request_id(body);
        Ok(())
    }

    /// The same where the members lie in the root itself, beside the identifier of the request.
    ///
    /// # Errors
    ///
    /// When the body is no XML, or has a member of the wrong type.
    pub fn read_root(
        &mut self,
        body: &Bytes,
        read: impl FnOnce(&mut Reader<'_>) -> Result<(), xml::Error>,
    ) -> Result<(), Error> {
        self.read_xml(body, read)?;
        self.take_request_id(body);
        Ok(())
    }

    /// Takes the identifier of the request from the body where no header has it. A body that is no XML has none.
    pub fn take_request_id(&mut self, body: &Bytes) {
        if metadata::request_id(&self.parts.headers).is_none()
            && let Some(id) = xml::request_id(body)
            && let Ok(id) = id.try_into()
        {
            self.parts.headers.insert(metadata::REQUEST_ID, id);
        }
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
