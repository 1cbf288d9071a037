//! The dialect of query that EC2 has.

use http::HeaderMap;

use super::{ErrorHead, Protocol};
use crate::auth::signing::verify::Refused;
use crate::test_util::document::Document;
use crate::wire::xml::Writer;

/// ec2: the identifier of the request lies among the members.
#[derive(Clone, Copy, Debug)]
pub struct Ec2;

impl Protocol for Ec2 {
    type Document = Writer;

    fn content_type(&self) -> &'static str {
        "text/xml"
    }

    fn begin(&self, path: &[&'static str], request_id: &str) -> Writer {
        let mut xml = Writer::open(path);
        xml.text_member("requestId", request_id);
        xml
    }

    fn begin_error(&self, error: &ErrorHead<'_>, _: &mut HeaderMap) -> Result<Writer, String> {
        let mut xml = Writer::open(&["Response"]);
        xml.text_member("RequestID", error.request_id);
        xml.begin("Errors");
        xml.begin("Error");
        xml.text_member("Code", error.code);
        Ok(xml)
    }

    fn refusal(&self, _: Refused) -> (u16, &'static str) {
        (401, "AuthFailure")
    }
}
