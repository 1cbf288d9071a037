//! Files that are not JSON, or not the JSON that is expected.

use insta::assert_snapshot;

use super::{CLIENT, Folder, RULES, SERVICE, change, with_shapes};

#[test]
fn broken_json() {
    let text = change(SERVICE, r#""version": "2.0","#, r#""version": "2.0""#);
    assert_snapshot!(text, @r#"
    error: not valid JSON: expected `,` or `}`
     --> service-2.json:3:3
      |
    3 |   "metadata": {
      |   ^
      |
      = help: correct the syntax at this place or just before it

    1 error
    "#);
}

#[test]
fn a_text_after_the_json() {
    let text = change(RULES, r#""version": "1.0","#, r#""version": "1.0"}, {"#);
    assert_snapshot!(text, @r#"
    error: not valid JSON: trailing characters
     --> endpoint-rule-set-1.json:2:20
      |
    2 |   "version": "1.0"}, {
      |                    ^
      |
      = help: correct the syntax at this place or just before it

    1 error
    "#);
}

#[test]
fn a_number_in_quotes() {
    let text = change(SERVICE, "201", r#""201""#);
    assert_snapshot!(text, @r#"
    error: expected an integer, found the string "201"
      --> service-2.json:30:25
       |
    30 |         "responseCode": "201"
       |                         ^^^^^
       |
       = at /operations/PutThing/http/responseCode
       = help: write an integer here

    1 error
    "#);
}

#[test]
fn a_number_with_a_fraction() {
    let text = change(SERVICE, "201", "201.5");
    assert_snapshot!(text, @r#"
    error: expected an integer, found the number 201.5
      --> service-2.json:30:25
       |
    30 |         "responseCode": 201.5
       |                         ^^^^^
       |
       = at /operations/PutThing/http/responseCode
       = help: write an integer here

    1 error
    "#);
}

#[test]
fn a_string_that_is_no_boolean() {
    let text = change(SERVICE, r#""min": 1, "max": 9"#, r#""sensitive": "true""#);
    assert_snapshot!(text, @r#"
    error: expected `true` or `false`, found the string "true"
      --> service-2.json:78:48
       |
    78 |     "Count": { "type": "integer", "sensitive": "true" },
       |                                                ^^^^^^
       |
       = at /shapes/Count/sensitive
       = help: write `true` or `false` here

    1 error
    "#);
}

#[test]
fn an_array_instead_of_an_object() {
    let text = change(SERVICE, r#"{ "httpStatusCode": 404 }"#, "[404]");
    assert_snapshot!(text, @r#"
    error: expected an object, found an array
      --> service-2.json:65:7
       |
    65 |       "error": [404],
       |       ^^^^^^^
       |
       = at /shapes/ThingMissing/error
       = help: write an object here

    1 error
    "#);
}

#[test]
fn a_string_instead_of_an_array() {
    let text = change(SERVICE, r#"["aws.auth#sigv4"]"#, r#""aws.auth#sigv4""#);
    assert_snapshot!(text, @r#"
    error: expected an array, found the string "aws.auth#sigv4"
      --> service-2.json:10:13
       |
    10 |     "auth": "aws.auth#sigv4"
       |             ^^^^^^^^^^^^^^^^
       |
       = at /metadata/auth
       = help: write an array here

    1 error
    "#);
}

#[test]
fn a_number_instead_of_a_string() {
    let text = change(SERVICE, r#""2026-01-01""#, "20260101");
    assert_snapshot!(text, @r#"
    error: expected a string, found the number 20260101
     --> service-2.json:4:19
      |
    4 |     "apiVersion": 20260101,
      |                   ^^^^^^^^
      |
      = at /metadata/apiVersion
      = help: write a string here

    1 error
    "#);
}

#[test]
fn null_instead_of_a_string() {
    let text = change(SERVICE, r#""Amazon Things""#, "null");
    assert_snapshot!(text, @r#"
    error: expected a string, found null
     --> service-2.json:7:24
      |
    7 |     "serviceFullName": null,
      |                        ^^^^
      |
      = at /metadata/serviceFullName
      = help: write a string here

    1 error
    "#);
}

#[test]
fn an_unknown_key() {
    let text = change(SERVICE, r#""responseCode""#, r#""responseCod""#);
    assert_snapshot!(text, @r#"
    error: the key `responseCod` is not known here
      --> service-2.json:30:9
       |
    30 |         "responseCod": 201
       |         ^^^^^^^^^^^^^
       |
       = at /operations/PutThing/http/responseCod
       = help: remove the key or correct its name (did you mean `responseCode`?); if the dialect has a new key, add it to codegen's `model`

    1 error
    "#);
}

#[test]
fn an_unknown_key_in_client_json() {
    let text = change(CLIENT, r#""read_seconds""#, r#""read_second""#);
    assert_snapshot!(text, @r#"
    error: the key `read_second` is not known here
     --> client.json:3:17
      |
    3 |   "timeouts": { "read_second": 70 },
      |                 ^^^^^^^^^^^^^
      |
      = at /timeouts/read_second
      = help: remove the key or correct its name (did you mean `read_seconds`?); there can be read_seconds

    1 error
    "#);
}

#[test]
fn an_unknown_key_in_a_rule() {
    let text = change(RULES, r#""endpoint": {"#, r#""documentaton": "", "endpoint": {"#);
    assert_snapshot!(text, @r#"
    error: the key `documentaton` is not known here
     --> endpoint-rule-set-1.json:9:7
      |
    9 |       "documentaton": "", "endpoint": { "url": "https://things.{Region}.amazonaws.com", "properties": {}, "headers": {} },
      |       ^^^^^^^^^^^^^^
      |
      = at /rules/0/documentaton
      = help: remove the key or correct its name (did you mean `documentation`?); if the dialect has a new key, add it to codegen's `model`

    1 error
    "#);
}

#[test]
fn a_duplicate_key() {
    let text = change(
        SERVICE,
        r#""Text": { "type": "string" }"#,
        r#""Text": { "type": "string" },
    "Name": { "type": "string" }"#,
    );
    assert_snapshot!(text, @r#"
    error: the key `Name` occurs twice in one object
      --> service-2.json:83:5
       |
    83 |     "Name": { "type": "string" }
       |     ^^^^^^
       |
       = at /shapes/Name
       = help: remove one of the two: only the last would count

    1 error
    "#);
}

#[test]
fn a_missing_key() {
    let text = change(SERVICE, r#""method": "PUT","#, "");
    assert_snapshot!(text, @r#"
    error: the key `method` is missing
      --> service-2.json:27:7
       |
    27 |       "http": {
       |       ^^^^^^
       |
       = at /operations/PutThing/http
       = help: add `"method": ...`

    1 error
    "#);
}

#[test]
fn several_missing_keys() {
    let waiters = r#"{ "waiters": { "ThingReady": { "delay": 5, "acceptors": [{}] } } }"#;
    let text = Folder::good().write("waiters-2.json", waiters).diagnostics();
    assert_snapshot!(text, @r#"
    error: the key `operation` is missing
     --> waiters-2.json:1:16
      |
    1 | { "waiters": { "ThingReady": { "delay": 5, "acceptors": [{}] } } }
      |                ^^^^^^^^^^^^
      |
      = at /waiters/ThingReady
      = help: add `"operation": ...`

    error: the key `maxAttempts` is missing
     --> waiters-2.json:1:16
      |
    1 | { "waiters": { "ThingReady": { "delay": 5, "acceptors": [{}] } } }
      |                ^^^^^^^^^^^^
      |
      = at /waiters/ThingReady
      = help: add `"maxAttempts": ...`

    error: the key `state` is missing
     --> waiters-2.json:1:58
      |
    1 | { "waiters": { "ThingReady": { "delay": 5, "acceptors": [{}] } } }
      |                                                          ^^
      |
      = at /waiters/ThingReady/acceptors/0
      = help: add `"state": ...`

    error: the key `matcher` is missing
     --> waiters-2.json:1:58
      |
    1 | { "waiters": { "ThingReady": { "delay": 5, "acceptors": [{}] } } }
      |                                                          ^^
      |
      = at /waiters/ThingReady/acceptors/0
      = help: add `"matcher": ...`

    error: the key `expected` is missing
     --> waiters-2.json:1:58
      |
    1 | { "waiters": { "ThingReady": { "delay": 5, "acceptors": [{}] } } }
      |                                                          ^^
      |
      = at /waiters/ThingReady/acceptors/0
      = help: add `"expected": ...`

    5 errors
    "#);
}

#[test]
fn a_missing_section() {
    let text = change(SERVICE, r#""metadata""#, r#""meta""#);
    assert_snapshot!(text, @r#"
    error: the key `metadata` is missing
     --> service-2.json:1:1
      |
    1 | {
      | ^
      |
      = help: add `"metadata": ...`

    error: the key `meta` is not known here
     --> service-2.json:3:3
      |
    3 |   "meta": {
      |   ^^^^^^
      |
      = at /meta
      = help: remove the key or correct its name; if the dialect has a new key, add it to codegen's `model`

    2 errors
    "#);
}

#[test]
fn a_missing_key_in_a_rule() {
    let text = change(
        RULES,
        r#""error": "Missing Region", "type": "error""#,
        r#""error": "Missing Region""#,
    );
    assert_snapshot!(text, @r#"
    error: the key `type` is missing
      --> endpoint-rule-set-1.json:12:5
       |
    12 |     { "conditions": [], "error": "Missing Region" }
       |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
       |
       = at /rules/1
       = help: add `"type": ...`

    1 error
    "#);
}

#[test]
fn an_expression_that_is_none() {
    let text = change(RULES, r#"[{ "ref": "Region" }]"#, r#"[{ "reff": "Region" }]"#);
    assert_snapshot!(text, @r#"
    error: expected either `ref` alone, or `fn` and `argv`
     --> endpoint-rule-set-1.json:8:48
      |
    8 |       "conditions": [{ "fn": "isSet", "argv": [{ "reff": "Region" }] }],
      |                                                ^^^^^^^^^^^^^^^^^^^^
      |
      = at /rules/0/conditions/0/argv/0
      = help: write it in one of the ways that this place allows

    error: the key `reff` is not known here
     --> endpoint-rule-set-1.json:8:50
      |
    8 |       "conditions": [{ "fn": "isSet", "argv": [{ "reff": "Region" }] }],
      |                                                  ^^^^^^
      |
      = at /rules/0/conditions/0/argv/0/reff
      = help: remove the key or correct its name; if the dialect has a new key, add it to codegen's `model`

    2 errors
    "#);
}

#[test]
fn a_byte_order_mark() {
    let folder = Folder::good().write(CLIENT, "\u{feff}{}");
    assert_snapshot!(folder.diagnostics().replace('\u{feff}', ""), @r"
    error: not valid JSON: the file begins with a byte order mark
     --> client.json:1:1
      |
    1 | {}
      | ^
      |
      = help: save it as UTF-8 without one

    1 error
    ");
}

#[test]
fn too_many_arrays_in_arrays() {
    let text = format!("{}{}", "[".repeat(128), "]".repeat(128));
    assert_snapshot!(Folder::good().write(CLIENT, text).diagnostics(), @r"
    error: not valid JSON: the objects and arrays are too many, one in the other
     --> client.json:1:128
      |
    1 | [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]...
      |                                                                                                                                ^
      |
      = help: take some out: 127 can be read

    1 error
    ");
    // One fewer can be read.
    let text = format!("{}{}", "[".repeat(127), "]".repeat(127));
    assert!(
        Folder::good()
            .write(CLIENT, text)
            .diagnostics()
            .contains("expected an object, found an array")
    );
}

/// Each missing key costs a reading of the whole document.
#[test]
fn more_missing_keys_than_anyone_would_mend_at_once() {
    let shapes: Vec<String> = (0..200).map(|number| format!(r#""S{number}": {{}}"#)).collect();
    let text = with_shapes(&shapes.join(",\n")).diagnostics();
    assert_eq!(text.matches("error: the key `type` is missing").count(), 50);
    assert!(text.ends_with("50 errors"), "{text}");
}
