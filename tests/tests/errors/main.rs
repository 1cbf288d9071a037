//! What responses that report an error become.

mod bodies;
#[path = "../support/described.rs"]
mod described;
mod handling;
#[path = "../support/pieces.rs"]
mod pieces;
#[path = "../support/reply.rs"]
mod reply;

use std::error::Error as StdError;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use insta::assert_snapshot;
use sagemaker_runtime::operation::invoke_endpoint::InvokeEndpointInput;
use sagemaker_runtime::operation::invoke_endpoint_async::InvokeEndpointAsyncInput;
use sagemaker_runtime::operation::invoke_endpoint_with_response_stream::InvokeEndpointWithResponseStreamInput;
use sagemaker_runtime::{ByteStream, Error, Operation, ServiceError};

use described::Message;
use reply::reply;

/// The errors of the service with their statuses.
const ERRORS: [(&str, u16); 6] = [
    ("InternalFailure", 500),
    ("ServiceUnavailable", 503),
    ("ValidationError", 400),
    ("ModelError", 424),
    ("InternalDependencyException", 530),
    ("ModelNotReadyException", 429),
];

/// The errors that are made for streams and have no status of their own. They may come as an answer, too.
const STREAM_ERRORS: [(&str, u16); 2] = [("ModelStreamError", 400), ("InternalStreamFailure", 500)];

async fn parse(status: u16, headers: &[(&str, &str)], body: impl Into<ByteStream>) -> Error {
    let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_bytes())).collect();
    let response = reply(status, &headers, body);
    InvokeEndpointInput::parse_response(response).await.unwrap_err()
}

/// Checks what all errors of the service have in common.
#[track_caller]
fn check(error: &Error, status: u16, code: &str, message: &str) {
    assert_eq!(error.code(), Some(code), "{error}");
    assert_eq!(error.message(), Some(message), "{error}");
    assert_eq!(error.status().unwrap(), status);
    assert!(error.is_service());
    assert!(!error.is_response() && !error.is_timeout() && !error.is_connect() && !error.is_input());
    assert_eq!(error.operation(), Some("InvokeEndpoint"));
    assert_eq!(error.attempts(), 1);
    assert!(error.source().is_none());
    assert!(!error.to_string().contains('\n'), "{error}");
}

/// The text of an error without what to do about it.
fn text(error: &Error) -> String {
    match error.hint() {
        Some(hint) => error.to_string().replace(&format!(", hint: {hint}"), ""),
        None => error.to_string(),
    }
}

/// Every error of the service in every form that a code can have.
#[tokio::test]
async fn forms_of_codes() {
    const TYPE: &str = "x-amzn-errortype";
    for (name, status) in ERRORS {
        let body = |member: &str, value: &str| format!(r#"{{"{member}":"{value}","Message":"m"}}"#);
        let uri = "http://internal.amazon.com/coral/com.amazonaws.sagemaker/";
        let namespace = "com.amazonaws.sagemaker#";
        let message = r#"{"Message":"m"}"#.to_owned();
        for (header, body) in [
            (Some(name.to_owned()), message.clone()),
            (Some(format!("{name}:{uri}")), message.clone()),
            (Some(format!("{namespace}{name}")), message.clone()),
            (Some(format!("{namespace}{name}:{uri}#x")), message.clone()),
            (Some(format!(" {name} ")), message.clone()),
            // Gateways append the code of their own error.
            (Some(format!("{name},InternalServerException")), message.clone()),
            (Some(format!("{name} , {uri}")), message.clone()),
            (
                Some(format!("{namespace}{name}:{uri},{namespace}Other:{uri}")),
                message.clone(),
            ),
            (Some(format!(", :{uri},{name},Other")), message.clone()),
            (Some(format!(",{name}#")), body("code", name)),
            (Some(" , ".to_owned()), body("code", name)),
            (Some(name.to_owned()), body("code", "Other")),
            (Some(name.to_owned()), body("__type", "Other")),
            (Some(String::new()), body("code", name)),
            (Some(":".to_owned()), body("__type", name)),
            (None, body("code", name)),
            (None, body("Code", name)),
            (None, body("__type", name)),
            (None, body("code", &format!("{namespace}{name}"))),
            (None, body("Code", &format!("{name}:{uri}"))),
            (None, body("__type", &format!("{namespace}{name}:{uri}"))),
            (None, body("__type", &format!("{name},InternalServerException"))),
            (None, body("code", &format!("{namespace}{name},Other"))),
            (None, body("Code", &format!("{name}:{uri},Other"))),
            (
                None,
                format!(r#"{{"__type":"Other","Code":"Other","code":"{name}","Message":"m"}}"#),
            ),
            (
                None,
                format!(r#"{{"__type":"{name}","Code":"Other","code":null,"Message":"m"}}"#),
            ),
            (
                None,
                format!(r#"{{"__type":"{name}","Code":"","code":[],"Message":"m"}}"#),
            ),
            (
                None,
                format!(r##"{{"code":"#:","Code":",","__type":"{name}","Message":"m"}}"##),
            ),
            (
                None,
                format!(r#"{{"a":{{"__type":"Other","code":"Other"}},"__type":"{name}","Message":"m"}}"#),
            ),
        ] {
            let headers: Vec<_> = header.iter().map(|value| (TYPE, value.as_str())).collect();
            let error = parse(status, &headers, body.as_str()).await;
            check(&error, status, name, "m");
            let modeled = error.service_error().unwrap();
            assert_eq!(modeled.code(), name);
            assert_eq!(modeled.message(), Some("m"));
            assert_eq!(modeled.to_string(), format!("{name}: m"));
            assert_eq!(
                text(&error),
                format!("InvokeEndpoint failed: {name} ({status}): m [1 attempt]")
            );
            assert_eq!(error.raw_body().unwrap(), body.as_bytes());
        }
    }
}

/// The header alone tells which error it is, whatever the body is and whatever the status.
#[tokio::test]
async fn code_without_a_readable_body() {
    for (name, status) in ERRORS {
        for (body, message) in [
            ("", ""),
            (" \r\n ", ""),
            ("{}", ""),
            ("<html><body>Bad Gateway</body></html>", ""),
            ("<!DOCTYPE html>\n<html></html>", ""),
            ("\n<HTML>", ""),
            ("upstream is gone", "upstream is gone"),
            (r#""text""#, r#""text""#),
            ("[1]", "[1]"),
            ("null", "null"),
        ] {
            for status in [status, 418] {
                let error = parse(status, &[("x-amzn-errortype", name)], body).await;
                check(&error, status, name, message);
                assert_eq!(error.service_error().unwrap().code(), name);
                assert_eq!(error.raw_body().unwrap(), body);
            }
        }
    }
}

/// All operations read all errors of the service, also those that the description does not list for them.
#[tokio::test]
async fn every_operation_reads_every_error() {
    for (name, status) in ERRORS {
        let body = format!(r#"{{"__type":"{name}"}}"#);
        let response = reply(status, &[], body);
        let error = InvokeEndpointAsyncInput::parse_response(response).await.unwrap_err();
        assert_eq!(error.service_error().unwrap().code(), name);
        assert_eq!(error.operation(), Some("InvokeEndpointAsync"));
        assert_eq!(
            text(&error),
            format!("InvokeEndpointAsync failed: {name} ({status}) [1 attempt]")
        );
    }
    for (name, status) in ERRORS.into_iter().chain(STREAM_ERRORS) {
        let body = format!(r#"{{"__type":"{name}"}}"#);
        let response = reply(status, &[], body);
        let error = InvokeEndpointWithResponseStreamInput::parse_response(response)
            .await
            .unwrap_err();
        assert_eq!(error.service_error().unwrap().code(), name);
        assert_eq!(
            text(&error),
            format!("InvokeEndpointWithResponseStream failed: {name} ({status}) [1 attempt]")
        );
    }
}

/// `parse_response` takes responses of any client. Tokio is needed only to wait.
#[test]
fn an_answer_that_is_there_is_read_without_a_runtime() {
    let page = reply(200, &[("content-type", b"text/html")], "<html>");
    let parsing = pin!(InvokeEndpointWithResponseStreamInput::parse_response(page));
    match parsing.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(Err(error)) => assert_eq!(error.raw_body().unwrap(), "<html>"),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn spellings_of_messages() {
    for (body, message) in [
        (r#"{"message":"m"}"#, Some("m")),
        (r#"{"Message":"m"}"#, Some("m")),
        (r#"{"errorMessage":"m"}"#, Some("m")),
        (r#"{"message":null,"Message":"x"}"#, Some("x")),
        (r#"{"message":"","Message":"x"}"#, Some("x")),
        (r#"{"message":{"a":1},"Message":"x"}"#, Some("x")),
        (r#"{"message":"first","message":"last"}"#, Some("last")),
        (r#"{"message":12}"#, Some("12")),
        (r#"{"message":"größe \u00e9 \ud83e\udd80"}"#, Some("größe é 🦀")),
        (r#"{"MESSAGE":"m"}"#, None),
        (r#"{"a":{"message":"m"}}"#, None),
        (r#"{"message":"\ud83e"}"#, None),
        ("{}", None),
    ] {
        let error = parse(400, &[("x-amzn-errortype", "ValidationError")], body).await;
        check(&error, 400, "ValidationError", message.unwrap_or_default());
        assert_eq!(error.service_error().unwrap().message(), message, "{body}");
        let error = parse(400, &[("x-amzn-errortype", "Unknown")], body).await;
        check(&error, 400, "Unknown", message.unwrap_or_default());
        assert!(error.service_error().is_none());
    }
}

/// The description's own spelling goes before the other one; without a description, `message` does.
#[tokio::test]
async fn both_spellings_of_a_message() {
    let body = r#"{"message":"a","Message":"b"}"#;
    let error = parse(400, &[("x-amzn-errortype", "ValidationError")], body).await;
    check(&error, 400, "ValidationError", "b");
    assert_eq!(error.service_error().unwrap().message(), Some("b"));
    let error = parse(400, &[("x-amzn-errortype", "Unknown")], body).await;
    check(&error, 400, "Unknown", "a");
}

/// All that a `ModelError` can have.
const MODEL_ERROR: &str = r#"{
    "Message": "Received server error (500) from primary\nwith message \"oops\".",
    "OriginalStatusCode": 500,
    "OriginalMessage": "oops\n",
    "LogStreamArn": "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/sagemaker/Endpoints/e",
    "Unknown": [{}]
}"#;

/// A member that is new in the description has to be added here, and to a test of its error.
#[tokio::test]
async fn every_member_has_a_response_test() {
    let mut messages = Vec::new();
    for (owner, status) in ERRORS.into_iter().chain(STREAM_ERRORS) {
        let body = match owner {
            "ModelError" => MODEL_ERROR,
            "ModelStreamError" => r#"{"Message": "m", "ErrorCode": "ModelInvocationTimeExceeded"}"#,
            _ => r#"{"Message": "m"}"#,
        };
        let error = parse(status, &[("x-amzn-errortype", owner)], body).await;
        let fields = format!("{:?}", error.service_error().unwrap());
        assert!(!fields.contains("None"), "a member is not read: {fields}");
        messages.push(Message {
            service: "sagemaker-runtime",
            owner,
            text: format!("{status}\n\n{body}"),
        });
    }
    described::assert_errors(&["sagemaker-runtime"], &messages);
}

#[tokio::test]
async fn all_fields_of_a_model_error() {
    let headers = [("x-amzn-errortype", "ModelError"), ("x-amzn-requestid", "1f2e")];
    let error = parse(424, &headers, MODEL_ERROR).await;
    let message = "Received server error (500) from primary\nwith message \"oops\".";
    check(&error, 424, "ModelError", message);
    let Some(ServiceError::ModelError(fields)) = error.service_error() else {
        panic!("{error}");
    };
    assert_eq!(fields.message.as_deref(), Some(message));
    assert_eq!(fields.original_status_code, Some(500));
    assert_eq!(fields.original_message.as_deref(), Some("oops\n"));
    let arn = "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/sagemaker/Endpoints/e";
    assert_eq!(fields.log_stream_arn.as_deref(), Some(arn));
    assert_eq!(error.request_id(), Some("1f2e"));
    assert_snapshot!(error, @r#"InvokeEndpoint failed: ModelError (424): Received server error (500) from primary with message "oops". [original status 500, original message oops, log stream arn:aws:logs:eu-west-1:123456789012:log-group:/aws/sagemaker/Endpoints/e, request id 1f2e, 1 attempt]"#);
}

/// A field that is not of its type is left out, and the others are kept.
#[tokio::test]
async fn fields_of_the_wrong_type() {
    for (field, expected) in [
        ("500", Some(500)),
        ("0", Some(0)),
        ("-1", Some(-1)),
        ("\"500\"", Some(500)),
        ("500.7", Some(500)),
        ("5e2", Some(500)),
        ("2147483648", None),
        ("1e999", None),
        ("\"\"", None),
        ("\"NaN\"", None),
        ("\"five\"", None),
        ("null", None),
        ("true", None),
        ("[500]", None),
    ] {
        let body = format!(
            r#"{{"code":"ModelError","OriginalStatusCode":{field},"OriginalMessage":{{}},"LogStreamArn":"arn"}}"#
        );
        let error = parse(424, &[], body).await;
        check(&error, 424, "ModelError", "");
        let Some(ServiceError::ModelError(fields)) = error.service_error() else {
            panic!("{error}");
        };
        assert_eq!(fields.original_status_code, expected, "{field}");
        assert_eq!(fields.original_message, None);
        assert_eq!(fields.log_stream_arn.as_deref(), Some("arn"));
    }
}

/// The body may hold what a model said. What the service says of its error is shown.
#[tokio::test]
async fn debug_does_not_show_the_body() {
    let headers = [("x-amzn-errortype", "ValidationError"), ("x-amzn-requestid", "1f2e")];
    let error = parse(400, &headers, r#"{"Message":"m","Other":"secret"}"#).await;
    assert_eq!(format!("{error:?}"), error.to_string());
    let fields = format!("{error:#?}");
    assert!(fields.contains("request_id: Some"), "{fields}");
    assert!(!fields.contains("secret"), "{fields}");
}
