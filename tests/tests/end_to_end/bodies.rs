//! Payloads of every kind and size, both ways.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame};
use http_body_util::{BodyExt, Full};
use sagemaker_runtime::{Body, CallOptions, Error, Retries};
use tests::server::{Reply, Server};
use tokio::io::AsyncReadExt;

use crate::service::{always, builder, chain, client, credentials, failure, keys, scripted, service};

/// The largest payload that the service takes, without a period that a mistake could hide in.
fn large() -> Bytes {
    let mut state = 1_u32;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    };
    std::iter::repeat_with(&mut next).take(6_291_456).collect()
}

async fn echo() -> Server {
    service(|request| Reply::new(200).body(request.body.clone())).await
}

async fn send(server: &Server, body: impl Into<Body>) -> Result<Bytes, Error> {
    let call = client(server).invoke_endpoint().endpoint_name("model").body(body);
    call.send().await?.body.bytes().await
}

#[tokio::test]
async fn a_large_payload_goes_both_ways() {
    let server = echo().await;
    let payload = large();
    assert_same(&send(&server, payload.clone()).await.unwrap(), &payload);
    let request = &server.requests()[0];
    assert_same(&request.body, &payload);
    assert_eq!(request.header("content-length"), Some("6291456"));
    assert_eq!(request.header("transfer-encoding"), None);
    assert_eq!(request.header("expect"), None);
}

#[tokio::test]
async fn a_large_payload_is_sent_whole_with_each_attempt() {
    let server = scripted(vec![
        failure(503, "ServiceUnavailable"),
        Reply::close(),
        Reply::new(200),
    ])
    .await;
    let payload = large();
    // On a busy machine the connection may break so late that only this allows another attempt.
    let retries = Retries::new().after_timeout(true);
    let call = client(&server)
        .invoke_endpoint()
        .endpoint_name("model")
        .body(payload.clone());
    call.options(CallOptions::new().retries(retries)).send().await.unwrap();
    for request in server.requests() {
        assert_same(&request.body, &payload);
    }
    assert_eq!(server.requests().len(), 3);
}

#[tokio::test]
async fn payloads_have_many_types() {
    let server = echo().await;
    for (body, expected) in [
        (Body::from("text"), &b"text"[..]),
        (Body::from("text".to_owned()), b"text"),
        (Body::from(vec![0, 255]), &[0, 255]),
        (Body::from(&[0, 255][..]), &[0, 255]),
        (Body::from(&[0, 255]), &[0, 255]),
        (Body::from(Bytes::from_static(&[0, 255])), &[0, 255]),
        (
            Body::from_http_body(Full::new(Bytes::from_static(&[0, 255]))),
            &[0, 255],
        ),
        (Body::empty(), b""),
        (Body::default(), b""),
    ] {
        let kind = format!("{body:?}");
        assert_eq!(send(&server, body).await.unwrap(), expected, "{kind}");
        let length = expected.len().to_string();
        assert_eq!(
            server.requests().last().unwrap().header("content-length"),
            Some(&*length),
            "{kind}"
        );
    }
}

#[tokio::test]
async fn a_file_is_sent_with_each_attempt() {
    let payload = large();
    let file = tempfile::NamedTempFile::new().unwrap();
    for content in [&payload[..], b"small", b""] {
        std::fs::write(&file, content).unwrap();
        let server = scripted(vec![failure(503, "ServiceUnavailable"), Reply::new(200).body("fine")]).await;
        assert_eq!(send(&server, Body::from_path(file.path())).await.unwrap(), "fine");
        let length = content.len().to_string();
        for request in server.requests() {
            assert_same(&request.body, content);
            assert_eq!(request.header("content-length"), Some(&*length));
        }
        assert_eq!(server.requests().len(), 2);
    }
}

#[tokio::test]
async fn a_file_that_cannot_be_read_is_named_and_nothing_sent() {
    let server = echo().await;
    let folder = tempfile::tempdir().unwrap();
    let cases = [
        (folder.path().to_owned(), "Is a directory"),
        (folder.path().join("missing.csv"), "No such file or directory"),
    ];
    for (path, problem) in cases {
        let error = send(&server, Body::from_path(&path)).await.unwrap_err();
        assert!(error.is_input(), "{error}");
        assert_eq!(error.attempts(), 0);
        let path = path.display();
        assert_eq!(
            error.to_string(),
            format!("InvokeEndpoint failed: cannot read {path}: {problem}")
        );
    }
    assert_eq!(server.connections(), 0);
}

/// The provider of credentials is asked between hashing the file and sending it: a good moment to change the file.
#[tokio::test]
async fn a_file_that_shrinks_meanwhile_is_an_error_and_not_retried() {
    let server = echo().await;
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, large()).unwrap();
    let path = file.path().to_owned();
    let shrink = aws_credential_types::credential_fn::provide_credentials_fn(move || {
        let path = path.clone();
        async move {
            std::fs::write(path, "short").unwrap();
            Ok(credentials(keys()).into())
        }
    });
    let client = builder(server.url()).credentials(shrink).build().unwrap();
    let call = client
        .invoke_endpoint()
        .endpoint_name("model")
        .body(Body::from_path(file.path()));
    let error = call.send().await.unwrap_err();
    assert!(error.is_input(), "{error}");
    assert_eq!(error.attempts(), 1);
    assert!(
        chain(&error).contains(file.path().to_str().unwrap()),
        "{}",
        chain(&error)
    );
    assert!(server.requests().is_empty());
}

/// A stream of pieces, the last of which may be an error.
struct Pieces(Vec<Result<Bytes, io::Error>>);

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let next = (!self.0.is_empty()).then(|| self.0.remove(0));
        Poll::Ready(next.map(|piece| piece.map(Frame::data)))
    }
}

#[tokio::test]
async fn a_stream_is_collected_and_sent_with_each_attempt() {
    let server = scripted(vec![failure(503, "ServiceUnavailable"), Reply::new(200).body("fine")]).await;
    let pieces = ["1,", "", "2\n", "3,4\n"].map(|piece| Ok(Bytes::from(piece)));
    let body = Body::from_http_body(Pieces(pieces.into()));
    assert_eq!(send(&server, body).await.unwrap(), "fine");
    for request in server.requests() {
        assert_eq!(request.body, "1,2\n3,4\n");
        assert_eq!(request.header("content-length"), Some("8"));
        assert_eq!(request.header("transfer-encoding"), None);
    }
}

#[tokio::test]
async fn a_stream_that_fails_is_an_error_and_nothing_sent() {
    let server = echo().await;
    let pieces = vec![Ok("1,".into()), Err(io::Error::other("the disk is gone"))];
    let error = send(&server, Body::from_http_body(Pieces(pieces))).await.unwrap_err();
    assert!(error.is_input(), "{error}");
    assert!(chain(&error).contains("the disk is gone"));
    assert_eq!(server.connections(), 0);
}

#[tokio::test]
async fn a_response_may_come_in_chunks_or_be_empty() {
    let chunked = Reply::new(200).chunks(vec!["{\"a\"".into(), ":".into(), "[1, 2]}".into()]);
    let server = always(chunked).await;
    assert_eq!(send(&server, "").await.unwrap(), "{\"a\":[1, 2]}");

    for empty in [Reply::new(200), Reply::new(204), Reply::new(200).chunks(vec![])] {
        assert_eq!(send(&always(empty).await, "").await.unwrap(), "");
    }
    // Without a length the end of the connection is the end of the payload.
    let until_close = Reply::raw("HTTP/1.1 200 OK\r\n\r\nall of it", tests::server::Then::Close);
    assert_eq!(send(&always(until_close).await, "").await.unwrap(), "all of it");
}

#[tokio::test]
async fn a_response_can_be_read_in_many_ways() {
    let server = always(Reply::new(200).chunks(vec!["[1,".into(), " 2]".into()])).await;
    let client = client(&server);
    let call = async || {
        let call = client.invoke_endpoint().endpoint_name("model").body("");
        call.send().await.unwrap().body
    };

    assert_eq!(call().await.text().await.unwrap(), "[1, 2]");
    assert_eq!(call().await.json::<Vec<u8>>().await.unwrap(), [1, 2]);

    let mut body = call().await;
    assert_eq!(body.content_length(), None);
    let mut pieces = Vec::new();
    while let Some(piece) = body.chunk().await.unwrap() {
        pieces.extend(piece);
    }
    assert_eq!(pieces, b"[1, 2]");
    assert_eq!(body.chunk().await.unwrap(), None);

    let mut text = String::new();
    call().await.read_to_string(&mut text).await.unwrap();
    assert_eq!(text, "[1, 2]");
    assert_eq!(BodyExt::collect(call().await).await.unwrap().to_bytes(), "[1, 2]");

    // Half of it by one way, the rest by another.
    let mut body = call().await;
    let mut start = [0; 2];
    body.read_exact(&mut start).await.unwrap();
    assert_eq!(&start, b"[1");
    assert_eq!(body.bytes().await.unwrap(), ", 2]");
}

#[tokio::test]
async fn a_response_of_another_form_is_an_error_that_names_the_request() {
    let server = always(
        Reply::new(200)
            .header("x-amzn-RequestId", "req-1")
            .body(b"\xff".to_vec()),
    )
    .await;
    let client = client(&server);
    let body = async || {
        let call = client.invoke_endpoint().endpoint_name("model").body("");
        call.options(CallOptions::new()).send().await.unwrap().body
    };
    let text = body().await.text().await.unwrap_err();
    assert_eq!(
        text.to_string(),
        "InvokeEndpoint failed: the payload of the response is not UTF-8 text [request id req-1, 1 attempt]"
    );
    let json = body().await.json::<u8>().await.unwrap_err();
    assert!(json.is_response(), "{json}");
    assert_eq!(json.request_id(), Some("req-1"));
    assert_eq!(json.status().unwrap(), 200);
}

/// Without printing millions of bytes where they differ.
#[track_caller]
fn assert_same(actual: &[u8], expected: &[u8]) {
    assert_eq!(actual.len(), expected.len());
    let difference = actual.iter().zip(expected).position(|(one, other)| one != other);
    assert_eq!(difference, None);
}

/// A value is sent as JSON, with the media types of both directions.
#[tokio::test]
async fn a_value_is_sent_as_json() {
    let server = echo().await;
    let client = client(&server);
    let call = client.invoke_endpoint().endpoint_name("model");
    let output = call.json(&serde_json::json!({ "age": 42 })).unwrap().await.unwrap();
    assert_eq!(output.body.text().await.unwrap(), r#"{"age":42}"#);
    let request = &server.requests()[0];
    assert_eq!(request.header("content-type"), Some("application/json"));
    assert_eq!(request.header("accept"), Some("application/json"));

    let no_json = std::collections::BTreeMap::from([(vec![1], 1)]);
    let call = client.invoke_endpoint().endpoint_name("model");
    let error = call.json(&no_json).unwrap_err();
    assert!(error.is_input(), "{error}");
    assert_eq!(error.to_string(), "the payload cannot be written as JSON");
}

/// Inputs and builders are cloned, whatever their payload is; only a stream cannot be sent twice.
#[tokio::test]
async fn a_clone_is_sent_like_the_original_unless_it_is_a_stream() {
    let server = echo().await;
    let client = client(&server);
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(&file, "file").unwrap();
    for (body, text) in [("bytes".into(), "bytes"), (Body::from_path(file.path()), "file")] {
        assert!(body.try_clone().is_some());
        let call = client.invoke_endpoint().endpoint_name("model").body(body);
        for call in [call.clone(), call] {
            assert_eq!(call.send().await.unwrap().body.text().await.unwrap(), text);
        }
    }

    let stream = Body::from_http_body(http_body_util::Full::new(bytes::Bytes::from("stream")));
    assert!(stream.try_clone().is_none());
    let call = client.invoke_endpoint().endpoint_name("model").body(stream);
    let before = server.requests().len();
    assert_eq!(call.clone().send().await.unwrap().body.text().await.unwrap(), "stream");
    let error = call.send().await.unwrap_err();
    assert!(error.is_input(), "{error}");
    let cause = std::error::Error::source(&error).unwrap().to_string();
    assert_eq!(cause, "the payload is a stream, and a clone of it has been sent");
    assert_eq!(server.requests().len() - before, 1);
}
