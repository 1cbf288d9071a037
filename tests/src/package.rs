//! Packages whose folders hold published cases.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// The folder of a package that this workspace depends on, where cargo has put its files.
///
/// # Panics
///
/// When the workspace does not depend on the package, or cargo cannot tell.
#[must_use]
pub fn folder(name: &str) -> PathBuf {
    // Without it, cargo wants the packages of all other platforms as well.
    let platform = run(&["-vV"]);
    let platform = platform.lines().find_map(|line| line.strip_prefix("host: "));
    let platform = platform.expect("cargo knows its platform");
    let metadata = run(&[
        "metadata",
        "--format-version",
        "1",
        "--locked",
        "--filter-platform",
        platform,
    ]);
    let metadata: Value = serde_json::from_str(&metadata).expect("metadata is JSON");
    let packages = metadata["packages"].as_array().expect("there are packages");
    let package = packages.iter().find(|package| package["name"] == name);
    let manifest = package.and_then(|package| package["manifest_path"].as_str());
    let folder = manifest.and_then(|manifest| Path::new(manifest).parent());
    folder
        .unwrap_or_else(|| panic!("the workspace does not depend on {name}"))
        .to_owned()
}

fn run(arguments: &[&str]) -> String {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(arguments)
        .output()
        .expect("cargo starts");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "cargo {arguments:?}: {errors}");
    String::from_utf8(output.stdout).expect("cargo prints text")
}
