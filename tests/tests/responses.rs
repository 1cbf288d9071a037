//! What responses that report success become, and how their payload is read.

mod support {
    pub(crate) mod described;
    pub(crate) mod pieces;
    pub(crate) mod reply;
}

use std::collections::BTreeMap;
use std::error::Error as _;
use std::fmt::Debug;
use std::future::poll_fn;
use std::pin::Pin;

use bytes::Bytes;
use futures_core::Stream;
use http::Response;
use http_body_util::BodyExt;
use insta::assert_snapshot;
use sagemaker_runtime::operation::invoke_endpoint::{InvokeEndpointInput, InvokeEndpointOutput};
use sagemaker_runtime::operation::invoke_endpoint_async::{InvokeEndpointAsyncInput, InvokeEndpointAsyncOutput};
use sagemaker_runtime::operation::invoke_endpoint_with_response_stream::InvokeEndpointWithResponseStreamInput;
use sagemaker_runtime::{ByteStream, Error, Operation};
use tokio::io::AsyncReadExt;

use support::described::{self, Message};
use support::pieces::Pieces;
use support::reply::reply;

type Headers<'a> = &'a [(&'a str, &'a [u8])];

async fn invoke(response: Response<ByteStream>) -> InvokeEndpointOutput {
    InvokeEndpointInput::parse_response(response).await.unwrap()
}

async fn invoke_async(body: impl Into<ByteStream>) -> Result<InvokeEndpointAsyncOutput, Error> {
    InvokeEndpointAsyncInput::parse_response(reply(202, &[], body)).await
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned())
}

/// A payload of `InvokeEndpoint`.
async fn payload(body: impl Into<ByteStream>) -> ByteStream {
    let headers: Headers<'_> = &[("x-amzn-requestid", b"1f2e")];
    invoke(reply(200, headers, body)).await.body
}

/// All that a response of `InvokeEndpoint` can have.
const INVOKE: (Headers<'_>, &str) = (
    &[
        ("Content-Type", b"text/csv; charset=utf-8"),
        ("x-Amzn-Invoked-Production-Variant", b"blue"),
        ("X-Amzn-SageMaker-Custom-Attributes", b"trace=c0ffee"),
        ("X-AMZN-SAGEMAKER-NEW-SESSION-ID", b"s1; Expires=2025-03-01T12:30:00Z"),
        ("x-amzn-sagemaker-closed-session-id", b"s0"),
        ("x-amzn-RequestId", b"1f2e"),
    ],
    "0.7\n",
);

/// The same of `InvokeEndpointAsync`.
const INVOKE_ASYNC: (Headers<'_>, &str) = (
    &[
        ("X-Amzn-SageMaker-OutputLocation", b"s3://bucket/out"),
        ("X-Amzn-SageMaker-FailureLocation", b"s3://bucket/failed"),
        ("Content-Type", b"text/html; charset=utf-8"),
        ("x-amzn-RequestId", b"1f2e"),
    ],
    r#"{"InferenceId": "i-1"}"#,
);

/// The same of `InvokeEndpointWithResponseStream`, whose events have tests of their own.
const INVOKE_STREAM: (Headers<'_>, &str) = (
    &[
        ("X-Amzn-SageMaker-Content-Type", b"text/plain"),
        ("x-Amzn-Invoked-Production-Variant", b"blue"),
        ("X-Amzn-SageMaker-Custom-Attributes", b"trace=c0ffee"),
        ("x-amzn-RequestId", b"1f2e"),
    ],
    "(events)",
);

/// A member that is new in the description has to be added above, and to the test of its operation.
#[tokio::test]
async fn every_member_has_a_response_test() {
    async fn whole<O: Operation<Output: Debug>>((headers, body): (Headers<'_>, &str)) -> Message {
        let output = O::parse_response(reply(200, headers, body.to_owned())).await.unwrap();
        let output = format!("{output:?}");
        assert!(!output.contains("None"), "a member is not read: {output}");
        let headers = headers
            .iter()
            .map(|(name, value)| format!("{name}: {}\n", value.escape_ascii()));
        Message {
            service: "sagemaker-runtime",
            owner: O::NAME,
            text: format!("200\n{}\n{body}", headers.collect::<String>()),
        }
    }
    described::assert_outputs(
        &["sagemaker-runtime"],
        &[
            whole::<InvokeEndpointInput>(INVOKE).await,
            whole::<InvokeEndpointAsyncInput>(INVOKE_ASYNC).await,
            whole::<InvokeEndpointWithResponseStreamInput>(INVOKE_STREAM).await,
        ],
    );
}

#[tokio::test]
async fn all_members_of_invoke_endpoint() {
    let (headers, body) = INVOKE;
    let output = invoke(reply(200, headers, body)).await;
    assert_eq!(output.content_type, some("text/csv; charset=utf-8"));
    assert_eq!(output.invoked_production_variant, some("blue"));
    assert_eq!(output.custom_attributes, some("trace=c0ffee"));
    assert_eq!(output.new_session_id, some("s1; Expires=2025-03-01T12:30:00Z"));
    assert_eq!(output.closed_session_id, some("s0"));
    let metadata = &output.response_metadata;
    assert_eq!(metadata.request_id(), Some("1f2e"));
    assert_eq!(metadata.status(), 200);
    assert_eq!(metadata.attempts(), 1);
    assert_eq!(metadata.headers().len(), 6);
    assert_eq!(output.body.content_length(), Some(4));
    assert_eq!(output.body.text().await.unwrap(), "0.7\n");
}

#[tokio::test]
async fn no_members_of_invoke_endpoint() {
    let output = invoke(reply(200, &[], "")).await;
    assert_eq!(output.content_type, None);
    assert_eq!(output.invoked_production_variant, None);
    assert_eq!(output.custom_attributes, None);
    assert_eq!(output.new_session_id, None);
    assert_eq!(output.closed_session_id, None);
    assert_eq!(output.response_metadata.request_id(), None);
    assert_eq!(output.body.bytes().await.unwrap(), "");
}

/// Values are taken as they are. Of repeated headers the first one counts.
#[tokio::test]
async fn odd_values_of_headers() {
    let cases: [(&[&[u8]], &str); 7] = [
        (&[b""], ""),
        (&[b"a, \"b\"; c=d"], "a, \"b\"; c=d"),
        (&["größe 日本 🦀".as_bytes()], "größe 日本 🦀"),
        (&[b"caf\xe9 \x80\xff"], "café \u{80}ÿ"),
        (&[b"a\tb"], "a\tb"),
        (&[b"first", b"second"], "first"),
        (&[&[b'x'; 9000]], &"x".repeat(9000)),
    ];
    for (values, expected) in cases {
        let name = "x-amzn-sagemaker-custom-attributes";
        let headers: Vec<_> = values.iter().map(|value| (name, *value)).collect();
        let output = invoke(reply(200, &headers, "")).await;
        assert_eq!(output.custom_attributes, some(expected));
    }
}

#[tokio::test]
async fn request_ids() {
    let cases: [(Headers<'_>, Option<&str>); 6] = [
        (&[("x-amzn-requestid", b"a")], Some("a")),
        (&[("x-amz-request-id", b"b")], Some("b")),
        (&[("x-amz-request-id", b"b"), ("x-amzn-requestid", b"a")], Some("a")),
        (&[("x-amz-request-id", b"b"), ("x-amzn-requestid", b"")], Some("b")),
        (&[("x-amzn-requestid", b"")], None),
        (&[("x-amzn-requestid", b"caf\xe9")], None),
    ];
    for (headers, expected) in cases {
        let output = invoke(reply(200, headers, "")).await;
        assert_eq!(output.response_metadata.request_id(), expected, "{headers:?}");
    }
}

/// Every 2xx is a success, whichever the description names.
#[tokio::test]
async fn statuses() {
    for status in [200, 201, 202, 203, 204, 206, 226, 299] {
        let output = invoke(reply(status, &[], "")).await;
        assert_eq!(output.response_metadata.status(), status);
        let output = InvokeEndpointAsyncInput::parse_response(reply(status, &[], "")).await;
        assert_eq!(output.unwrap().response_metadata.status(), status);
    }
}

#[tokio::test]
async fn all_members_of_invoke_endpoint_async() {
    let (headers, body) = INVOKE_ASYNC;
    let response = reply(202, headers, body);
    let output = InvokeEndpointAsyncInput::parse_response(response).await.unwrap();
    assert_eq!(output.inference_id, some("i-1"));
    assert_eq!(output.output_location, some("s3://bucket/out"));
    assert_eq!(output.failure_location, some("s3://bucket/failed"));
    assert_eq!(output.response_metadata.request_id(), Some("1f2e"));

    let output = invoke_async("{}").await.unwrap();
    assert_eq!(output.inference_id, None);
    assert_eq!(output.output_location, None);
    assert_eq!(output.failure_location, None);
}

/// A member that the description does not know, with so many values in each other.
fn nested(depth: usize, open: &str, close: &str) -> String {
    let (open, close) = (open.repeat(depth), close.repeat(depth));
    format!(r#"{{"Unknown":{open}{close},"InferenceId":"i"}}"#)
}

#[tokio::test]
async fn json_that_is_read() {
    for (body, expected) in [
        ("", None),
        (" \r\n\t", None),
        ("{}", None),
        (r#"{"InferenceId":"i"}"#, Some("i")),
        (r#"{"InferenceId":""}"#, Some("")),
        (r#"{"InferenceId":null}"#, None),
        ("\r\n {\t\"InferenceId\" :\n\"i\" } \n", Some("i")),
        (r#"{"InferenceId":"\u00e9\ud83e\udd80\n\"\\\/"}"#, Some("é🦀\n\"\\/")),
        (r#"{"\u0049nferenceId":"i"}"#, Some("i")),
        (r#"{"inferenceId":"i","INFERENCEID":"i","Inference":"i"}"#, None),
        (
            r#"{"a":1e999,"b":[{"InferenceId":"no"}],"InferenceId":"i","c":{"InferenceId":2}}"#,
            Some("i"),
        ),
        (r#"{"InferenceId":"first","InferenceId":"last"}"#, Some("last")),
        (&nested(127, "[", "]"), Some("i")),
        (&nested(127, r#"{"a":"#, "}").replace(":}", ":0}"), Some("i")),
    ] {
        let output = invoke_async(body).await.unwrap();
        let start: String = body.chars().take(80).collect();
        assert_eq!(output.inference_id.as_deref(), expected, "{start}");
    }
}

/// The request has been queued, so the head of the response stays within reach.
#[tokio::test]
async fn json_that_is_not_read() {
    let (arrays, objects) = (nested(128, "[", "]"), nested(100_000, r#"{"a":"#, "}"));
    let cases = [
        &*arrays,
        &*objects,
        r#"{"InferenceId":1}"#,
        r#"{"InferenceId":true}"#,
        r#"{"InferenceId":["i"]}"#,
        r#"{"InferenceId":{}}"#,
        r#"{"InferenceId":"\ud83e"}"#,
        r#"{"InferenceId":"i""#,
        r#"{"InferenceId":"i"} x"#,
        r#"{"InferenceId":"i",}"#,
        "null",
        "[]",
        r#""text""#,
        "<html>",
        "\u{feff}{}",
    ];
    for body in cases {
        let headers: Headers<'_> = &[
            ("x-amzn-sagemaker-outputlocation", b"s3://bucket/out"),
            ("x-amzn-requestid", b"1f2e"),
        ];
        let error = InvokeEndpointAsyncInput::parse_response(reply(202, headers, body))
            .await
            .unwrap_err();
        let expected = "InvokeEndpointAsync failed: the payload of the response is not the JSON object that the \
            service describes [request id 1f2e, 1 attempt]";
        assert_eq!(error.to_string(), expected);
        assert!(error.is_response());
        assert_eq!(error.status().unwrap(), 202);
        assert_eq!(error.raw_body().unwrap(), body);
        assert_eq!(error.response_metadata().unwrap().headers().len(), 2);
        assert!(error.source().is_some());
    }
    let error = invoke_async(vec![b'{', 0xff, b'}']).await.unwrap_err();
    assert_eq!(error.raw_body().unwrap(), &[b'{', 0xff, b'}'][..]);
    let error = invoke_async("{\"InferenceId\":\n 1}").await.unwrap_err();
    assert_snapshot!(error.source().unwrap(), @"JSON: a value is of another type (line 2, column 2)");
}

#[tokio::test]
async fn json_that_is_cut_off() {
    let headers: Headers<'_> = &[("x-amzn-sagemaker-outputlocation", b"s3://bucket/out")];
    let response = reply(202, headers, Pieces::new([Ok("{\"Infer")]).announcing(20));
    let error = InvokeEndpointAsyncInput::parse_response(response).await.unwrap_err();
    assert_snapshot!(
        error,
        @"InvokeEndpointAsync failed: the payload of the response broke off after 7 of 20 bytes [1 attempt]"
    );
    // The client does not make the call again: the request has been queued here, too.
    assert!(error.is_response() && error.is_retryable());
    let head = error.response_metadata().unwrap().headers();
    assert_eq!(head["x-amzn-sagemaker-outputlocation"], "s3://bucket/out");
}

#[tokio::test]
async fn a_payload_in_chunks() {
    let mut stream = payload(Pieces::new([Ok("ab"), Ok(""), Ok("c")])).await;
    assert_eq!(stream.content_length(), None);
    assert_eq!(stream.chunk().await.unwrap().unwrap(), "ab");
    assert_eq!(stream.chunk().await.unwrap().unwrap(), "c");
    assert_eq!(stream.chunk().await.unwrap(), None);
    assert_eq!(stream.chunk().await.unwrap(), None);
    assert_snapshot!(format!("{stream:?}"), @"ByteStream(3 bytes read)");

    let mut stream = payload("abc").await;
    assert_eq!(stream.chunk().await.unwrap().unwrap(), "abc");
    assert_eq!(stream.chunk().await.unwrap(), None);
    assert_snapshot!(format!("{stream:?}"), @"ByteStream(3 of 3 bytes read)");
}

#[tokio::test]
async fn a_payload_as_a_whole() {
    for pieces in [
        vec![],
        vec!["größe"],
        vec!["gr", "ö", "ße"],
        vec!["", "g", "r", "ö", "", "ß", "e", ""],
    ] {
        let expected = pieces.concat();
        let pieces = || Pieces::new(pieces.iter().map(|&piece| Ok(piece)).collect::<Vec<_>>());
        assert_eq!(payload(pieces()).await.bytes().await.unwrap(), expected);
        assert_eq!(payload(pieces()).await.text().await.unwrap(), expected);
    }
    // What was read before does not come again.
    let mut stream = payload(Pieces::new([Ok("ab"), Ok("c")])).await;
    stream.chunk().await.unwrap();
    assert_eq!(stream.text().await.unwrap(), "c");
}

#[tokio::test]
async fn a_payload_that_is_no_text() {
    let error = payload(vec![b'a', 0xe9, b'b']).await.text().await.unwrap_err();
    assert_snapshot!(
        error,
        @"InvokeEndpoint failed: the payload of the response is not UTF-8 text [request id 1f2e, 1 attempt]"
    );
    assert_snapshot!(error.source().unwrap(), @"invalid utf-8 sequence of 1 bytes from index 1");
    assert!(error.is_response());
    assert_eq!(error.status().unwrap(), 200);
}

#[tokio::test]
async fn a_payload_as_json() {
    let json: BTreeMap<String, Vec<f64>> = payload(r#"{"scores":[0.5,1]}"#).await.json().await.unwrap();
    assert_eq!(json["scores"], [0.5, 1.0]);

    for body in ["", "{", r#"{"scores":["a"]}"#, "\u{feff}{}"] {
        let error = payload(body)
            .await
            .json::<BTreeMap<String, Vec<f64>>>()
            .await
            .unwrap_err();
        let expected = "InvokeEndpoint failed: the payload of the response is not JSON of the wanted form [request id \
            1f2e, 1 attempt]";
        assert_eq!(error.to_string(), expected);
        assert!(error.source().is_some());
    }
    let deep = "[".repeat(100_000);
    let error = payload(deep).await.json::<serde_json::Value>().await.unwrap_err();
    assert_snapshot!(error.source().unwrap(), @"JSON: it is not valid (line 1, column 128)");
}

#[tokio::test]
async fn a_payload_through_async_read() {
    let mut stream = payload(Pieces::new([Ok("abc"), Ok("defg"), Ok("h")])).await;
    let mut two = [0; 2];
    stream.read_exact(&mut two).await.unwrap();
    assert_eq!(&two, b"ab");
    // The rest of a piece is not lost on the way to another view of the stream.
    assert_eq!(stream.chunk().await.unwrap().unwrap(), "c");
    let mut rest = String::new();
    stream.read_to_string(&mut rest).await.unwrap();
    assert_eq!(rest, "defgh");
    assert_eq!(stream.read(&mut two).await.unwrap(), 0);

    let mut stream = payload(Pieces::new([Ok("abc"), Err("reset")])).await;
    let error = stream.read_to_end(&mut Vec::new()).await.unwrap_err();
    let error = error.into_inner().unwrap().downcast::<Error>().unwrap();
    assert!(error.is_response());
}

#[tokio::test]
async fn a_payload_as_a_stream() {
    let mut stream = payload(Pieces::new([Ok("ab"), Ok(""), Ok("c"), Err("reset")])).await;
    let mut items = Vec::new();
    while let Some(item) = poll_fn(|context| Pin::new(&mut stream).poll_next(context)).await {
        let failed = item.is_err();
        items.push(item.map_err(|error| error.to_string()));
        if failed {
            break;
        }
    }
    let error =
        "InvokeEndpoint failed: the payload of the response broke off after 3 bytes [request id 1f2e, 1 attempt]";
    assert_eq!(items, [Ok("ab".into()), Ok("c".into()), Err(error.to_owned())]);
}

#[tokio::test]
async fn a_payload_as_an_http_body() {
    let mut stream = payload("abcd").await;
    assert_eq!(http_body::Body::size_hint(&stream).exact(), Some(4));
    let mut one = [0];
    stream.read_exact(&mut one).await.unwrap();
    assert_eq!(http_body::Body::size_hint(&stream).exact(), Some(3));
    assert_eq!(stream.collect().await.unwrap().to_bytes(), "bcd");

    let stream = payload(Pieces::new([Ok("ab"), Ok("c")])).await;
    assert_eq!(http_body::Body::size_hint(&stream).exact(), None);
    assert_eq!(stream.collect().await.unwrap().to_bytes(), "abc");
}

#[tokio::test]
async fn a_payload_that_is_cut_off() {
    let expected = "InvokeEndpoint failed: the payload of the response broke off after 4 of 10 bytes [request id 1f2e, \
        1 attempt]";
    let short = || Pieces::new([Ok("ab"), Ok("cd")]).announcing(10);
    let error = payload(short()).await.bytes().await.unwrap_err();
    assert_eq!(error.to_string(), expected);
    assert!(error.is_response() && !error.is_timeout() && !error.is_service() && error.is_retryable());
    assert!(error.source().is_none());
    assert_eq!(payload(short()).await.text().await.unwrap_err().to_string(), expected);
    assert_eq!(
        payload(short()).await.json::<()>().await.unwrap_err().to_string(),
        expected
    );
    assert_eq!(
        payload(short()).await.collect().await.unwrap_err().to_string(),
        expected
    );

    let broken = Pieces::new([Ok("abcd"), Err("reset")]).announcing(10);
    let error = payload(broken).await.bytes().await.unwrap_err();
    assert_eq!(error.to_string(), expected);
    assert_eq!(error.source().unwrap().to_string(), "reset");
}

/// A stream that did not come from a response knows of none.
#[tokio::test]
async fn a_stream_of_ones_own() {
    let error = ByteStream::from(vec![0xff]).text().await.unwrap_err();
    assert_snapshot!(error, @"the payload of the response is not UTF-8 text");
    assert_eq!(error.status(), None);
    assert_eq!(ByteStream::default().bytes().await.unwrap(), Bytes::new());
    assert_eq!(ByteStream::from("a".to_owned()).text().await.unwrap(), "a");
}

/// `CustomAttributes` is sensitive, in the member as well as in the header that it came in.
#[tokio::test]
async fn debug_hides_what_is_sensitive() {
    let headers: Headers<'_> = &[
        ("x-amzn-sagemaker-custom-attributes", b"secret"),
        ("x-amzn-requestid", b"1f2e"),
    ];
    let output = invoke(reply(200, headers, "secret")).await;
    assert_snapshot!(format!("{output:#?}"), @r#"
    InvokeEndpointOutput {
        body: ByteStream(0 of 6 bytes read),
        content_type: None,
        invoked_production_variant: None,
        custom_attributes: Some(
            *** hidden ***,
        ),
        new_session_id: None,
        closed_session_id: None,
        response_metadata: ResponseMetadata {
            status: 200,
            request_id: Some(
                "1f2e",
            ),
            headers: [
                "x-amzn-sagemaker-custom-attributes",
                "x-amzn-requestid",
            ],
            attempts: 1,
        },
    }
    "#);
    assert_snapshot!(format!("{:?}", output.response_metadata), @r#"ResponseMetadata { status: 200, request_id: Some("1f2e"), headers: ["x-amzn-sagemaker-custom-attributes", "x-amzn-requestid"], attempts: 1 }"#);
}
