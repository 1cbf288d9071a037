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
        ("an unknown function", r#"{ "fn": "isGreen", "argv": [] }"#),
        (
            "a function that cannot be generated yet",
            r#"{ "fn": "parseURL", "argv": ["{Region}"], "assign": "url" }"#,
        ),
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
            "an attribute of what is no partition",
            r#"{ "fn": "getAttr", "argv": [{ "ref": "UseFIPS" }, "supportsFIPS"] }"#,
        ),
        (
            "an attribute that partitions do not have",
            r#"{ "fn": "isSet", "argv": [{ "ref": "Region" }] },
     { "fn": "aws.partition", "argv": [{ "ref": "Region" }], "assign": "P" },
     { "fn": "getAttr", "argv": [{ "ref": "P" }, "supportsMoon"] }"#,
        ),
        (
            "a variable without a name in Rust",
            r#"{ "fn": "isSet", "argv": [{ "ref": "Region" }] },
     { "fn": "aws.partition", "argv": [{ "ref": "Region" }], "assign": "--" }"#,
        ),
        (
            "a parameter that may not be set",
            r#"{ "fn": "aws.partition", "argv": [{ "ref": "Region" }], "assign": "P" }"#,
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
            "properties and headers",
            r#""type": "endpoint", "conditions": [],
    "endpoint": { "url": "https://example.com", "properties": { "a": 1 }, "headers": { "b": ["c"] } }"#,
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
        (r#""builtIn": "AWS::Region""#, r#""builtIn": "AWS::Galaxy""#),
        (
            r#""type": "string", "builtIn": "AWS::Region""#,
            r#""type": "boolean", "builtIn": "AWS::Region""#,
        ),
        (r#""default": false"#, r#""default": true"#),
    ] {
        let rules = format!("{{ {PARAMETERS}, \"rules\": [] }}\n").replacen(old, new, 1);
        text.push_str(&Folder::good().write(RULES, rules).diagnostics());
        text.push_str("\n\n");
    }
    assert_snapshot!(text);
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

#[test]
fn a_message_that_must_not_be_shown() {
    let text = change(
        SERVICE,
        r#""Text": { "type": "string" }"#,
        r#""Text": { "type": "string", "sensitive": true }"#,
    );
    assert_snapshot!(text);
}
