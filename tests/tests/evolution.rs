//! The verdict on a change of a description, proved: a program that uses all of the old crate compiles with the new one
//! unless the verdict is `major`, and what a minor release adds is not in the old one.

#[path = "../evolution/cases.rs"]
mod cases;
mod scratch;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use cases::Case;
use scratch::{Workspace, options, root};
use serde_json::Value;

fn base() -> PathBuf {
    root().join("tests/evolution/base")
}

fn cases() -> Vec<Case> {
    cases::all(&root().join("tests/evolution/cases"))
}

#[test]
fn each_change_has_its_verdict_and_a_reason() {
    let mut problems = Vec::new();
    for case in cases() {
        let model = tempfile::tempdir().expect("a folder");
        case.describe(&base(), model.path());
        let diff = match codegen::compare(&base(), model.path()) {
            Ok(diff) => diff,
            Err(diagnostics) => {
                problems.push(format!("{}: {diagnostics}", case.name));
                continue;
            }
        };
        let verdict = diff.verdict().map_or("none".to_owned(), |level| level.to_string());
        let because = diff.decisive().map(|change| change.text.clone());
        if (&verdict, &because) != (&case.verdict, &case.because) {
            problems.push(format!("{}: {verdict}: {because:?}\n{diff}", case.name));
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n\n"));
}

/// What `client.json` says of a member that is no longer an optional text does not fit the other description.
#[test]
fn a_folder_without_client_json_borrows_what_fits() {
    let model = |required: &str, client: Option<&str>| {
        let folder = tempfile::tempdir().expect("a folder");
        for name in ["service-2.json", "endpoint-rule-set-1.json"] {
            let text = std::fs::read_to_string(base().join(name)).expect("a description");
            let text = text.replace("\"required\": [\"Count\"]", required);
            std::fs::write(folder.path().join(name), text).expect("written");
        }
        if let Some(client) = client {
            std::fs::write(folder.path().join("client.json"), client).expect("written");
        }
        folder
    };
    let client = r#"{"results": {"GetItem": {"output": "Tag"}}}"#;
    let ours = model(r#""required": ["Count"]"#, Some(client));
    let theirs = model(r#""required": ["Count", "Tag"]"#, None);
    let diff = codegen::compare(ours.path(), theirs.path()).unwrap_or_else(|error| panic!("{error}"));
    let texts: Vec<&str> = diff.changes.iter().map(|change| change.text.as_str()).collect();
    assert!(texts.contains(&"`result` of `GetItemOutput` is gone"), "{diff}");
    assert!(
        texts
            .iter()
            .any(|text| text.starts_with("`tag` of `GetItemOutput` is now required")),
        "{diff}"
    );
}

/// What names elements is not in the API, and travels all the same.
#[test]
fn names_of_elements_are_compared() {
    let service = std::fs::read_to_string(root().join("tests/smithy/depot/service-2.json")).expect("a description");
    let rules = std::fs::read_to_string(base().join("endpoint-rule-set-1.json")).expect("rules");
    let model = |from: &str, to: &str| {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(service.contains(from), "{from}");
        std::fs::write(folder.path().join("service-2.json"), service.replace(from, to)).expect("written");
        std::fs::write(folder.path().join("endpoint-rule-set-1.json"), &rules).expect("written");
        folder
    };
    for (from, to, expected) in [
        (
            r#""NoteList", "flattened": true, "locationName": "Stamp""#,
            r#""NoteList", "locationName": "Stamp""#,
            "`stamps` of `StoreParcelInput` is now an element with elements `item`, was flattened",
        ),
        (
            r#""locationName": "item""#,
            r#""locationName": "note""#,
            "`history` of `StoreParcelInput` is now an element with elements `note`, was an element with elements `item`",
        ),
        (
            r#""locationName": "Parcel""#,
            r#""locationName": "Package""#,
            "the root of the body is now `Package` in the namespace `https://depot.example/doc/2026-01-01/`, \
             was `Parcel` in the namespace `https://depot.example/doc/2026-01-01/`",
        ),
        (
            r#""protocol": "rest-xml""#,
            r#""protocol": "rest-json""#,
            "the protocol is now `rest-json`, was `rest-xml`",
        ),
    ] {
        let diff = codegen::compare(model("", "").path(), model(from, to).path());
        let diff = diff.unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(diff.verdict(), Some(codegen::diff::Level::Patch), "{diff}");
        assert!(
            diff.changes.iter().any(|change| change.text == expected),
            "{expected}\n{diff}"
        );
    }
}

#[test]
fn programs_compile_exactly_if_the_verdict_says_so() {
    let cases = cases();
    let mut packages = vec![("old".to_owned(), old_crate(&cases))];
    for case in &cases {
        packages.push((case.name.clone(), new_crate(case)));
    }
    let packages: Vec<_> = packages.iter().map(|(name, files)| (name.as_str(), files)).collect();
    let workspace = Workspace::new("evolution", &packages);
    let mut check = workspace.cargo("check");
    let options = [
        "--no-default-features",
        "--examples",
        "--keep-going",
        "--message-format",
        "json",
    ];
    let output = check.args(options).output().expect("it starts");
    let output = String::from_utf8(output.stdout).expect("it prints text");
    let compiled = compiled(&output);

    let mut problems = Vec::new();
    let mut expect = |package: &str, example: &str, is_expected: bool| {
        let does = compiled.contains(&(package.to_owned(), example.to_owned()));
        if does != is_expected {
            let verb = if does { "compiles" } else { "does not compile" };
            problems.push(format!("{package}: `{example}` {verb}\n{}", messages(&output, example)));
        }
    };
    expect("old", "program", true);
    for case in &cases {
        expect(&case.name, &format!("{}-program", case.name), case.verdict != "major");
        if case.new.is_some() {
            let example = format!("{}-new", case.name);
            expect(&case.name, &example, true);
            expect("old", &example, false);
        }
    }
    assert!(problems.is_empty(), "{}", problems.join("\n"));
    assert!(cases.len() >= 60, "{} cases", cases.len());
}

const PROGRAM: &str = include_str!("../evolution/program.rs");

/// The crate of the base, with the program that must compile and all those that must not.
fn old_crate(cases: &[Case]) -> BTreeMap<String, String> {
    let mut files = generate("old", &base());
    files.insert("examples/program.rs".to_owned(), PROGRAM.to_owned());
    for case in cases {
        if let Some(new) = &case.new {
            files.insert(format!("examples/{}-new.rs", case.name), news(new));
        }
    }
    files
}

/// The crate after a change.
fn new_crate(case: &Case) -> BTreeMap<String, String> {
    let model = tempfile::tempdir().expect("a folder");
    case.describe(&base(), model.path());
    let mut files = generate(&case.name, model.path());
    files.insert(format!("examples/{}-program.rs", case.name), PROGRAM.to_owned());
    if let Some(new) = &case.new {
        files.insert(format!("examples/{}-new.rs", case.name), news(new));
    }
    files
}

/// A client whose package has another name: a workspace cannot have one name twice.
fn generate(package: &str, model: &Path) -> BTreeMap<String, String> {
    let client = codegen::generate(model, &options(None)).unwrap_or_else(|error| panic!("{package}: {error}"));
    let mut files = client.files;
    let manifest = files.get_mut("Cargo.toml").expect("a manifest");
    let name = format!("name = \"{}\"\n", client.name);
    assert_eq!(manifest.matches(&name).count(), 1, "{manifest}");
    let library = client.name.replace('-', "_");
    *manifest = manifest.replace(&name, &format!("name = \"{package}\"\n"));
    manifest.push_str(&format!("\n[lib]\nname = \"{library}\"\n"));
    files
}

fn news(new: &str) -> String {
    format!(
        "#![allow(warnings)]\nuse shop::types::*;\nuse shop::*;\nfn main() {{}}\n\
         pub async fn news(client: Client) -> Result<(), Error> {{\n    {new}\n    Ok(())\n}}\n"
    )
}

/// The examples that the compiler has taken, with their packages.
fn compiled(output: &str) -> BTreeSet<(String, String)> {
    let messages = output
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let artifacts = messages.filter(|message| message["reason"] == "compiler-artifact");
    let examples = artifacts.filter(|artifact| artifact["target"]["kind"][0] == "example");
    let names = examples.map(|artifact| {
        let manifest = artifact["manifest_path"].as_str().expect("a path");
        let package = Path::new(manifest)
            .parent()
            .and_then(Path::file_name)
            .expect("a folder");
        let target = artifact["target"]["name"].as_str().expect("a name");
        (package.to_string_lossy().into_owned(), target.to_owned())
    });
    names.collect()
}

/// What the compiler says of an example.
fn messages(output: &str, example: &str) -> String {
    let messages = output
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let about = messages.filter(|message| message["target"]["name"] == example);
    let texts = about.filter_map(|message| message["message"]["rendered"].as_str().map(str::to_owned));
    texts.collect()
}
