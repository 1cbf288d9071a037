//! The same service in both forms of description: botocore's, and Smithy's JSON.

mod scratch;

use std::fs;
use std::path::{Path, PathBuf};

use scratch::{options, root};

fn base() -> PathBuf {
    root().join("tests/evolution/base")
}

fn smithy() -> PathBuf {
    root().join("tests/evolution/smithy/shop.json")
}

/// A folder with the description in Smithy's form, a text of it replaced, and with what is not in it.
fn folder(from: &str, to: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let text = fs::read_to_string(smithy()).expect("a description");
    assert!(text.contains(from), "{from}");
    fs::write(folder.path().join("shop.json"), text.replace(from, to)).expect("written");
    for name in ["client.json", "partitions.json"] {
        fs::copy(base().join(name), folder.path().join(name)).expect("copied");
    }
    folder
}

/// The problem with a description.
fn problem(model: &Path) -> String {
    let error = codegen::generate(model, &options(None)).expect_err("it cannot be generated");
    error.to_string()
}

#[test]
fn both_forms_become_the_same_crate() {
    let folder = folder("", "");
    let [one, other] = [base().as_path(), folder.path()].map(|model| {
        let client = codegen::generate(model, &options(None)).unwrap_or_else(|error| panic!("{error}"));
        assert!(client.warnings.is_empty(), "{:?}", client.warnings);
        client.files
    });
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    for (path, text) in &one {
        assert_eq!(text, &other[path], "{path}");
    }
}

#[test]
fn a_file_is_read_by_itself_and_compared() {
    let diff = codegen::compare(&base(), &smithy()).unwrap_or_else(|error| panic!("{error}"));
    // The partitions are those of the generator.
    let others: Vec<_> = diff
        .changes
        .iter()
        .filter(|change| change.group != codegen::diff::Group::Endpoints)
        .collect();
    assert!(others.is_empty(), "{diff}");
    let folder = folder("\"X-Trace\"", "\"X-Other\"");
    let diff = codegen::compare(&base(), folder.path()).unwrap_or_else(|error| panic!("{error}"));
    let texts: Vec<_> = diff.changes.iter().map(|change| change.text.as_str()).collect();
    assert_eq!(
        texts,
        ["`trace` of `GetItemInput` travels elsewhere: in the header `x-other`, was in the header `x-trace`"]
    );
}

#[test]
fn what_cannot_be_read_is_said_in_words() {
    for (from, to, expected) in [
        (
            "\"smithy\": \"2.0\"",
            "\"smithy\": \"1.0\"",
            "the description is of Smithy 1.0",
        ),
        (
            "\"type\": \"service\"",
            "\"type\": \"structure\"",
            "the description has no service, or more than one",
        ),
        (
            "#endpointRuleSet",
            "#endpointBdd",
            "the service has no `smithy.rules#endpointRuleSet`",
        ),
        (
            "aws.protocols#restJson1",
            "aws.protocols#awsQuery",
            "the service speaks `query`, and names in XML are not read",
        ),
        (
            "\"type\": \"enum\"",
            "\"type\": \"bigInteger\"",
            "`bigInteger` is not a known shape type",
        ),
    ] {
        let text = problem(folder(from, to).path());
        assert!(text.contains(expected), "{to}: {text}");
    }
}
