//! What the service reports in a stream.

use http::StatusCode;

use super::{error_of, event, exception, frame, photo, read_bytes};
use crate::weather::ServiceError;

#[tokio::test]
async fn a_modeled_exception_ends_the_stream_as_its_typed_error() {
    let payload = br#"{"message": "it pours", "Intensity": 40}"#;
    let bytes = [
        event("photo", b"a"),
        exception("rainExc", payload),
        event("photo", b"b"),
    ];
    let (events, error) = read_bytes(bytes.concat()).await;
    assert_eq!(events, [photo("a")]);
    let error = error.expect("the exception");
    assert_eq!(
        error.to_string(),
        "Watch failed: Rain: it pours [in the event stream, intensity 40, request id 1f2e, 2 attempts]"
    );
    let Some(ServiceError::Rain(rain)) = error.service_error() else {
        panic!("{error:?}");
    };
    assert_eq!((rain.message.as_deref(), rain.intensity), (Some("it pours"), Some(40)));
    assert_eq!((error.code(), error.message()), (Some("Rain"), Some("it pours")));
    assert_eq!((error.operation(), error.request_id()), (Some("Watch"), Some("1f2e")));
    assert_eq!((error.status(), error.attempts()), (Some(StatusCode::OK), 2));
    assert_eq!(error.raw_body().map(|body| &body[..]), Some(&payload[..]));
    assert!(error.is_service() && !error.is_response());
}

#[tokio::test]
async fn an_unknown_exception_keeps_its_type_and_message() {
    let error = error_of(exception("hailExc", br#"{"Message": "as large as eggs"}"#)).await;
    assert_eq!(
        (error.code(), error.message()),
        (Some("hailExc"), Some("as large as eggs"))
    );
    assert!(error.service_error().is_none());
    // What is not JSON is the message itself; what is empty says nothing.
    assert_eq!(error_of(exception("hailExc", b"run")).await.message(), Some("run"));
    assert_eq!(error_of(exception("rainExc", b"")).await.message(), Some(""));
    // Neither does what is not text.
    let error = error_of(exception("rainExc", b"\x89PNG\r\n")).await;
    assert_eq!(error.message(), Some(""));
    assert_eq!(error.raw_body().map(|body| &body[..]), Some(&b"\x89PNG\r\n"[..]));
    // Even without its type.
    let error = error_of(frame(&[(":message-type", "exception")], br#"{"message": "m"}"#)).await;
    assert_eq!((error.code(), error.message()), (Some("exception"), Some("m")));
}

#[tokio::test]
async fn an_error_frame_is_an_error_of_the_service() {
    let headers = [
        (":message-type", "error"),
        (":error-code", "InternalError"),
        (":error-message", "out of\norder"),
    ];
    let error = error_of(frame(&headers, b"")).await;
    assert_eq!(
        (error.code(), error.message()),
        (Some("InternalError"), Some("out of\norder"))
    );
    assert_eq!(
        error.to_string(),
        "Watch failed: InternalError: out of order [in the event stream, request id 1f2e, 2 attempts]"
    );
    let error = error_of(frame(&[(":message-type", "error")], b"")).await;
    assert_eq!((error.code(), error.message()), (Some("error"), Some("")));
}

#[tokio::test]
async fn codes_are_without_namespace_and_what_gateways_append() {
    for member in [
        "rainExc,InternalServerException",
        "weather#rainExc:http://weather.example/,x#y",
    ] {
        let error = error_of(exception(member, b"{}")).await;
        assert!(
            matches!(error.service_error(), Some(ServiceError::Rain(_))),
            "{member}: {error}"
        );
    }
    for (code, expected) in [
        (
            "weather#ThrottlingException:http://weather.example/",
            "ThrottlingException",
        ),
        ("ThrottlingException,InternalServerException", "ThrottlingException"),
        (",", "error"),
    ] {
        let headers = [(":message-type", "error"), (":error-code", code)];
        let error = error_of(frame(&headers, b"")).await;
        assert_eq!(error.code(), Some(expected));
    }
    assert_eq!(error_of(exception("#", b"{}")).await.code(), Some("exception"));
}

/// The client does not make the call again, but a caller may want to.
#[tokio::test]
async fn what_is_transient_in_a_stream() {
    for (code, is_retryable) in [
        ("ThrottlingException", true),
        // By the rules of this service.
        ("Overcast", true),
        ("Fog", true),
        // What fails at the service, which has no status to say so.
        ("InternalFailure", true),
        ("InternalServerException", true),
        ("ServiceUnavailable", true),
        ("Rain", false),
        ("ValidationException", false),
        ("error", false),
    ] {
        let frames = [
            exception(code, b"{}"),
            frame(&[(":message-type", "error"), (":error-code", code)], b""),
        ];
        for frame in frames {
            let error = error_of(frame).await;
            assert_eq!(error.is_retryable(), is_retryable, "{error}");
            assert_eq!(
                error.is_throttling(),
                matches!(code, "ThrottlingException" | "Overcast")
            );
        }
    }
}
