//! Events whose payload is CBOR.

use super::{Frame, Malformed};
use crate::wire::cbor::{self, FromCbor, Reader};

impl From<cbor::Error> for Malformed {
    fn from(error: cbor::Error) -> Self {
        Self::Payload {
            format: "CBOR",
            problem: error.into(),
        }
    }
}

impl Frame<'_> {
    /// Reads the payload, a value in CBOR. An empty one is an empty value.
    ///
    /// # Errors
    ///
    /// When the payload is not CBOR, or a value of the wrong type.
    pub fn cbor<T: FromCbor>(&self) -> Result<T, Malformed> {
        let mut value = T::zero();
        self.read_cbor(|cbor| {
            value = cbor.read()?;
            Ok(())
        })?;
        Ok(value)
    }

    /// Reads the CBOR map that the payload is. An empty payload is an empty map: nothing is read.
    ///
    /// # Errors
    ///
    /// When the payload is not a CBOR map, or has a member of the wrong type.
    pub fn read_cbor(&self, read: impl FnOnce(&mut Reader<'_>) -> Result<(), cbor::Error>) -> Result<(), Malformed> {
        let payload = self.payload_bytes();
        if !payload.is_empty() {
            let mut cbor = Reader::new(payload);
            read(&mut cbor)?;
            cbor.end()?;
        }
        Ok(())
    }
}
