//! Bodies that are CBOR.

use bytes::Bytes;

use super::Success;
use crate::error::Error;
use crate::wire::cbor::{self, Reader};

impl Success {
    /// Reads the CBOR map that `body` is. An empty body is an empty map: nothing is read.
    ///
    /// # Errors
    ///
    /// When the body is no CBOR map, or has a member of the wrong type.
    pub fn read_cbor(
        &self,
        body: &Bytes,
        read: impl FnOnce(&mut Reader<'_>) -> Result<(), cbor::Error>,
    ) -> Result<(), Error> {
        if body.is_empty() {
            return Ok(());
        }
        let mut cbor = Reader::new(body);
        let read = read(&mut cbor).and_then(|()| cbor.end());
        read.map_err(|error| self.unreadable("the CBOR map that the service describes", error, body))
    }
}
