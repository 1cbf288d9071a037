//! What is legal but cannot be generated yet.

use insta::assert_snapshot;

use super::{Folder, SERVICE, change};

#[test]
fn a_query_parameter() {
    let text = change(
        SERVICE,
        r#""location": "header", "locationName": "X-Parent""#,
        r#""location": "querystring""#,
    );
    assert_snapshot!(text, @r#"
    error: operation `GetThing` has the query parameter `Parent`, which cannot be generated yet
      --> service-2.json:42:50
       |
    42 |         "Parent": { "shape": "Text", "location": "querystring" }
       |                                                  ^^^^^^^^^^^^^
       |
       = at /shapes/GetThingInput/members/Parent/location
       = help: leave the operation out: name those to generate, `--operations First,Second`

    1 error
    "#);
}

#[test]
fn a_map_of_headers() {
    let text = change(
        SERVICE,
        r#""location": "header", "locationName": "X-Parent""#,
        r#""location": "headers""#,
    );
    assert_snapshot!(text, @r#"
    error: operation `GetThing` has the map of headers `Parent`, which cannot be generated yet
      --> service-2.json:42:50
       |
    42 |         "Parent": { "shape": "Text", "location": "headers" }
       |                                                  ^^^^^^^^^
       |
       = at /shapes/GetThingInput/members/Parent/location
       = help: leave the operation out: name those to generate, `--operations First,Second`

    1 error
    "#);
}

#[test]
fn a_json_request_body() {
    let text = change(
        SERVICE,
        r#""payload": "Body",
"#,
        "",
    );
    assert_snapshot!(text, @r#"
    error: operation `PutThing` has a JSON request body, which cannot be generated yet
      --> service-2.json:55:13
       |
    55 |             "members": {
       |             ^^^^^^^^^
       |
       = at /shapes/PutThingInput/members
       = help: leave the operation out: name those to generate, `--operations First,Second`

    1 error
    "#);
}

#[test]
fn a_list_in_a_response() {
    let folder = Folder::good()
        .replace(
            SERVICE,
            r#""Size": { "shape": "Count" }"#,
            r#""Size": { "shape": "Sizes" }"#,
        )
        .replace(
            SERVICE,
            r#""shapes": {"#,
            r#""shapes": { "Sizes": { "type": "list", "member": { "shape": "Count" } },"#,
        );
    assert_snapshot!(folder.diagnostics(), @r#"
    error: operation `GetThing` has the list `Size` in its JSON body, which cannot be generated yet
      --> service-2.json:48:28
       |
    48 |         "Size": { "shape": "Sizes" },
       |                            ^^^^^^^
       |
       = at /shapes/GetThingOutput/members/Size/shape
       = help: leave the operation out: name those to generate, `--operations First,Second`

    1 error
    "#);
}

#[test]
fn an_enumeration_in_a_header() {
    let text = change(SERVICE, r#""X-Parent""#, r#""X-Parent", "enum": ["lamp"]"#);
    assert_snapshot!(text, @r#"
    error: operation `GetThing` has the enumeration `Parent` in a header, which cannot be generated yet
      --> service-2.json:42:30
       |
    42 |         "Parent": { "shape": "Text", "location": "header", "locationName": "X-Parent", "enum": ["lamp"] }
       |                              ^^^^^^
       |
       = at /shapes/GetThingInput/members/Parent/shape
       = help: leave the operation out: name those to generate, `--operations First,Second`

    1 error
    "#);
}

#[test]
fn a_structure_as_the_payload() {
    let text = change(
        SERVICE,
        r#""Body": { "shape": "Data" }"#,
        r#""Body": { "shape": "GetThingOutput" }"#,
    );
    assert_snapshot!(text, @r#"
    error: operation `PutThing` has the structure `Body` as its payload, which cannot be generated yet
      --> service-2.json:59:28
       |
    59 |         "Body": { "shape": "GetThingOutput" }
       |                            ^^^^^^^^^^^^^^^^
       |
       = at /shapes/PutThingInput/members/Body/shape
       = help: leave the operation out: name those to generate, `--operations First,Second`

    1 error
    "#);
}

#[test]
fn an_event_stream() {
    let text = change(
        SERVICE,
        r#""Data": { "type": "blob" }"#,
        r#""Data": { "type": "structure", "eventstream": true, "members": {} }"#,
    );
    assert_snapshot!(text, @r#"
    error: operation `PutThing` has the event stream `Body` as its payload, which cannot be generated yet
      --> service-2.json:59:28
       |
    59 |         "Body": { "shape": "Data" }
       |                            ^^^^^^
       |
       = at /shapes/PutThingInput/members/Body/shape
       = help: leave the operation out: name those to generate, `--operations First,Second`

    1 error
    "#);
}

#[test]
fn an_idempotency_token() {
    let text = change(
        SERVICE,
        r#""location": "header", "locationName": "X-Parent""#,
        r#""location": "header", "locationName": "X-Parent", "idempotencyToken": true"#,
    );
    assert_snapshot!(text, @r#"
    error: operation `GetThing` has the idempotency token `Parent`, which cannot be generated yet
      --> service-2.json:42:108
       |
    42 |         "Parent": { "shape": "Text", "location": "header", "locationName": "X-Parent", "idempotencyToken": true }
       |                                                                                                            ^^^^
       |
       = at /shapes/GetThingInput/members/Parent/idempotencyToken
       = help: leave the operation out: name those to generate, `--operations First,Second`

    1 error
    "#);
}

#[test]
fn a_host_prefix() {
    let text = change(
        SERVICE,
        r#""input": { "shape": "PutThingInput" }"#,
        r#""input": { "shape": "PutThingInput" },
      "endpoint": { "hostPrefix": "data-" }"#,
    );
    assert_snapshot!(text, @r#"
    error: operation `PutThing` has a prefix of its host, which cannot be generated yet
      --> service-2.json:33:7
       |
    33 |       "endpoint": { "hostPrefix": "data-" }
       |       ^^^^^^^^^^
       |
       = at /operations/PutThing/endpoint
       = help: leave the operation out: name those to generate, `--operations First,Second`

    1 error
    "#);
}

#[test]
fn no_authentication() {
    let text = change(
        SERVICE,
        r#""input": { "shape": "PutThingInput" }"#,
        r#""input": { "shape": "PutThingInput" },
      "authtype": "none""#,
    );
    assert_snapshot!(text, @r#"
    error: operation `PutThing` has an authentication of its own, which cannot be generated yet
      --> service-2.json:33:19
       |
    33 |       "authtype": "none"
       |                   ^^^^^^
       |
       = at /operations/PutThing/authtype
       = help: leave the operation out: name those to generate, `--operations First,Second`

    1 error
    "#);
}

#[test]
fn an_unsigned_body() {
    let text = change(
        SERVICE,
        r#""input": { "shape": "PutThingInput" }"#,
        r#""input": { "shape": "PutThingInput" },
      "unsignedPayload": true"#,
    );
    assert_snapshot!(text, @r#"
    error: operation `PutThing` has an unsigned body, which cannot be generated yet
      --> service-2.json:33:26
       |
    33 |       "unsignedPayload": true
       |                          ^^^^
       |
       = at /operations/PutThing/unsignedPayload
       = help: leave the operation out: name those to generate, `--operations First,Second`

    1 error
    "#);
}

#[test]
fn a_checksum() {
    let text = change(
        SERVICE,
        r#""input": { "shape": "PutThingInput" }"#,
        r#""input": { "shape": "PutThingInput" },
      "httpChecksumRequired": true"#,
    );
    assert_snapshot!(text, @r#"
    error: operation `PutThing` has a checksum, which cannot be generated yet
      --> service-2.json:33:31
       |
    33 |       "httpChecksumRequired": true
       |                               ^^^^
       |
       = at /operations/PutThing/httpChecksumRequired
       = help: leave the operation out: name those to generate, `--operations First,Second`

    1 error
    "#);
}
