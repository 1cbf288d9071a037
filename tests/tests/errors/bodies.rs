//! Bodies without a code, that are cut off, or that are not text.

use insta::assert_snapshot;

use super::pieces::Pieces;
use super::{check, parse, text};

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
