//! What protocols have around the members of their answers: a module for each.

#[cfg(feature = "cbor")]
mod cbor;
#[cfg(all(feature = "form", feature = "xml"))]
mod ec2;
mod json;
#[cfg(all(feature = "form", feature = "xml"))]
mod query;
#[cfg(feature = "xml")]
mod rest_xml;

use http::HeaderMap;
use http::header::{HeaderName, HeaderValue};

use super::document::Document;
use crate::auth::signing::verify::Refused;

#[cfg(feature = "cbor")]
pub use self::cbor::RpcV2Cbor;
#[cfg(all(feature = "form", feature = "xml"))]
pub use self::ec2::Ec2;
pub use self::json::{AwsJson, RestJson};
#[cfg(all(feature = "form", feature = "xml"))]
pub use self::query::Query;
#[cfg(feature = "xml")]
pub use self::rest_xml::RestXml;

const QUERY_ERROR: HeaderName = HeaderName::from_static("x-amzn-query-error");

/// A protocol, as services speak it.
pub trait Protocol: Send + Sync + 'static {
    /// How its answers are written.
    type Document: Document;

    /// The media type of its answers.
    fn content_type(&self) -> &'static str {
        Self::Document::CONTENT_TYPE
    }

    /// Sets the headers that all answers have.
    fn set_headers(&self, headers: &mut HeaderMap) {
        let _ = headers;
    }

    /// Begins an answer, whose members lie inside these elements.
    fn begin(&self, path: &[&'static str], request_id: &str) -> Self::Document {
        let _ = request_id;
        Document::open(path)
    }

    /// Begins an error, with its code.
    ///
    /// # Errors
    ///
    /// When a header cannot hold the code.
    fn begin_error(&self, error: &ErrorHead<'_>, headers: &mut HeaderMap) -> Result<Self::Document, String>;

    /// The status and the code of the error about a signature.
    fn refusal(&self, refused: Refused) -> (u16, &'static str) {
        let code = match refused {
            Refused::Unsigned => "MissingAuthenticationTokenException",
            Refused::UnknownKey | Refused::OtherToken => "UnrecognizedClientException",
            Refused::NotMatching | Refused::Expired => "InvalidSignatureException",
        };
        (403, code)
    }
}

/// What answers say of every error.
#[derive(Clone, Copy, Debug)]
pub struct ErrorHead<'e> {
    /// The code.
    pub code: &'e str,
    /// The name of the error in the description. A service that spoke query has codes that differ from it.
    pub name: &'e str,
    /// Whether the service, not the caller, is at fault.
    pub fault: bool,
    /// The identifier of the request.
    pub request_id: &'e str,
}

impl ErrorHead<'_> {
    /// Who is at fault, as forms and their successors say it.
    fn sender_or_receiver(&self) -> &'static str {
        if self.fault { "Receiver" } else { "Sender" }
    }

    /// Sets the header with the code that the error had when the service spoke query.
    fn set_query_error(&self, headers: &mut HeaderMap) -> Result<(), String> {
        let text = format!("{};{}", self.code, self.sender_or_receiver());
        headers.insert(QUERY_ERROR, header_value(&text)?);
        Ok(())
    }
}

fn header_value(code: &str) -> Result<HeaderValue, String> {
    HeaderValue::from_str(code).map_err(|_| format!("a header cannot hold the code {code:?}"))
}
