//! What `client.json` says.

use codegen::ir::{Member, Method, Service};
use insta::assert_snapshot;

use super::{CLIENT, Folder, SERVICE, change};

#[test]
fn an_unknown_error_in_the_retries() {
    let text = change(CLIENT, r#"["ThingBusy"]"#, r#"["ThingBsy"]"#);
    assert_snapshot!(text, @r#"
    error: the service has no error `ThingBsy`
     --> client.json:4:31
      |
    4 |   "retries": { "throttling": ["ThingBsy"], "transient": [] },
      |                               ^^^^^^^^^^
      |
      = at /retries/throttling/0
      = help: name a shape with `"exception": true` (did you mean `ThingBusy`?), or remove the entry

    1 error
    "#);
}

#[test]
fn an_error_in_both_retry_lists() {
    let text = change(CLIENT, r#""transient": []"#, r#""transient": ["ThingBusy"]"#);
    assert_snapshot!(text, @r#"
    error: `ThingBusy` is both `throttling` and `transient`
     --> client.json:4:59
      |
    4 |   "retries": { "throttling": ["ThingBusy"], "transient": ["ThingBusy"] },
      |                                                           ^^^^^^^^^^^
      |
      = at /retries/transient/0
      = help: keep it in one of the two lists

    1 error
    "#);
}

#[test]
fn an_error_in_a_third_retry_list() {
    let text = change(
        CLIENT,
        r#""transient": []"#,
        r#""not_ready": ["ThingBusy", "ThingMising"]"#,
    );
    assert_snapshot!(text, @r#"
    error: `ThingBusy` is both `throttling` and `not_ready`
     --> client.json:4:59
      |
    4 |   "retries": { "throttling": ["ThingBusy"], "not_ready": ["ThingBusy", "ThingMising"] },
      |                                                           ^^^^^^^^^^^
      |
      = at /retries/not_ready/0
      = help: keep it in one of the two lists

    error: the service has no error `ThingMising`
     --> client.json:4:72
      |
    4 |   "retries": { "throttling": ["ThingBusy"], "not_ready": ["ThingBusy", "ThingMising"] },
      |                                                                        ^^^^^^^^^^^^^
      |
      = at /retries/not_ready/1
      = help: name a shape with `"exception": true` (did you mean `ThingMissing`?), or remove the entry

    2 errors
    "#);
}

#[test]
fn details_of_an_unknown_error() {
    let text = change(CLIENT, r#""ThingMissing""#, r#""ThingMising""#);
    assert_snapshot!(text, @r#"
    error: the service has no error `ThingMising`
     --> client.json:6:5
      |
    6 |     "ThingMising": { "Place": "place" }
      |     ^^^^^^^^^^^^^
      |
      = at /error_details/ThingMising
      = help: name a shape with `"exception": true` (did you mean `ThingMissing`?), or remove the entry

    1 error
    "#);
}

#[test]
fn details_of_an_unknown_member() {
    let text = change(CLIENT, r#""Place""#, r#""Palce""#);
    assert_snapshot!(text, @r#"
    error: the error `ThingMissing` has no member `Palce`
     --> client.json:6:23
      |
    6 |     "ThingMissing": { "Palce": "place" }
      |                       ^^^^^^^
      |
      = at /error_details/ThingMissing/Palce
      = help: name one of its members (did you mean `Place`?), or remove the entry

    1 error
    "#);
}

#[test]
fn an_example_of_an_unknown_operation() {
    let text = change(CLIENT, r#""PutThing""#, r#""PutThings""#);
    assert_snapshot!(text, @r#"
    error: the service has no operation `PutThings`
     --> client.json:9:18
      |
    9 |     "operation": "PutThings",
      |                  ^^^^^^^^^^^
      |
      = at /example/operation
      = help: name one of its operations (did you mean `PutThing`?)

    1 error
    "#);
}

#[test]
fn an_example_with_an_unknown_member() {
    let text = change(CLIENT, r#""Body": "on""#, r#""Body": "on", "Color": "red""#);
    assert_snapshot!(text, @r#"
    error: the input of `PutThing` has no member `Color`
      --> client.json:10:64
       |
    10 |     "members": { "Name": "lamp", "Version": "1", "Body": "on", "Color": "red" }
       |                                                                ^^^^^^^
       |
       = at /example/members/Color
       = help: name one of its members, or remove the entry

    1 error
    "#);
}

#[test]
fn an_example_without_a_required_member() {
    let text = change(CLIENT, r#", "Body": "on""#, "");
    assert_snapshot!(text, @r#"
    error: the example lacks `Body`, which `PutThing` requires
      --> client.json:10:5
       |
    10 |     "members": { "Name": "lamp", "Version": "1" }
       |     ^^^^^^^^^
       |
       = at /example/members
       = help: add `"Body": "..."`

    1 error
    "#);
}

#[test]
fn an_example_with_a_value_of_a_wrong_type() {
    let text = change(CLIENT, r#""Version": "1""#, r#""Version": "first""#);
    assert_snapshot!(text, @r#"
    error: the example sets `Version` to "first"
      --> client.json:10:45
       |
    10 |     "members": { "Name": "lamp", "Version": "first", "Body": "on" }
       |                                             ^^^^^^^
       |
       = at /example/members/Version
       = help: write an integer of 32 bits, in quotes

    1 error
    "#);
}

#[test]
fn a_timeout_of_nothing() {
    let text = change(CLIENT, "70", "0");
    assert_snapshot!(text, @r#"
    error: 0 seconds is not a valid read timeout
     --> client.json:3:33
      |
    3 |   "timeouts": { "read_seconds": 0 },
      |                                 ^
      |
      = at /timeouts/read_seconds
      = help: use a whole number from 1 to 86400, a day

    1 error
    "#);
}

#[test]
fn fixed_headers() {
    let headers = |text: &str| {
        let keywords = r#""keywords": ["things"] },"#;
        Folder::good().replace(CLIENT, keywords, &format!("{keywords} \"headers\": {{ {text} }},"))
    };
    let service = headers(r#""X-Version": "1 2""#).lower(None).unwrap();
    assert_eq!(service.fixed_headers, [("x-version".to_owned(), "1 2".to_owned())]);
    for (text, expected) in [
        (r#""a b": "c""#, "`a b` is not a valid header name"),
        (r#""Host": "c""#, "the client itself sets the header `host`"),
        (r#""a": """#, "`` is not a valid header value"),
        (r#""a": "\n""#, r"`\n` is not a valid header value"),
        (r#""a": "b", "A": "b""#, "the header `a` is there twice"),
    ] {
        let diagnostics = headers(text).diagnostics();
        assert!(diagnostics.contains(expected), "{diagnostics}");
    }
}

/// The member with the message of the error `ThingMissing`.
fn message_member(folder: &Folder) -> Option<String> {
    let service = folder.lower(None).unwrap();
    let error = service.errors.iter().find(|error| error.code == "ThingMissing");
    Some(error?.message.as_ref()?.name.clone())
}

#[test]
fn the_member_with_the_message_of_errors() {
    assert_eq!(message_member(&Folder::good()).as_deref(), Some("Message"));
    let named = Folder::good().replace(
        CLIENT,
        r#""error_details""#,
        "\"error_message\": [\"Place\"],\n  \"error_details\"",
    );
    assert_eq!(message_member(&named).as_deref(), Some("Place"));
    let known = Folder::good()
        .replace(SERVICE, r#""serviceId": "Things""#, r#""serviceId": "SSO OIDC""#)
        .replace(
            SERVICE,
            r#""Place": { "shape": "Text" }"#,
            r#""error_description": { "shape": "Text" }"#,
        )
        .replace(CLIENT, r#""Place": "place""#, "");
    assert_eq!(message_member(&known).as_deref(), Some("error_description"));
}

#[test]
fn an_unknown_member_with_the_message_of_errors() {
    let text = change(
        CLIENT,
        r#""error_details""#,
        "\"error_message\": [\"Palce\"],\n  \"error_details\"",
    );
    assert_snapshot!(text, @r#"
    error: no error of the service has the member `Palce`
     --> client.json:5:21
      |
    5 |   "error_message": ["Palce"],
      |                     ^^^^^^^
      |
      = at /error_message/0
      = help: name a member of errors that holds their message, or remove the entry

    1 error
    "#);
}

/// `client.json` with another key before `error_details`.
fn with_key(folder: Folder, key: &str) -> Folder {
    folder.replace(CLIENT, r#""error_details""#, &format!("{key},\n  \"error_details\""))
}

#[test]
fn defaults_of_labels() {
    // The example sets all that is required, and nothing is wrong with setting more.
    let service = with_key(Folder::good(), r#""defaults": { "Name": "-" }"#)
        .lower(None)
        .unwrap();
    let operation = &service.operations[0];
    assert_eq!(operation.input[0].default.as_deref(), Some("-"));
    assert!(!operation.input[0].required);
    for (text, expected) in [
        (r#""Version": "1""#, "no operation has the string `Version` in its path"),
        (r#""Trace": "1""#, "no operation has the string `Trace` in its path"),
        (r#""Name": """#, "the default of `Name` is empty"),
    ] {
        let diagnostics = with_key(Folder::good(), &format!("\"defaults\": {{ {text} }}")).diagnostics();
        assert!(diagnostics.contains(expected), "{diagnostics}");
    }
}

#[test]
fn forms() {
    let service = with_key(Folder::good(), r#""forms": ["GetThing"]"#)
        .lower(None)
        .unwrap();
    assert!(service.operations[0].form && !service.operations[1].form);
    assert_eq!(service.operations[0].method, Method::Post);
    let diagnostics = with_key(Folder::good(), r#""forms": ["PutThing"]"#).diagnostics();
    assert!(
        diagnostics.contains("`PutThing` cannot send its query as a form"),
        "{diagnostics}"
    );
    let diagnostics = with_key(Folder::good(), r#""forms": ["GetThings"]"#).diagnostics();
    assert!(
        diagnostics.contains("the service has no operation `GetThings`"),
        "{diagnostics}"
    );
}

#[test]
fn shapes_of_ids_and_origins() {
    let service = with_key(Folder::good(), r#""bare_ids": ["Text"]"#).lower(None).unwrap();
    let names = |service: &Service, is: fn(&Member) -> bool| -> Vec<String> {
        let members = service.operations[0].input.iter().filter(|member| is(member));
        members.map(|member| member.name.clone()).collect()
    };
    assert_eq!(names(&service, |it| it.bare_id), ["Trace", "Parent"]);
    assert!(names(&service, |it| it.origin).is_empty());
    let other = with_key(Folder::good(), r#""origins": ["Name"]"#).lower(None).unwrap();
    assert_eq!(names(&other, |it| it.origin), ["Name"]);
    // What the service sends is shown as it is.
    assert!(
        service
            .errors
            .iter()
            .all(|error| error.members.iter().all(|it| !it.member.bare_id))
    );
    let keys = r#""bare_ids": ["Txet"], "origins": ["Count"]"#;
    let diagnostics = with_key(Folder::good(), keys).diagnostics();
    assert_snapshot!(diagnostics, @r#"
    error: no input has a string of the shape `Txet`
     --> client.json:5:16
      |
    5 |   "bare_ids": ["Txet"], "origins": ["Count"],
      |                ^^^^^^
      |
      = at /bare_ids/0
      = help: name the shape of a string in an input (did you mean `Text`?), or remove the entry

    error: no input has a string of the shape `Count`
     --> client.json:5:37
      |
    5 |   "bare_ids": ["Txet"], "origins": ["Count"],
      |                                     ^^^^^^^
      |
      = at /origins/0
      = help: name the shape of a string in an input, or remove the entry

    2 errors
    "#);
}

#[test]
fn what_is_known_of_a_service() {
    let folder = Folder::good()
        .replace(SERVICE, r#""serviceId": "Things""#, r#""serviceId": "Glacier""#)
        .replace(
            SERVICE,
            r#""requestUri": "/things/{Name}""#,
            r#""requestUri": "/things/{accountId}""#,
        );
    let folder = folder.replace(
        SERVICE,
        r#""required": ["Name"],
      "members": {
        "Name": { "shape": "Name", "location": "uri" },
        "Trace""#,
        r#""required": ["accountId"],
      "members": {
        "accountId": { "shape": "Name", "location": "uri" },
        "Trace""#,
    );
    let service = folder.lower(None).unwrap();
    assert_eq!(service.operations[0].input[0].default.as_deref(), Some("-"));
    let version = ("x-amz-glacier-version".to_owned(), "2012-06-01".to_owned());
    assert_eq!(service.fixed_headers, [version]);

    let zones = Folder::good()
        .replace(SERVICE, r#""serviceId": "Things""#, r#""serviceId": "Route 53""#)
        .replace(
            SERVICE,
            r#""Trace": { "shape": "Text""#,
            r#""Trace": { "shape": "ChangeId""#,
        )
        .replace(
            SERVICE,
            r#""Text": { "type""#,
            r#""ChangeId": { "type": "string" }, "Text": { "type""#,
        );
    let service = zones.lower(None).unwrap();
    let members = service.operations[0].input.iter();
    let bare: Vec<bool> = members.map(|member| member.bare_id).collect();
    assert_eq!(bare, [false, true, false]);
}

#[test]
fn the_tree_hash_of_a_payload() {
    let folder = Folder::good().replace(
        SERVICE,
        r#""Body": { "shape": "Data" }"#,
        r#""Body": { "shape": "Data" },
        "Hash": { "shape": "Text", "location": "header", "locationName": "x-amz-sha256-tree-hash" }"#,
    );
    let service = folder.lower(None).unwrap();
    assert!(service.operations[1].tree_hash && !service.operations[0].tree_hash);
}

#[test]
fn members_and_operations_that_are_no_objects() {
    let text = change(
        CLIENT,
        r#""error_details""#,
        r#""results": { "GetThing": { "output": "Siez", "input": "Trce" }, "Gone": { "output": "Size" } },
  "object_store": { "get": "GetThing", "put": "PutThng" },
  "error_details""#,
    );
    assert_snapshot!(text, @r#"
    error: `GetThing` has no optional text `Siez` there
     --> client.json:5:40
      |
    5 |   "results": { "GetThing": { "output": "Siez", "input": "Trce" }, "Gone": { "output": "Size" } },
      |                                        ^^^^^^
      |
      = at /results/GetThing/output
      = help: name a member with the address of an object

    error: `GetThing` has no optional text `Trce` there
     --> client.json:5:57
      |
    5 |   "results": { "GetThing": { "output": "Siez", "input": "Trce" }, "Gone": { "output": "Size" } },
      |                                                         ^^^^^^
      |
      = at /results/GetThing/input
      = help: name a member with the address of an object (did you mean `Trace`?)

    error: the service has no operation `Gone`
     --> client.json:5:67
      |
    5 |   "results": { "GetThing": { "output": "Siez", "input": "Trce" }, "Gone": { "output": "Size" } },
      |                                                                   ^^^^^^
      |
      = at /results/Gone
      = help: name one of its operations, or remove the entry

    error: `GetThing` is not an operation on an object that requires `Bucket` and `Key` alone
     --> client.json:6:28
      |
    6 |   "object_store": { "get": "GetThing", "put": "PutThng" },
      |                            ^^^^^^^^^^
      |
      = at /object_store/get
      = help: name an operation whose payload is the object

    error: the client has no operation `PutThng`
     --> client.json:6:47
      |
    6 |   "object_store": { "get": "GetThing", "put": "PutThng" },
      |                                               ^^^^^^^^^
      |
      = at /object_store/put
      = help: name one of its operations (did you mean `PutThing`?)

    5 errors
    "#);
}

#[test]
fn tokens_that_cannot_be() {
    let text = change(
        CLIENT,
        r#""error_details""#,
        r#""bearer_token": { "purpose": "all", "host": "a b", "action": "Call", "prefix": "k-", "max_seconds": 60 },
  "error_details""#,
    );
    assert_snapshot!(text, @r#"
    error: `a b` cannot stand in a URL as it is
     --> client.json:5:47
      |
    5 |   "bearer_token": { "purpose": "all", "host": "a b", "action": "Call", "prefix": "k-", "max_seconds": 60 },
      |                                               ^^^^^
      |
      = at /bearer_token/host
      = help: use ASCII letters, digits, `.` and `-`

    error: no token is valid for up to 60 seconds
     --> client.json:5:103
      |
    5 |   "bearer_token": { "purpose": "all", "host": "a b", "action": "Call", "prefix": "k-", "max_seconds": 60 },
      |                                                                                                       ^^
      |
      = at /bearer_token/max_seconds
      = help: use a whole number from 3600, an hour, to 604800, a week

    2 errors
    "#);
}
