//! Members and where they travel.

use insta::assert_snapshot;

use super::{SERVICE, change};

#[test]
fn two_members_on_one_header() {
    let text = change(SERVICE, r#""X-Parent""#, r#""x-trace""#);
    assert_snapshot!(text, @r#"
    error: `Trace` and `Parent` are both bound to the header `x-trace`
      --> service-2.json:42:76
       |
    42 |         "Parent": { "shape": "Text", "location": "header", "locationName": "x-trace" }
       |                                                                            ^^^^^^^^^
       |
       = at /shapes/GetThingInput/members/Parent/locationName
       = help: give one of them another header

    1 error
    "#);
}

#[test]
fn a_name_that_is_no_header() {
    let text = change(SERVICE, r#""X-Parent""#, r#""X Parent""#);
    assert_snapshot!(text, @r#"
    error: `X Parent` is no name of a header
      --> service-2.json:42:76
       |
    42 |         "Parent": { "shape": "Text", "location": "header", "locationName": "X Parent" }
       |                                                                            ^^^^^^^^^^
       |
       = at /shapes/GetThingInput/members/Parent/locationName
       = help: use only letters, digits and !#$%&'*+-.^_`|~

    1 error
    "#);
}

#[test]
fn a_header_that_the_client_sets() {
    let text = change(SERVICE, r#""X-Parent""#, r#""Content-Length""#);
    assert_snapshot!(text, @r#"
    error: `Parent` is bound to the header `content-length`, which the client sets
      --> service-2.json:42:76
       |
    42 |         "Parent": { "shape": "Text", "location": "header", "locationName": "Content-Length" }
       |                                                                            ^^^^^^^^^^^^^^^^
       |
       = at /shapes/GetThingInput/members/Parent/locationName
       = help: bind it to another header, or remove the member

    1 error
    "#);
}

#[test]
fn a_header_for_a_structure() {
    let text = change(
        SERVICE,
        r#""Parent": { "shape": "Text""#,
        r#""Parent": { "shape": "GetThingOutput""#,
    );
    assert_snapshot!(text, @r#"
    error: operation `GetThing` has the structure `Parent` in a header, where it cannot be
      --> service-2.json:42:30
       |
    42 |         "Parent": { "shape": "GetThingOutput", "location": "header", "locationName": "X-Parent" }
       |                              ^^^^^^^^^^^^^^^^
       |
       = at /shapes/GetThingInput/members/Parent/shape
       = help: name another shape: a header is a string, a number, a boolean, a timestamp or a list

    1 error
    "#);
}

#[test]
fn a_payload_of_a_wrong_type() {
    let text = change(
        SERVICE,
        r#""Body": { "shape": "Data" }"#,
        r#""Body": { "shape": "Count" }"#,
    );
    assert_snapshot!(text, @r#"
    error: operation `PutThing` has the integer `Body` as its payload, where it cannot be
      --> service-2.json:59:28
       |
    59 |         "Body": { "shape": "Count" }
       |                            ^^^^^^^
       |
       = at /shapes/PutThingInput/members/Body/shape
       = help: name another shape: a payload is a blob, a string, a structure, a union or a document

    1 error
    "#);
}

#[test]
fn a_path_in_an_output() {
    let text = change(SERVICE, r#""location": "statusCode""#, r#""location": "uri""#);
    assert_snapshot!(text, @r#"
    error: operation `GetThing`: a response has no `uri` for `Status`
      --> service-2.json:49:51
       |
    49 |         "Status": { "shape": "Count", "location": "uri" }
       |                                                   ^^^^^
       |
       = at /shapes/GetThingOutput/members/Status/location
       = help: use `header` or `statusCode`, or none for the body

    1 error
    "#);
}

#[test]
fn a_status_in_an_input() {
    let text = change(
        SERVICE,
        r#""location": "header", "locationName": "X-Parent""#,
        r#""location": "statusCode""#,
    );
    assert_snapshot!(text, @r#"
    error: operation `GetThing`: a request has no status for `Parent`
      --> service-2.json:42:50
       |
    42 |         "Parent": { "shape": "Text", "location": "statusCode" }
       |                                                  ^^^^^^^^^^^^
       |
       = at /shapes/GetThingInput/members/Parent/location
       = help: use `uri`, `querystring` or `header`, or none for the body

    1 error
    "#);
}

#[test]
fn a_status_that_is_no_integer() {
    let text = change(
        SERVICE,
        r#""Status": { "shape": "Count""#,
        r#""Status": { "shape": "Text""#,
    );
    assert_snapshot!(text, @r#"
    error: operation `GetThing` has the string `Status` as its status, where it cannot be
      --> service-2.json:49:30
       |
    49 |         "Status": { "shape": "Text", "location": "statusCode" }
       |                              ^^^^^^
       |
       = at /shapes/GetThingOutput/members/Status/shape
       = help: name another shape: the status is an integer

    1 error
    "#);
}

#[test]
fn members_of_the_same_name_in_rust() {
    let text = change(
        SERVICE,
        r#""Size": { "shape": "Count" }"#,
        r#""Size": { "shape": "Count" },
        "size": { "shape": "Count" }"#,
    );
    assert_snapshot!(text, @r#"
    error: `Size` and `size` both become `size` in Rust
      --> service-2.json:49:9
       |
    49 |         "size": { "shape": "Count" },
       |         ^^^^^^
       |
       = at /shapes/GetThingOutput/members/size
       = help: rename one of them and keep its name on the wire as `locationName`

    1 error
    "#);
}

#[test]
fn a_member_without_a_name_in_rust() {
    let text = change(
        SERVICE,
        r#""Size": { "shape": "Count" }"#,
        r#""_": { "shape": "Count" }"#,
    );
    assert_snapshot!(text, @r#"
    error: no Rust name can be made of the member `_`
      --> service-2.json:48:9
       |
    48 |         "_": { "shape": "Count" },
       |         ^^^
       |
       = at /shapes/GetThingOutput/members/_
       = help: rename it to ASCII letters and digits, and keep its name on the wire as `locationName`

    1 error
    "#);
}
