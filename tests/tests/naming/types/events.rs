//! Streams of events.

use serde_json::json;
use type_course::operation::events::EventsInput;
use type_course::operation::pieces::PiecesInput;
use type_course::operation::required_events::RequiredEventsInput;
use type_course::types::{Colour, Events, Rule};
use type_course::{DateTime, EventStream, Operation, ServiceError};

use crate::{DATE, reply, time};

/// A frame of `application/vnd.amazon.eventstream` with these headers.
pub(crate) fn frame(headers: &[(&str, Header)], payload: &[u8]) -> Vec<u8> {
    let mut encoded = Vec::new();
    for (name, value) in headers {
        encoded.push(u8::try_from(name.len()).unwrap());
        encoded.extend(name.as_bytes());
        value.encode(&mut encoded);
    }
    let total = u32::try_from(encoded.len() + payload.len() + 16).unwrap();
    let mut frame = total.to_be_bytes().to_vec();
    frame.extend(u32::try_from(encoded.len()).unwrap().to_be_bytes());
    frame.extend(crc32fast::hash(&frame).to_be_bytes());
    frame.extend(encoded);
    frame.extend(payload);
    frame.extend(crc32fast::hash(&frame).to_be_bytes());
    frame
}

/// The value of a header, as the format of event streams numbers them.
pub(crate) enum Header<'a> {
    Bool(bool),
    Byte(i8),
    Short(i16),
    Int(i32),
    Long(i64),
    Bytes(&'a [u8]),
    Text(&'a str),
    Millis(i64),
}

impl Header<'_> {
    fn encode(&self, to: &mut Vec<u8>) {
        let mut sized = |kind: u8, bytes: &[u8]| {
            to.push(kind);
            to.extend(u16::try_from(bytes.len()).unwrap().to_be_bytes());
            to.extend(bytes);
        };
        match self {
            Self::Bytes(bytes) => sized(6, bytes),
            Self::Text(text) => sized(7, text.as_bytes()),
            Self::Bool(value) => to.push(u8::from(!value)),
            Self::Byte(value) => to.extend([&[2][..], &value.to_be_bytes()].concat()),
            Self::Short(value) => to.extend([&[3][..], &value.to_be_bytes()].concat()),
            Self::Int(value) => to.extend([&[4][..], &value.to_be_bytes()].concat()),
            Self::Long(value) => to.extend([&[5][..], &value.to_be_bytes()].concat()),
            Self::Millis(value) => to.extend([&[8][..], &value.to_be_bytes()].concat()),
        }
    }
}

fn event(name: &str, headers: &[(&str, Header)], payload: &str) -> Vec<u8> {
    let mut all = vec![
        (":message-type", Header::Text("event")),
        (":event-type", Header::Text(name)),
    ];
    all.extend(headers.iter().map(|(name, value)| (*name, value.copy())));
    frame(&all, payload.as_bytes())
}

impl Header<'_> {
    fn copy(&self) -> Header<'_> {
        match self {
            Self::Bool(value) => Header::Bool(*value),
            Self::Byte(value) => Header::Byte(*value),
            Self::Short(value) => Header::Short(*value),
            Self::Int(value) => Header::Int(*value),
            Self::Long(value) => Header::Long(*value),
            Self::Bytes(value) => Header::Bytes(value),
            Self::Text(value) => Header::Text(value),
            Self::Millis(value) => Header::Millis(*value),
        }
    }
}

#[tokio::test]
async fn every_kind_of_event() {
    let mut body = Vec::new();
    body.extend(event("BlobEvent", &[], "blob"));
    body.extend(event("TextEvent", &[("Header", Header::Text("h"))], "text"));
    body.extend(event("StructureEvent", &[], r#"{"Name":"n"}"#));
    body.extend(event("UnionEvent", &[], r#"{"Always":{}}"#));
    body.extend(event("DocumentEvent", &[], "[1]"));
    body.extend(event("EnumEvent", &[], "teal"));
    body.extend(event(
        "JsonEvent",
        &[],
        r#"{"Text":"t","Time":"2019-12-16T23:48:18.123Z"}"#,
    ));
    let headers = [
        ("Text", Header::Text("t")),
        ("Flag", Header::Bool(true)),
        ("Tiny", Header::Byte(-1)),
        ("Small", Header::Short(-2)),
        ("Int", Header::Int(-3)),
        ("Large", Header::Long(-4)),
        ("Colour", Header::Text("red")),
        ("Data", Header::Bytes(b"\0")),
        ("Time", Header::Millis(1_576_540_098_123)),
    ];
    body.extend(event("HeaderEvent", &headers, ""));
    body.extend(event("RequiredHeaderEvent", &[], ""));
    body.extend(event(
        "MixedEvent",
        &[("Header", Header::Text("h"))],
        r#"{"Text":"t","Event":"e","Json":"j","Name":"n"}"#,
    ));
    body.extend(event("EmptyEvent", &[], "{}"));
    body.extend(event("other", &[], "{}"));
    body.extend(event("Unknown", &[], "{}"));
    body.extend(event("later", &[], "kept"));
    let response = reply(200, &[("x-name", "n")], body);
    let mut output = EventsInput::parse_response(response).await.unwrap();
    assert_eq!(output.name.as_deref(), Some("n"));
    let mut events = Vec::new();
    while let Some(event) = output.events.recv().await.unwrap() {
        events.push(event);
    }
    let mut written = EventStream::from_events(events.clone());
    for event in &events {
        assert_eq!(written.recv().await.unwrap().as_ref(), Some(event));
    }
    let mut events = events.into_iter();
    let mut next = || events.next().expect("there is one more");
    assert!(matches!(next(), Events::BlobEvent(event) if event.payload.as_deref() == Some(b"blob")));
    assert!(
        matches!(next(), Events::TextEvent(event) if event.payload == "text" && event.header.as_deref() == Some("h"))
    );
    assert!(matches!(next(), Events::StructureEvent(event) if event.payload.name == "n"));
    assert!(matches!(next(), Events::UnionEvent(event) if event.payload == Some(Rule::Always)));
    assert!(matches!(next(), Events::DocumentEvent(event) if event.payload == Some(json!([1]))));
    assert!(matches!(next(), Events::EnumEvent(event) if event.payload.as_str() == "teal"));
    assert!(matches!(next(), Events::JsonEvent(event) if event.text.as_deref() == Some("t") && event.time == time()));
    let Events::HeaderEvent(event) = next() else {
        panic!("the event has headers");
    };
    assert_eq!(
        (event.text.as_deref(), event.flag, event.tiny),
        (Some("t"), Some(true), Some(-1))
    );
    assert_eq!((event.small, event.int, event.large), (Some(-2), Some(-3), Some(-4)));
    assert_eq!(
        (event.colour, event.data.as_deref()),
        (Some(Colour::Red), Some(&b"\0"[..]))
    );
    assert_eq!(event.time, Some(time()));
    assert!(matches!(next(), Events::RequiredHeaderEvent(event) if event.int == 0 && event.text.is_empty()));
    let Events::MixedEvent(mixed) = next() else {
        panic!("the event has headers and a body");
    };
    assert_eq!((mixed.header.as_deref(), mixed.text.as_deref()), (Some("h"), Some("t")));
    assert!(mixed.tree.is_none());
    // What code that reads JSON has variables for.
    let names = [mixed.event, mixed.json, mixed.name];
    assert_eq!(
        names.each_ref().map(Option::as_deref),
        [Some("e"), Some("j"), Some("n")]
    );
    assert!(matches!(next(), Events::EmptyEvent(_)));
    assert!(matches!(next(), Events::Renamed(_)));
    assert!(matches!(next(), Events::Unknown_(_)));
    assert!(matches!(next(), Events::Unknown(event) if event.name() == "later" && event.payload() == "kept"));
    assert!(events.next().is_none());
}

#[tokio::test]
async fn an_exception_ends_a_stream() {
    let headers = [
        (":message-type", Header::Text("exception")),
        (":exception-type", Header::Text("Lost")),
    ];
    let mut body = event("JsonEvent", &[], "{}");
    body.extend(frame(&headers, br#"{"message":"gone"}"#));
    let mut output = EventsInput::parse_response(reply(200, &[], body)).await.unwrap();
    assert!(matches!(output.events.recv().await, Ok(Some(Events::JsonEvent(_)))));
    let error = output.events.recv().await.unwrap_err();
    assert_eq!((error.code(), error.message()), (Some("Stream.Lost"), Some("gone")));
    assert!(
        matches!(error.service_error(), Some(ServiceError::StreamLost(_))),
        "{error:?}"
    );
    assert!(error.is_retryable(), "the service is at fault");

    let mut output = RequiredEventsInput::parse_response(reply(200, &[("x-time", DATE)], ""))
        .await
        .unwrap();
    assert_eq!(output.time, DateTime::from_secs(time().secs()));
    assert!(matches!(output.events.recv().await, Ok(None)));
}

/// A blob that is all of the only event is a payload, wherever the event has it.
#[tokio::test]
async fn events_that_are_a_payload() {
    let body = [r#"{"Data":"aGVs"}"#, r#"{"Data":"bG8="}"#, "{}"].map(|json| event("Piece", &[], json));
    let output = PiecesInput::parse_response(reply(200, &[], body.concat()))
        .await
        .unwrap();
    assert_eq!(output.pieces.into_bytes().text().await.unwrap(), "hello");
}
