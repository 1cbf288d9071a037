//! XML with bindings to HTTP.

use http::HeaderMap;

use super::{ErrorHead, Protocol};
use crate::auth::signing::verify::Refused;
use crate::test_util::document::Document;
use crate::wire::xml::Writer;

/// rest-xml: the code of an error is in its body, beside the members.
#[derive(Clone, Copy, Debug)]
pub struct RestXml {
    /// Whether an element lies around the one of an error, as everywhere but in S3.
    pub wraps_errors: bool,
}

impl Protocol for RestXml {
    type Document = Writer;

    fn begin_error(&self, error: &ErrorHead<'_>, _: &mut HeaderMap) -> Result<Writer, String> {
        let mut xml = match self.wraps_errors {
            true => Writer::open(&["ErrorResponse"]),
            false => Writer::open(&["Error"]),
        };
        xml.text_member("RequestId", error.request_id);
        if self.wraps_errors {
            xml.begin("Error");
            xml.text_member("Type", error.sender_or_receiver());
        }
        xml.text_member("Code", error.code);
        Ok(xml)
    }

    fn refusal(&self, refused: Refused) -> (u16, &'static str) {
        match (refused, self.wraps_errors) {
            (Refused::Unsigned, true) => (403, "MissingAuthenticationToken"),
            (Refused::UnknownKey | Refused::OtherToken, true) => (403, "InvalidClientTokenId"),
            (Refused::Unsigned | Refused::Expired, false) => (403, "AccessDenied"),
            (Refused::UnknownKey, false) => (403, "InvalidAccessKeyId"),
            (Refused::OtherToken, false) => (400, "InvalidToken"),
            (Refused::NotMatching, _) | (Refused::Expired, true) => (403, "SignatureDoesNotMatch"),
        }
    }
}
