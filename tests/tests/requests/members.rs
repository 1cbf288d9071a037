//! Members in headers and in the payload.

use insta::assert_snapshot;
use sagemaker_runtime::Operation;
use sagemaker_runtime::operation::invoke_endpoint::InvokeEndpointInput;
use sagemaker_runtime::operation::invoke_endpoint_async::InvokeEndpointAsyncInput;
use sagemaker_runtime::operation::invoke_endpoint_with_response_stream::InvokeEndpointWithResponseStreamInput;

use crate::described::{self, Message};
use crate::http_text::{endpoint, text_of};
use crate::{Invoke, InvokeAsync, InvokeStream, Setter, invoke, invoke_async, invoke_stream};

/// The members of `InvokeEndpoint` in headers: wire name of the member, header, setter.
const INVOKE_HEADERS: [(&str, &str, Setter<Invoke>); 11] = [
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
    ("PrefixAwareId", "x-amzn-sagemaker-prefix-aware-id", |input, value| {
        input.prefix_aware_id(value)
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
const STREAM_HEADERS: [(&str, &str, Setter<InvokeStream>); 9] = [
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
    ("PrefixAwareId", "x-amzn-sagemaker-prefix-aware-id", |input, value| {
        input.prefix_aware_id(value)
    }),
];

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

fn whole_invoke_endpoint() -> InvokeEndpointInput {
    invoke()
        .content_type("text/csv; charset=utf-8")
        .accept("application/json, text/csv;q=0.5")
        .custom_attributes(r#"{"trace": "c0ffee"}"#)
        .target_model("churn/v7.tar.gz")
        .target_variant("blue")
        .target_container_hostname("host-1")
        .inference_id("request 17")
        .enable_explanations("`true`")
        .inference_component_name("component-1")
        .session_id("NEW_SESSION")
        .prefix_aware_id("tenant 7")
        .build()
}

#[tokio::test]
async fn all_members_of_invoke_endpoint() {
    assert_snapshot!(text_of(whole_invoke_endpoint()).await, @r#"
    POST https://example.com/endpoints/churn/invocations
    accept: application/json, text/csv;q=0.5
    content-type: text/csv; charset=utf-8
    x-amzn-sagemaker-custom-attributes: {"trace": "c0ffee"}
    x-amzn-sagemaker-enable-explanations: `true`
    x-amzn-sagemaker-inference-component: component-1
    x-amzn-sagemaker-inference-id: request 17
    x-amzn-sagemaker-prefix-aware-id: tenant 7
    x-amzn-sagemaker-session-id: NEW_SESSION
    x-amzn-sagemaker-target-container-hostname: host-1
    x-amzn-sagemaker-target-model: churn/v7.tar.gz
    x-amzn-sagemaker-target-variant: blue

    1,2
    "#);
}

fn whole_invoke_endpoint_async() -> InvokeEndpointAsyncInput {
    invoke_async()
        .content_type("text/csv")
        .accept("application/json")
        .custom_attributes("trace=c0ffee")
        .inference_id("request-17")
        .input_location("s3://bucket/input.csv")
        .s3_output_path_extension("2025/03/01")
        .filename("result.json")
        .request_ttl_seconds(3600)
        .invocation_timeout_seconds(900)
        .body("1,2")
        .build()
}

#[tokio::test]
async fn all_members_of_invoke_endpoint_async() {
    assert_snapshot!(text_of(whole_invoke_endpoint_async()).await, @"
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

fn whole_invoke_endpoint_with_response_stream() -> InvokeEndpointWithResponseStreamInput {
    invoke_stream()
        .content_type("application/json")
        .accept("text/plain")
        .custom_attributes("trace=c0ffee")
        .target_variant("blue")
        .target_container_hostname("host-1")
        .inference_id("request 17")
        .inference_component_name("component-1")
        .session_id("NEW_SESSION")
        .prefix_aware_id("tenant 7")
        .body(r#"{"stream": true}"#)
        .build()
}

#[tokio::test]
async fn all_members_of_invoke_endpoint_with_response_stream() {
    assert_snapshot!(text_of(whole_invoke_endpoint_with_response_stream()).await, @r#"
    POST https://example.com/endpoints/churn/invocations-response-stream
    content-type: application/json
    x-amzn-sagemaker-accept: text/plain
    x-amzn-sagemaker-custom-attributes: trace=c0ffee
    x-amzn-sagemaker-inference-component: component-1
    x-amzn-sagemaker-inference-id: request 17
    x-amzn-sagemaker-prefix-aware-id: tenant 7
    x-amzn-sagemaker-session-id: NEW_SESSION
    x-amzn-sagemaker-target-container-hostname: host-1
    x-amzn-sagemaker-target-variant: blue

    {"stream": true}
    "#);
}

/// A member that is new in the description has to be added above.
#[tokio::test]
async fn every_member_has_a_request_test() {
    let message = |owner, text| Message {
        service: "sagemaker-runtime",
        owner,
        text,
    };
    described::assert_inputs(
        &["sagemaker-runtime"],
        &[
            message("InvokeEndpoint", text_of(whole_invoke_endpoint()).await),
            message("InvokeEndpointAsync", text_of(whole_invoke_endpoint_async()).await),
            message(
                "InvokeEndpointWithResponseStream",
                text_of(whole_invoke_endpoint_with_response_stream()).await,
            ),
        ],
    );
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
