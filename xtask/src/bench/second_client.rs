//! A workspace with a program of one client and a program of two, for the cost of the second one.
//!
//! The second client is generated for the run, so the workspace is written below the target folder.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use codegen::Options;

use crate::output::Plan;
use crate::runtime;

const MANIFEST: &str = r#"[workspace]
resolver = "3"
members = ["one-client", "parcels", "two-clients"]

# As in `tests/bench/Cargo.toml`.
[profile.release]
strip = true
"#;

/// Writes the workspace. `tests/bench/` has the model, both programs, and the versions of dependencies.
pub(super) fn write() -> Result<()> {
    let folder = folder();
    let bench = crate::root().join("tests/bench");
    let model = bench.join("second-client/model");
    let options = Options {
        runtime: runtime::here(),
        ..Options::default()
    };
    let client = codegen::generate(&model, &options).map_err(|diagnostics| {
        crate::show(&diagnostics);
        anyhow!("the second client cannot be generated")
    })?;
    Plan::new(&folder.join(&client.name), &client.files)?.carry_out()?;

    let first = dependency("sagemaker-runtime", &crate::root().join("generated/sagemaker-runtime"));
    let second = dependency(&client.name, &folder.join(&client.name));
    let one = program("one-client", &bench.join("hello/ours/src/main.rs"), &first);
    let two = program("two-clients", &bench.join("second-client/main.rs"), &(first + &second));
    let lock = bench.join("Cargo.lock");
    let lock = fs::read_to_string(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
    for (file, text) in [
        ("Cargo.toml", MANIFEST),
        ("Cargo.lock", &lock),
        ("one-client/Cargo.toml", &one),
        ("two-clients/Cargo.toml", &two),
    ] {
        let file = folder.join(file);
        fs::create_dir_all(file.parent().unwrap_or(&folder))?;
        fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
    }
    Ok(())
}

/// Where the workspace is; the runner builds what is there.
pub(super) fn folder() -> PathBuf {
    super::target().join("second-client")
}

/// A client with nothing but TLS, as for `hello/ours`.
fn dependency(package: &str, folder: &Path) -> String {
    format!("{package} = {{ path = {folder:?}, default-features = false, features = [\"tls\"] }}\n")
}

fn program(name: &str, source: &Path, clients: &str) -> String {
    format!(
        r#"[package]
name = "{name}"
version = "0.0.0"
edition = "2024"
publish = false

[dependencies]
{clients}tokio = {{ version = "1", features = ["macros", "rt"] }}

[[bin]]
name = "{name}"
path = {source:?}
"#
    )
}
