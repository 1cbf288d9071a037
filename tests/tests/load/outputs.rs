//! Any bytes as an output in JSON or as an error, without a network.

use ::bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;
use sagemaker_runtime::operation::invoke_endpoint::InvokeEndpointInput;
use sagemaker_runtime::operation::invoke_endpoint_async::InvokeEndpointAsyncInput;
use sagemaker_runtime::{ByteStream, Error, Operation};

use crate::measure::{Alone, Memory};

/// What an output or an error takes besides what has arrived, in bytes.
const CONSTANT: usize = 16 * 1024;

/// What JSON is made of, and what it must not be made of.
const TOKENS: [&str; 37] = [
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"",
    "\\",
    "null",
    "true",
    "0",
    "-1",
    "1e999",
    "1.5",
    "9999999999999999999",
    " ",
    "\n",
    "\"InferenceId\"",
    "\"Message\"",
    "\"message\"",
    "\"code\"",
    "\"__type\"",
    "\"OriginalStatusCode\"",
    "\"OriginalMessage\"",
    "\"LogStreamArn\"",
    "\"text\"",
    r#""\ud800""#,
    r#""\u0000""#,
    r#""\ud83d\ude00""#,
    r#""\x""#,
    "\u{feff}",
    "<html>",
    "é",
    "\"InferenceId\":\"a\"",
    "\"Message\":null",
    "{}",
    "\0",
];

fn payload() -> impl Strategy<Value = Bytes> {
    prop_oneof![
        3 => vec(select(&TOKENS[..]), 0..40).prop_map(|tokens| tokens.concat().into()),
        // Well-formed up to some point.
        3 => vec((select(&TOKENS[17..25]), select(&TOKENS[8..33])), 0..8).prop_map(|members| {
            let members: Vec<String> = members.iter().map(|(name, value)| format!("{name}:{value}")).collect();
            format!("{{{}}}", members.join(",")).into()
        }),
        1 => vec(any::<u8>(), 0..300).prop_map(Bytes::from),
    ]
}

fn headers() -> impl Strategy<Value = Vec<(&'static str, Vec<u8>)>> {
    let names = [
        "x-amzn-errortype",
        "x-amzn-requestid",
        "x-amzn-sagemaker-outputlocation",
        "x-amzn-sagemaker-custom-attributes",
        "content-type",
        "x-amz-retry-after",
    ];
    let values = prop_oneof![
        select(vec![
            "ModelError",
            "ModelError:http://x/",
            "a#ModelNotReadyException",
            "",
            ":",
            "#"
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
        vec(any::<u8>(), 0..30),
    ];
    vec((select(names.to_vec()), values), 0..4)
}

fn response(status: u16, headers: &[(&str, Vec<u8>)], body: Bytes) -> Response<ByteStream> {
    let mut response = Response::new(body.into());
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    for (name, value) in headers {
        // What is no header does not come from HTTP.
        if let Ok(value) = HeaderValue::from_bytes(value) {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            response.headers_mut().append(name, value);
        }
    }
    response
}

fn check<O: Operation>(alone: &Alone, response: Response<ByteStream>, arrived: usize) -> Result<(), TestCaseError> {
    let memory = Memory::watch();
    let result: Result<_, Error> = alone.run(O::parse_response(response));
    let peak = memory.peak();
    prop_assert!(
        peak < CONSTANT + 8 * arrived,
        "{} bytes of memory for {}",
        peak,
        arrived
    );
    if let Err(error) = result {
        prop_assert!(error.is_response() || error.is_service(), "{:?}", error);
        let text = format!("{error}");
        prop_assert!(!text.contains(char::is_control), "{:?}", text);
    }
    Ok(())
}

#[test]
fn of_json() {
    let alone = Alone::new();
    alone.property(25, (headers(), payload()), |(headers, body)| {
        let arrived = body.len();
        check::<InvokeEndpointAsyncInput>(&alone, response(202, &headers, body), arrived)
    });
}

#[test]
fn of_errors() {
    let alone = Alone::new();
    let status = prop_oneof![select(vec![300_u16, 400, 403, 424, 429, 500, 503, 530]), 300..1000_u16];
    alone.property(25, (status, headers(), payload()), |(status, headers, body)| {
        let arrived = body.len();
        check::<InvokeEndpointInput>(&alone, response(status, &headers, body), arrived)
    });
}

/// Nothing that is not asked for is built, and the stack is not as deep as the JSON is.
#[test]
fn of_deep_json() {
    let alone = Alone::new();
    for open in ["[", "{\"a\":", "{\"InferenceId\":[", "{\"Message\":{\"a\":"] {
        for wrapped in [open.repeat(100_000), format!("{{\"a\":{}", open.repeat(100_000))] {
            for status in [202, 400] {
                let body = Bytes::from(wrapped.clone());
                let arrived = body.len();
                check::<InvokeEndpointAsyncInput>(&alone, response(status, &[], body), arrived).unwrap();
            }
        }
    }
}
