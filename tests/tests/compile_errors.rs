//! What the compiler says where a required member has not been set, or an operation is one of another service, and that
//! it says nothing where all is well.

mod scratch;

use codegen::Files;
use scratch::{Workspace, client, root};
use serde_json::Value;

macro_rules! programs {
    ($($name:literal)*) => {
        [$(($name, include_str!(concat!("compile_errors/", $name, ".rs")))),*]
    };
}

/// Files that must not compile. They are modules of one crate, so that the compiler runs once.
const WRONG: [(&str, &str); 11] = programs! {
    "awaited_empty"
    "awaited_without_body"
    "build_without_body"
    "foreign_operation"
    "json_as_body"
    "missing_body"
    "missing_both"
    "missing_endpoint_name"
    "new_blocking_without_feature"
    "new_without_feature"
    "nothing_set"
};

/// The file that must compile. It is a crate of its own, as no warning is given for a crate with errors.
const RIGHT: [(&str, &str); 1] = programs!("complete");

/// A package of these modules that uses clients of two services.
fn package(name: &str, modules: &[(&str, &str)]) -> Files {
    let client = root().join("generated/sagemaker-runtime");
    let manifest = format!(
        "[package]\nname = '{name}'\nedition = '2024'\n\n[dependencies]\nlibrary.path = '../library'\n\
         sagemaker-runtime = {{ path = '{}', features = ['blocking'] }}\nserde_json = '1'\n",
        client.display()
    );
    let declarations = modules.iter().map(|(module, _)| format!("pub mod {module};\n"));
    let mut files = Files::from([
        ("Cargo.toml".to_owned(), manifest),
        ("src/lib.rs".to_owned(), declarations.collect()),
    ]);
    for (module, text) in modules {
        files.insert(format!("src/{module}.rs"), (*text).to_owned());
    }
    files
}

/// What the compiler says of the package with this name.
fn diagnostics(messages: &str, package: &str) -> Vec<Value> {
    messages
        .lines()
        .filter_map(|line| serde_json::from_str::<Value>(line).ok())
        .filter(|message| message["reason"] == "compiler-message" && message["target"]["name"] == package)
        .map(|message| message["message"].clone())
        // Not the one that counts the others.
        .filter(|diagnostic| diagnostic["spans"].as_array().is_some_and(|spans| !spans.is_empty()))
        .collect()
}

/// Our words in a diagnostic, with the file, line and code that they are about. The compiler puts more around them, in
/// words that change from version to version.
fn ours(diagnostic: &Value) -> String {
    let spans = diagnostic["spans"].as_array().expect("there are places");
    let at = spans
        .iter()
        .find(|span| span["is_primary"] == true)
        .expect("one is primary");
    let line = &at["text"][0];
    let column = |name: &str| line_column(&at[name]);
    let text = line["text"].as_str().unwrap_or_default();
    format!(
        "{}:{}: `{}`: {}: {}",
        at["file_name"].as_str().unwrap_or_default().replace('\\', "/"),
        at["line_start"],
        &text[column("column_start")..column("column_end")],
        diagnostic["message"].as_str().unwrap_or_default(),
        at["label"].as_str().unwrap_or_default(),
    )
}

/// A column, which counts from 1, as an index.
fn line_column(column: &Value) -> usize {
    usize::try_from(column.as_u64().unwrap_or(1) - 1).expect("a line is short")
}

#[test]
fn what_is_wrong_with_a_call_is_said_once() {
    let workspace = Workspace::new(
        "compile-errors",
        &[
            ("library", &client("library")),
            ("wrong", &package("wrong", &WRONG)),
            ("right", &package("right", &RIGHT)),
        ],
    );
    let output = workspace
        .cargo("check")
        .args(["--keep-going", "--message-format=json"])
        .output()
        .expect("cargo starts");
    let messages = String::from_utf8_lossy(&output.stdout);

    let mut wrong: Vec<String> = diagnostics(&messages, "wrong").iter().map(ours).collect();
    wrong.sort();
    insta::assert_snapshot!(wrong.join("\n"));

    assert_eq!(diagnostics(&messages, "right"), [] as [Value; 0]);
    let is_checked = messages.lines().any(|line| {
        let message: Value = serde_json::from_str(line).unwrap_or_default();
        message["reason"] == "compiler-artifact" && message["target"]["name"] == "right"
    });
    assert!(is_checked, "{}", String::from_utf8_lossy(&output.stderr));
}
