//! What responses of `InvokeEndpointWithResponseStream` become: members, events, and errors among the events.

mod support {
    pub(crate) mod described;
    pub(crate) mod reply;
}

use std::error::Error as _;
use std::future::poll_fn;
use std::pin::Pin;

use bytes::Bytes;
use futures_core::Stream;
use insta::assert_snapshot;
use sagemaker_runtime::operation::invoke_endpoint_with_response_stream::{
    InvokeEndpointWithResponseStreamInput, InvokeEndpointWithResponseStreamOutput,
};
use sagemaker_runtime::types::ResponseStream;
use sagemaker_runtime::{ByteStream, Error, EventStream, Operation, ServiceError};
use tests::frame;

use support::described::{self, Message};
use support::reply::reply;

type Headers<'a> = &'a [(&'a str, &'a [u8])];

async fn parse(headers: Headers<'_>, body: impl Into<ByteStream>) -> InvokeEndpointWithResponseStreamOutput {
    let response = reply(200, headers, body);
    InvokeEndpointWithResponseStreamInput::parse_response(response)
        .await
        .unwrap()
}

/// The events of a response.
async fn stream(frames: &[Vec<u8>]) -> EventStream<ResponseStream> {
    parse(&[("x-amzn-requestid", b"1f2e")], frames.concat()).await.body
}

fn part(bytes: &'static str) -> Vec<u8> {
    frame::event("PayloadPart", bytes.as_bytes())
}

/// What the stream holds: the bytes of its parts, and the error that ends it.
async fn read(mut stream: EventStream<ResponseStream>) -> (Vec<Bytes>, Option<Error>) {
    let mut parts = Vec::new();
    loop {
        match stream.recv().await {
            Ok(Some(ResponseStream::PayloadPart(part))) => parts.push(part.bytes.unwrap()),
            Ok(Some(event)) => panic!("{event:?}"),
            Ok(None) => return (parts, None),
            Err(error) => {
                assert!(stream.recv().await.unwrap().is_none(), "nothing comes after an error");
                return (parts, Some(error));
            }
        }
    }
}

/// The error that ends a stream of these frames after one part.
async fn error_after_a_part(frame: Vec<u8>) -> Error {
    let (parts, error) = read(stream(&[part("one"), frame, part("never")]).await).await;
    assert_eq!(parts, ["one"]);
    let error = error.expect("the error in the stream");
    assert_eq!(error.operation(), Some("InvokeEndpointWithResponseStream"));
    assert_eq!(error.request_id(), Some("1f2e"));
    assert_eq!(error.status().unwrap(), 200);
    error
}

#[tokio::test]
async fn all_members() {
    let headers: Headers<'_> = &[
        ("Content-Type", b"application/vnd.amazon.eventstream"),
        ("X-Amzn-SageMaker-Content-Type", b"text/plain"),
        ("x-Amzn-Invoked-Production-Variant", b"blue"),
        ("X-Amzn-SageMaker-Custom-Attributes", b"trace=c0ffee"),
        ("x-amzn-RequestId", b"1f2e"),
    ];
    let output = parse(headers, [part("Hel"), part("lo")].concat()).await;
    // Not the media type of the events.
    assert_eq!(output.content_type.as_deref(), Some("text/plain"));
    assert_eq!(output.invoked_production_variant.as_deref(), Some("blue"));
    assert_eq!(output.custom_attributes.as_deref(), Some("trace=c0ffee"));
    assert_eq!(output.response_metadata.request_id(), Some("1f2e"));
    assert_eq!(output.response_metadata.status(), 200);
    let (parts, error) = read(output.body).await;
    assert_eq!(parts, ["Hel", "lo"]);
    assert!(error.is_none());
}

/// A member that is new in the description has to be added to the event here.
#[tokio::test]
async fn every_member_has_a_response_test() {
    let part = stream(&[part("one")]).await.recv().await.unwrap().unwrap();
    assert!(!format!("{part:?}").contains("None"), "a member is not read: {part:?}");
    described::assert_events(
        &["sagemaker-runtime"],
        &[Message {
            service: "sagemaker-runtime",
            owner: "PayloadPart",
            text: "event\n\none".to_owned(),
        }],
    );
}

#[tokio::test]
async fn no_members() {
    let output = parse(&[], "").await;
    assert_eq!(output.content_type, None);
    assert_eq!(output.invoked_production_variant, None);
    assert_eq!(output.custom_attributes, None);
    assert_eq!(output.response_metadata.request_id(), None);
    assert!(matches!(read(output.body).await, (parts, None) if parts.is_empty()));
}

/// The media type in any spelling. Where there is none, or one that says nothing, the frames have to tell.
#[tokio::test]
async fn content_types_of_events() {
    for content_type in [
        "application/vnd.amazon.eventstream",
        "Application/VND.Amazon.EventStream ; charset=x",
        "application/octet-stream",
        "",
    ] {
        let output = parse(&[("content-type", content_type.as_bytes())], part("one")).await;
        assert!(matches!(read(output.body).await, (parts, None) if parts == ["one"]));
    }
}

/// The model may have run, but what came is not its answer.
#[tokio::test]
async fn other_content_types() {
    for (content_type, shown) in [
        ("text/html; charset=utf-8", "text/html; charset=utf-8"),
        ("application/json", "application/json"),
        (
            "application/vnd.amazon.eventstream2",
            "application/vnd.amazon.eventstream2",
        ),
        ("text/\u{e9}", "text/\u{e9}"),
    ] {
        let headers: Headers<'_> = &[("content-type", content_type.as_bytes()), ("x-amzn-requestid", b"1f2e")];
        let response = reply(200, headers, part("one"));
        let result = InvokeEndpointWithResponseStreamInput::parse_response(response).await;
        let error = result.unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "InvokeEndpointWithResponseStream failed: the event stream cannot be read: its content type is `{shown}`, \
                 not `application/vnd.amazon.eventstream` [request id 1f2e, 1 attempt]"
            )
        );
        assert!(error.is_response() && !error.is_retryable());
        assert_eq!(error.raw_body().unwrap(), &part("one"));
        assert_eq!(error.response_metadata().unwrap().headers().len(), 2);
    }
}

/// Parts are bytes: they may be empty, and end within a character.
#[tokio::test]
async fn parts_are_kept_apart_and_as_they_are() {
    let halves = "größe".as_bytes().split_at(3);
    let frames = [
        frame::event("PayloadPart", halves.0),
        part(""),
        frame::event("PayloadPart", halves.1),
        frame::event("PayloadPart", &[0, 255]),
    ];
    let (parts, _) = read(stream(&frames).await).await;
    assert_eq!(parts, [halves.0, b"", halves.1, &[0, 255]]);
}

/// The events as one payload, whatever is in them.
#[tokio::test]
async fn events_become_a_payload() {
    let frames = [
        part("data: gr\u{f6}"),
        part(""),
        frame::event("Usage", b"secret"),
        part("\u{df}e\n\ndata: b"),
    ];
    let payload = stream(&frames).await.into_bytes();
    assert_eq!(payload.content_length(), None);
    let mut events = payload.sse();
    assert_eq!(events.next().await.unwrap().unwrap().data(), "gr\u{f6}\u{df}e");
    assert_eq!(events.next().await.unwrap().unwrap().data(), "b");
    assert!(events.next().await.unwrap().is_none());
    assert_eq!(stream(&[]).await.into_bytes().bytes().await.unwrap(), "");
}

/// They come after what was sent before them, and say the same.
#[tokio::test]
async fn errors_in_events_are_errors_of_the_payload() {
    let exception = frame::exception(
        "ModelStreamError",
        r#"{"Message":"it broke","ErrorCode":"StreamBroken"}"#,
    );
    let mut lines = stream(&[part("one\ntwo"), exception]).await.into_bytes().lines();
    assert_eq!(lines.next().await.unwrap().as_deref(), Some("one"));
    let error = lines.next().await.unwrap_err();
    assert!(lines.next().await.unwrap().is_none());
    assert_snapshot!(error, @"InvokeEndpointWithResponseStream failed: ModelStreamError: it broke [in the event stream, error code StreamBroken, request id 1f2e, 1 attempt]");
    assert!(matches!(error.service_error(), Some(ServiceError::ModelStreamError(_))));

    let cut = part("two").split_last().unwrap().1.to_vec();
    let mut payload = stream(&[part("one"), cut]).await.into_bytes();
    assert_eq!(payload.chunk().await.unwrap().unwrap(), "one");
    let error = payload.chunk().await.unwrap_err();
    assert!(error.is_response());
    assert_eq!(error.request_id(), Some("1f2e"));
    assert!(payload.chunk().await.unwrap().is_none());
}

/// What the client finds wrong with a payload is an error about its response.
#[tokio::test]
async fn errors_of_lines_say_which_request_it_was() {
    let frames = [part("data: {}\n\ndata: \u{df}")];
    let mut events = stream(&frames).await.into_bytes().sse();
    let event = events.next().await.unwrap().unwrap();
    assert_snapshot!(event.json::<u8>().unwrap_err(), @"InvokeEndpointWithResponseStream failed: the payload of the response is not JSON of the wanted form [request id 1f2e, 1 attempt]");
    let mut lines = stream(&frames).await.into_bytes().lines().max_length(4);
    assert_snapshot!(lines.next().await.unwrap_err(), @"InvokeEndpointWithResponseStream failed: a line of the response exceeds the limit of 4 bytes [request id 1f2e, 1 attempt]");
}

#[tokio::test]
async fn events_are_a_stream() {
    let mut stream = stream(&[part("one"), part("two")]).await;
    let mut parts = Vec::new();
    while let Some(event) = poll_fn(|context| Pin::new(&mut stream).poll_next(context)).await {
        match event.unwrap() {
            ResponseStream::PayloadPart(part) => parts.extend(part.bytes),
            event => panic!("{event:?}"),
        }
    }
    assert_eq!(parts, ["one", "two"]);
}

/// A newer service may send what this client does not know. It is kept, and the stream goes on.
#[tokio::test]
async fn unknown_events() {
    let mut stream = stream(&[frame::event("Usage", b"secret"), part("one")]).await;
    let Some(ResponseStream::Unknown(event)) = stream.recv().await.unwrap() else {
        panic!("an unknown event");
    };
    assert_eq!(event.name(), "Usage");
    assert_eq!(event.payload(), "secret");
    assert_snapshot!(format!("{event:?}"), @r#"UnknownEvent { name: "Usage", payload: *** hidden *** }"#);
    assert!(stream.recv().await.unwrap().is_some());
}

#[tokio::test]
async fn debug_hides_what_the_model_says() {
    let mut stream = stream(&[part("secret")]).await;
    let event = stream.recv().await.unwrap().unwrap();
    assert_snapshot!(format!("{event:?}"), @"PayloadPart(PayloadPart { bytes: Some(*** hidden ***) })");
    assert!(!format!("{stream:?}").contains("secret"), "{stream:?}");
}

/// The type that botocore has not: the code of the error is kept.
#[tokio::test]
async fn model_stream_error() {
    let json = r#"{"Message":"The container was too slow","ErrorCode":"ModelInvocationTimeExceeded"}"#;
    let error = error_after_a_part(frame::exception("ModelStreamError", json)).await;
    assert_snapshot!(error, @"InvokeEndpointWithResponseStream failed: ModelStreamError: The container was too slow [in the event stream, error code ModelInvocationTimeExceeded, request id 1f2e, 1 attempt]");
    let Some(ServiceError::ModelStreamError(fields)) = error.service_error() else {
        panic!("{error}");
    };
    assert_eq!(fields.message.as_deref(), Some("The container was too slow"));
    assert_eq!(fields.error_code.as_deref(), Some("ModelInvocationTimeExceeded"));
    assert_eq!(error.code(), Some("ModelStreamError"));
    assert_eq!(error.message(), Some("The container was too slow"));
    assert_eq!(error.raw_body().unwrap(), json);
    assert!(error.is_service() && !error.is_response() && !error.is_timeout() && !error.is_retryable());
    assert!(error.source().is_none());
}

#[tokio::test]
async fn internal_stream_failure() {
    let json = r#"{"Message":"Lost the container"}"#;
    let error = error_after_a_part(frame::exception("InternalStreamFailure", json)).await;
    assert_snapshot!(error, @"InvokeEndpointWithResponseStream failed: InternalStreamFailure: Lost the container [in the event stream, request id 1f2e, 1 attempt]");
    assert!(matches!(
        error.service_error(),
        Some(ServiceError::InternalStreamFailure(fields)) if fields.message.as_deref() == Some("Lost the container")
    ));
    assert!(error.is_retryable(), "the service is at fault");
}

/// An exception is of its type whatever is in it.
#[tokio::test]
async fn exceptions_without_a_readable_payload() {
    for (payload, shown) in [
        ("", "ModelStreamError ["),
        ("{}", "ModelStreamError ["),
        ("it broke", "ModelStreamError: it broke ["),
        (r#"{"Message":7,"ErrorCode":[]}"#, "ModelStreamError: 7 ["),
    ] {
        let error = error_after_a_part(frame::exception("ModelStreamError", payload)).await;
        assert!(matches!(error.service_error(), Some(ServiceError::ModelStreamError(_))));
        let text = error.to_string();
        let text = text.strip_prefix("InvokeEndpointWithResponseStream failed: ").unwrap();
        assert!(text.starts_with(shown), "{payload}: {text}");
    }
}

/// What the description does not know has a code and a message all the same.
#[tokio::test]
async fn other_errors_in_the_stream() {
    let mut lines = Vec::new();
    for frame in [
        frame::exception("QuotaException", r#"{"message":"used up"}"#),
        frame::exception("ThrottlingException", "{}"),
        frame::error("InternalError", "out of\norder"),
        frame::frame(&[(":message-type", "error")], b""),
    ] {
        let error = error_after_a_part(frame).await;
        assert!(error.is_service());
        assert!(error.service_error().is_none());
        lines.push(error.to_string());
    }
    assert_snapshot!(lines.join("\n"), @"
    InvokeEndpointWithResponseStream failed: QuotaException: used up [in the event stream, request id 1f2e, 1 attempt]
    InvokeEndpointWithResponseStream failed: ThrottlingException [in the event stream, request id 1f2e, 1 attempt]
    InvokeEndpointWithResponseStream failed: InternalError: out of order [in the event stream, request id 1f2e, 1 attempt]
    InvokeEndpointWithResponseStream failed: error [in the event stream, request id 1f2e, 1 attempt]
    ");
}

/// What is not an event ends the stream. Nothing that follows it can be trusted.
#[tokio::test]
async fn frames_that_cannot_be_read() {
    let flipped = |at: usize| {
        let mut frame = part("payload");
        frame[at] ^= 1;
        frame
    };
    let last = part("payload").len() - 1;
    let mut lines = Vec::new();
    for frame in [
        flipped(3),
        flipped(last),
        frame::frame(&[], b""),
        frame::frame(&[(":message-type", "event")], b""),
        frame::frame(&[(":message-type", "greeting")], b""),
    ] {
        let error = error_after_a_part(frame).await;
        assert!(error.is_response() && !error.is_service() && !error.is_retryable());
        lines.push(error.to_string());
    }
    let lines: Vec<&str> = lines
        .iter()
        .map(|line| {
            let line = line.strip_prefix("InvokeEndpointWithResponseStream failed: ").unwrap();
            line.strip_suffix(" [request id 1f2e, 1 attempt]").unwrap()
        })
        .collect();
    assert_snapshot!(lines.join("\n"), @"
    the event stream cannot be read: the checksum of the lengths of a frame is wrong
    the event stream cannot be read: the checksum of a frame is wrong
    the event stream cannot be read: a frame has no header `:message-type`
    the event stream cannot be read: a frame has no header `:event-type`
    the event stream cannot be read: a frame is neither an event, an exception nor an error
    ");
}

#[tokio::test]
async fn a_stream_that_ends_within_a_frame_is_cut_off() {
    let frames = [part("one"), part("two")].concat();
    for length in part("one").len() + 1..frames.len() {
        let output = parse(&[("x-amzn-requestid", b"1f2e")], frames[..length].to_vec()).await;
        let (parts, error) = read(output.body).await;
        assert_eq!(parts, ["one"]);
        let error = error.expect("it is cut off");
        assert!(error.is_response() && error.is_retryable());
        assert_eq!(
            error.to_string(),
            format!(
                "InvokeEndpointWithResponseStream failed: the payload of the response broke off after {length} bytes \
                 [request id 1f2e, 1 attempt]"
            )
        );
    }
}

#[tokio::test]
async fn the_size_of_events_can_be_limited() {
    let largest = part("0123456789");
    for (limit, parts) in [(largest.len(), 2), (largest.len() - 1, 1)] {
        let mut stream = stream(&[part("012345678"), largest.clone()]).await;
        stream.set_max_event_size(limit);
        let (read, error) = read(stream).await;
        assert_eq!(read.len(), parts);
        assert_eq!(error.is_some(), parts == 1);
    }
}

/// The published frames are no events of this service: the whole ones lack what every event has, and the broken ones are
/// found to be broken before anything of them is believed.
#[tokio::test]
async fn published_frames() {
    let folder = tests::package::folder("aws-smithy-eventstream").join("test_data");
    let mut lines = Vec::new();
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        let error = error_after_a_part(std::fs::read(&path).unwrap()).await;
        let problem = error.to_string();
        let problem = problem.split_once("cannot be read: ").unwrap().1;
        let name = path.file_name().unwrap().to_str().unwrap();
        lines.push(format!("{name}: {}", problem.split_once(" [").unwrap().0));
    }
    lines.sort();
    assert_snapshot!(lines.join("\n"), @"
    invalid_header_name_length: the checksum of a frame is wrong
    invalid_header_name_length_too_long: the checksum of a frame is wrong
    invalid_header_string_length_cut_off: the checksum of a frame is wrong
    invalid_header_string_value_length: the checksum of a frame is wrong
    invalid_header_value_type: the checksum of a frame is wrong
    invalid_headers_length: the lengths of a frame contradict each other
    invalid_message_checksum: the checksum of a frame is wrong
    invalid_prelude_checksum: the checksum of the lengths of a frame is wrong
    valid_empty_payload: a frame has no header `:message-type`
    valid_no_headers: a frame has no header `:message-type`
    valid_with_all_headers_and_payload: a frame has no header `:message-type`
    ");
}
