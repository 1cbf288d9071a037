//! Errors with members.

use std::collections::HashMap;

use serde_json::json;
use type_course::operation::events::EventsInput;
use type_course::types::{Colour, Rule};
use type_course::{DateTime, Operation, ServiceError};

use crate::{DATE, reply, time};

#[tokio::test]
async fn a_sensitive_message_is_given_but_never_shown() {
    for name in ["Message", "message"] {
        let body = json!({ "__type": "SecretError", name: "the secret" });
        let response = reply(400, &[], body.to_string());
        let error = EventsInput::parse_response(response).await.unwrap_err();
        assert_eq!((error.code(), error.message()), (Some("SecretError"), Some("")));
        let shown = format!("{error} {error:?} {error:#?}");
        assert!(!shown.contains("the secret"), "{shown}");
        let Some(ServiceError::SecretError(secret)) = error.service_error() else {
            panic!("{error:?}");
        };
        // The member is found by its own name alone.
        let given = (name == "Message").then_some("the secret");
        assert_eq!(secret.message_.as_deref(), given);
    }
}

#[tokio::test]
async fn errors_have_members_of_all_types() {
    let headers = [
        ("x-amzn-errortype", "RichError"),
        ("x-time", DATE),
        ("x-meta-a", "1"),
        ("x-json", "e30="),
        ("x-list", "a, b"),
    ];
    let body = json!({
        "message": "all at once",
        "Tree": {"Name": "n"},
        "TimeText": "2019-12-16T23:48:18.123Z",
        "Colours": ["red"],
        "Map": {"red": null},
        "Data": "AP8=",
        "Any": [1],
        "Rule": {"Always": {}},
        "Colour": "teal",
    });
    let response = reply(409, &headers, body.to_string());
    let error = EventsInput::parse_response(response).await.unwrap_err();
    let Some(ServiceError::RichError(rich)) = error.service_error() else {
        panic!("{error:?}");
    };
    assert_eq!(rich.message.as_deref(), Some("all at once"));
    assert_eq!(rich.tree.as_ref().map(|tree| tree.name.as_str()), Some("n"));
    assert_eq!(
        (rich.time, rich.time_text),
        (Some(DateTime::from_secs(time().secs())), Some(time()))
    );
    assert_eq!(rich.colours, [Colour::Red]);
    assert_eq!(rich.map, HashMap::from([(Colour::Red, None)]));
    assert_eq!(rich.data.as_deref(), Some(&[0, 255][..]));
    assert_eq!(
        (rich.any.clone(), rich.rule.clone()),
        (Some(json!([1])), Some(Rule::Always))
    );
    assert_eq!((rich.status, rich.json.as_deref()), (Some(409), Some("{}")));
    assert_eq!(rich.list, ["a", "b"]);
    assert_eq!(rich.meta["a"], "1");
}
