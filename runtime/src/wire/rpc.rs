//! Protocols in which all operations have one URL, so that headers or the body name the operation.

use http::HeaderMap;
use http::header::HeaderName;

use super::body::Body;
use super::request::RequestWriter;

const TARGET: HeaderName = HeaderName::from_static("x-amz-target");
const QUERY_MODE: HeaderName = HeaderName::from_static("x-amzn-query-mode");
const QUERY_ERROR: HeaderName = HeaderName::from_static("x-amzn-query-error");

impl RequestWriter<'_> {
    /// Sets the body to JSON, and the headers to those of JSON 1.0 or 1.1. The target is the service's prefix with the
    /// operation, such as `SageMaker.CreateModel`.
    pub fn aws_json(&mut self, target: &'static str, content_type: &'static str, json: Vec<u8>) {
        self.keeps_slash = true;
        self.fixed_header(TARGET, target);
        self.payload(Body::from(json), content_type);
    }

    /// Sets the body to CBOR, and the headers that say so. An operation without input has no body.
    #[cfg(feature = "cbor")]
    pub fn cbor(&mut self, cbor: Option<Vec<u8>>) {
        const SMITHY_PROTOCOL: HeaderName = HeaderName::from_static("smithy-protocol");
        self.fixed_header(SMITHY_PROTOCOL, "rpc-v2-cbor");
        self.fixed_header(http::header::ACCEPT, "application/cbor");
        self.payload(cbor.map(Body::from), "application/cbor");
    }

    /// Asks for events in place of one CBOR map.
    #[cfg(all(feature = "cbor", feature = "event-stream"))]
    pub fn accept_events(&mut self) {
        self.fixed_header(http::header::ACCEPT, super::frame::MEDIA_TYPE);
    }

    /// Sets the body to a form.
    #[cfg(feature = "form")]
    pub fn form(&mut self, form: super::form::Writer) {
        self.keeps_slash = true;
        self.payload(Body::from(form.into_bytes()), "application/x-www-form-urlencoded");
    }

    /// Asks for errors with the codes that the service had when it spoke query.
    pub fn query_mode(&mut self) {
        self.fixed_header(QUERY_MODE, "true");
    }
}

/// The code that an error had when the service spoke query. `None` if the response does not say, or has no code.
pub(crate) fn query_code(headers: &HeaderMap) -> Option<&str> {
    let (code, fault) = headers.get(QUERY_ERROR)?.to_str().ok()?.split_once(';')?;
    let code = code.trim();
    (!code.is_empty() && !fault.contains(';')).then_some(code)
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn the_code_of_query_comes_in_a_header() {
        let read = |text: &'static str| {
            let mut headers = HeaderMap::new();
            headers.insert(QUERY_ERROR, HeaderValue::from_static(text));
            query_code(&headers).map(str::to_owned)
        };
        let code = read("AWS.SimpleQueueService.NonExistentQueue;Sender");
        assert_eq!(code.as_deref(), Some("AWS.SimpleQueueService.NonExistentQueue"));
        for text in ["", "Code", ";Sender", " ;Sender", "Code;Sender;more"] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!(query_code(&HeaderMap::new()), None);
    }
}
