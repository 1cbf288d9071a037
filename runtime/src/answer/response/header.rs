//! Members in the headers of a response.

use std::collections::HashMap;
use std::hash::Hash;

use http::header::HeaderName;

use super::Success;
use crate::error::{Error, Kind};
use crate::wire::from_header::{FromHeader, Json, read, with_prefix};
use crate::words::text::FromText;

impl Success {
    /// The member in a header, if it is there.
    ///
    /// # Errors
    ///
    /// When the text is not of the member's type.
    pub fn header<T: FromHeader>(&self, name: &HeaderName) -> Result<Option<T>, Error> {
        read(&self.parts.headers, name).map_err(|problem| {
            let name = name.as_str().to_owned();
            self.error(Kind::Header { name, problem })
        })
    }

    /// The member in a header that may hold anything, if it is there and of the member's type.
    pub fn lenient_header<T: FromHeader>(&self, name: &HeaderName) -> Option<T> {
        read(&self.parts.headers, name).ok().flatten()
    }

    /// The JSON that stands in a header in base64, as text, if it is there.
    ///
    /// # Errors
    ///
    /// When it is not text in base64.
    pub fn json_header(&self, name: &HeaderName) -> Result<Option<String>, Error> {
        let json: Option<Json> = self.header(name)?;
        Ok(json.map(|Json(text)| text))
    }

    /// The headers with this prefix, whose names without it are the keys; `None` if there are none.
    ///
    /// The names of headers have no case; the keys are in lower case.
    pub fn prefix_headers<K, V>(&self, prefix: &str) -> Option<HashMap<K, V>>
    where
        K: FromText + Eq + Hash,
        V: FromText,
    {
        with_prefix(&self.parts.headers, prefix)
    }
}
