//! Events whose payload is JSON.

use super::{Frame, Malformed};
use crate::wire::json::{self, FromJson, Reader};

impl From<json::Error> for Malformed {
    fn from(error: json::Error) -> Self {
        Self::Payload {
            format: "JSON",
            problem: error.into(),
        }
    }
}

impl Frame<'_> {
    /// Reads the payload, a value in JSON. An empty one is an empty value.
    ///
    /// # Errors
    ///
    /// When the payload is not JSON, or a value of the wrong type.
    pub fn json<T: FromJson>(&self) -> Result<T, Malformed> {
        let mut value = T::zero();
        self.read_json(|json| {
            value = json.read()?;
            Ok(())
        })?;
        Ok(value)
    }

    /// Reads the JSON object that the payload is. An empty payload is an empty object: nothing is read.
    ///
    /// # Errors
    ///
    /// When the payload is not a JSON object, or has a member of the wrong type.
    pub fn read_json(&self, read: impl FnOnce(&mut Reader<'_>) -> Result<(), json::Error>) -> Result<(), Malformed> {
        let payload = self.payload_bytes();
        if !json::is_blank(payload) {
            let mut json = Reader::new(payload);
            read(&mut json)?;
            json.end()?;
        }
        Ok(())
    }
}
