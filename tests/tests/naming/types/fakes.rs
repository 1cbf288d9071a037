//! Fakes read what clients write, and write what clients read. The other tests try that with all of their inputs and
//! outputs.

use std::fmt::Debug;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::BodyExt;
use serde_json::Value;
use type_course::operation::body_token::BodyTokenInput;
use type_course::operation::events::EventsInput;
use type_course::operation::pieces::{PiecesInput, PiecesOutput};
use type_course::test::{Fake, FakeOperation, With, write_output};
use type_course::types::error::{RichError, StreamLost};
use type_course::types::{EmptyEvent, Events};
use type_course::{ByteStream, Endpoint, ServiceError};

/// The request of an input, with its payload.
pub(crate) fn written<I: FakeOperation>(input: I) -> Request<Bytes> {
    let endpoint = Endpoint::new("https://example.com").unwrap();
    let Ok(request) = input.into_request(&endpoint) else {
        panic!("the request cannot be written");
    };
    let (parts, body) = request.into_parts();
    let Poll::Ready(body) = pin!(body.collect()).poll(&mut Context::from_waker(Waker::noop())) else {
        panic!("the payload is not at hand");
    };
    Request::from_parts(parts, body.unwrap().to_bytes())
}

pub(crate) fn assert_same(one: &Request<Bytes>, other: &Request<Bytes>) {
    assert_eq!(
        (one.method(), one.uri(), one.headers()),
        (other.method(), other.uri(), other.headers())
    );
    assert_eq!(content(one.body()), content(other.body()));
}

/// JSON, whose members have no order, or the bytes as they are.
fn content(bytes: &Bytes) -> Result<Value, Bytes> {
    serde_json::from_slice(bytes).map_err(|_| bytes.clone())
}

/// An output that a fake writes is read as the same output.
pub(crate) async fn comes_back<I>(output: I::Output, parse: impl AsyncFn(Response<ByteStream>) -> I::Output)
where
    I: FakeOperation<Error = type_course::Error, Output: Debug>,
{
    let before = letters(&output);
    let output = parse(write_output::<I>(output).unwrap()).await;
    assert_eq!(letters(&output), before);
}

/// The letters of what `Debug` shows, sorted: maps have no order. Only what the answer says besides is left out.
fn letters(output: &impl Debug) -> Vec<char> {
    let text = format!("{output:?}");
    let mut letters: Vec<char> = text.split("response_metadata").next().unwrap().chars().collect();
    letters.sort_unstable();
    letters
}

/// The name of an error in the stream is not its code.
#[tokio::test]
async fn an_exception_in_a_stream() {
    let fake = Fake::new();
    let error = StreamLost::default().with(|error| error.message = Some("gone".to_owned()));
    fake.on::<EventsInput>()
        .events([Events::EmptyEvent(EmptyEvent::default())])
        .then_fail(error.clone());
    let mut stream = fake.client().events().send().await.unwrap().events;
    assert!(matches!(stream.recv().await.unwrap(), Some(Events::EmptyEvent(_))));
    let reported = stream.recv().await.unwrap_err();
    assert_eq!(reported.service_error(), Some(&ServiceError::StreamLost(error)));
}

/// Members of an error in headers, in the body and in the status.
#[tokio::test]
async fn errors_come_back() {
    let fake = Fake::new();
    let error = RichError::default().with(|error| error.message = Some("it broke".to_owned()));
    fake.on::<EventsInput>().fail(error);
    let reported = fake.client().events().send().await.unwrap_err();
    let Some(ServiceError::RichError(first)) = reported.service_error() else {
        panic!("{reported}");
    };
    assert_eq!(first.message.as_deref(), Some("it broke"));
}

#[tokio::test]
async fn events_that_are_a_payload_and_inputs_with_tokens() {
    let fake = Fake::new();
    fake.on::<PiecesInput>().answer(|_| PiecesOutput::of(["a", "b"]));
    let output = fake.client().pieces().send().await.unwrap();
    assert_eq!(output.pieces.into_bytes().text().await.unwrap(), "ab");

    fake.on::<BodyTokenInput>().answer(|_| Default::default());
    fake.client().body_token().number(1).send().await.unwrap();
    assert!(fake.calls::<BodyTokenInput>()[0].token.is_some());
}
