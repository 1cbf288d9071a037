//! CBOR.

use http::HeaderMap;
use http::header::{HeaderName, HeaderValue};

use super::{ErrorHead, Protocol};
use crate::test_util::document::Document;
use crate::wire::cbor::Writer;

const SMITHY_PROTOCOL: HeaderName = HeaderName::from_static("smithy-protocol");

/// smithy-rpc-v2-cbor: the name of an error is in its body.
#[derive(Clone, Copy, Debug)]
pub struct RpcV2Cbor {
    /// Whether a header has the code that an error had when the service spoke query.
    pub query_compatible: bool,
}

impl Protocol for RpcV2Cbor {
    type Document = Writer;

    fn set_headers(&self, headers: &mut HeaderMap) {
        headers.insert(SMITHY_PROTOCOL, HeaderValue::from_static("rpc-v2-cbor"));
    }

    fn begin_error(&self, error: &ErrorHead<'_>, headers: &mut HeaderMap) -> Result<Writer, String> {
        if self.query_compatible {
            error.set_query_error(headers)?;
        }
        let mut cbor = Writer::open(&[]);
        cbor.text_member("__type", error.name);
        Ok(cbor)
    }
}
