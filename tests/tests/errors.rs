//! What responses that report an error become.

mod support {
    pub(crate) mod described;
    pub(crate) mod pieces;
    pub(crate) mod reply;
}

use std::error::Error as StdError;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use insta::assert_snapshot;
use sagemaker_runtime::operation::invoke_endpoint::InvokeEndpointInput;
use sagemaker_runtime::operation::invoke_endpoint_async::InvokeEndpointAsyncInput;
use sagemaker_runtime::operation::invoke_endpoint_with_response_stream::InvokeEndpointWithResponseStreamInput;
use sagemaker_runtime::{ByteStream, Error, Operation, ServiceError};

use support::described::{self, Message};
use support::pieces::Pieces;
use support::reply::reply;

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

/// Without a code, the status is the code, and what it means the message.
#[tokio::test]
async fn statuses_without_a_code() {
    let mut lines = Vec::new();
    for status in [
        300, 301, 304, 400, 403, 404, 413, 424, 429, 500, 502, 503, 504, 530, 599, 999,
    ] {
        let error = parse(status, &[], "").await;
        check(&error, status, &status.to_string(), error.message().unwrap());
        assert!(error.service_error().is_none());
        lines.push(error.to_string());
    }
    assert_snapshot!(lines.join("\n"), @"
    InvokeEndpoint failed: HTTP 300: Multiple Choices [1 attempt]
    InvokeEndpoint failed: HTTP 301: Moved Permanently [1 attempt]
    InvokeEndpoint failed: HTTP 304: Not Modified [1 attempt]
    InvokeEndpoint failed: HTTP 400: Bad Request [1 attempt]
    InvokeEndpoint failed: HTTP 403: Forbidden [1 attempt]
    InvokeEndpoint failed: HTTP 404: Not Found [1 attempt]
    InvokeEndpoint failed: HTTP 413: Payload Too Large [1 attempt, hint: send at most 6 MiB, or use InvokeEndpointAsync, which takes larger input from S3]
    InvokeEndpoint failed: HTTP 424: Failed Dependency [1 attempt]
    InvokeEndpoint failed: HTTP 429: Too Many Requests [1 attempt]
    InvokeEndpoint failed: HTTP 500: Internal Server Error [1 attempt]
    InvokeEndpoint failed: HTTP 502: Bad Gateway [1 attempt]
    InvokeEndpoint failed: HTTP 503: Service Unavailable [1 attempt]
    InvokeEndpoint failed: HTTP 504: Gateway Timeout [1 attempt]
    InvokeEndpoint failed: HTTP 530 [1 attempt]
    InvokeEndpoint failed: HTTP 599 [1 attempt]
    InvokeEndpoint failed: HTTP 999 [1 attempt]
    ");
}

/// Bodies that say something else than the service does, and codes that it does not describe.
#[tokio::test]
async fn other_bodies_without_a_code() {
    let mut lines = Vec::new();
    for (status, body, code, message) in [
        (502, "<html>\n<h1>502</h1></html>", "502", "Bad Gateway"),
        (400, "<!DOCTYPE html><p>no</p>", "400", "Bad Request"),
        (503, " \n", "503", "Service Unavailable"),
        (530, "<html>", "530", ""),
        (503, "no healthy\tupstream\r\n", "503", "no healthy\tupstream\r\n"),
        (403, r#""text""#, "403", r#""text""#),
        (500, "[1]", "500", "[1]"),
        (500, "{\"code\":", "500", "{\"code\":"),
        (400, r#"{"Message":"m"}"#, "400", "m"),
        (400, r#"{"code":null,"Code":{},"__type":[]}"#, "400", "Bad Request"),
        (400, r#"{"code":17,"message":"m"}"#, "17", "m"),
        (400, r#"{"code":400}"#, "400", "Bad Request"),
        (400, r##"{"code":"#:x"}"##, "400", "Bad Request"),
        (
            403,
            r#"{"__type":"AccessDeniedException","Message":"User: a is not"}"#,
            "AccessDeniedException",
            "User: a is not",
        ),
        (
            429,
            r#"{"__type":"a#Throttling\nException:x"}"#,
            "Throttling\nException",
            "",
        ),
        (
            400,
            r#"{"a":{"__type":"ModelError","code":"ModelError"}}"#,
            "400",
            "Bad Request",
        ),
    ] {
        let error = parse(status, &[("x-amzn-requestid", "1f2e")], body).await;
        check(&error, status, code, message);
        assert!(error.service_error().is_none(), "{error}");
        assert_eq!(error.request_id(), Some("1f2e"));
        assert_eq!(error.raw_body().unwrap(), body);
        let line = text(&error);
        let line = line.strip_prefix("InvokeEndpoint failed: ").unwrap();
        lines.push(line.strip_suffix(" [request id 1f2e, 1 attempt]").unwrap().to_owned());
    }
    assert_snapshot!(lines.join("\n"), @r#"
    HTTP 502: Bad Gateway
    HTTP 400: Bad Request
    HTTP 503: Service Unavailable
    HTTP 530
    HTTP 503: no healthy upstream
    HTTP 403: "text"
    HTTP 500: [1]
    HTTP 500: {"code":
    HTTP 400: m
    HTTP 400: Bad Request
    17 (400): m
    HTTP 400: Bad Request
    HTTP 400: Bad Request
    AccessDeniedException (403): User: a is not
    Throttling Exception (429)
    HTTP 400: Bad Request
    "#);
}

/// The start of a page in gzip, a picture, and text that is not UTF-8.
const NO_TEXT: [&[u8]; 3] = [
    b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xb3\xc9(\xc9",
    b"\x89PNG\r\n\x1a\n",
    b"caf\xe9 closed",
];

/// What is not text is no message. It is there as it came.
#[tokio::test]
async fn bodies_that_are_not_text() {
    for body in NO_TEXT {
        let error = parse(502, &[], body.to_vec()).await;
        check(&error, 502, "502", "Bad Gateway");
        assert_eq!(error.raw_body().unwrap(), body);
        let error = parse(424, &[("x-amzn-errortype", "ModelError")], body.to_vec()).await;
        check(&error, 424, "ModelError", "");
        assert_eq!(error.service_error().unwrap().message(), None);
        assert_eq!(error.raw_body().unwrap(), body);
    }
    // A single bad byte does not hide what else is said.
    let error = parse(424, &[], b"{\"code\":\"ModelError\",\"Message\":\"caf\xe9\"}".to_vec()).await;
    check(&error, 424, "ModelError", "caf\u{fffd}");
}

/// Short texts can be text even when they are compressed.
#[tokio::test]
async fn bodies_with_a_coding() {
    for (coding, message) in [("br", ""), ("gzip, identity", ""), ("Identity", "text"), (" ", "text")] {
        let headers = [("x-amzn-errortype", "ModelError"), ("content-encoding", coding)];
        let error = parse(424, &headers, "text").await;
        check(&error, 424, "ModelError", message);
        assert_eq!(error.raw_body().unwrap(), "text");
    }
    // The header is wrong then.
    let headers = [("x-amzn-errortype", "ModelError"), ("content-encoding", "gzip")];
    let error = parse(424, &headers, r#"{"Message":"m"}"#).await;
    check(&error, 424, "ModelError", "m");
}

#[tokio::test]
async fn bodies_with_a_byte_order_mark() {
    for (body, code, message) in [
        ("\u{feff}<html>", "502", "Bad Gateway"),
        ("\u{feff}closed", "502", "closed"),
        ("\u{feff}{\"code\":\"ModelError\",\"Message\":\"m\"}", "ModelError", "m"),
    ] {
        let error = parse(502, &[], body).await;
        check(&error, 502, code, message);
        assert_eq!(error.raw_body().unwrap(), body);
    }
}

#[tokio::test]
async fn a_body_that_is_cut_off_does_not_hide_the_error() {
    for body in [Pieces::new([Ok("{\"Mess")]).announcing(20), Pieces::new([Err("reset")])] {
        let headers = [("x-amzn-errortype", "ModelError"), ("x-amzn-requestid", "1f2e")];
        let error = parse(424, &headers, body).await;
        check(&error, 424, "ModelError", "");
        assert_eq!(error.request_id(), Some("1f2e"));
    }
}

#[tokio::test]
async fn a_body_of_many_brackets_does_not_overflow_the_stack() {
    let (open, close) = ("[".repeat(100_000), "]".repeat(100_000));
    let body = format!(r#"{{"a":{open}{close}}}"#);
    let error = parse(424, &[("x-amzn-errortype", "ModelError")], body.clone()).await;
    check(&error, 424, "ModelError", &body);
}

/// A program decides by these.
#[tokio::test]
async fn predicates() {
    for (code, throttling) in [
        ("ModelNotReadyException", true),
        ("ThrottlingException", true),
        ("TooManyRequestsException", true),
        ("ModelError", false),
        ("InternalDependencyException", false),
        // Not of the service: the status says what it means.
        ("", true),
        ("RateLimited", true),
    ] {
        let error = parse(429, &[("x-amzn-errortype", code)], "").await;
        assert_eq!(error.is_throttling(), throttling, "{code}");
        assert!(!error.is_configuration() && !error.is_credentials());
    }
    for body in ["", "<html>", "slow down", r#"{"Message":"Rate exceeded"}"#] {
        assert!(parse(429, &[], body).await.is_throttling(), "{body}");
        assert!(!parse(400, &[], body).await.is_throttling(), "{body}");
    }
}

#[tokio::test]
async fn the_type_is_easy_to_handle() {
    fn send_sync_static<T: Send + Sync + 'static>() {}
    send_sync_static::<Error>();
    send_sync_static::<ServiceError>();
    assert_eq!(size_of::<Error>(), size_of::<usize>());
    assert_eq!(size_of::<Result<(), Error>>(), size_of::<usize>());

    async fn fails() -> Result<(), Box<dyn StdError + Send + Sync>> {
        InvokeEndpointInput::parse_response(reply(400, &[], "")).await?;
        Ok(())
    }
    let error = fails().await.unwrap_err();
    assert_eq!(error.downcast_ref::<Error>().unwrap().status().unwrap(), 400);
}

/// What applications do with errors.
#[tokio::test]
async fn it_goes_into_anyhow_and_thiserror() {
    #[derive(Debug, thiserror::Error)]
    enum Failure {
        #[error("no prediction")]
        Prediction(#[from] Error),
        #[error(transparent)]
        Transparent(Error),
    }

    async fn predict() -> Result<(), Error> {
        let body = Pieces::new([Err("reset")]);
        let input = InvokeEndpointAsyncInput::parse_response(reply(202, &[], body));
        input.await.map(drop)
    }

    async fn with_anyhow() -> anyhow::Result<()> {
        predict().await?;
        Ok(())
    }

    async fn with_thiserror() -> Result<(), Failure> {
        predict().await?;
        Ok(())
    }

    const LINE: &str = "InvokeEndpointAsync failed: the payload of the response broke off after 0 bytes [1 attempt]";
    let error = with_anyhow().await.unwrap_err().context("predicting");
    let chain: Vec<String> = error.chain().map(ToString::to_string).collect();
    assert_eq!(chain, ["predicting", LINE, "reset"]);
    assert!(error.downcast_ref::<Error>().is_some_and(Error::is_response));
    assert_eq!(format!("{error:#}"), format!("predicting: {LINE}: reset"));

    let error = with_thiserror().await.unwrap_err();
    assert_eq!(error.to_string(), "no prediction");
    assert_eq!(error.source().unwrap().to_string(), LINE);
    assert_eq!(error.source().unwrap().source().unwrap().to_string(), "reset");
    let error = Failure::Transparent(predict().await.unwrap_err());
    assert_eq!(error.to_string(), LINE);
    assert_eq!(error.source().unwrap().to_string(), "reset");
}

/// What to do about errors of this service.
#[tokio::test]
async fn hints_of_the_service() {
    async fn line<O: Operation>(status: u16, code: &str, message: &str) -> String {
        let body = serde_json::json!({ "Message": message }).to_string();
        let response = reply(status, &[("x-amzn-errortype", code.as_bytes())], body);
        match O::parse_response(response).await {
            Ok(_) => panic!("a status of {status} is an error"),
            Err(error) => {
                let hint = error.hint().map(|hint| format!(", hint: {hint}]"));
                assert!(hint.is_none_or(|hint| error.to_string().ends_with(&hint)));
                error.to_string()
            }
        }
    }

    const TOO_LARGE: &str = "1 validation error detected: Value at 'body' failed to satisfy constraint: Member must have \
        length less than or equal to 6291456";
    let lines = [
        line::<InvokeEndpointInput>(429, "ModelNotReadyException", "").await,
        line::<InvokeEndpointInput>(400, "ValidationError", "Endpoint churn of account 123456789012 not found.").await,
        line::<InvokeEndpointInput>(400, "ValidationError", "Variant blue not found").await,
        line::<InvokeEndpointInput>(413, "", "HTTP content length exceeded 6291456 bytes.").await,
        line::<InvokeEndpointAsyncInput>(413, "", "").await,
        line::<InvokeEndpointWithResponseStreamInput>(413, "", "").await,
        line::<InvokeEndpointInput>(400, "ValidationError", TOO_LARGE).await,
        line::<InvokeEndpointAsyncInput>(400, "ValidationError", TOO_LARGE).await,
        line::<InvokeEndpointInput>(400, "ValidationError", "Request 1f2e has oversize body.").await,
        line::<InvokeEndpointInput>(
            424,
            "ModelError",
            "Received server error (0) from primary with message \"Your invocation timed out while waiting for a response\"",
        )
        .await,
        line::<InvokeEndpointInput>(424, "ModelError", "Received server error (500) from primary").await,
    ];
    assert_snapshot!(lines.join("\n"), @r#"
    InvokeEndpoint failed: ModelNotReadyException (429) [1 attempt, hint: give the model more time with `CallOptions::wait_until_ready`]
    InvokeEndpoint failed: ValidationError (400): Endpoint churn of account 123456789012 not found. [1 attempt, hint: check the endpoint's name, the region, and the account of the credentials]
    InvokeEndpoint failed: ValidationError (400): Variant blue not found [1 attempt]
    InvokeEndpoint failed: HTTP 413: HTTP content length exceeded 6291456 bytes. [1 attempt, hint: send at most 6 MiB, or use InvokeEndpointAsync, which takes larger input from S3]
    InvokeEndpointAsync failed: HTTP 413: Payload Too Large [1 attempt, hint: send at most 128,000 bytes, or put the input into S3 and set `input_location`]
    InvokeEndpointWithResponseStream failed: HTTP 413: Payload Too Large [1 attempt, hint: send a smaller payload]
    InvokeEndpoint failed: ValidationError (400): 1 validation error detected: Value at 'body' failed to satisfy constraint: Member must have length less than or equal to 6291456 [1 attempt, hint: send at most 6 MiB, or use InvokeEndpointAsync, which takes larger input from S3]
    InvokeEndpointAsync failed: ValidationError (400): 1 validation error detected: Value at 'body' failed to satisfy constraint: Member must have length less than or equal to 6291456 [1 attempt, hint: send at most 128,000 bytes, or put the input into S3 and set `input_location`]
    InvokeEndpoint failed: ValidationError (400): Request 1f2e has oversize body. [1 attempt, hint: send a smaller payload, or use InvokeEndpointAsync, which takes larger input from S3]
    InvokeEndpoint failed: ModelError (424): Received server error (0) from primary with message "Your invocation timed out while waiting for a response" [1 attempt, hint: use InvokeEndpointAsync for a model that needs more than 60 s]
    InvokeEndpoint failed: ModelError (424): Received server error (500) from primary [1 attempt]
    "#);
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
