//! What is committed is what the generator writes, always and everywhere the same.

mod scratch;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use codegen::{Crate, Files, Options, Runtime};
use scratch::{Workspace, cargo, options, read, root, succeed};

fn generate(model: &Path) -> Crate {
    let options = Options {
        runtime: Runtime::Path("../../runtime".to_owned()),
        ..Options::default()
    };
    codegen::generate(model, &options).unwrap_or_else(|diagnostics| panic!("{diagnostics}"))
}

/// The folders in a folder, in the order of their names.
fn folders(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    let paths = entries.map(|entry| entry.expect("it can be read").path());
    let mut folders: Vec<PathBuf> = paths.filter(|path| path.is_dir()).collect();
    folders.sort();
    folders
}

/// Both have the same files. A difference is shown by names, as the files are long.
fn assert_same(left: &Files, right: &Files, message: &str) {
    let names: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
    let different: Vec<_> = names
        .into_iter()
        .filter(|name| left.get(*name) != right.get(*name))
        .collect();
    assert!(different.is_empty(), "{message}: {different:#?}");
}

#[test]
fn what_is_committed_is_what_is_generated() {
    let generated = root().join("generated");
    let mut expected = Vec::new();
    for model in folders(&root().join("models")) {
        let client = generate(&model);
        let folder = generated.join(&client.name);
        assert_same(
            &client.files,
            &read(&folder),
            "not up to date, run `cargo xtask codegen`",
        );
        expected.push(folder);
    }
    assert!(!expected.is_empty(), "there is no model");
    expected.sort();
    assert_eq!(folders(&generated), expected, "each client has a model");
}

#[test]
fn a_model_is_the_same_wherever_it_lies_and_however_often_it_is_read() {
    for model in folders(&root().join("models")) {
        let name = model.file_name().expect("it has a name");
        let first = generate(&model).files;
        assert_same(&first, &generate(&model).files, "other files the second time");

        // Tests run in the folder of their package.
        let relative = Path::new("../models").join(name);
        assert_same(&first, &generate(&relative).files, "other files by a relative path");

        let elsewhere = tempfile::tempdir().expect("a folder");
        for (file, text) in read(&model) {
            fs::write(elsewhere.path().join(file), text).expect("the file can be written");
        }
        assert_same(
            &first,
            &generate(elsewhere.path()).files,
            "other files in another folder",
        );
    }
}

#[test]
fn the_command_finds_everything_up_to_date_and_writes_the_same_from_any_folder() {
    let xtask = |folder: &str, arguments: &[&str]| {
        let mut command = cargo();
        command
            .current_dir(root().join(folder))
            .args(["xtask", "codegen"])
            .args(arguments);
        let output = succeed(command.env("CARGO_NET_OFFLINE", "true"));
        String::from_utf8(output.stdout).expect("it prints text")
    };
    assert_eq!(xtask("", &["--check"]), "every generated file is up to date\n");
    assert_eq!(xtask("models", &["--check"]), "every generated file is up to date\n");

    let out = tempfile::tempdir().expect("a folder");
    let path = out.path().to_str().expect("its name is text");
    let runtime = ["--runtime", "../runtime"];
    xtask(
        "models",
        &[&["--model", "sagemaker-runtime", "--out", path], &runtime[..]].concat(),
    );
    let mut committed = read(&root().join("generated/sagemaker-runtime"));
    let mut written = read(out.path());
    // It finds the runtime elsewhere.
    let manifests = [&mut committed, &mut written].map(|files| files.remove("Cargo.toml"));
    assert_ne!(manifests[0], manifests[1]);
    assert_same(&committed, &written, "the command has written other files");
}

#[test]
fn a_client_of_one_operation_has_nothing_else_and_compiles() {
    let model = root().join("models/sagemaker-runtime");
    let client = codegen::generate(&model, &options(Some("InvokeEndpoint")))
        .unwrap_or_else(|diagnostics| panic!("{diagnostics}"));
    let operations = client.files.keys().filter(|path| path.starts_with("src/operation/"));
    assert_eq!(operations.collect::<Vec<_>>(), ["src/operation/invoke_endpoint.rs"]);
    for (path, text) in &client.files {
        assert!(
            !text.contains("invoke_endpoint_async"),
            "{path} speaks of another operation"
        );
    }

    let workspace = Workspace::new("one-operation", &[(&client.name, &client.files)]);
    workspace.lint();
    workspace.document();
}
