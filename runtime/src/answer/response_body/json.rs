//! Payloads as JSON.

use serde_core::de::DeserializeOwned;
use serde_json::error::Category;

use super::ResponseBody;
use crate::error::{Error, Kind};
use crate::wire::json;

impl ResponseBody {
    /// All that remains, read as JSON.
    pub(crate) async fn json<T: DeserializeOwned>(mut self) -> Result<T, Error> {
        let bytes = self.read_all().await?;
        serde_json::from_slice(&bytes).map_err(|error| {
            self.error(Kind::Unreadable("JSON of the wanted form"))
                .with_source(without_content(&error, error.line()))
        })
    }
}

/// The error without what stands in the payload, in a line of this number.
pub(in super::super) fn without_content(error: &serde_json::Error, line: usize) -> json::Error {
    let what = match error.classify() {
        Category::Eof => "it ends too early",
        Category::Data => "a value is missing or of another type",
        Category::Io | Category::Syntax => "it is not valid",
    };
    json::Error::at(what, line, error.column())
}
