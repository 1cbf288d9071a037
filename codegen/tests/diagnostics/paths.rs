//! Paths and their labels.

use insta::assert_snapshot;

use super::{SERVICE, change};

#[test]
fn a_path_without_a_leading_slash() {
    let text = change(SERVICE, r#""/things/{Name}""#, r#""things/{Name}""#);
    assert_snapshot!(text, @r#"
    error: the path `things/{Name}` does not start with a slash
      --> service-2.json:17:23
       |
    17 |         "requestUri": "things/{Name}"
       |                       ^^^^^^^^^^^^^^^
       |
       = at /operations/GetThing/http/requestUri
       = help: begin it with `/`

    1 error
    "#);
}

#[test]
fn an_unbalanced_brace() {
    let text = change(SERVICE, r#""/things/{Name}""#, r#""/things/{Name""#);
    assert_snapshot!(text, @r#"
    error: the braces of the path are not balanced
      --> service-2.json:17:23
       |
    17 |         "requestUri": "/things/{Name"
       |                       ^^^^^^^^^^^^^^^
       |
       = at /operations/GetThing/http/requestUri
       = help: write each label as `{Name}`, or `{Name+}` to keep slashes

    1 error
    "#);
}

#[test]
fn a_label_without_a_name() {
    let text = change(SERVICE, r#""/things/{Name}""#, r#""/things/{}""#);
    assert_snapshot!(text, @r#"
    error: a label of the path has no name
      --> service-2.json:17:23
       |
    17 |         "requestUri": "/things/{}"
       |                       ^^^^^^^^^^^^
       |
       = at /operations/GetThing/http/requestUri
       = help: put the name of a member between the braces

    1 error
    "#);
}

#[test]
fn a_space_in_the_path() {
    let text = change(SERVICE, r#""/things/{Name}""#, r#""/all things/{Name}""#);
    assert_snapshot!(text, @r#"
    error: a path cannot have the character ' '
      --> service-2.json:17:23
       |
    17 |         "requestUri": "/all things/{Name}"
       |                       ^^^^^^^^^^^^^^^^^^^^
       |
       = at /operations/GetThing/http/requestUri
       = help: percent-encode it, such as `%20` for a space

    1 error
    "#);
}

/// What others would read differently than the signature does.
#[test]
fn characters_that_no_path_has() {
    for (path, expected) in [
        (r#"/\"{Name}"#, r#"a path cannot have the character '"'"#),
        (r"/\\{Name}", r"a path cannot have the character '\\'"),
        ("/{Name}|", "a path cannot have the character '|'"),
        ("/{Name}?a=^", "a path cannot have the character '^'"),
        ("/<{Name}>", "a path cannot have the character '<'"),
        ("/100%/{Name}", "a path has a `%` that encodes nothing"),
        ("/{Name}?a=%4", "a path has a `%` that encodes nothing"),
    ] {
        let text = change(SERVICE, r#""/things/{Name}""#, &format!("\"{path}\""));
        assert!(text.starts_with(&format!("error: {expected}\n")), "{path}: {text}");
    }
    for path in ["/a-._~!$&'()*+,;=:@/%2f/{Name}", "/{Name}?a=/?:@%C3%a9&b"] {
        let text = change(SERVICE, r#""/things/{Name}""#, &format!("\"{path}\""));
        assert_eq!(text, "nothing is wrong", "{path}");
    }
}

#[test]
fn a_label_in_the_query() {
    let text = change(SERVICE, r#""/things/{Name}""#, r#""/things?name={Name}""#);
    assert_snapshot!(text, @r#"
    error: the query has a label
      --> service-2.json:17:23
       |
    17 |         "requestUri": "/things?name={Name}"
       |                       ^^^^^^^^^^^^^^^^^^^^^
       |
       = at /operations/GetThing/http/requestUri
       = help: give the member the location `querystring` and remove the label

    1 error
    "#);
}

#[test]
fn a_label_without_a_member() {
    let text = change(SERVICE, r#""/things/{Name}""#, r#""/things/{Name}/{Part}""#);
    assert_snapshot!(text, @r#"
    error: the label `Part` has no member
      --> service-2.json:17:23
       |
    17 |         "requestUri": "/things/{Name}/{Part}"
       |                       ^^^^^^^^^^^^^^^^^^^^^^^
       |
       = at /operations/GetThing/http/requestUri
       = help: give a member of the input the location `uri` and the locationName `Part`

    1 error
    "#);
}

#[test]
fn a_label_close_to_a_member() {
    let text = change(SERVICE, r#""/things/{Name}""#, r#""/things/{Nmae}""#);
    assert_snapshot!(text, @r#"
    error: the label `Nmae` has no member
      --> service-2.json:17:23
       |
    17 |         "requestUri": "/things/{Nmae}"
       |                       ^^^^^^^^^^^^^^^^
       |
       = at /operations/GetThing/http/requestUri
       = help: give a member of the input the location `uri` and the locationName `Nmae` (did you mean `Name`?)

    error: `Name` has no label in the path of `GetThing`
      --> service-2.json:40:48
       |
    40 |         "Name": { "shape": "Name", "location": "uri" },
       |                                                ^^^^^
       |
       = at /shapes/GetThingInput/members/Name/location
       = help: add `{Name}` to the `requestUri`, or give `Name` another location

    2 errors
    "#);
}

#[test]
fn a_member_without_a_label() {
    let text = change(SERVICE, "/versions/{Version}", "/versions");
    assert_snapshot!(text, @r#"
    error: `Version` has no label in the path of `PutThing`
      --> service-2.json:58:52
       |
    58 |         "Version": { "shape": "Count", "location": "uri" },
       |                                                    ^^^^^
       |
       = at /shapes/PutThingInput/members/Version/location
       = help: add `{Version}` to the `requestUri`, or give `Version` another location

    1 error
    "#);
}

#[test]
fn a_label_that_occurs_twice() {
    let text = change(SERVICE, r#""/things/{Name}""#, r#""/things/{Name}/{Name}""#);
    assert_snapshot!(text, @r#"
    error: the path has the label `Name` twice
      --> service-2.json:17:23
       |
    17 |         "requestUri": "/things/{Name}/{Name}"
       |                       ^^^^^^^^^^^^^^^^^^^^^^^
       |
       = at /operations/GetThing/http/requestUri
       = help: rename one of the two, and bind it to another member

    1 error
    "#);
}

#[test]
fn two_members_for_one_label() {
    let text = change(
        SERVICE,
        r#""Version": { "shape": "Count", "location": "uri" }"#,
        r#""Version": { "shape": "Count", "location": "uri", "locationName": "Name" }"#,
    );
    assert_snapshot!(text, @r#"
    error: the label `Version` has no member
      --> service-2.json:29:23
       |
    29 |         "requestUri": "/things/{Name}/versions/{Version}",
       |                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
       |
       = at /operations/PutThing/http/requestUri
       = help: give a member of the input the location `uri` and the locationName `Version`

    error: `Name` and `Version` are both bound to the label `Name`
      --> service-2.json:58:75
       |
    58 |         "Version": { "shape": "Count", "location": "uri", "locationName": "Name" },
       |                                                                           ^^^^^^
       |
       = at /shapes/PutThingInput/members/Version/locationName
       = help: give one of them another `locationName`, with a label of its own

    2 errors
    "#);
}

#[test]
fn a_label_that_is_not_required() {
    let text = change(SERVICE, r#"["Name", "Version", "Body"]"#, r#"["Name", "Body"]"#);
    assert_snapshot!(text, @r#"
    error: `Version` is part of the path of `PutThing`, but not required
      --> service-2.json:58:9
       |
    58 |         "Version": { "shape": "Count", "location": "uri" },
       |         ^^^^^^^^^
       |
       = at /shapes/PutThingInput/members/Version
       = help: add `Version` to the `required` of `PutThingInput`

    1 error
    "#);
}

#[test]
fn a_greedy_label_that_is_no_string() {
    let text = change(SERVICE, "{Version}", "{Version+}");
    assert_snapshot!(text, @r#"
    error: the greedy label `Version` is not a string
      --> service-2.json:29:23
       |
    29 |         "requestUri": "/things/{Name}/versions/{Version+}",
       |                       ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^
       |
       = at /operations/PutThing/http/requestUri
       = help: remove the `+`: write `{Version}`

    1 error
    "#);
}

#[test]
fn a_label_of_a_structure() {
    let text = change(
        SERVICE,
        r#""Version": { "shape": "Count""#,
        r#""Version": { "shape": "GetThingOutput""#,
    );
    assert_snapshot!(text, @r#"
    error: operation `PutThing` has the structure `Version` in its path, where it cannot be
      --> service-2.json:58:31
       |
    58 |         "Version": { "shape": "GetThingOutput", "location": "uri" },
       |                               ^^^^^^^^^^^^^^^^
       |
       = at /shapes/PutThingInput/members/Version/shape
       = help: name another shape: a label is a string, a number, a boolean or a timestamp

    1 error
    "#);
}

#[test]
fn a_recursive_label() {
    let text = change(
        SERVICE,
        r#""Version": { "shape": "Count""#,
        r#""Version": { "shape": "PutThingInput""#,
    );
    assert_snapshot!(text, @r#"
    error: the structure requires itself: `PutThingInput` -> `PutThingInput`
      --> service-2.json:58:31
       |
    58 |         "Version": { "shape": "PutThingInput", "location": "uri" },
       |                               ^^^^^^^^^^^^^^^
       |
       = at /shapes/PutThingInput/members/Version/shape
       = help: remove `Version` from the `required` of `PutThingInput`: no finite value has it

    error: operation `PutThing` has the structure `Version` in its path, where it cannot be
      --> service-2.json:58:31
       |
    58 |         "Version": { "shape": "PutThingInput", "location": "uri" },
       |                               ^^^^^^^^^^^^^^^
       |
       = at /shapes/PutThingInput/members/Version/shape
       = help: name another shape: a label is a string, a number, a boolean or a timestamp

    2 errors
    "#);
}
