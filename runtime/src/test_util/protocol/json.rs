//! JSON: with bindings to HTTP, and without.

use http::HeaderMap;

use super::{ErrorHead, Protocol, header_value};
use crate::answer::error_response::ERROR_TYPE;
use crate::test_util::document::Document;
use crate::wire::json::Writer;

/// rest-json: the code of an error is in a header.
#[derive(Clone, Copy, Debug)]
pub struct RestJson;

impl Protocol for RestJson {
    type Document = Writer;

    fn begin_error(&self, error: &ErrorHead<'_>, headers: &mut HeaderMap) -> Result<Writer, String> {
        headers.insert(ERROR_TYPE, header_value(error.code)?);
        Ok(Document::open(&[]))
    }
}

/// JSON 1.0 or 1.1: the name of an error is in its body.
#[derive(Clone, Copy, Debug)]
pub struct AwsJson {
    /// The media type, which has the version.
    pub content_type: &'static str,
    /// Whether a header has the code that an error had when the service spoke query.
    pub query_compatible: bool,
}

impl Protocol for AwsJson {
    type Document = Writer;

    fn content_type(&self) -> &'static str {
        self.content_type
    }

    fn begin_error(&self, error: &ErrorHead<'_>, headers: &mut HeaderMap) -> Result<Writer, String> {
        if self.query_compatible {
            error.set_query_error(headers)?;
        }
        let mut json = Writer::open(&[]);
        json.text_member("__type", error.name);
        Ok(json)
    }
}
