//! Responses for parsing, without a network.

use http::{HeaderName, HeaderValue, Response, StatusCode};
use sagemaker_runtime::ByteStream;

/// A response with these headers, in this order. A name may be there more than once, a value may be any bytes.
pub(crate) fn reply(status: u16, headers: &[(&str, &[u8])], body: impl Into<ByteStream>) -> Response<ByteStream> {
    let mut response = Response::new(body.into());
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    for (name, value) in headers {
        let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
        let value = HeaderValue::from_bytes(value).unwrap();
        response.headers_mut().append(name, value);
    }
    response
}
