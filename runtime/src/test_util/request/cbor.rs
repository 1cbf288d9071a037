//! Payloads that are CBOR.

use super::{ReceivedRequest, unreadable};
use crate::wire::cbor::{Error, Reader};

impl ReceivedRequest {
    /// Reads the CBOR map that the payload is. An empty payload is an empty map: nothing is read.
    ///
    /// # Errors
    ///
    /// When it is not a CBOR map, or has a member of the wrong type.
    pub fn read_cbor(&self, read: impl FnOnce(&mut Reader<'_>) -> Result<(), Error>) -> Result<(), String> {
        if self.body.is_empty() {
            return Ok(());
        }
        let mut cbor = Reader::new(&self.body);
        read(&mut cbor).and_then(|()| cbor.end()).map_err(unreadable)
    }
}
