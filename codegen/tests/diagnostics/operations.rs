//! Operations.

use insta::assert_snapshot;

use super::{Folder, SERVICE, change, with_shapes};

#[test]
fn a_key_that_is_not_the_name() {
    let text = change(SERVICE, r#""name": "PutThing""#, r#""name": "StoreThing""#);
    assert_snapshot!(text, @r#"
    error: the operation `PutThing` has the name `StoreThing`
      --> service-2.json:26:15
       |
    26 |       "name": "StoreThing",
       |               ^^^^^^^^^^^^
       |
       = at /operations/PutThing/name
       = help: give the key and the `name` the same value

    1 error
    "#);
}

#[test]
fn an_unknown_method() {
    let text = change(SERVICE, r#""PUT""#, r#""POTS""#);
    assert_snapshot!(text, @r#"
    error: `POTS` is not a known HTTP method
      --> service-2.json:28:19
       |
    28 |         "method": "POTS",
       |                   ^^^^^^
       |
       = at /operations/PutThing/http/method
       = help: use one of DELETE, GET, HEAD, PATCH, POST, PUT (did you mean `POST`?)

    1 error
    "#);
}

#[test]
fn a_status_that_is_no_success() {
    let text = change(SERVICE, "201", "404");
    assert_snapshot!(text, @r#"
    error: 404 is not a success status
      --> service-2.json:30:25
       |
    30 |         "responseCode": 404
       |                         ^^^
       |
       = at /operations/PutThing/http/responseCode
       = help: use a status from 200 to 299, or leave the key out for 200

    1 error
    "#);
}

#[test]
fn an_input_that_is_no_structure() {
    let text = change(SERVICE, r#"{ "shape": "PutThingInput" }"#, r#"{ "shape": "Data" }"#);
    assert_snapshot!(text, @r#"
    error: the input of `PutThing` has the type `blob`
      --> service-2.json:32:27
       |
    32 |       "input": { "shape": "Data" }
       |                           ^^^^^^
       |
       = at /operations/PutThing/input/shape
       = help: name a shape of the type `structure`

    1 error
    "#);
}

#[test]
fn an_output_that_is_no_structure() {
    let text = change(SERVICE, r#"{ "shape": "GetThingOutput" }"#, r#"{ "shape": "Count" }"#);
    assert_snapshot!(text, @r#"
    error: the output of `GetThing` has the type `integer`
      --> service-2.json:20:28
       |
    20 |       "output": { "shape": "Count" },
       |                            ^^^^^^^
       |
       = at /operations/GetThing/output/shape
       = help: name a shape of the type `structure`

    1 error
    "#);
}

#[test]
fn an_error_that_is_no_exception() {
    let text = change(
        SERVICE,
        r#"{ "shape": "ThingMissing" }"#,
        r#"{ "shape": "GetThingOutput" }"#,
    );
    assert_snapshot!(text, @r#"
    error: the error `GetThingOutput` is not an exception
      --> service-2.json:22:20
       |
    22 |         { "shape": "GetThingOutput" }
       |                    ^^^^^^^^^^^^^^^^
       |
       = at /operations/GetThing/errors/0/shape
       = help: add `"exception": true` to the shape, or take it off the list

    1 error
    "#);
}

#[test]
fn operations_of_the_same_name_in_rust() {
    let text = change(
        SERVICE,
        r#""operations": {"#,
        r#""operations": {
    "putThing": { "name": "putThing", "http": { "method": "POST", "requestUri": "/" } },"#,
    );
    assert_snapshot!(text, @r#"
    error: `putThing` and `PutThing` both become `put_thing` in Rust
      --> service-2.json:26:5
       |
    26 |     "PutThing": {
       |     ^^^^^^^^^^
       |
       = at /operations/PutThing
       = help: rename one of them (its name is not sent), or leave one out with `--operations`

    1 error
    "#);
}

#[test]
fn an_operation_without_a_name_in_rust() {
    let text = change(
        SERVICE,
        r#""operations": {"#,
        r#""operations": {
    "ÖffneThing": { "name": "ÖffneThing", "http": { "method": "POST", "requestUri": "/" } },"#,
    );
    assert_snapshot!(text, @r#"
    error: no Rust name can be made of the operation `ÖffneThing`
      --> service-2.json:13:5
       |
    13 |     "ÖffneThing": { "name": "ÖffneThing", "http": { "method": "POST", "requestUri": "/" } },
       |     ^^^^^^^^^^^^
       |
       = at /operations/ÖffneThing
       = help: rename it to ASCII letters and digits: its name is not sent

    1 error
    "#);
}

#[test]
fn an_input_that_is_a_union() {
    let text =
        with_shapes(r#""Either": { "type": "structure", "union": true, "members": { "A": { "shape": "Text" } } }"#)
            .replace(SERVICE, r#"{ "shape": "PutThingInput" }"#, r#"{ "shape": "Either" }"#)
            .diagnostics();
    assert_snapshot!(text, @r#"
    error: the input of `PutThing` is a union, a document or an event stream
      --> service-2.json:32:27
       |
    32 |       "input": { "shape": "Either" }
       |                           ^^^^^^^^
       |
       = at /operations/PutThing/input/shape
       = help: name a plain structure, and make that a member of it

    1 error
    "#);
}

/// What is said of a prefix of the host of `PutThing`, whose input has the strings `Name` and `Note`.
fn host_prefix(prefix: &str) -> String {
    let operation = r#""input": { "shape": "PutThingInput" }"#;
    let body = r#""Body": { "shape": "Data" }"#;
    Folder::good()
        .replace(
            SERVICE,
            operation,
            &format!(r#"{operation}, "endpoint": {{ "hostPrefix": "{prefix}" }}"#),
        )
        .replace(
            SERVICE,
            body,
            &format!(r#"{body}, "Note": {{ "shape": "Text", "location": "header", "locationName": "X-Note" }}"#),
        )
        .diagnostics()
}

#[test]
fn a_prefix_of_the_host() {
    assert_eq!(host_prefix("data-{Name}."), "nothing is wrong");
}

#[test]
fn a_prefix_of_the_host_with_an_unbalanced_brace() {
    assert_snapshot!(host_prefix("{Name."), @r#"
    error: the braces of the host prefix are not balanced
      --> service-2.json:32:74
       |
    32 |       "input": { "shape": "PutThingInput" }, "endpoint": { "hostPrefix": "{Name." }
       |                                                                          ^^^^^^^^
       |
       = at /operations/PutThing/endpoint/hostPrefix
       = help: write each label as `{Name}`

    1 error
    "#);
    assert_snapshot!(host_prefix("Name}."), @r#"
    error: the braces of the host prefix are not balanced
      --> service-2.json:32:74
       |
    32 |       "input": { "shape": "PutThingInput" }, "endpoint": { "hostPrefix": "Name}." }
       |                                                                          ^^^^^^^^
       |
       = at /operations/PutThing/endpoint/hostPrefix
       = help: write each label as `{Name}`

    1 error
    "#);
}

#[test]
fn a_prefix_of_the_host_with_other_characters() {
    assert_snapshot!(host_prefix("data_{Name}/"), @r#"
    error: `data_{Name}/` cannot begin a host
      --> service-2.json:32:74
       |
    32 |       "input": { "shape": "PutThingInput" }, "endpoint": { "hostPrefix": "data_{Name}/" }
       |                                                                          ^^^^^^^^^^^^^^
       |
       = at /operations/PutThing/endpoint/hostPrefix
       = help: use letters, digits, `-`, `.` and labels

    1 error
    "#);
}

#[test]
fn a_host_label_that_is_no_member() {
    assert_snapshot!(host_prefix("{Nam}."), @r#"
    error: the host label `Nam` is not a required string of the input
      --> service-2.json:32:74
       |
    32 |       "input": { "shape": "PutThingInput" }, "endpoint": { "hostPrefix": "{Nam}." }
       |                                                                          ^^^^^^^^
       |
       = at /operations/PutThing/endpoint/hostPrefix
       = help: name a required member with `"hostLabel": true` (did you mean `Name`?)

    1 error
    "#);
}

#[test]
fn a_host_label_that_is_not_required() {
    assert_snapshot!(host_prefix("{Note}."), @r#"
    error: the host label `Note` is not a required string of the input
      --> service-2.json:32:74
       |
    32 |       "input": { "shape": "PutThingInput" }, "endpoint": { "hostPrefix": "{Note}." }
       |                                                                          ^^^^^^^^^
       |
       = at /operations/PutThing/endpoint/hostPrefix
       = help: name a required member with `"hostLabel": true`

    1 error
    "#);
}

#[test]
fn a_host_label_that_is_no_string() {
    assert_snapshot!(host_prefix("{Body}."), @r#"
    error: the host label `Body` is not a required string of the input
      --> service-2.json:32:74
       |
    32 |       "input": { "shape": "PutThingInput" }, "endpoint": { "hostPrefix": "{Body}." }
       |                                                                          ^^^^^^^^^
       |
       = at /operations/PutThing/endpoint/hostPrefix
       = help: name a required member with `"hostLabel": true`

    1 error
    "#);
}
