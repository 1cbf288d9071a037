//! Secrets: nothing that the model marks as sensitive is shown, wherever the mark stands.

use serde_json::json;
use type_course::operation::events::EventsInput;
use type_course::operation::sealed::SealedInput;
use type_course::operation::secrets::SecretsInput;
use type_course::types::{PartlySecret, SecretStructure, SecretUnion, SecretValues};
use type_course::{Operation, ServiceError};

use crate::events::{Header, frame};
use crate::{reply, request, time};

#[test]
fn secrets_are_not_shown() {
    let structure = || SecretStructure::builder().a("hush").b("hush").build();
    let values = SecretValues::builder()
        .text("hush")
        .number(4242)
        .data("hush")
        .time(time())
        .colour("hush")
        .texts(["hush"])
        .lists([Some(vec!["hush".to_owned()]), None])
        .map([("hush", "hush")])
        .union(SecretUnion::A("hush".to_owned()))
        .structure(structure())
        .any(json!("hush"))
        .partly(PartlySecret::Secret("hush".to_owned()))
        .own("hush")
        .build();
    let input = SecretsInput::builder()
        .values(values.clone())
        .label("hush")
        .query("hush")
        .header("hush")
        .headers([("hush", "hush")])
        .build();
    let partly = PartlySecret::Secrets(vec!["hush".to_owned()]);
    for text in [
        format!("{values:?}"),
        format!("{input:#?}"),
        format!("{partly:?}"),
        format!("{:?}", structure()),
        format!("{:?}", SecretUnion::A("hush".to_owned())),
    ] {
        assert!(
            !text.contains("hush") && !text.contains("4242") && !text.contains("2019"),
            "{text}"
        );
    }
    assert_eq!(
        format!("{:?}", PartlySecret::Plain("shown".to_owned())),
        r#"Plain("shown")"#
    );
    assert!(request(input).headers()["x-secret"].is_sensitive());
}

/// The mark stands on the structure as a whole.
#[test]
fn a_sealed_input_shows_nothing() {
    let input = SealedInput::builder()
        .label("hush")
        .header("hush")
        .headers([("hush", "hush")])
        .text("hush")
        .union(PartlySecret::Plain("hush".to_owned()))
        .build();
    assert!(!format!("{input:?} {input:#?}").contains("hush"), "{input:?}");
    assert!(request(input).headers()["x-sealed"].is_sensitive());
}

#[tokio::test]
async fn a_sealed_output_shows_nothing() {
    let body = json!({"Token": "hush", "Values": {"Plain": "hush"}});
    let response = reply(200, &[("x-sealed", "hush")], body.to_string());
    let output = SealedInput::parse_response(response).await.unwrap();
    assert_eq!(output.token, "hush");
    assert_eq!(output.header.as_deref(), Some("hush"));
    assert!(!format!("{output:?} {output:#?}").contains("hush"), "{output:?}");
}

#[tokio::test]
async fn a_sealed_error_shows_nothing_but_its_code() {
    let body = json!({"__type": "SealedError", "Message": "hush", "Detail": "hush"});
    let response = reply(400, &[("x-sealed", "hush")], body.to_string());
    let error = SealedInput::parse_response(response).await.unwrap_err();
    let service_error = error.service_error().unwrap();
    let shown = format!("{error} {error:?} {error:#?} {service_error} {service_error:?}");
    assert!(shown.contains("SealedError") && !shown.contains("hush"), "{shown}");
    let ServiceError::SealedError(sealed) = service_error else {
        panic!("{error:?}");
    };
    assert_eq!(sealed.detail.as_deref(), Some("hush"));
    assert!(!format!("{sealed:?}").contains("hush"), "{sealed:?}");
}

#[tokio::test]
async fn a_sealed_event_shows_nothing() {
    let headers = [
        (":message-type", Header::Text("event")),
        (":event-type", Header::Text("SealedEvent")),
        ("Header", Header::Text("hush")),
    ];
    let response = reply(200, &[], frame(&headers, b"hush"));
    let mut output = EventsInput::parse_response(response).await.unwrap();
    let event = output.events.recv().await.unwrap().unwrap();
    let shown = format!("{event:?} {event:#?}");
    assert!(shown.contains("SealedEvent"), "{shown}");
    assert!(!shown.contains("hush") && !shown.contains("104"), "{shown}");
}
