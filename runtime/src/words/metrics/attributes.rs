//! Attributes, by the conventions of OpenTelemetry for RPC, HTTP and AWS SDKs.

use http::Method;
use opentelemetry::{KeyValue, Value};

use super::Peer;
use crate::words::service::OperationInfo;

pub(super) fn of_call(operation: OperationInfo) -> [KeyValue; 3] {
    [
        KeyValue::new("rpc.system", "aws-api"),
        KeyValue::new("rpc.service", operation.service.id),
        KeyValue::new("rpc.method", operation.name),
    ]
}

pub(super) fn of_peer(peer: &Peer) -> [KeyValue; 2] {
    [
        KeyValue::new("server.address", Value::from(peer.address.clone())),
        KeyValue::new("server.port", i64::from(peer.port)),
    ]
}

/// Adds what came of a request. The attributes of a response without an error stay where they are: on the stack.
pub(super) fn with_outcome(
    request: [KeyValue; 6],
    status: Option<u16>,
    error: Option<&str>,
    record: impl FnOnce(&[KeyValue]),
) {
    let status = status.map(|status| KeyValue::new("http.response.status_code", i64::from(status)));
    match (status, error) {
        (Some(status), None) => {
            let [system, service, method, address, port, http_method] = request;
            record(&[system, service, method, address, port, http_method, status]);
        }
        (status, error) => with_error(request.into_iter().chain(status), error, record),
    }
}

/// Adds the error, if there was one.
pub(super) fn with_error(
    attributes: impl IntoIterator<Item = KeyValue>,
    error: Option<&str>,
    record: impl FnOnce(&[KeyValue]),
) {
    let error = error.map(|label| KeyValue::new("error.type", label.to_owned()));
    record(&Vec::from_iter(attributes.into_iter().chain(error)));
}

/// The word for a method. Services have no others.
pub(super) fn method(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::DELETE => "DELETE",
        Method::HEAD => "HEAD",
        Method::PATCH => "PATCH",
        Method::OPTIONS => "OPTIONS",
        _ => "_OTHER",
    }
}
