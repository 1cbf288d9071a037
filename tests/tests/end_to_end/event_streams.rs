//! Answers that are streams of events, over a socket: how they arrive, break, and leave their connection.

use std::time::Duration;

use bytes::Bytes;
use sagemaker_runtime::operation::invoke_endpoint_with_response_stream::InvokeEndpointWithResponseStreamOutput;
use sagemaker_runtime::types::ResponseStream;
use sagemaker_runtime::{CallOptions, Client, Error, EventStream, ServiceError, Timeouts};
use tests::frame;
use tests::server::{Reply, Then};
use tokio::sync::mpsc;
use tokio::task::yield_now;
use tokio::time::timeout;

use crate::service::{accept, always, answer, builder, client, failure, gone, invoke, listen, scripted, service, skip};

const MINUTE: Duration = Duration::from_secs(60);

fn part(text: &str) -> Vec<u8> {
    frame::event("PayloadPart", text.as_bytes())
}

/// A good answer, but for its payload.
fn reply() -> Reply {
    Reply::new(200)
        .header("Content-Type", frame::MEDIA_TYPE)
        .header("x-amzn-RequestId", "req-1")
}

/// What is not a stream of events may take as long as one: its beginning is enough.
#[tokio::test]
async fn the_beginning_of_another_content_is_kept() {
    const LIMIT: usize = 1024 * 1024;
    let (listener, url) = listen().await;
    let client = builder(&url).build().unwrap();
    let calling = tokio::spawn(async move { call(&client).await.map(drop) });
    let mut connection = accept(&listener).await;
    let head = "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n";
    answer(&mut connection, head).await;
    answer(&mut connection, "6\r\ndata: \r\n").await;
    // Nothing else happens any more: the clock jumps to the limit by itself, which is long before the read timeout.
    tokio::time::pause();
    let error = timeout(MINUTE, calling).await.unwrap().unwrap().unwrap_err();
    tokio::time::resume();
    assert_eq!(error.raw_body().unwrap(), "data: ");
    gone(connection).await;

    let page = Reply::new(200).header("Content-Type", "text/html");
    let server = always(page.body(vec![b'-'; LIMIT + 1])).await;
    let error = call(&crate::service::client(&server)).await.unwrap_err();
    assert_eq!(error.raw_body().unwrap().len(), LIMIT);
    assert_eq!(server.requests().len(), 1);
}

/// The service writes each of these at once.
fn chunked(chunks: impl IntoIterator<Item = Vec<u8>>) -> Reply {
    reply().chunks(chunks.into_iter().map(Bytes::from).collect())
}

async fn call(client: &Client) -> Result<InvokeEndpointWithResponseStreamOutput, Error> {
    let call = client.invoke_endpoint_with_response_stream().endpoint_name("model");
    call.body("1,2").send().await
}

/// The bytes of all parts that come, and the error that ends them.
async fn read(mut stream: EventStream<ResponseStream>) -> (String, Option<Error>) {
    let mut text = Vec::new();
    let error = loop {
        match stream.recv().await {
            Ok(Some(ResponseStream::PayloadPart(part))) => text.extend(part.bytes.unwrap()),
            Ok(Some(event)) => panic!("{event:?}"),
            Ok(None) => break None,
            Err(error) => break Some(error),
        }
    };
    (String::from_utf8(text).unwrap(), error)
}

/// Makes a call whose answer ends with an error, after these parts. The model must not be run again for it.
async fn fails(reply: Reply, parts: &str) -> Error {
    let server = always(reply).await;
    let client = client(&server);
    let (text, error) = read(call(&client).await.unwrap().body).await;
    assert_eq!(text, parts);
    let error = error.expect("the stream ends with an error");
    assert_eq!(error.attempts(), 1);
    assert_eq!(error.request_id(), Some("req-1"));
    assert_eq!(server.requests().len(), 1, "{error}");
    // The rest of the stream must not be taken for the next answer.
    call(&client).await.unwrap();
    assert_eq!(server.connections(), 2, "{error}");
    error
}

#[tokio::test]
async fn events_come_as_soon_as_they_are_sent() {
    let (listener, url) = listen().await;
    let client = builder(&url).build().unwrap();
    let (parts, mut received) = mpsc::unbounded_channel();
    let reading = tokio::spawn(async move {
        let mut stream = call(&client).await.unwrap().body;
        while let Some(event) = stream.recv().await.unwrap() {
            let ResponseStream::PayloadPart(part) = event else {
                panic!("{event:?}");
            };
            parts.send(part.bytes.unwrap()).unwrap();
        }
    });
    let mut connection = accept(&listener).await;
    answer(&mut connection, "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await;
    for word in ["one", "", "three"] {
        let frame = part(word);
        let length = format!("{:x}\r\n", frame.len());
        answer(&mut connection, [length.as_bytes(), &frame, b"\r\n"].concat()).await;
        assert_eq!(received.recv().await.unwrap(), word);
        // A model that writes a word a minute is not silent.
        skip(MINUTE).await;
    }
    answer(&mut connection, "0\r\n\r\n").await;
    reading.await.unwrap();
}

/// How the network cuts the bytes means nothing. All these calls share a connection, as each stream is read to its end.
#[tokio::test]
async fn frames_may_be_cut_at_every_byte() {
    let frames = [part("one"), part(""), part("three")].concat();
    let whole = [reply().body(frames.clone()), chunked([frames.clone()])];
    let cut_once = (1..frames.len()).map(|at| chunked([frames[..at].to_vec(), frames[at..].to_vec()]));
    let cut_often = (1..40).map(|size| chunked(frames.chunks(size).map(<[u8]>::to_vec)));
    let replies: Vec<Reply> = whole.into_iter().chain(cut_once).chain(cut_often).collect();
    let calls = replies.len();
    let server = scripted(replies).await;
    let client = client(&server);
    for number in 0..calls {
        let (text, error) = read(call(&client).await.unwrap().body).await;
        assert_eq!(text, "onethree", "answer {number}");
        assert!(error.is_none(), "answer {number}: {error:?}");
    }
    assert_eq!(server.requests().len(), calls);
    assert_eq!(server.connections(), 1);
}

#[tokio::test]
async fn errors_of_the_service_among_the_events() {
    let frames = |error: Vec<u8>| chunked([part("one"), part("two"), error, part("never")]);

    let json = r#"{"Message":"the connection broke","ErrorCode":"StreamBroken"}"#;
    let error = fails(frames(frame::exception("ModelStreamError", json)), "onetwo").await;
    assert_eq!(
        error.to_string(),
        "InvokeEndpointWithResponseStream failed: ModelStreamError: the connection broke [in the event stream, \
         error code StreamBroken, request id req-1, 1 attempt]"
    );
    let Some(ServiceError::ModelStreamError(fields)) = error.service_error() else {
        panic!("{error}");
    };
    assert_eq!(fields.error_code.as_deref(), Some("StreamBroken"));
    assert!(!error.is_retryable());

    // The client would retry these before the stream. Now it is for the caller to do so.
    let json = r#"{"Message":"about it"}"#;
    let error = fails(frames(frame::exception("InternalStreamFailure", json)), "onetwo").await;
    assert!(matches!(
        error.service_error(),
        Some(ServiceError::InternalStreamFailure(_))
    ));
    assert!(error.is_retryable());

    let error = fails(frames(frame::error("ServiceUnavailable", "come back later")), "onetwo").await;
    assert_eq!(error.code(), Some("ServiceUnavailable"));
    assert!(error.is_retryable());
    assert_eq!(
        error.to_string(),
        "InvokeEndpointWithResponseStream failed: ServiceUnavailable: come back later [in the event stream, \
         request id req-1, 1 attempt]"
    );
}

#[tokio::test]
async fn events_that_are_not_known_do_not_end_the_stream() {
    let server = always(chunked([frame::event("Usage", b"17"), part("one")])).await;
    let mut stream = call(&client(&server)).await.unwrap().body;
    let event = stream.recv().await.unwrap();
    assert!(
        matches!(&event, Some(ResponseStream::Unknown(event)) if event.name() == "Usage" && event.payload() == "17"),
        "{event:?}"
    );
    let (text, error) = read(stream).await;
    assert_eq!(text, "one");
    assert!(error.is_none());
}

/// Before the stream begins a call is like any other.
#[tokio::test]
async fn what_fails_before_the_stream_is_tried_again() {
    let server = scripted(vec![
        failure(429, "ModelNotReadyException"),
        Reply::close(),
        chunked([part("one")]),
    ])
    .await;
    let output = call(&client(&server)).await.unwrap();
    assert_eq!(output.response_metadata.attempts(), 3);
    assert_eq!(read(output.body).await.0, "one");
    assert_eq!(server.requests().len(), 3);

    let server = always(failure(424, "ModelError")).await;
    let error = call(&client(&server)).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "InvokeEndpointWithResponseStream failed: ModelError (424): about ModelError [request id req-1, 1 attempt]"
    );
    assert_eq!(server.requests().len(), 1);
}

/// An error in the stream counts the attempts before it began.
#[tokio::test]
async fn an_error_in_a_stream_of_a_later_attempt() {
    let server = scripted(vec![
        failure(503, "ServiceUnavailable"),
        chunked([part("one"), frame::exception("InternalStreamFailure", "{}")]),
    ])
    .await;
    let (_, error) = read(call(&client(&server)).await.unwrap().body).await;
    assert_eq!(error.unwrap().attempts(), 2);
    assert_eq!(server.requests().len(), 2);
}

/// Whoever has read enough lets go, and the model need not go on.
#[tokio::test]
async fn a_stream_that_is_dropped_closes_its_connection() {
    let (listener, url) = listen().await;
    let client = builder(&url).build().unwrap();
    let reading = tokio::spawn(async move {
        let mut stream = call(&client).await.unwrap().body;
        stream.recv().await.unwrap().unwrap();
        client
    });
    let mut connection = accept(&listener).await;
    let frame = part("one");
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", 2 * frame.len());
    answer(&mut connection, head).await;
    answer(&mut connection, frame).await;
    let client = reading.await.unwrap();
    gone(connection).await;
    drop(client);
}

/// The same for what a stream is split into, also while it waits.
#[tokio::test]
async fn a_payload_of_events_that_is_dropped_closes_its_connection() {
    let (listener, url) = listen().await;
    let client = builder(&url).build().unwrap();
    let reading = tokio::spawn(async move {
        let mut lines = call(&client).await.unwrap().body.into_bytes().lines();
        assert_eq!(lines.next().await.unwrap().as_deref(), Some("one"));
        lines.next().await
    });
    let mut connection = accept(&listener).await;
    let frame = part("one\ntwo");
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", 2 * frame.len());
    answer(&mut connection, head).await;
    answer(&mut connection, frame).await;
    yield_now().await;
    reading.abort();
    gone(connection).await;
}

/// The read timeout of a call covers what is read after it.
#[tokio::test]
async fn the_read_timeout_of_a_call_reaches_its_stream() {
    let frame = part("data: one\n\n");
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", 2 * frame.len());
    let server = service(move |_| Reply::raw([head.as_bytes(), &frame].concat(), Then::Hang)).await;
    let options = CallOptions::new().timeouts(Timeouts::new().read(Duration::from_secs(20)));
    let call = client(&server)
        .invoke_endpoint_with_response_stream()
        .endpoint_name("model")
        .body("");
    let output = call.options(options).send().await.unwrap();
    let mut events = output.body.into_bytes().sse();
    assert_eq!(events.next().await.unwrap().unwrap().data(), "one");
    let waiting = tokio::spawn(async move {
        let error = events.next().await.unwrap_err();
        assert!(events.next().await.unwrap().is_none());
        error
    });
    yield_now().await;
    skip(Duration::from_secs(20)).await;
    let error = waiting.await.unwrap();
    assert!(
        error
            .to_string()
            .contains("read timeout: no data for 20 s while reading the response"),
        "{error}"
    );
}

/// Streams and other calls take turns on a connection.
#[tokio::test]
async fn a_stream_that_ends_leaves_its_connection_to_others() {
    let server = scripted(vec![
        chunked([part("one")]),
        Reply::new(200).body("whole"),
        chunked([part("two")]),
    ])
    .await;
    let client = client(&server);
    assert_eq!(read(call(&client).await.unwrap().body).await.0, "one");
    assert_eq!(invoke(&client).await.unwrap().body.text().await.unwrap(), "whole");
    assert_eq!(read(call(&client).await.unwrap().body).await.0, "two");
    assert_eq!(server.connections(), 1);
}
