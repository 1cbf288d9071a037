//! Snapshots of the requests that inputs become, through the public API and without a network.

mod support {
    pub(crate) mod http_text;
}

use http::Method;
use http::header::{CONTENT_TYPE, HeaderValue};
use http_body_util::{BodyExt, Full};
use insta::assert_snapshot;
use sagemaker_runtime::operation::invoke_endpoint::{InvokeEndpointBuilder, InvokeEndpointInput};
use sagemaker_runtime::operation::invoke_endpoint_async::{InvokeEndpointAsyncBuilder, InvokeEndpointAsyncInput};
use sagemaker_runtime::operation::invoke_endpoint_with_response_stream::{
    InvokeEndpointWithResponseStreamBuilder, InvokeEndpointWithResponseStreamInput,
};
use sagemaker_runtime::{Body, Endpoint, Operation};

use support::http_text::{endpoint, render, text_of};

type Invoke = InvokeEndpointBuilder<(), String, Body>;
type InvokeAsync = InvokeEndpointAsyncBuilder<(), String>;
type InvokeStream = InvokeEndpointWithResponseStreamBuilder<(), String, Body>;
type Setter<Builder> = fn(Builder, &str) -> Builder;

/// The members of `InvokeEndpoint` in headers: wire name of the member, header, setter.
const INVOKE_HEADERS: [(&str, &str, Setter<Invoke>); 10] = [
    ("ContentType", "content-type", |input, value| input.content_type(value)),
    ("Accept", "accept", |input, value| input.accept(value)),
    (
        "CustomAttributes",
        "x-amzn-sagemaker-custom-attributes",
        |input, value| input.custom_attributes(value),
    ),
    ("TargetModel", "x-amzn-sagemaker-target-model", |input, value| {
        input.target_model(value)
    }),
    ("TargetVariant", "x-amzn-sagemaker-target-variant", |input, value| {
        input.target_variant(value)
    }),
    (
        "TargetContainerHostname",
        "x-amzn-sagemaker-target-container-hostname",
        |input, value| input.target_container_hostname(value),
    ),
    ("InferenceId", "x-amzn-sagemaker-inference-id", |input, value| {
        input.inference_id(value)
    }),
    (
        "EnableExplanations",
        "x-amzn-sagemaker-enable-explanations",
        |input, value| input.enable_explanations(value),
    ),
    (
        "InferenceComponentName",
        "x-amzn-sagemaker-inference-component",
        |input, value| input.inference_component_name(value),
    ),
    ("SessionId", "x-amzn-sagemaker-session-id", |input, value| {
        input.session_id(value)
    }),
];

/// The members of `InvokeEndpointAsync` in headers that hold text.
const ASYNC_HEADERS: [(&str, &str, Setter<InvokeAsync>); 7] = [
    ("ContentType", "x-amzn-sagemaker-content-type", |input, value| {
        input.content_type(value)
    }),
    ("Accept", "x-amzn-sagemaker-accept", |input, value| input.accept(value)),
    (
        "CustomAttributes",
        "x-amzn-sagemaker-custom-attributes",
        |input, value| input.custom_attributes(value),
    ),
    ("InferenceId", "x-amzn-sagemaker-inference-id", |input, value| {
        input.inference_id(value)
    }),
    ("InputLocation", "x-amzn-sagemaker-inputlocation", |input, value| {
        input.input_location(value)
    }),
    (
        "S3OutputPathExtension",
        "x-amzn-sagemaker-s3outputpathextension",
        |input, value| input.s3_output_path_extension(value),
    ),
    ("Filename", "x-amzn-sagemaker-filename", |input, value| {
        input.filename(value)
    }),
];

/// The members of `InvokeEndpointWithResponseStream` in headers. `Accept` of HTTP would speak of the stream of events.
const STREAM_HEADERS: [(&str, &str, Setter<InvokeStream>); 8] = [
    ("ContentType", "content-type", |input, value| input.content_type(value)),
    ("Accept", "x-amzn-sagemaker-accept", |input, value| input.accept(value)),
    (
        "CustomAttributes",
        "x-amzn-sagemaker-custom-attributes",
        |input, value| input.custom_attributes(value),
    ),
    ("TargetVariant", "x-amzn-sagemaker-target-variant", |input, value| {
        input.target_variant(value)
    }),
    (
        "TargetContainerHostname",
        "x-amzn-sagemaker-target-container-hostname",
        |input, value| input.target_container_hostname(value),
    ),
    ("InferenceId", "x-amzn-sagemaker-inference-id", |input, value| {
        input.inference_id(value)
    }),
    (
        "InferenceComponentName",
        "x-amzn-sagemaker-inference-component",
        |input, value| input.inference_component_name(value),
    ),
    ("SessionId", "x-amzn-sagemaker-session-id", |input, value| {
        input.session_id(value)
    }),
];

fn invoke() -> Invoke {
    InvokeEndpointInput::builder().endpoint_name("churn").body("1,2")
}

fn invoke_async() -> InvokeAsync {
    InvokeEndpointAsyncInput::builder().endpoint_name("churn")
}

fn invoke_stream() -> InvokeStream {
    InvokeEndpointWithResponseStreamInput::builder()
        .endpoint_name("churn")
        .body("1,2")
}

#[tokio::test]
async fn only_what_is_required() {
    assert_snapshot!(text_of(invoke().build()).await, @"
    POST https://example.com/endpoints/churn/invocations
    content-type: application/octet-stream

    1,2
    ");
    assert_snapshot!(text_of(invoke_async().build()).await, @"POST https://example.com/endpoints/churn/async-invocations");
    assert_snapshot!(text_of(invoke_stream().build()).await, @"
    POST https://example.com/endpoints/churn/invocations-response-stream
    content-type: application/octet-stream

    1,2
    ");
}

#[tokio::test]
async fn all_members_of_invoke_endpoint() {
    let input = invoke()
        .content_type("text/csv; charset=utf-8")
        .accept("application/json, text/csv;q=0.5")
        .custom_attributes(r#"{"trace": "c0ffee"}"#)
        .target_model("churn/v7.tar.gz")
        .target_variant("blue")
        .target_container_hostname("host-1")
        .inference_id("request 17")
        .enable_explanations("`true`")
        .inference_component_name("component-1")
        .session_id("NEW_SESSION");
    assert_snapshot!(text_of(input.build()).await, @r#"
    POST https://example.com/endpoints/churn/invocations
    accept: application/json, text/csv;q=0.5
    content-type: text/csv; charset=utf-8
    x-amzn-sagemaker-custom-attributes: {"trace": "c0ffee"}
    x-amzn-sagemaker-enable-explanations: `true`
    x-amzn-sagemaker-inference-component: component-1
    x-amzn-sagemaker-inference-id: request 17
    x-amzn-sagemaker-session-id: NEW_SESSION
    x-amzn-sagemaker-target-container-hostname: host-1
    x-amzn-sagemaker-target-model: churn/v7.tar.gz
    x-amzn-sagemaker-target-variant: blue

    1,2
    "#);
}

#[tokio::test]
async fn all_members_of_invoke_endpoint_async() {
    let input = invoke_async()
        .content_type("text/csv")
        .accept("application/json")
        .custom_attributes("trace=c0ffee")
        .inference_id("request-17")
        .input_location("s3://bucket/input.csv")
        .s3_output_path_extension("2025/03/01")
        .filename("result.json")
        .request_ttl_seconds(3600)
        .invocation_timeout_seconds(900)
        .body("1,2");
    assert_snapshot!(text_of(input.build()).await, @"
    POST https://example.com/endpoints/churn/async-invocations
    content-type: application/octet-stream
    x-amzn-sagemaker-accept: application/json
    x-amzn-sagemaker-content-type: text/csv
    x-amzn-sagemaker-custom-attributes: trace=c0ffee
    x-amzn-sagemaker-filename: result.json
    x-amzn-sagemaker-inference-id: request-17
    x-amzn-sagemaker-inputlocation: s3://bucket/input.csv
    x-amzn-sagemaker-invocationtimeoutseconds: 900
    x-amzn-sagemaker-requestttlseconds: 3600
    x-amzn-sagemaker-s3outputpathextension: 2025/03/01

    1,2
    ");
}

#[tokio::test]
async fn all_members_of_invoke_endpoint_with_response_stream() {
    let input = invoke_stream()
        .content_type("application/json")
        .accept("text/plain")
        .custom_attributes("trace=c0ffee")
        .target_variant("blue")
        .target_container_hostname("host-1")
        .inference_id("request 17")
        .inference_component_name("component-1")
        .session_id("NEW_SESSION")
        .body(r#"{"stream": true}"#);
    assert_snapshot!(text_of(input.build()).await, @r#"
    POST https://example.com/endpoints/churn/invocations-response-stream
    content-type: application/json
    x-amzn-sagemaker-accept: text/plain
    x-amzn-sagemaker-custom-attributes: trace=c0ffee
    x-amzn-sagemaker-inference-component: component-1
    x-amzn-sagemaker-inference-id: request 17
    x-amzn-sagemaker-session-id: NEW_SESSION
    x-amzn-sagemaker-target-container-hostname: host-1
    x-amzn-sagemaker-target-variant: blue

    {"stream": true}
    "#);
}

/// Only the header of the member is there, and the default `Content-Type` where the member is not that header.
#[tokio::test]
async fn each_header_member_alone() {
    let (longest, mixed) = ("x".repeat(1024), "a, \"b\";c=d  e\\f");
    // Text beyond ASCII goes as UTF-8.
    for value in ["v", "", mixed, "größe=日本🦀", &longest] {
        for (member, header, set) in INVOKE_HEADERS {
            let text = text_of(set(invoke(), value).build()).await;
            let mut headers = vec![format!("{header}: {value}")];
            if member != "ContentType" {
                headers.push("content-type: application/octet-stream".to_owned());
            }
            headers.sort();
            let url = "https://example.com/endpoints/churn/invocations";
            assert_eq!(text, format!("POST {url}\n{}\n\n1,2", headers.join("\n")), "{member}");
        }
        for (member, header, set) in ASYNC_HEADERS {
            let text = text_of(set(invoke_async(), value).build()).await;
            let url = "https://example.com/endpoints/churn/async-invocations";
            assert_eq!(text, format!("POST {url}\n{header}: {value}").trim_end(), "{member}");
        }
        for (member, header, set) in STREAM_HEADERS {
            let text = text_of(set(invoke_stream(), value).build()).await;
            let mut headers = vec![format!("{header}: {value}")];
            if member != "ContentType" {
                headers.insert(0, "content-type: application/octet-stream".to_owned());
            }
            let url = "https://example.com/endpoints/churn/invocations-response-stream";
            assert_eq!(text, format!("POST {url}\n{}\n\n1,2", headers.join("\n")), "{member}");
        }
    }
}

/// Limits are the service's business: whatever the type can hold is sent.
#[tokio::test]
async fn numbers() {
    for number in [60, 21_600, 1, 3600, 0, -1, i32::MIN, i32::MAX] {
        let text = text_of(invoke_async().request_ttl_seconds(number).build()).await;
        let url = "https://example.com/endpoints/churn/async-invocations";
        assert_eq!(
            text,
            format!("POST {url}\nx-amzn-sagemaker-requestttlseconds: {number}")
        );
        let text = text_of(invoke_async().invocation_timeout_seconds(number).build()).await;
        let header = "x-amzn-sagemaker-invocationtimeoutseconds";
        assert_eq!(text, format!("POST {url}\n{header}: {number}"));
    }
    let input = invoke_async().request_ttl_seconds(i32::MIN);
    assert!(text_of(input.build()).await.ends_with(": -2147483648"));
}

#[tokio::test]
async fn default_content_type() {
    let content_type = |request: http::Request<Body>| request.headers().get(CONTENT_TYPE).cloned();
    let octets = Some(HeaderValue::from_static("application/octet-stream"));

    let request = invoke().body(Body::empty()).build().into_request(&endpoint());
    assert_eq!(content_type(request.unwrap()), octets, "an empty payload is one");
    let request = invoke().content_type("").build().into_request(&endpoint());
    assert_eq!(content_type(request.unwrap()), Some(HeaderValue::from_static("")));

    let request = invoke_async()
        .content_type("text/csv")
        .build()
        .into_request(&endpoint());
    assert_eq!(content_type(request.unwrap()), None, "there is no payload");
    let request = invoke_async()
        .content_type("text/csv")
        .body("")
        .build()
        .into_request(&endpoint());
    assert_eq!(
        content_type(request.unwrap()),
        octets,
        "the member has a header of its own"
    );
}

#[tokio::test]
async fn kinds_of_bodies() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    std::io::Write::write_all(&mut file, b"from a file").unwrap();
    let large = vec![7; 200_000];
    let cases: [(Body, &[u8]); 11] = [
        ("text".into(), b"text"),
        (String::from("größe").into(), "größe".as_bytes()),
        (vec![0, 159, 146, 150].into(), &[0, 159, 146, 150]),
        (b"array".into(), b"array"),
        (b"slice".as_slice().into(), b"slice"),
        (bytes::Bytes::from_static(b"shared").into(), b"shared"),
        ("".into(), b""),
        (Body::default(), b""),
        (large.clone().into(), &large),
        (Body::from_path(file.path()), b"from a file"),
        (
            Body::from_http_body(Full::<bytes::Bytes>::from("from a stream")),
            b"from a stream",
        ),
    ];
    for (body, expected) in cases {
        let kind = format!("{body:?}");
        let request = invoke().body(body).build().into_request(&endpoint()).unwrap();
        let sent = request.into_body().collect().await.unwrap().to_bytes();
        assert!(sent == expected, "{kind}");
    }
}

#[tokio::test]
async fn a_file_that_is_not_there_is_named() {
    let input = invoke().body(Body::from_path("/no/such/file"));
    let request = input.build().into_request(&endpoint()).unwrap();
    let error = request.into_body().collect().await.unwrap_err();
    assert_snapshot!(error, @"/no/such/file: No such file or directory (os error 2)");
}

#[test]
fn names_become_one_segment_of_the_path() {
    let longest = "x".repeat(63);
    for (name, segment) in [
        ("a", "a"),
        (&longest, &*longest),
        ("a b", "a%20b"),
        ("a/b", "a%2Fb"),
        ("/", "%2F"),
        ("100%", "100%25"),
        ("a%20b", "a%2520b"),
        ("%2E%2E", "%252E%252E"),
        ("-._~", "-._~"),
        ("...", "..."),
        (".a", ".a"),
        ("../a", "..%2Fa"),
        ("a+b", "a%2Bb"),
        (
            ":/?#[]@!$&'()*+,;=",
            "%3A%2F%3F%23%5B%5D%40%21%24%26%27%28%29%2A%2B%2C%3B%3D",
        ),
        ("\"<>\\^`{|}", "%22%3C%3E%5C%5E%60%7B%7C%7D"),
        ("\r\n\t\0\u{7f}", "%0D%0A%09%00%7F"),
        ("größe", "gr%C3%B6%C3%9Fe"),
        ("日本", "%E6%97%A5%E6%9C%AC"),
        ("🦀", "%F0%9F%A6%80"),
        ("{EndpointName}", "%7BEndpointName%7D"),
    ] {
        let request = invoke().endpoint_name(name).build().into_request(&endpoint()).unwrap();
        let url = format!("https://example.com/endpoints/{segment}/invocations");
        assert_eq!(request.uri().to_string(), url, "{name:?}");
        let request = invoke_async()
            .endpoint_name(name)
            .build()
            .into_request(&endpoint())
            .unwrap();
        let url = format!("https://example.com/endpoints/{segment}/async-invocations");
        assert_eq!(request.uri().to_string(), url, "{name:?}");
        assert_eq!(request.method(), Method::POST);
        let input = invoke_stream().endpoint_name(name).build();
        let request = input.into_request(&endpoint()).unwrap();
        let url = format!("https://example.com/endpoints/{segment}/invocations-response-stream");
        assert_eq!(request.uri().to_string(), url, "{name:?}");
    }
}

/// RFC 3986's unreserved characters are literal, all others are not.
#[test]
fn every_ascii_character_in_a_name() {
    for byte in 0..128_u8 {
        let c = char::from(byte);
        let segment = match c {
            'A'..='Z' | 'a'..='z' | '0'..='9' | '-' | '_' | '~' | '.' => format!("x{c}"),
            _ => format!("x%{byte:02X}"),
        };
        let input = invoke().endpoint_name(format!("x{c}")).build();
        let request = input.into_request(&endpoint()).unwrap();
        assert_eq!(request.uri().path(), format!("/endpoints/{segment}/invocations"));
    }
}

#[tokio::test]
async fn names_that_are_no_segment() {
    for (name, problem) in [
        ("", "is empty, but is a part of the URL"),
        (".", "is `.` or `..`, which would change the path of the URL"),
        ("..", "is `.` or `..`, which would change the path of the URL"),
    ] {
        let error = invoke()
            .endpoint_name(name)
            .build()
            .into_request(&endpoint())
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("InvokeEndpoint failed: the member `EndpointName` {problem}")
        );
        assert!(error.is_input());
        assert_eq!(error.attempts(), 0);
        let error = invoke_async()
            .endpoint_name(name)
            .build()
            .into_request(&endpoint())
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("InvokeEndpointAsync failed: the member `EndpointName` {problem}")
        );
        let input = invoke_stream().endpoint_name(name).build();
        let error = input.into_request(&endpoint()).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("InvokeEndpointWithResponseStream failed: the member `EndpointName` {problem}")
        );
    }
}

#[test]
fn a_name_that_no_url_can_hold() {
    let input = invoke().endpoint_name("x".repeat(70_000)).build();
    let error = input.into_request(&endpoint()).unwrap_err();
    assert_snapshot!(error, @"InvokeEndpoint failed: the member `EndpointName` makes the URL longer than HTTP can carry");
    assert!(error.is_input());
}

#[test]
fn endpoints_with_a_path() {
    for (url, expected) in [
        ("https://example.com", "https://example.com"),
        ("https://example.com/", "https://example.com"),
        ("https://example.com/base", "https://example.com/base"),
        ("https://example.com/base/", "https://example.com/base"),
        // One slash is the end of the path; another one belongs to it.
        ("https://example.com/base//", "https://example.com/base/"),
        ("https://example.com/two/levels%20", "https://example.com/two/levels%20"),
        ("http://localhost:8080/", "http://localhost:8080"),
        ("http://[::1]:8080/base", "http://[::1]:8080/base"),
        ("https://example.com:443", "https://example.com:443"),
    ] {
        let endpoint = Endpoint::new(url).unwrap();
        assert_eq!(endpoint.to_string(), expected);
        let request = invoke().build().into_request(&endpoint).unwrap();
        assert_eq!(
            request.uri().to_string(),
            format!("{expected}/endpoints/churn/invocations")
        );
    }
}

/// What a header cannot carry is refused by every member that travels in one, and the error names the member.
#[test]
fn text_that_no_header_can_hold() {
    let space = "begins or ends with a space, which HTTP does not keep";
    let character = |at, code| format!("has a character at byte {at} that a header cannot carry (U+{code})");
    let cases = [
        ("secret\rx", character(6, "000D")),
        ("secret\nx", character(6, "000A")),
        ("größe\r\nx: y", character(7, "000D")),
        ("secret\0", character(6, "0000")),
        ("\tsecret", character(0, "0009")),
        ("sec\tret", character(3, "0009")),
        ("secret\u{1b}", character(6, "001B")),
        ("secret\u{7f}", character(6, "007F")),
        (" secret", space.to_owned()),
        ("secret ", space.to_owned()),
        (" ", space.to_owned()),
    ];
    for (value, problem) in cases {
        let check = |operation, member, result: Result<_, sagemaker_runtime::Error>| {
            let error = result.unwrap_err();
            assert_eq!(
                error.to_string(),
                format!("{operation} failed: the member `{member}` {problem}")
            );
            assert!(error.is_input());
            assert!(!format!("{error:?}").contains("secret"), "{error:?}");
        };
        for (member, _, set) in INVOKE_HEADERS {
            check(
                "InvokeEndpoint",
                member,
                set(invoke(), value).build().into_request(&endpoint()),
            );
        }
        for (member, _, set) in ASYNC_HEADERS {
            let result = set(invoke_async(), value).build().into_request(&endpoint());
            check("InvokeEndpointAsync", member, result);
        }
        for (member, _, set) in STREAM_HEADERS {
            let result = set(invoke_stream(), value).build().into_request(&endpoint());
            check("InvokeEndpointWithResponseStream", member, result);
        }
    }
}

/// `CustomAttributes` is the sensitive member in a header, and `Body` the one that is the payload.
#[tokio::test]
async fn debug_hides_what_is_sensitive() {
    let input = || invoke().custom_attributes("secret").body("secret");
    assert_snapshot!(format!("{:?}", input()), @"InvokeEndpointBuilder { .. }");
    assert_snapshot!(format!("{:#?}", input().build()), @r#"
    InvokeEndpointInput {
        endpoint_name: "churn",
        body: Body(6 bytes),
        content_type: None,
        accept: None,
        custom_attributes: Some(
            *** hidden ***,
        ),
        target_model: None,
        target_variant: None,
        target_container_hostname: None,
        inference_id: None,
        enable_explanations: None,
        inference_component_name: None,
        session_id: None,
    }
    "#);
    let request = input().build().into_request(&endpoint()).unwrap();
    let debug = format!("{request:?}");
    assert!(
        debug.contains(r#""x-amzn-sagemaker-custom-attributes": Sensitive"#),
        "{debug}"
    );
    assert!(!debug.contains("secret"), "{debug}");
    // It is sent all the same.
    assert!(render(request).await.contains("custom-attributes: secret"));

    let input = || invoke_async().custom_attributes("secret").body("secret");
    assert_snapshot!(format!("{:?}", input()), @"InvokeEndpointAsyncBuilder { .. }");
    assert_snapshot!(format!("{:#?}", input().build()), @r#"
    InvokeEndpointAsyncInput {
        endpoint_name: "churn",
        content_type: None,
        accept: None,
        custom_attributes: Some(
            *** hidden ***,
        ),
        inference_id: None,
        input_location: None,
        s3_output_path_extension: None,
        filename: None,
        request_ttl_seconds: None,
        invocation_timeout_seconds: None,
        body: Some(
            Body(6 bytes),
        ),
    }
    "#);
    let request = input().build().into_request(&endpoint()).unwrap();
    assert!(!format!("{request:?}").contains("secret"), "{request:?}");

    let input = || invoke_stream().custom_attributes("secret").body("secret");
    assert_snapshot!(format!("{:?}", input()), @"InvokeEndpointWithResponseStreamBuilder { .. }");
    assert_snapshot!(format!("{:#?}", input().build()), @r#"
    InvokeEndpointWithResponseStreamInput {
        endpoint_name: "churn",
        body: Body(6 bytes),
        content_type: None,
        accept: None,
        custom_attributes: Some(
            *** hidden ***,
        ),
        target_variant: None,
        target_container_hostname: None,
        inference_id: None,
        inference_component_name: None,
        session_id: None,
    }
    "#);
    let request = input().build().into_request(&endpoint()).unwrap();
    assert!(!format!("{request:?}").contains("secret"), "{request:?}");
}
