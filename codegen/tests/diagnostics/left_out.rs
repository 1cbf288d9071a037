//! Operations that a client of this kind cannot have: they are left out with a warning.

use insta::assert_snapshot;

use super::{Folder, RULES, SERVICE, with_shapes};

/// The warnings when `PutThing` has this, too. They are all that is said.
fn put_thing_with(text: &str) -> String {
    let input = r#""input": { "shape": "PutThingInput" }"#;
    let folder = Folder::good().replace(SERVICE, input, &format!("{input}, {text}"));
    let (service, warnings) = folder.lower_with_warnings().unwrap();
    let operations: Vec<_> = service
        .operations
        .iter()
        .map(|operation| operation.name.as_str())
        .collect();
    assert_eq!(operations, ["GetThing"]);
    let left_out: Vec<_> = service
        .left_out
        .iter()
        .map(|left_out| left_out.operation.as_str())
        .collect();
    assert_eq!(left_out, ["PutThing"]);
    warnings
}

#[test]
fn signatures_of_version_4a() {
    assert_snapshot!(put_thing_with(r#""auth": ["aws.auth#sigv4a"]"#), @r"
    warning: operation `PutThing` is left out: it takes only signatures of version 4a
     |
     = help: the documentation of the crate says so, too

    1 warning
    ");
}

#[test]
fn an_authentication_of_its_own() {
    assert_snapshot!(put_thing_with(r#""authtype": "custom""#), @r"
    warning: operation `PutThing` is left out: it has an authentication of its own
     |
     = help: the documentation of the crate says so, too

    1 warning
    ");
    assert_snapshot!(put_thing_with(r#""auth": ["com.example#secret"]"#), @r"
    warning: operation `PutThing` is left out: it has an authentication of its own
     |
     = help: the documentation of the crate says so, too

    1 warning
    ");
}

#[test]
fn an_endpoint_that_has_to_be_asked_for() {
    assert_snapshot!(put_thing_with(r#""endpointdiscovery": { "required": true }"#), @r"
    warning: operation `PutThing` is left out: it has to ask for its host first
     |
     = help: the documentation of the crate says so, too

    1 warning
    ");
}

#[test]
fn an_endpoint_that_depends_on_the_input() {
    let params = r#""operationContextParams": { "Things": { "path": "Name" } }"#;
    assert_snapshot!(put_thing_with(params), @r"
    warning: operation `PutThing` is left out: it has an endpoint that depends on what is deep inside its input
     |
     = help: the documentation of the crate says so, too

    1 warning
    ");
}

/// DynamoDB asks for tables only where requests go to hosts of accounts, which is a setting that clients do not have.
#[test]
fn an_endpoint_that_would_depend_on_the_input_with_a_setting_that_clients_do_not_have() {
    let folder = Folder::good()
        .replace(
            SERVICE,
            r#""input": { "shape": "PutThingInput" }"#,
            r#""input": { "shape": "PutThingInput" }, "operationContextParams": { "Things": { "path": "Name" } }"#,
        )
        .replace(
            RULES,
            r#""parameters": {"#,
            r#""parameters": {
                "Mode": { "type": "string", "builtIn": "AWS::Auth::AccountIdEndpointMode" },
                "Things": { "type": "string" },"#,
        )
        .replace(
            RULES,
            r#""rules": ["#,
            r#""rules": [
                {
                    "type": "endpoint",
                    "conditions": [
                        { "fn": "isSet", "argv": [{ "ref": "Mode" }] },
                        { "fn": "isSet", "argv": [{ "ref": "Things" }] }
                    ],
                    "endpoint": { "url": "https://{Things}.example.com" }
                },"#,
        );
    let (service, warnings) = folder.lower_with_warnings().unwrap();
    assert_eq!(warnings, "");
    assert_eq!(service.left_out, []);
    assert!(!service.endpoint.operations_choose());
}

#[test]
fn a_stream_of_events_in_the_request() {
    let folder = with_shapes(r#""Events": { "type": "structure", "eventstream": true, "members": {} }"#).replace(
        SERVICE,
        r#""Body": { "shape": "Data" }"#,
        r#""Body": { "shape": "Events" }"#,
    );
    assert_snapshot!(folder.diagnostics(), @r"
    warning: operation `PutThing` is left out: it sends a stream of events while it answers, which HTTP/1.1 cannot do
     |
     = help: the documentation of the crate says so, too

    1 warning
    ");
}

#[test]
fn what_can_be_chosen_is() {
    for auth in [
        r#""auth": ["aws.auth#sigv4a", "aws.auth#sigv4"]"#,
        r#""auth": ["smithy.api#httpBearerAuth", "smithy.api#noAuth"]"#,
        r#""auth": ["smithy.api#httpBearerAuth"]"#,
        r#""authtype": "bearer""#,
        r#""auth": []"#,
        r#""authtype": "none""#,
        r#""authtype": "v4-unsigned-body""#,
        r#""unsignedPayload": true"#,
        r#""endpointdiscovery": { "required": false }"#,
    ] {
        let input = r#""input": { "shape": "PutThingInput" }"#;
        let folder = Folder::good().replace(SERVICE, input, &format!("{input}, {auth}"));
        assert_eq!(folder.diagnostics(), "nothing is wrong", "{auth}");
    }
}

/// A client that nobody can call is an error, not a warning for each operation.
#[test]
fn all_operations() {
    let (auth, version) = (r#""aws.auth#sigv4""#, "\"v4\",\n    \"auth\": [\"aws.auth#sigv4\"]");
    for (old, new, reason) in [
        (auth, r#""aws.auth#sigv4a""#, "takes only signatures of version 4a"),
        (auth, r#""com.example#secret""#, "has an authentication of its own"),
        (version, r#""v4a""#, "takes only signatures of version 4a"),
        (version, r#""v2""#, "has an authentication of its own"),
    ] {
        let text = Folder::good().replace(SERVICE, old, new).diagnostics();
        assert!(text.contains(&format!("each operation {reason}\n")), "{text}");
        assert!(text.contains("\n1 error") && !text.contains("is left out"), "{text}");
    }
}

#[test]
fn a_client_without_operations() {
    let name = r#""name": "GetThing","#;
    let custom = r#""authtype": "custom","#;
    let folder = Folder::good().replace(SERVICE, name, &format!("{name} {custom}"));
    let text = folder.diagnostics_of(Some(&["GetThing"]));
    assert_snapshot!(text, @r"
    error: the client would have no operation
     |
     = help: generate no client of this service: each operation has an authentication of its own

    1 error
    ");
}
