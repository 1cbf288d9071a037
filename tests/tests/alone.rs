//! What the command writes outside of this repository is complete: copied to another folder, it passes all that cargo can
//! check, without anything else of ours.

mod scratch;

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsStr;
use std::path::Path;

use codegen::{Files, RUNTIME};
use scratch::{Workspace, cargo, read, root, succeed};
use serde_json::Value;

/// What the command writes for a model, with the runtime. Its version tells cargo apart the two that these tests build
/// into one target folder: both have one name, and one place in their workspaces.
fn written(model: &str) -> Files {
    let out = tempfile::tempdir().expect("a folder");
    let mut xtask = cargo();
    xtask
        .current_dir(root())
        .args(["xtask", "codegen", "--model", model, "--out"]);
    succeed(xtask.arg(out.path()).env("CARGO_NET_OFFLINE", "true"));
    let mut files = read(out.path());
    let model = Path::new(model)
        .file_name()
        .and_then(OsStr::to_str)
        .expect("its name")
        .replace('-', "");
    let version = format!("version = \"0.1.0+{model}\"");
    let manifest = files.get_mut("runtime/Cargo.toml").expect("the runtime lies inside");
    *manifest = manifest.replacen("version = \"0.1.0\"", &version, 1);
    files
}

/// The packages of a workspace that come from no registry, by their names.
fn own_packages(workspace: &Workspace) -> BTreeMap<String, Value> {
    let output = succeed(workspace.cargo_offline("metadata").args(["--format-version", "1"]));
    let mut metadata: Value = serde_json::from_slice(&output.stdout).expect("metadata is JSON");
    let packages = metadata["packages"].as_array_mut().expect("there are packages");
    let own = packages.iter_mut().filter(|package| package["source"].is_null());
    own.map(|package| (package["name"].as_str().unwrap_or_default().to_owned(), package.take()))
        .collect()
}

/// A client and its runtime need nothing else of ours, and pass.
fn passes_alone(name: &str, workspace: &Workspace) {
    let packages = own_packages(workspace);
    assert_eq!(packages.keys().collect::<Vec<_>>(), [RUNTIME, name]);
    for package in packages.values() {
        let manifest = Path::new(package["manifest_path"].as_str().expect("a package has a manifest"));
        assert!(manifest.starts_with(workspace.folder()), "{manifest:?}");
    }
    workspace.lint();
    workspace.document();
    workspace.test(name);
    compiles_packed(name, &workspace.pack());
}

/// What is packed of a client and its runtime compiles: the client with this runtime, which no registry has yet. `cargo
/// package` would do the same, but unpack it anew each time, and so compile it again.
fn compiles_packed(name: &str, packed: &BTreeMap<String, Files>) {
    assert_eq!(packed.keys().collect::<Vec<_>>(), [RUNTIME, name]);
    let packages: Vec<_> = packed
        .iter()
        .map(|(package, files)| (package.as_str(), files))
        .collect();
    let workspace = Workspace::new(&format!("{name}-packed"), &packages);
    let runtime = workspace.folder().join(RUNTIME);
    let mut check = workspace.cargo("check");
    check.arg("--config");
    succeed(check.arg(format!("patch.crates-io.{RUNTIME}.path = {runtime:?}")));
}

#[test]
fn the_client_of_the_main_service_is_complete() {
    let workspace = Workspace::of("alone", &written("models/sagemaker-runtime"));
    passes_alone("sagemaker-runtime", &workspace);
}

/// What only services of other protocols need, and single ones.
const OF_OTHERS: [&str; 8] = [
    "bearer-auth",
    "bearer-token",
    "cbor",
    "form",
    "http-checksum",
    "objects",
    "tree-hash",
    "xml",
];

#[test]
fn so_is_one_that_needs_all_of_the_runtime() {
    let workspace = Workspace::of("alone-with-all", &written("tests/models/library"));
    let packages = own_packages(&workspace);
    let dependencies = packages["library"]["dependencies"].as_array().expect("a list");
    let runtime = dependencies.iter().find(|dependency| dependency["name"] == RUNTIME);
    let needed = strings(&runtime.expect("it depends on the runtime")["features"]);
    // The client has the others itself, for its users.
    let for_users = names(&packages["library"]["features"]);
    let for_services = &names(&packages[RUNTIME]["features"]) - &for_users;
    assert_eq!(needed, &for_services - &OF_OTHERS.into());

    passes_alone("library", &workspace);
    // The copy comes with its tests.
    workspace.test(RUNTIME);
}

fn names(map: &Value) -> BTreeSet<&str> {
    map.as_object()
        .into_iter()
        .flatten()
        .map(|(name, _)| name.as_str())
        .collect()
}

fn strings(list: &Value) -> BTreeSet<&str> {
    let list = list.as_array().into_iter().flatten();
    list.filter_map(Value::as_str).collect()
}
