//! The service as a whole.

use insta::assert_snapshot;

use super::{SERVICE, change};

#[test]
fn another_protocol() {
    let text = change(SERVICE, r#""rest-json""#, r#""json""#);
    assert_snapshot!(text, @r#"
    error: the service does not speak `rest-json`
     --> service-2.json:6:17
      |
    6 |     "protocol": "json",
      |                 ^^^^^^
      |
      = at /metadata/protocol
      = help: only services that speak it can be generated

    1 error
    "#);
}

#[test]
fn protocols_without_rest_json() {
    let text = change(
        SERVICE,
        r#""protocol": "rest-json""#,
        r#""protocols": ["smithy-rpc-v2-cbor"], "protocol": "rest-json""#,
    );
    assert_snapshot!(text, @r#"
    error: the service does not speak `rest-json`
     --> service-2.json:6:5
      |
    6 |     "protocols": ["smithy-rpc-v2-cbor"], "protocol": "rest-json",
      |     ^^^^^^^^^^^
      |
      = at /metadata/protocols
      = help: only services that speak it can be generated

    1 error
    "#);
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
    error: the client needs a setting `Flavour` for the endpoint rules, which cannot be generated yet
      --> service-2.json:12:28
       |
    12 |   "clientContextParams": { "Flavour": { "type": "string" } },
       |                            ^^^^^^^^^
       |
       = at /clientContextParams/Flavour
       = help: remove it if no endpoint rule asks for it

    1 error
    "#);
}
