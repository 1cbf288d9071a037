//! What `client.json` says of hints.

use insta::assert_snapshot;

use super::{CLIENT, change};

/// What `client.json` says about hints, when these are its hints.
fn hints(hints: &str) -> String {
    change(
        CLIENT,
        r#""error_details""#,
        &format!("\"hints\": [{hints}],\n  \"error_details\""),
    )
}

#[test]
fn good_hints() {
    let text = hints(
        r#"{ "operation": "PutThing", "code": "ThingBusy", "status": 429, "message_contains": ["a"], "hint": "wait" },
        { "status": 300, "hint": "wait" }, { "message_contains": ["a"], "hint": "wait" }"#,
    );
    assert_eq!(text, "nothing is wrong");
}

#[test]
fn a_hint_for_everything() {
    let text = hints(r#"{ "operation": "PutThing", "hint": "hope" }"#);
    assert_snapshot!(text, @r#"
    error: the hint fits every error
     --> client.json:5:13
      |
    5 |   "hints": [{ "operation": "PutThing", "hint": "hope" }],
      |             ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
      |
      = at /hints/0
      = help: say which it is for: add `code`, `status` or `message_contains`

    1 error
    "#);
}

#[test]
fn a_hint_for_what_there_is_not() {
    let text = hints(
        r#"{ "operation": "PutThings", "code": "ThingBsy", "status": 299, "message_contains": [""], "hint": "wait" }"#,
    );
    assert_snapshot!(text, @r#"
    error: the service has no operation `PutThings`
     --> client.json:5:28
      |
    5 |   "hints": [{ "operation": "PutThings", "code": "ThingBsy", "status": 299, "message_contains": [""], "hint": "wait" }],
      |                            ^^^^^^^^^^^
      |
      = at /hints/0/operation
      = help: name one of its operations (did you mean `PutThing`?)

    error: the service has no error `ThingBsy`
     --> client.json:5:49
      |
    5 |   "hints": [{ "operation": "PutThings", "code": "ThingBsy", "status": 299, "message_contains": [""], "hint": "wait" }],
      |                                                 ^^^^^^^^^^
      |
      = at /hints/0/code
      = help: name a shape with `"exception": true` (did you mean `ThingBusy`?), or remove the entry

    error: 299 is not an error status
     --> client.json:5:71
      |
    5 |   "hints": [{ "operation": "PutThings", "code": "ThingBsy", "status": 299, "message_contains": [""], "hint": "wait" }],
      |                                                                       ^^^
      |
      = at /hints/0/status
      = help: use a status from 300 to 599, or leave the key out

    error: an empty text is in every message
     --> client.json:5:97
      |
    5 |   "hints": [{ "operation": "PutThings", "code": "ThingBsy", "status": 299, "message_contains": [""], "hint": "wait" }],
      |                                                                                                 ^^
      |
      = at /hints/0/message_contains/0
      = help: write a text that tells the error from others, or remove it

    4 errors
    "#);
}

#[test]
fn hints_that_cannot_end_a_line() {
    let text = hints(
        r#"{ "code": "ThingBusy" }, { "code": "ThingBusy", "hint": "Wait." }, { "status": 429, "hint": "a\nb" }"#,
    );
    assert_snapshot!(text, @r#"
    error: the hint is not a clause that can end a line
     --> client.json:5:13
      |
    5 |   "hints": [{ "code": "ThingBusy" }, { "code": "ThingBusy", "hint": "Wait." }, { "status": 429, "hint": "a\nb" }],
      |             ^^^^^^^^^^^^^^^^^^^^^^^
      |
      = at /hints/0
      = help: write what to do as `hint`: one line, without a full stop

    error: the hint is not a clause that can end a line
     --> client.json:5:69
      |
    5 |   "hints": [{ "code": "ThingBusy" }, { "code": "ThingBusy", "hint": "Wait." }, { "status": 429, "hint": "a\nb" }],
      |                                                                     ^^^^^^^
      |
      = at /hints/1/hint
      = help: write what to do as `hint`: one line, without a full stop

    error: the hint is not a clause that can end a line
     --> client.json:5:105
      |
    5 |   "hints": [{ "code": "ThingBusy" }, { "code": "ThingBusy", "hint": "Wait." }, { "status": 429, "hint": "a\nb" }],
      |                                                                                                         ^^^^^^
      |
      = at /hints/2/hint
      = help: write what to do as `hint`: one line, without a full stop

    3 errors
    "#);
}

#[test]
fn an_unknown_key_of_a_hint() {
    let text = hints(r#"{ "codes": ["ThingBusy"], "status": 429, "hint": "wait" }"#);
    assert_snapshot!(text, @r#"
    error: the key `codes` is not known here
     --> client.json:5:15
      |
    5 |   "hints": [{ "codes": ["ThingBusy"], "status": 429, "hint": "wait" }],
      |               ^^^^^^^
      |
      = at /hints/0/codes
      = help: remove the key or correct its name (did you mean `code`?); there can be operation, code, status, message_contains, hint

    1 error
    "#);
}
