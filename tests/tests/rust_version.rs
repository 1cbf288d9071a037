//! `rust-version` in each manifest is the oldest compiler that builds the package with its default features.
//!
//! The AWS crates behind the feature `sdk-config`, which users choose, have a `rust-version` of their own.

mod scratch;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use scratch::{cargo, root, succeed};
use serde_json::Value;

/// Major, minor, patch.
type Version = [u64; 3];

/// What the syntax of our own code needs. Clippy knows what the functions of the standard library need.
const EDITION_2024: Version = [1, 85, 0];
const LET_CHAINS: Version = [1, 88, 0];

fn version(text: &str) -> Version {
    let mut numbers = text.split('.').map(|number| number.parse().expect("a number"));
    [(); 3].map(|()| numbers.next().unwrap_or(0))
}

fn output(arguments: &[&str]) -> String {
    let output = succeed(cargo().current_dir(root()).args(arguments).arg("--locked"));
    String::from_utf8(output.stdout).expect("cargo prints text")
}

fn metadata() -> Value {
    // Without a platform, cargo wants the packages of all others as well.
    let host = succeed(cargo().arg("-vV")).stdout;
    let host = String::from_utf8(host).expect("cargo prints text");
    let host = host.lines().find_map(|line| line.strip_prefix("host: "));
    let host = host.expect("cargo knows its platform");
    let text = output(&["metadata", "--format-version", "1", "--filter-platform", host]);
    serde_json::from_str(&text).expect("metadata is JSON")
}

/// Name and version, as in a line of `cargo tree`.
fn id(package: &Value) -> String {
    let part = |name: &str| package[name].as_str().expect("each package has it");
    format!("{} v{}", part("name"), part("version"))
}

/// What a package depends on by default, without what only its tests need.
fn dependencies(name: &str) -> Vec<String> {
    let lines = output(&["tree", "--edges", "normal,build", "--prefix", "none", "--package", name]);
    // Such as `syn v2.0.0 (proc-macro) (*)`; the first one is the package.
    let id = |line: &str| line.split(' ').take(2).collect::<Vec<_>>().join(" ");
    lines.lines().skip(1).filter(|line| !line.is_empty()).map(id).collect()
}

/// The `rust-version` of each package that has one.
fn rust_versions(packages: &[Value]) -> BTreeMap<String, Version> {
    let version = |package| Some((id(package), version(package["rust_version"].as_str()?)));
    packages.iter().filter_map(version).collect()
}

/// The newest compiler that any of these packages needs, and which one needs it.
fn newest(packages: Vec<String>, versions: &BTreeMap<String, Version>) -> Option<(Version, String)> {
    let needs = packages.into_iter();
    needs
        .filter_map(|package| Some((*versions.get(&package)?, package)))
        .max()
}

/// What the syntax of the files in a folder needs.
fn syntax(folder: &Path) -> Version {
    let entries = fs::read_dir(folder).expect("a package has sources");
    let paths = entries.map(|entry| entry.expect("it can be read").path());
    let of_path = |path: &Path| match path.is_dir() {
        true => syntax(path),
        false => match fs::read_to_string(path).is_ok_and(|text| text.contains("&& let ")) {
            true => LET_CHAINS,
            false => EDITION_2024,
        },
    };
    paths.map(|path| of_path(&path)).max().unwrap_or(EDITION_2024)
}

#[test]
fn each_package_asks_for_the_compiler_that_it_needs() {
    let metadata = metadata();
    let packages = metadata["packages"].as_array().expect("there are packages");
    let versions = rust_versions(packages);
    let members = metadata["workspace_members"].as_array().expect("there are members");
    let members: Vec<&Value> = packages
        .iter()
        .filter(|package| members.contains(&package["id"]))
        .collect();
    assert!(!members.is_empty());

    let mut wrong = Vec::new();
    for package in members {
        let name = package["name"].as_str().expect("a package has a name");
        let manifest = Path::new(package["manifest_path"].as_str().expect("a package has a manifest"));
        let sources = manifest.parent().expect("a manifest is in a folder").join("src");
        let own = (syntax(&sources), "its own syntax".to_owned());
        let of_others = newest(dependencies(name), &versions);
        let (needed, because) = of_others.into_iter().chain([own]).max().expect("its own is among them");
        let claimed = versions.get(&id(package));
        if claimed != Some(&needed) {
            wrong.push(format!(
                "{name} says {claimed:?} and needs {needed:?}, because of {because}"
            ));
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
