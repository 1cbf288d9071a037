//! Requests and responses as text, without a network.

use std::collections::BTreeSet;
use std::fmt::Debug;

use http::Response;
use http_body_util::BodyExt;
use lean_aws_runtime::{ByteStream, Endpoint, Error, Operation};
use serde_json::Value;

use crate::described::Message;

/// The request of an input, which is compared with the snapshot of its operation.
pub(crate) async fn request<O: Operation>(input: O) -> Message {
    let endpoint = Endpoint::new("https://example.com").unwrap();
    let (head, body) = input.into_request(&endpoint).unwrap().into_parts();
    let headers = head.headers.iter();
    let headers = headers.map(|(name, value)| format!("{name}: {}\n", value.to_str().unwrap()));
    let headers = headers.collect::<BTreeSet<_>>().into_iter().collect::<String>();
    let body = body.collect().await.unwrap().to_bytes();
    let text = format!(
        "{} {}\n{headers}\n{}",
        head.method,
        head.uri,
        pretty(str::from_utf8(&body).unwrap())
    );
    keep(&format!("{}.{}.request", O::SERVICE.info.package, O::NAME), &text);
    message::<O>(text)
}

/// What a response of JSON becomes, which is compared with the snapshot of its operation.
pub(crate) async fn response<O: Operation<Output: Debug>>(body: Value) -> Message {
    response_of::<O>(&[("x-amzn-requestid", "1f2e")], body.to_string()).await
}

/// The same of a response with members in headers and a body of XML.
pub(crate) async fn response_in_xml<O: Operation<Output: Debug>>(headers: &[(&str, &str)], body: &str) -> Message {
    let headers = [headers, &[("x-amz-request-id", "1f2e")]].concat();
    response_of::<O>(&headers, body.to_owned()).await
}

async fn response_of<O: Operation<Output: Debug>>(headers: &[(&str, &str)], text: String) -> Message {
    let response = headers.iter().fold(Response::builder(), |response, (name, value)| {
        response.header(*name, *value)
    });
    let payload = ByteStream::<Error>::from(text.clone()).into_response_body();
    let output = O::parse_response(response.body(payload).unwrap()).await.unwrap();
    let fields = format!("{output:#?}");
    assert!(!fields.contains(": None"), "a member is not read: {fields}");
    keep(&format!("{}.{}.response", O::SERVICE.info.package, O::NAME), &fields);
    let headers: String = headers
        .iter()
        .map(|(name, value)| format!("{name}: {value}\n"))
        .collect();
    message::<O>(format!("200\n{headers}\n{text}"))
}

/// The error that a response reports.
pub(crate) async fn failure<O: Operation>(status: u16, code: &str, body: &Value) -> Error {
    let response = Response::builder().status(status).header("x-amzn-errortype", code);
    let body = ByteStream::<Error>::from(body.to_string()).into_response_body();
    let result = O::parse_response(response.body(body).unwrap()).await;
    result.map(drop).unwrap_err()
}

/// The same of a response of XML.
pub(crate) async fn failure_in_xml<O: Operation>(status: u16, body: &str) -> Error {
    let body = ByteStream::<Error>::from(body.to_owned()).into_response_body();
    let response = Response::builder().status(status).body(body).unwrap();
    O::parse_response(response).await.map(drop).unwrap_err()
}

fn message<O: Operation>(text: String) -> Message {
    Message {
        service: O::SERVICE.info.package,
        owner: O::NAME,
        text,
    }
}

/// JSON with a member on each line.
fn pretty(body: &str) -> String {
    match serde_json::from_str::<Value>(body) {
        Ok(json) => serde_json::to_string_pretty(&json).unwrap(),
        Err(_) => body.to_owned(),
    }
}

fn keep(name: &str, text: &str) {
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, text);
    });
}
