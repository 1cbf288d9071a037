//! Members in the headers of a response.
//!
//! A header that is not of its member's type fails the whole response in the end: a way out after each member would be most
//! of the code of an operation with many.

use std::collections::HashMap;
use std::hash::Hash;

use http::header::HeaderName;

use super::Success;
use crate::error::Kind;
use crate::wire::from_header::{FromHeader, Json, read, with_prefix};
use crate::words::text::FromText;

impl Success {
    /// The member in a header, if it is there.
    ///
    /// The response fails if the text is not of the member's type.
    #[inline(never)] // An operation with many headers would have as many copies.
    pub fn header<T: FromHeader>(&mut self, name: &HeaderName) -> Option<T> {
        match read(&self.parts.headers, name) {
            Ok(member) => member,
            Err(problem) => {
                self.refuse(name, problem);
                None
            }
        }
    }

    /// The member in a header that may hold anything, if it is there and of the member's type.
    pub fn lenient_header<T: FromHeader>(&self, name: &HeaderName) -> Option<T> {
        read(&self.parts.headers, name).ok().flatten()
    }

    /// The JSON that stands in a header in base64, as text, if it is there.
    ///
    /// The response fails if it is not text in base64.
    pub fn json_header(&mut self, name: &HeaderName) -> Option<String> {
        let json: Option<Json> = self.header(name);
        json.map(|Json(text)| text)
    }

    /// Makes the response fail because of a header, unless it does already.
    #[cold]
    fn refuse(&mut self, name: &HeaderName, problem: String) {
        if self.problem.is_none() {
            let name = name.as_str().to_owned();
            self.problem = Some(self.error(Kind::Header { name, problem }));
        }
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
