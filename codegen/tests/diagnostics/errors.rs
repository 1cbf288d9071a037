//! Errors of the service.

use insta::assert_snapshot;

use super::{Folder, SERVICE, change};

#[test]
fn an_exception_that_is_no_structure() {
    let text = change(
        SERVICE,
        r#""Text": { "type": "string" }"#,
        r#""Text": { "type": "string" },
    "Oops": { "type": "string", "exception": true }"#,
    );
    assert_snapshot!(text, @r#"
    error: the exception `Oops` has the type `string`
      --> service-2.json:83:23
       |
    83 |     "Oops": { "type": "string", "exception": true }
       |                       ^^^^^^^^
       |
       = at /shapes/Oops/type
       = help: make it a `structure`, or remove `exception`

    1 error
    "#);
}

#[test]
fn an_exception_with_a_payload() {
    let text = change(
        SERVICE,
        r#""error": { "httpStatusCode": 404 }"#,
        r#""payload": "Message""#,
    );
    assert_snapshot!(text, @r#"
    error: the exception `ThingMissing` has the payload `Message`
      --> service-2.json:65:18
       |
    65 |       "payload": "Message",
       |                  ^^^^^^^^^
       |
       = at /shapes/ThingMissing/payload
       = help: remove `payload`: the body of an error is a JSON object with its members

    error: `Place` has no place: the payload `Message` is the whole body
      --> service-2.json:68:9
       |
    68 |         "Place": { "shape": "Text" }
       |         ^^^^^^^
       |
       = at /shapes/ThingMissing/members/Place
       = help: give it a `location`, or remove `payload` from the structure

    2 errors
    "#);
}

#[test]
fn a_status_that_is_no_error() {
    let text = change(SERVICE, "404", "200");
    assert_snapshot!(text, @r#"
    error: 200 is not an error status
      --> service-2.json:65:36
       |
    65 |       "error": { "httpStatusCode": 200 },
       |                                    ^^^
       |
       = at /shapes/ThingMissing/error/httpStatusCode
       = help: use a status from 400 to 599, or leave the key out

    1 error
    "#);
}

#[test]
fn errors_of_the_same_name_in_rust() {
    let text = change(
        SERVICE,
        r#""Text": { "type": "string" }"#,
        r#""Text": { "type": "string" },
    "thingBusy": { "type": "structure", "exception": true }"#,
    );
    assert_snapshot!(text, @r#"
    error: `ThingBusy` and `thingBusy` both become `ThingBusy` in Rust
      --> service-2.json:83:5
       |
    83 |     "thingBusy": { "type": "structure", "exception": true }
       |     ^^^^^^^^^^^
       |
       = at /shapes/thingBusy
       = help: rename one of them and keep its name on the wire as `error.code`

    1 error
    "#);
}

#[test]
fn errors_with_the_same_code() {
    let text = change(SERVICE, r#"{ "httpStatusCode": 404 }"#, r#"{ "code": "ThingBusy" }"#);
    assert_snapshot!(text, @r#"
    error: `ThingMissing` and `ThingBusy` both have the code `ThingBusy`
      --> service-2.json:71:5
       |
    71 |     "ThingBusy": {
       |     ^^^^^^^^^^^
       |
       = at /shapes/ThingBusy/error/code
       = help: give each error a code of its own

    1 error
    "#);
}

#[test]
fn an_error_without_a_name_in_rust() {
    let text = change(
        SERVICE,
        r#""Text": { "type": "string" }"#,
        r#""Text": { "type": "string" },
    "Größe": { "type": "structure", "exception": true }"#,
    );
    assert_snapshot!(text, @r#"
    error: no Rust name can be made of the error `Größe`
      --> service-2.json:83:5
       |
    83 |     "Größe": { "type": "structure", "exception": true }
       |     ^^^^^^^
       |
       = at /shapes/Größe
       = help: rename it to ASCII letters and digits, and keep its name on the wire as `error.code`

    1 error
    "#);
}

#[test]
fn a_message_that_must_not_be_shown_is_a_member_like_others() {
    let sensitive = Folder::good().replace(
        SERVICE,
        r#""Message": { "shape": "Text" }
      }
    },
    "Count""#,
        r#""Message": { "shape": "Text", "sensitive": true }
      }
    },
    "Count""#,
    );
    let service = sensitive.lower(None).unwrap();
    let busy = service.errors.iter().find(|error| error.code == "ThingBusy").unwrap();
    assert!(busy.hides_message && busy.message.is_none());
    assert!(busy.members[0].member.sensitive);
    let others = service.errors.iter().filter(|error| error.code != "ThingBusy");
    assert!(others.clone().count() > 0);
    assert!(others.into_iter().all(|error| !error.hides_message));
}
