//! What operations say to the endpoint rules.

use insta::assert_snapshot;

use super::{Folder, RULES, SERVICE};

/// The good model, whose rules have a parameter of each type.
fn folder() -> Folder {
    Folder::good().replace(
        RULES,
        r#""parameters": {"#,
        r#""parameters": {
    "Kind": { "type": "string" },
    "UseHost": { "type": "boolean" },
    "Hosts": { "type": "stringArray" },"#,
    )
}

/// What is said when `PutThing` always says this.
fn always(params: &str) -> String {
    let input = r#""input": { "shape": "PutThingInput" }"#;
    let params = format!(r#"{input}, "staticContextParams": {{ {params} }}"#);
    folder().replace(SERVICE, input, &params).diagnostics()
}

/// What is said when a member of the input of `GetThing` goes to a parameter.
fn member(shape: &str, parameter: &str) -> String {
    let parent = r#""Parent": { "shape": "Text", "location": "header", "locationName": "X-Parent" }"#;
    let changed = format!(r#""Parent": {{ "shape": "{shape}", "contextParam": {{ "name": "{parameter}" }} }}"#);
    folder().replace(SERVICE, parent, &changed).diagnostics()
}

#[test]
fn values_of_the_right_types() {
    let params = r#""Kind": { "value": "a" }, "UseHost": { "value": true }, "Hosts": { "value": ["a"] }"#;
    assert_eq!(always(params), "nothing is wrong");
    assert_eq!(member("Text", "Kind"), "nothing is wrong");
    assert_eq!(member("Spare", "UseHost"), "nothing is wrong");
}

#[test]
fn values_of_wrong_types() {
    let params = r#""Kind": { "value": 1 }, "UseHost": { "value": "true" }, "Hosts": { "value": ["a", 1] }"#;
    assert_snapshot!(always(params), @r#"
    error: the parameter `Kind` of the endpoint rules is a string, and this is not
      --> service-2.json:32:90
       |
    32 |       "input": { "shape": "PutThingInput" }, "staticContextParams": { "Kind": { "value": 1 }, "UseHost": { "value": "true" }, "Hosts...
       |                                                                                          ^
       |
       = at /operations/PutThing/staticContextParams/Kind/value
       = help: give it a string

    error: the parameter `UseHost` of the endpoint rules is a boolean, and this is not
      --> service-2.json:32:117
       |
    32 |       "input": { "shape": "PutThingInput" }, "staticContextParams": { "Kind": { "value": 1 }, "UseHost": { "value": "true" }, "Hosts...
       |                                                                                                                     ^^^^^^
       |
       = at /operations/PutThing/staticContextParams/UseHost/value
       = help: give it a boolean

    error: the parameter `Hosts` of the endpoint rules is a list of strings, and this is not
      --> service-2.json:32:138
       |
    32 | ...: { "value": 1 }, "UseHost": { "value": "true" }, "Hosts": { "value": ["a", 1] } }
       |                                                                 ^^^^^^^
       |
       = at /operations/PutThing/staticContextParams/Hosts/value
       = help: give it a list of strings

    3 errors
    "#);
}

#[test]
fn a_value_for_no_parameter() {
    assert_snapshot!(always(r#""Knid": { "value": "a" }"#), @r#"
    error: the endpoint rules have no parameter `Knid` that operations set
      --> service-2.json:32:71
       |
    32 |       "input": { "shape": "PutThingInput" }, "staticContextParams": { "Knid": { "value": "a" } }
       |                                                                       ^^^^^^
       |
       = at /operations/PutThing/staticContextParams/Knid
       = help: name one of their `parameters` (did you mean `Kind`?), or remove this

    1 error
    "#);
}

#[test]
fn a_value_for_a_parameter_that_the_client_sets() {
    assert_snapshot!(always(r#""Region": { "value": "a" }"#), @r#"
    error: the endpoint rules have no parameter `Region` that operations set
      --> service-2.json:32:71
       |
    32 |       "input": { "shape": "PutThingInput" }, "staticContextParams": { "Region": { "value": "a" } }
       |                                                                       ^^^^^^^^
       |
       = at /operations/PutThing/staticContextParams/Region
       = help: name one of their `parameters`, or remove this

    1 error
    "#);
}

#[test]
fn a_member_of_a_wrong_type() {
    assert_snapshot!(member("Spare", "Kind"), @r#"
    error: the parameter `Kind` of the endpoint rules is a string, and this is not
      --> service-2.json:42:65
       |
    42 |         "Parent": { "shape": "Spare", "contextParam": { "name": "Kind" } }
       |                                                                 ^^^^^^
       |
       = at /shapes/GetThingInput/members/Parent/contextParam/name
       = help: give it a string

    1 error
    "#);
}

#[test]
fn a_member_for_no_parameter() {
    assert_snapshot!(member("Text", "Kidn"), @r#"
    error: the endpoint rules have no parameter `Kidn` that operations set
      --> service-2.json:42:64
       |
    42 |         "Parent": { "shape": "Text", "contextParam": { "name": "Kidn" } }
       |                                                                ^^^^^^
       |
       = at /shapes/GetThingInput/members/Parent/contextParam/name
       = help: name one of their `parameters` (did you mean `Kind`?), or remove this

    1 error
    "#);
}
