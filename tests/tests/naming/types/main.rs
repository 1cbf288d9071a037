//! What travels for the types of the type course, in each place that the protocol has for them: requests that are
//! written and responses that are parsed, through the public API and without a network.

// The compiler has to warn of what is deprecated, and of nothing else.
#![deny(warnings)]

mod builders;
mod errors;
mod events;
mod fakes;
mod hosts;
mod json;
mod names;
mod places;
mod prepared;
mod secrets;
mod tokens;

use std::collections::BTreeMap;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::BodyExt;
use serde_json::Value;
use type_course::test::{FakeOperation, read_input};
use type_course::{Body, ByteStream, DateTime, Operation};

const DATE: &str = "Mon, 16 Dec 2019 23:48:18 GMT";

/// 2019-12-16T23:48:18.123Z
fn time() -> DateTime {
    DateTime::from_millis(1_576_540_098_123)
}

/// The request of an input, which a fake reads as the same input.
fn request<I: FakeOperation>(input: I) -> Request<Body> {
    let request = fakes::written(input);
    let read = read_input::<I>(request.clone()).unwrap();
    fakes::assert_same(&fakes::written(read), &request);
    request.map(Body::from)
}

async fn bytes_of(request: Request<Body>) -> Bytes {
    request.into_body().collect().await.unwrap().to_bytes()
}

async fn json_of(input: impl FakeOperation) -> Value {
    serde_json::from_slice(&bytes_of(request(input)).await).unwrap()
}

fn headers_of(input: impl FakeOperation) -> BTreeMap<String, String> {
    let request = request(input);
    let headers = request.headers().iter();
    headers
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()))
        .collect()
}

fn query_of(input: impl FakeOperation) -> Vec<String> {
    let request = request(input);
    request
        .uri()
        .query()
        .unwrap_or_default()
        .split('&')
        .map(str::to_owned)
        .collect()
}

fn reply(status: u16, headers: &[(&str, &str)], body: impl Into<Bytes>) -> Response<ByteStream> {
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(*name, *value);
    }
    response.body(ByteStream::from(body.into())).unwrap()
}

async fn parse<I: Operation<Inner: FakeOperation, Output: std::fmt::Debug>>(
    headers: &[(&str, &str)],
    body: impl ToString,
) -> I::Output {
    let parse = async || I::parse_response(reply(200, headers, body.to_string())).await.unwrap();
    fakes::comes_back::<I::Inner>(parse().await, async |response| {
        I::parse_response(response).await.unwrap()
    })
    .await;
    parse().await
}
