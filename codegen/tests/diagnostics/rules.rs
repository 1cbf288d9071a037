//! The endpoint rules. Each case is a set of rules of its own, because one rule shows its fault best.

use std::fmt::Write as _;

use insta::assert_snapshot;

use super::{Folder, RULES, SERVICE, change};

const PARAMETERS: &str = r#""version": "1.0", "parameters": {
  "Region": { "type": "string", "builtIn": "AWS::Region" },
  "UseFIPS": { "type": "boolean", "builtIn": "AWS::UseFIPS", "required": true, "default": false }
}"#;

/// A rule with these conditions, and what is said about it.
fn conditions(name: &str, conditions: &str) -> String {
    rule(
        name,
        &format!(r#""type": "endpoint", "conditions": [{conditions}], "endpoint": {{ "url": "https://example.com" }}"#),
    )
}

fn rule(name: &str, rule: &str) -> String {
    let rules = format!("{{ {PARAMETERS}, \"rules\": [\n  {{ {rule} }}\n] }}\n");
    let text = Folder::good().write(RULES, rules).diagnostics();
    format!("== {name}\n{text}\n\n")
}

#[test]
fn conditions_that_cannot_be() {
    let mut text = String::new();
    for (name, condition) in [
        ("an unknown function", r#"{ "fn": "isset", "argv": [] }"#),
        (
            "an unknown reference",
            r#"{ "fn": "isSet", "argv": [{ "ref": "Regoin" }] }"#,
        ),
        (
            "arguments of another function",
            r#"{ "fn": "booleanEquals", "argv": [{ "ref": "UseFIPS" }] }"#,
        ),
        (
            "text in the place of true or false",
            r#"{ "fn": "booleanEquals", "argv": [{ "ref": "UseFIPS" }, "yes"] }"#,
        ),
        (
            "an attribute of what has none",
            r#"{ "fn": "getAttr", "argv": [{ "ref": "UseFIPS" }, "supportsFIPS"] }"#,
        ),
        (
            "an attribute that partitions do not have",
            r#"{ "fn": "isSet", "argv": [{ "ref": "Region" }] },
     { "fn": "aws.partition", "argv": [{ "ref": "Region" }], "assign": "P" },
     { "fn": "getAttr", "argv": [{ "ref": "P" }, "supportsMoon"] }"#,
        ),
        (
            "an index in the middle of a path, and one of what is not a list",
            r#"{ "fn": "aws.parseArn", "argv": ["arn"], "assign": "arn" },
     { "fn": "getAttr", "argv": [{ "ref": "arn" }, "resourceId[0].name"] },
     { "fn": "getAttr", "argv": [{ "ref": "arn" }, "region[0]"] }"#,
        ),
        (
            "a variable without a name in Rust",
            r#"{ "fn": "isSet", "argv": [{ "ref": "Region" }] },
     { "fn": "aws.partition", "argv": [{ "ref": "Region" }], "assign": "--" }"#,
        ),
        (
            "names that have a value already",
            r#"{ "fn": "uriEncode", "argv": ["a"], "assign": "UseFIPS" },
     { "fn": "uriEncode", "argv": ["a"], "assign": "a" },
     { "fn": "uriEncode", "argv": ["b"], "assign": "a" }"#,
        ),
        (
            "an argument that is assigned",
            r#"{ "fn": "not", "argv": [{ "fn": "isSet", "argv": [{ "ref": "Region" }], "assign": "a" }] }"#,
        ),
        (
            "numbers that are none, and a delimiter of nothing",
            r#"{ "fn": "substring", "argv": ["text", -1, 2, "no"] },
     { "fn": "split", "argv": ["text", "", -1] },
     { "fn": "split", "argv": ["text", "-", -1] }"#,
        ),
        (
            "values of two types to choose from",
            r#"{ "fn": "ite", "argv": [{ "ref": "UseFIPS" }, "fips", false] },
     { "fn": "coalesce", "argv": [{ "ref": "Region" }, true] }"#,
        ),
        (
            "what may be empty in the middle of what need not be asked",
            r#"{ "fn": "coalesce", "argv": [{ "fn": "uriEncode", "argv": [
       { "fn": "substring", "argv": ["text", 0, 2, false] }
     ] }, ""] }"#,
        ),
    ] {
        let written = writeln!(text, "{}", conditions(name, condition).trim_end());
        assert!(written.is_ok(), "writing to a string does not fail");
    }
    assert_snapshot!(text);
}

#[test]
fn results_that_cannot_be() {
    let mut text = String::new();
    for (name, result) in [
        ("a type that is none", r#""type": "leaf", "conditions": []"#),
        (
            "a result of another type",
            r#""type": "tree", "conditions": [], "error": "no""#,
        ),
        (
            "braces that do not match",
            r#""type": "error", "conditions": [], "error": "no {Region""#,
        ),
        (
            "a template with what may not be set",
            r#""type": "error", "conditions": [], "error": "no {Region}""#,
        ),
        (
            "a template with what is not text",
            r#""type": "error", "conditions": [], "error": "no {UseFIPS}""#,
        ),
        (
            "a template with what may be empty",
            r#""type": "error", "conditions": [{ "fn": "aws.parseArn", "argv": ["arn"], "assign": "arn" }],
    "error": "no {arn#resourceId[1]}""#,
        ),
        (
            "a URL and a header that are no text",
            r#""type": "endpoint", "conditions": [],
    "endpoint": { "url": { "ref": "UseFIPS" }, "headers": { "x-a": [true] } }"#,
        ),
        (
            "properties that cannot be",
            r#""type": "endpoint", "conditions": [], "endpoint": { "url": "https://example.com", "properties": {
      "a": { "b": [null, 1.5, "{c}"] },
      "authSchemes": [{ "name": "sigv4", "signingName": true, "disableDoubleEncoding": "yes" }]
    } }"#,
        ),
        (
            "schemes that are no list, and one without a name",
            r#""type": "tree", "conditions": [], "rules": [
    { "type": "endpoint", "endpoint": { "url": "https://a.com", "properties": { "authSchemes": "sigv4" } } },
    { "type": "endpoint", "endpoint": { "url": "https://a.com", "properties": { "authSchemes": [{}] } } }
  ]"#,
        ),
        (
            "nothing but signatures that clients cannot make",
            r#""type": "endpoint", "conditions": [], "endpoint": { "url": "https://example.com", "properties": {
      "authSchemes": [{ "name": "sigv4a", "signingRegionSet": ["*"] }]
    } }"#,
        ),
    ] {
        let written = writeln!(text, "{}", rule(name, result).trim_end());
        assert!(written.is_ok(), "writing to a string does not fail");
    }
    assert_snapshot!(text);
}

#[test]
fn parameters_that_cannot_be() {
    let mut text = String::new();
    for (old, new) in [
        (
            r#""type": "string", "builtIn": "AWS::Region""#,
            r#""type": "boolean", "builtIn": "AWS::Region""#,
        ),
        (
            r#""type": "string", "builtIn": "AWS::Region""#,
            r#""type": "stringArry""#,
        ),
        (r#""default": false"#, r#""default": "no""#),
        (r#""Region": {"#, r#""--": {"#),
    ] {
        let rules = format!("{{ {PARAMETERS}, \"rules\": [] }}\n").replacen(old, new, 1);
        text.push_str(&Folder::good().write(RULES, rules).diagnostics());
        text.push_str("\n\n");
    }
    assert_snapshot!(text);
}

/// What botocore's data has, and more: types in any case, parameters of operations, built-ins that clients do not have.
#[test]
fn parameters_that_can_be() {
    let rules = r#"{ "version": "1.1", "parameters": {
  "Region": { "type": "String", "builtIn": "AWS::Region", "required": true },
  "Account": { "type": "string", "builtIn": "AWS::Auth::AccountId" },
  "Names": { "type": "StringArray", "required": true, "default": ["a", "b"] },
  "IsFast": { "type": "Boolean", "required": true, "default": true }
}, "rules": [] }
"#;
    assert_eq!(Folder::good().write(RULES, rules).diagnostics(), "nothing is wrong");
}

#[test]
fn a_partition_whose_regions_cannot_be_recognized() {
    let partitions = r#"{ "version": "1.1", "partitions": [{
  "id": "aws",
  "outputs": {
    "name": "aws", "dnsSuffix": "amazonaws.com", "dualStackDnsSuffix": "api.aws",
    "supportsFIPS": true, "supportsDualStack": true, "implicitGlobalRegion": "us-east-1"
  },
  "regionRegex": "^us.*$",
  "regions": {}
}] }
"#;
    assert_snapshot!(Folder::good().write("partitions.json", partitions).diagnostics());
}

#[test]
fn names_that_become_one() {
    let required = change(
        SERVICE,
        r#""required": ["Name"],
      "members": {"#,
        r#""required": ["Name", "A1", "A_1"],
      "members": {
        "A1": { "shape": "Text", "location": "header", "locationName": "x-a1" },
        "A_1": { "shape": "Text", "location": "header", "locationName": "x-a-1" },"#,
    );
    let in_body = change(
        SERVICE,
        r#""Size": { "shape": "Count" },"#,
        r#""Size": { "shape": "Count" },
        "Extent": { "shape": "Count", "locationName": "Size" },"#,
    );
    assert_snapshot!(format!("{required}\n\n{in_body}"));
}

/// There is no endpoint that could want a signature of any kind.
#[test]
fn rules_that_end_in_errors_alone() {
    let rules =
        r#"{ "version": "1.0", "parameters": {}, "rules": [{ "type": "error", "conditions": [], "error": "No" }] }"#;
    assert_eq!(Folder::good().write(RULES, rules).diagnostics(), "nothing is wrong");
}
