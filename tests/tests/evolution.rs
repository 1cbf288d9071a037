//! The verdict on a change of a description, proved: a program that uses all of the old crate compiles with the new one
//! unless the verdict is `major`, and what a minor release adds is not in the old one.

#[path = "../evolution/cases.rs"]
mod cases;
mod scratch;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use cases::Case;
use codegen::{Crate, Files};
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
    let mut clients = BTreeMap::from([(OLD.to_owned(), generate(OLD, &base()))]);
    for case in &cases {
        let model = tempfile::tempdir().expect("a folder");
        case.describe(&base(), model.path());
        clients.insert(case.name.clone(), generate(&case.name, model.path()));
    }
    let [right, wrong] = programs(&cases, &clients);
    let users = [("right", &right), ("wrong", &wrong)];
    let users = users.map(|(name, programs)| (name, user(name, programs, &clients)));
    let mut packages: Vec<_> = users.iter().map(|(name, files)| (*name, files)).collect();
    packages.extend(clients.iter().map(|(name, client)| (name.as_str(), &client.files)));
    let workspace = Workspace::new("evolution", &packages);
    let mut check = workspace.cargo("check");
    let options = ["--no-default-features", "--keep-going", "--message-format", "json"];
    let output = check.args(options).output().expect("it starts");
    let output = String::from_utf8(output.stdout).expect("it prints text");
    let messages: Vec<Value> = output
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .collect();

    let problems = errors(&messages, "right");
    assert!(problems.is_empty(), "{problems:#?}");
    assert!(is_built(&messages, "right"), "{output}");
    let errors = errors(&messages, "wrong");
    let files = wrong.keys().map(|module| format!("wrong/src/{module}.rs"));
    let compiling: Vec<_> = files.filter(|file| !errors.contains_key(file)).collect();
    assert!(compiling.is_empty(), "{compiling:#?} compile");
    assert!(cases.len() >= 60, "{} cases", cases.len());
}

/// The crate before the changes.
const OLD: &str = "old";
const PROGRAM: &str = include_str!("../evolution/program.rs");

/// The programs that must compile and those that must not, by the names of their modules. They are modules of two crates,
/// so that the compiler runs once for each.
fn programs(cases: &[Case], clients: &BTreeMap<String, Crate>) -> [BTreeMap<String, String>; 2] {
    let with = |client: &str, program: &str| {
        let library = clients[client].name.replace('-', "_");
        format!("{program}\nuse {} as {library};\n", client.replace('-', "_"))
    };
    let mut right = BTreeMap::from([("old_program".to_owned(), with(OLD, PROGRAM))]);
    let mut wrong = BTreeMap::new();
    for case in cases {
        let module = case.name.replace('-', "_");
        let kind = if case.verdict == "major" {
            &mut wrong
        } else {
            &mut right
        };
        kind.insert(format!("{module}_program"), with(&case.name, PROGRAM));
        if let Some(new) = &case.new {
            let news = news(new);
            right.insert(format!("{module}_new"), with(&case.name, &news));
            wrong.insert(format!("{module}_new"), with(OLD, &news));
        }
    }
    [right, wrong]
}

fn news(new: &str) -> String {
    format!(
        "#![allow(warnings)]\nuse shop::types::*;\nuse shop::*;\n\
         pub async fn news(client: Client) -> Result<(), Error> {{\n    {new}\n    Ok(())\n}}\n"
    )
}

/// A package of these modules that uses all clients.
fn user(name: &str, modules: &BTreeMap<String, String>, clients: &BTreeMap<String, Crate>) -> Files {
    let manifest = format!("[package]\nname = '{name}'\nedition = '2024'\n\n[dependencies]\n");
    let clients = clients.keys();
    let dependencies =
        clients.map(|client| format!("{client} = {{ path = '../{client}', default-features = false }}\n"));
    let declarations = modules.keys().map(|module| format!("pub mod {module};\n"));
    let mut files = Files::from([
        ("Cargo.toml".to_owned(), manifest + &dependencies.collect::<String>()),
        ("src/lib.rs".to_owned(), declarations.collect()),
    ]);
    for (module, text) in modules {
        files.insert(format!("src/{module}.rs"), text.clone());
    }
    files
}

/// A client whose package has another name: a workspace cannot have one name twice. Its programs know it by its own.
fn generate(package: &str, model: &Path) -> Crate {
    let mut client = codegen::generate(model, &options(None)).unwrap_or_else(|error| panic!("{package}: {error}"));
    let manifest = client.files.get_mut("Cargo.toml").expect("a manifest");
    let name = format!("name = \"{}\"\n", client.name);
    assert_eq!(manifest.matches(&name).count(), 1, "{manifest}");
    *manifest = manifest.replace(&name, &format!("name = \"{package}\"\n"));
    client
}

/// What the compiler finds wrong in a package, by the files of the workspace.
fn errors(messages: &[Value], package: &str) -> BTreeMap<String, String> {
    let mut errors = BTreeMap::<String, String>::new();
    let of_package = messages.iter().filter(|message| message["target"]["name"] == package);
    for message in of_package.map(|message| &message["message"]) {
        let spans = message["spans"].as_array().into_iter().flatten();
        let primary = spans.filter(|span| span["is_primary"] == true);
        for file in primary.filter_map(|span| span["file_name"].as_str()) {
            if message["level"] == "error" {
                let text = errors.entry(file.replace('\\', "/")).or_default();
                text.push_str(message["rendered"].as_str().unwrap_or_default());
            }
        }
    }
    errors
}

fn is_built(messages: &[Value], package: &str) -> bool {
    messages
        .iter()
        .any(|message| message["reason"] == "compiler-artifact" && message["target"]["name"] == package)
}
