//! The first event of a stream, which may have members of the output.

use std::error::Error as _;

use super::{Sky, event, exception, frame, photo, read, stream_of};
use crate::answer::event_stream::EventStream;
use crate::call::retry::Retries;
use crate::error::Error;
use crate::weather::ServiceError;
use crate::words::service::RetryKind;

/// What the generator writes for an output with the member `Sunny` beside its stream.
async fn output(stream: &mut EventStream<Sky>, required: Option<&'static str>) -> Result<Option<bool>, Error> {
    let mut sunny = None;
    stream
        .initial_response(required, |event| {
            event.read_json(|json| {
                json.begin_object()?;
                while let Some(name) = json.next_member()? {
                    match &*name {
                        "Sunny" => json.fill(&mut sunny)?,
                        _ => json.skip()?,
                    }
                }
                Ok(())
            })
        })
        .await?;
    Ok(sunny)
}

fn initial() -> Vec<u8> {
    event("initial-response", br#"{"Sunny": true, "Moon": {"Full": []}}"#)
}

/// The error of a call whose stream begins with these bytes.
async fn error_of(bytes: Vec<u8>, required: Option<&'static str>) -> Error {
    let mut stream = stream_of([bytes], false);
    output(&mut stream, required).await.expect_err("no output")
}

#[tokio::test]
async fn members_and_events_are_the_same_wherever_the_bytes_are_cut() {
    let events = [event("photo", b"one"), event("report", b"two")].concat();
    let expected = [photo("one"), Sky::Report("two".to_owned())];
    for (bytes, sunny) in [([initial(), events.clone()].concat(), Some(true)), (events, None)] {
        for at in 0..=bytes.len() {
            let (head, tail) = bytes.split_at(at);
            let mut stream = stream_of([head.to_vec(), tail.to_vec()], false);
            assert_eq!(
                output(&mut stream, None).await.expect("an output"),
                sunny,
                "cut at {at}"
            );
            assert!(
                matches!(read(stream).await, (events, None) if events == expected),
                "cut at {at}"
            );
        }
        let mut stream = stream_of(bytes.chunks(1).map(<[u8]>::to_vec), false);
        assert_eq!(output(&mut stream, None).await.expect("an output"), sunny);
        assert!(matches!(read(stream).await, (events, None) if events == expected));
    }
}

/// The output is there before the events are.
#[tokio::test(start_paused = true)]
async fn nothing_but_the_first_event_is_awaited() {
    for first in [initial(), event("photo", b"a")] {
        let mut stream = stream_of([first], true);
        assert!(output(&mut stream, None).await.is_ok());
    }
    let mut silent = stream_of([initial()[..20].to_vec()], true);
    let error = output(&mut silent, None).await.expect_err("no output");
    assert!(error.is_timeout() && !error.is_retryable(), "{error}");
}

#[tokio::test]
async fn members_that_do_not_come_are_absent() {
    for bytes in [
        Vec::new(),
        event("initial-response", b""),
        event("initial-response", b"{}"),
    ] {
        let mut stream = stream_of([bytes], false);
        assert_eq!(output(&mut stream, None).await.expect("an output"), None);
        assert!(matches!(read(stream).await, (events, None) if events.is_empty()));
    }
}

#[tokio::test]
async fn members_that_the_service_has_promised_must_come() {
    for bytes in [Vec::new(), event("photo", b"a")] {
        let error = error_of(bytes, Some("Sunny")).await;
        assert!(error.is_response() && !error.is_retryable());
        assert_eq!(
            error.to_string(),
            "Watch failed: the event stream cannot be read: it does not begin with `initial-response`, which has the required member `Sunny` [request id 1f2e, 2 attempts]"
        );
    }
    let mut stream = stream_of([initial()], false);
    assert_eq!(output(&mut stream, Some("Sunny")).await.expect("an output"), Some(true));
}

#[tokio::test]
async fn an_exception_in_its_place_is_the_error_of_the_call() {
    for required in [None, Some("Sunny")] {
        let error = error_of(exception("rainExc", br#"{"message": "it pours"}"#), required).await;
        assert!(error.is_service() && !error.is_retryable());
        assert_eq!(
            error.to_string(),
            "Watch failed: Rain: it pours [in the event stream, request id 1f2e, 2 attempts]"
        );
        assert!(error.modeled().is_some_and(|error| {
            let error: &dyn std::any::Any = error;
            error.is::<ServiceError>()
        }));
    }
}

/// As if it had come with a status of its own: the caller has no output yet.
#[tokio::test]
async fn it_is_retried_like_any_answer() {
    for (code, kind) in [
        ("ThrottlingException", Some(RetryKind::Throttling)),
        ("InternalServerException", Some(RetryKind::Transient)),
        ("ServiceUnavailable", Some(RetryKind::Transient)),
        ("ValidationException", None),
        ("Rain", None),
    ] {
        let frames = [
            exception(code, b"{}"),
            frame(&[(":message-type", "error"), (":error-code", code)], b""),
        ];
        for frame in frames {
            let error = error_of(frame.clone(), None).await;
            assert_eq!(Retries::default().kind_of(&error), kind, "{error}");
            // Once the caller has the output, only the caller can retry a fault of the service.
            let mut stream = stream_of([[initial(), frame].concat()], false);
            output(&mut stream, None).await.expect("an output");
            let error = stream.recv().await.expect_err("the error");
            let kind = kind.filter(|kind| *kind == RetryKind::Throttling);
            assert_eq!(Retries::default().kind_of(&error), kind, "{error}");
        }
    }
}

#[tokio::test]
async fn what_cannot_be_read_is_an_error_of_the_call() {
    let error = error_of(event("initial-response", br#"{"Sunny": ["secret"]}"#), None).await;
    assert!(error.is_response() && !error.is_retryable());
    assert_eq!(
        error.to_string(),
        "Watch failed: the event stream cannot be read: the event `initial-response` is not the JSON that the service describes [request id 1f2e, 2 attempts]"
    );
    assert!(
        error
            .source()
            .is_some_and(|problem| !problem.to_string().contains("secret"))
    );
    let mut flipped = initial();
    flipped[20] ^= 1;
    assert!(error_of(flipped, None).await.is_response());
    let whole = initial();
    for length in 1..whole.len() {
        let error = error_of(whole[..length].to_vec(), None).await;
        assert!(
            error.is_response() && Retries::default().kind_of(&error).is_none(),
            "{error}"
        );
    }
}
