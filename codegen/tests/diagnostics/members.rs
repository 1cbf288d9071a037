//! Members and where they travel.

use codegen::ir::Location;
use insta::assert_snapshot;

use super::{Folder, SERVICE, change, with_shapes};

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
       = help: give one of them another name there

    1 error
    "#);
}

#[test]
fn a_name_that_is_no_header() {
    let text = change(SERVICE, r#""X-Parent""#, r#""X Parent""#);
    assert_snapshot!(text, @r#"
    error: `X Parent` is not a valid header name
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
       = help: name another shape: a header is a string, a number, a boolean, a timestamp or a list of these

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
fn what_has_no_place_in_a_response_is_in_its_body() {
    for location in ["uri", "querystring"] {
        let bound = format!(r#""location": "{location}", "locationName": "state""#);
        let folder = Folder::good().replace(SERVICE, r#""location": "statusCode""#, &bound);
        let service = folder.lower(None).unwrap();
        let status = &service.operations[0].output[1];
        let Location::Body(name) = &status.location else {
            panic!("{:?}", status.location);
        };
        assert_eq!((&*status.name, &*name.received), ("Status", "state"));
    }
}

#[test]
fn a_path_in_an_output_with_a_payload() {
    let text = Folder::good()
        .replace(SERVICE, r#""location": "statusCode""#, r#""location": "uri""#)
        .replace(
            SERVICE,
            r#""members": {
        "Size": { "shape": "Count" },"#,
            r#""payload": "Size",
      "members": {
        "Size": { "shape": "Data" },"#,
        )
        .diagnostics();
    assert_snapshot!(text, @r#"
    error: operation `GetThing`: a response has no `uri` for `Status`
      --> service-2.json:50:51
       |
    50 |         "Status": { "shape": "Count", "location": "uri" }
       |                                                   ^^^^^
       |
       = at /shapes/GetThingOutput/members/Status/location
       = help: use `header` or `statusCode`: the payload is the whole body

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

/// The good model with another `Parent`, and a few shapes that it may have.
fn parent(member: &str) -> String {
    let parent = r#""Parent": { "shape": "Text", "location": "header", "locationName": "X-Parent" }"#;
    with_shapes(
        r#""Map": { "type": "map", "key": { "shape": "Text" }, "value": { "shape": "Count" } },
    "Counts": { "type": "list", "member": { "shape": "Count" } },
    "Spares": { "type": "list", "member": { "shape": "Counts" } },
    "Time": { "type": "timestamp" },
    "Stream": { "type": "structure", "eventstream": true, "members": {} },
    "Streams": { "type": "list", "member": { "shape": "Stream" } }"#,
    )
    .replace(SERVICE, parent, &format!(r#""Parent": {{ {member} }}"#))
    .diagnostics()
}

#[test]
fn a_query_parameter_of_lists() {
    let text = parent(r#""shape": "Spares", "location": "querystring""#);
    assert_snapshot!(text, @r#"
    error: operation `GetThing` has the list `Parent` in its query, where it cannot be
      --> service-2.json:42:30
       |
    42 |         "Parent": { "shape": "Spares", "location": "querystring" }
       |                              ^^^^^^^^
       |
       = at /shapes/GetThingInput/members/Parent/shape
       = help: name another shape: a query parameter is a string, a number, a boolean, a timestamp or a list of these

    1 error
    "#);
}

#[test]
fn a_map_of_numbers_in_the_query() {
    let text = parent(r#""shape": "Map", "location": "querystring""#);
    assert_snapshot!(text, @r#"
    error: operation `GetThing` has the map `Parent` in its query, where it cannot be
      --> service-2.json:42:30
       |
    42 |         "Parent": { "shape": "Map", "location": "querystring" }
       |                              ^^^^^
       |
       = at /shapes/GetThingInput/members/Parent/shape
       = help: name another shape: a map there has strings or lists of strings

    1 error
    "#);
}

#[test]
fn a_header_of_lists() {
    let text = parent(r#""shape": "Spares", "location": "header", "locationName": "X-Parent""#);
    assert_snapshot!(text, @r#"
    error: operation `GetThing` has the list `Parent` in a header, where it cannot be
      --> service-2.json:42:30
       |
    42 |         "Parent": { "shape": "Spares", "location": "header", "locationName": "X-Parent" }
       |                              ^^^^^^^^
       |
       = at /shapes/GetThingInput/members/Parent/shape
       = help: name another shape: a header is a string, a number, a boolean, a timestamp or a list of these

    1 error
    "#);
}

#[test]
fn a_map_as_a_label() {
    let text = with_shapes(r#""Map": { "type": "map", "key": { "shape": "Text" }, "value": { "shape": "Text" } }"#)
        .replace(
            SERVICE,
            r#""Version": { "shape": "Count""#,
            r#""Version": { "shape": "Map""#,
        )
        .diagnostics();
    assert_snapshot!(text, @r#"
    error: operation `PutThing` has the map `Version` in its path, where it cannot be
      --> service-2.json:58:31
       |
    58 |         "Version": { "shape": "Map", "location": "uri" },
       |                               ^^^^^
       |
       = at /shapes/PutThingInput/members/Version/shape
       = help: name another shape: a label is a string, a number, a boolean or a timestamp

    1 error
    "#);
}

#[test]
fn headers_of_numbers() {
    let text = parent(r#""shape": "Map", "location": "headers", "locationName": "X-""#);
    assert_snapshot!(text, @r#"
    error: operation `GetThing` has the map `Parent` in its headers, where it cannot be
      --> service-2.json:42:30
       |
    42 |         "Parent": { "shape": "Map", "location": "headers", "locationName": "X-" }
       |                              ^^^^^
       |
       = at /shapes/GetThingInput/members/Parent/shape
       = help: name another shape: a map of strings goes there

    1 error
    "#);
}

#[test]
fn headers_that_are_no_map() {
    let text = parent(r#""shape": "Text", "location": "headers""#);
    assert_snapshot!(text, @r#"
    error: operation `GetThing` has the string `Parent` in its headers, where it cannot be
      --> service-2.json:42:30
       |
    42 |         "Parent": { "shape": "Text", "location": "headers" }
       |                              ^^^^^^
       |
       = at /shapes/GetThingInput/members/Parent/shape
       = help: name another shape: a map of strings goes there

    1 error
    "#);
}

#[test]
fn a_prefix_that_begins_no_header() {
    let text = parent(r#""shape": "Map", "location": "headers", "locationName": "X Meta ""#);
    assert_snapshot!(text, @r#"
    error: `X Meta ` is not a valid header name
      --> service-2.json:42:76
       |
    42 |         "Parent": { "shape": "Map", "location": "headers", "locationName": "X Meta " }
       |                                                                            ^^^^^^^^^
       |
       = at /shapes/GetThingInput/members/Parent/locationName
       = help: use only letters, digits and !#$%&'*+-.^_`|~

    1 error
    "#);
}

#[test]
fn a_status_with_a_fraction() {
    let text = with_shapes(r#""Half": { "type": "float" }"#)
        .replace(
            SERVICE,
            r#""Status": { "shape": "Count""#,
            r#""Status": { "shape": "Half""#,
        )
        .diagnostics();
    assert_snapshot!(text, @r#"
    error: operation `GetThing` has the float `Status` as its status, where it cannot be
      --> service-2.json:49:30
       |
    49 |         "Status": { "shape": "Half", "location": "statusCode" }
       |                              ^^^^^^
       |
       = at /shapes/GetThingOutput/members/Status/shape
       = help: name another shape: the status is an integer

    1 error
    "#);
}

#[test]
fn an_event_stream_in_json() {
    assert_snapshot!(parent(r#""shape": "Stream""#), @r#"
    error: operation `GetThing` has the event stream `Parent` in JSON, where it cannot be
      --> service-2.json:42:30
       |
    42 |         "Parent": { "shape": "Stream" }
       |                              ^^^^^^^^
       |
       = at /shapes/GetThingInput/members/Parent/shape
       = help: name another shape: an event stream is the payload of an output

    1 error
    "#);
}

#[test]
fn a_list_of_event_streams() {
    assert_snapshot!(parent(r#""shape": "Streams""#), @r#"
    error: operation `GetThing` has the list `Parent` in JSON, where it cannot be
      --> service-2.json:42:30
       |
    42 |         "Parent": { "shape": "Streams" }
       |                              ^^^^^^^^^
       |
       = at /shapes/GetThingInput/members/Parent/shape
       = help: name another shape: an event stream is the payload of an output

    1 error
    "#);
}

#[test]
fn an_unknown_format_of_a_timestamp() {
    let text = parent(r#""shape": "Time", "timestampFormat": "iso8610""#);
    assert_snapshot!(text, @r#"
    error: `iso8610` is not a known timestamp format
      --> service-2.json:42:57
       |
    42 |         "Parent": { "shape": "Time", "timestampFormat": "iso8610" }
       |                                                         ^^^^^^^^^
       |
       = at /shapes/GetThingInput/members/Parent/timestampFormat
       = help: use one of iso8601, rfc822, unixTimestamp (did you mean `iso8601`?)

    1 error
    "#);
}

#[test]
fn two_query_parameters_of_one_name() {
    let text = Folder::good()
        .replace(
            SERVICE,
            r#""location": "header", "locationName": "X-Trace""#,
            r#""location": "querystring", "locationName": "of""#,
        )
        .replace(
            SERVICE,
            r#""location": "header", "locationName": "X-Parent""#,
            r#""location": "querystring", "locationName": "of""#,
        )
        .diagnostics();
    assert_snapshot!(text, @r#"
    error: `Trace` and `Parent` are both bound to the query parameter `of`
      --> service-2.json:42:81
       |
    42 |         "Parent": { "shape": "Text", "location": "querystring", "locationName": "of" }
       |                                                                                 ^^^^
       |
       = at /shapes/GetThingInput/members/Parent/locationName
       = help: give one of them another name there

    1 error
    "#);
}
