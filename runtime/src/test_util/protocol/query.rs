//! Query: forms, which are answered in XML.

use http::HeaderMap;

use super::{ErrorHead, Protocol};
use crate::auth::signing::verify::Refused;
use crate::test_util::document::Document;
use crate::wire::xml::Writer;

/// query: the identifier of the request is in the body, beside the element with the members.
#[derive(Clone, Copy, Debug)]
pub struct Query;

impl Protocol for Query {
    type Document = Writer;

    fn content_type(&self) -> &'static str {
        "text/xml"
    }

    fn begin(&self, path: &[&'static str], request_id: &str) -> Writer {
        let (root, inside) = path.split_at(path.len().min(1));
        let mut xml = Writer::open(root);
        xml.begin("ResponseMetadata");
        xml.text_member("RequestId", request_id);
        xml.end();
        for name in inside {
            xml.begin(name);
        }
        xml
    }

    fn begin_error(&self, error: &ErrorHead<'_>, _: &mut HeaderMap) -> Result<Writer, String> {
        let mut xml = Writer::open(&["ErrorResponse"]);
        xml.text_member("RequestId", error.request_id);
        xml.begin("Error");
        xml.text_member("Type", error.sender_or_receiver());
        xml.text_member("Code", error.code);
        Ok(xml)
    }

    fn refusal(&self, refused: Refused) -> (u16, &'static str) {
        let code = match refused {
            Refused::Unsigned => "MissingAuthenticationToken",
            Refused::UnknownKey | Refused::OtherToken => "InvalidClientTokenId",
            Refused::NotMatching | Refused::Expired => "SignatureDoesNotMatch",
        };
        (403, code)
    }
}
