//! The service as a whole.

use codegen::Options;
use insta::assert_snapshot;

use super::{CLIENT, Folder, SERVICE, change, with_shapes};

#[test]
fn another_protocol() {
    let text = change(SERVICE, r#""rest-json""#, r#""json""#);
    assert_snapshot!(text, @r#"
    error: the service has no `targetPrefix`, which `json` needs
     --> service-2.json:3:3
      |
    3 |   "metadata": {
      |   ^^^^^^^^^^
      |
      = at /metadata
      = help: add `"targetPrefix": ...`

    1 error
    "#);
    let text = change(
        SERVICE,
        r#""rest-json""#,
        r#""json", "targetPrefix": "a b", "jsonVersion": "1.2""#,
    );
    assert_snapshot!(text, @r#"
    error: `a b` is not a valid target prefix
     --> service-2.json:6:41
      |
    6 |     "protocol": "json", "targetPrefix": "a b", "jsonVersion": "1.2",
      |                                         ^^^^^
      |
      = at /metadata/targetPrefix
      = help: use letters, digits, `_`, `-` and `.`

    error: the version `1.2` of the protocol is not known
     --> service-2.json:6:63
      |
    6 |     "protocol": "json", "targetPrefix": "a b", "jsonVersion": "1.2",
      |                                                               ^^^^^
      |
      = at /metadata/jsonVersion
      = help: use `1.0` or `1.1`

    2 errors
    "#);
}

#[test]
fn the_protocol_is_chosen_among_those_of_the_service() {
    let text = change(CLIENT, r#""retries""#, r#""protocol": "query", "retries""#);
    assert_snapshot!(text, @r#"
    error: the service does not speak `query`
     --> client.json:4:15
      |
    4 |   "protocol": "query", "retries": { "throttling": ["ThingBusy"], "transient": [] },
      |               ^^^^^^^
      |
      = at /protocol
      = help: name a protocol that it speaks: `rest-json`

    1 error
    "#);
    let text = change(CLIENT, r#""retries""#, r#""protocol": "rest-jason", "retries""#);
    assert_snapshot!(text, @r#"
    error: `rest-jason` is not a known protocol
     --> client.json:4:15
      |
    4 |   "protocol": "rest-jason", "retries": { "throttling": ["ThingBusy"], "transient": [] },
      |               ^^^^^^^^^^^^
      |
      = at /protocol
      = help: use one of rest-json, rest-xml, json, query, ec2, smithy-rpc-v2-cbor (did you mean `rest-json`?)

    1 error
    "#);
}

#[test]
fn no_protocols() {
    let text = change(
        SERVICE,
        r#""protocol": "rest-json""#,
        r#""protocols": [], "protocol": "rest-json""#,
    );
    assert_snapshot!(text, @r#"
    error: there is no protocol in the list
     --> service-2.json:6:5
      |
    6 |     "protocols": [], "protocol": "rest-json",
      |     ^^^^^^^^^^^
      |
      = at /metadata/protocols
      = help: name those that the service speaks, or remove the key

    1 error
    "#);
}

#[test]
fn an_unknown_protocol() {
    let text = change(
        SERVICE,
        r#""protocol": "rest-json""#,
        r#""protocols": ["json", "rest-jsn"], "protocol": "rest-json""#,
    );
    assert_snapshot!(text, @r#"
    error: `rest-jsn` is not a known protocol
     --> service-2.json:6:27
      |
    6 |     "protocols": ["json", "rest-jsn"], "protocol": "rest-json",
      |                           ^^^^^^^^^^
      |
      = at /metadata/protocols/1
      = help: use one of rest-json, rest-xml, json, query, ec2, smithy-rpc-v2-cbor (did you mean `rest-json`?)

    1 error
    "#);
}

/// Nothing else is said of a service that no client can speak with.
#[test]
fn a_service_without_a_known_protocol() {
    let text = change(
        SERVICE,
        r#""protocol": "rest-json""#,
        r#""protocol": "soap", "envelope": "1.2""#,
    );
    assert_snapshot!(text, @"
    error: Amazon Things speaks `soap`, which is not a known protocol
     |
     = help: the generator supports rest-json, rest-xml, json, query, ec2, smithy-rpc-v2-cbor

    1 error
    ");
}

#[test]
fn another_version_of_the_dialect() {
    let text = change(SERVICE, r#""2.0""#, r#""3.0""#);
    assert_snapshot!(text, @r#"
    error: the dialect's version `3.0` is not known
     --> service-2.json:2:14
      |
    2 |   "version": "3.0",
      |              ^^^^^
      |
      = at /version
      = help: only version 2.0 can be generated

    1 error
    "#);
}

#[test]
fn a_setting_of_the_client() {
    let text = change(
        SERVICE,
        r#""operations": {"#,
        r#""clientContextParams": { "Flavour": { "type": "string" } },
  "operations": {"#,
    );
    assert_snapshot!(text, @r#"
    error: the endpoint rules have no parameter `Flavour`
      --> service-2.json:12:28
       |
    12 |   "clientContextParams": { "Flavour": { "type": "string" } },
       |                            ^^^^^^^^^
       |
       = at /clientContextParams/Flavour
       = help: name one of their `parameters`, or remove this

    1 error
    "#);
}

/// What goes into code, the manifest and the README as it is.
#[test]
fn texts_that_do_not_show() {
    let text = change(SERVICE, r#""serviceId": "Things""#, r#""serviceId": "Things\n\"""#);
    assert_snapshot!(text, @r#"
    error: `Things\n\"` is not a service identifier
     --> service-2.json:8:18
      |
    8 |     "serviceId": "Things\n\"",
      |                  ^^^^^^^^^^^^
      |
      = at /metadata/serviceId
      = help: use a letter, then letters, digits, spaces and `-`: it becomes the name of a variable of the environment

    1 error
    "#);
    let folder = Folder::good()
        .replace(
            SERVICE,
            r#""serviceFullName": "Amazon Things""#,
            "\"serviceFullName\": \"Amazon \\u0007Things\"",
        )
        .write(
            CLIENT,
            "{ \"package\": { \"description\": \"Two\\nlines\", \"categories\": [\"\u{202e}x\"] } }",
        );
    assert_snapshot!(folder.diagnostics(), @r#"
    error: the text has the character U+000A, which does not show
     --> client.json:1:31
      |
    1 | { "package": { "description": "Two\nlines", "categories": ["�x"] } }
      |                               ^^^^^^^^^^^^
      |
      = at /package/description
      = help: remove the character: the text goes into files as it is

    error: the text has the character U+202E, which does not show
     --> client.json:1:60
      |
    1 | { "package": { "description": "Two\nlines", "categories": ["�x"] } }
      |                                                            ^^^^
      |
      = at /package/categories/0
      = help: remove the character: the text goes into files as it is

    error: the text has the character U+0007, which does not show
     --> service-2.json:7:24
      |
    7 |     "serviceFullName": "Amazon \u0007Things",
      |                        ^^^^^^^^^^^^^^^^^^^^^
      |
      = at /metadata/serviceFullName
      = help: remove the character: the text goes into files as it is

    3 errors
    "#);
}

/// Everything that the compiler refuses in comments, in all texts that are no HTML.
#[test]
fn what_cannot_be_in_a_comment_is_left_out() {
    let bad = r"a\u0000b\u001ec\u202ed\re";
    let shapes = format!(
        r#""Spare": {{ "type": "string", "enum": ["{bad}", ""] }},
    "Pattern": {{ "type": "string", "pattern": "{bad}" }}"#
    );
    let folder = with_shapes(&shapes).replace(
        SERVICE,
        r#""Parent": { "shape": "Text""#,
        r#""Choice": { "shape": "Spare" }, "Match": { "shape": "Pattern" }, "Parent": { "shape": "Text""#,
    );
    let files = codegen::generate(&folder.0, &Options::default()).unwrap().files;
    for (path, text) in &files {
        let is_bad = |c: char| matches!(c, '\0' | '\u{1e}' | '\u{202e}' | '\r');
        assert!(!text.contains(is_bad), "{path}");
    }
    assert!(
        files["src/types/spare.rs"].contains("    /// `abcd e`\n"),
        "{}",
        files["src/types/spare.rs"]
    );
    assert!(files["src/types/spare.rs"].contains("    /// `\"\"`\n"));
    let input = &files["src/operation/get_thing.rs"];
    assert!(input.contains("matching `abcd e`"), "{input}");
}

#[test]
fn a_client_that_speaks_query_does_not_ask_for_its_codes() {
    let asks = |protocol: &str| {
        let metadata = format!(
            r#""protocols": ["{protocol}"], "protocol": "{protocol}", "awsQueryCompatible": {{}}, "targetPrefix": "Things",
            "jsonVersion": "1.0""#
        );
        let folder = Folder::good().replace(SERVICE, r#""protocol": "rest-json""#, &metadata);
        let (service, _) = folder.lower_with_warnings().unwrap();
        service.asks_for_query_codes()
    };
    assert!(asks("json"));
    assert!(!asks("query"));
}
