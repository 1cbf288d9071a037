//! Presigned requests beside those of botocore, of S3 and of two services that this repository has no client for.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, anyhow};
use codegen::Options;

use super::without_influences;
use crate::output::Plan;
use crate::{cargo, models, runtime};

/// How many calls of each service are presigned.
const CASES: u32 = 200;

/// The services whose clients are generated, with the operations that are presigned. Fewer take less time to build.
const SERVICES: [(&str, &[&str]); 2] = [
    // Its request with a body, of SynthesizeSpeech, cannot be presigned; botocore moves that body into the query.
    (
        "polly",
        &["DeleteLexicon", "DescribeVoices", "GetLexicon", "ListLexicons"],
    ),
    ("sts", &["AssumeRole", "GetCallerIdentity", "GetSessionToken"]),
];

/// Compares presigned requests of random inputs.
pub(super) fn compare(environment: &Path, seed: u64) -> Result<()> {
    // A workspace of its own, so that no other build waits for these clients.
    let folder = crate::target().join("interop-presigned");
    generate(&models::of_botocore(environment)?, &folder)?;
    write_manifest(&folder)?;
    let mut build = cargo();
    crate::run(
        build
            .args(["build", "--quiet", "--manifest-path"])
            .arg(folder.join("Cargo.toml"))
            .arg("--target-dir")
            .arg(crate::target()),
    )?;
    let mut compare = Command::new(environment.join("bin/python"));
    compare.args(["-B", "tests/interop/presigned/compare.py"]);
    compare.arg(crate::target().join("debug/presigned"));
    compare.args([seed.to_string(), CASES.to_string()]);
    crate::run(without_influences(&mut compare))
}

fn generate(models: &Path, folder: &Path) -> Result<()> {
    for (name, operations) in SERVICES {
        let services = models::services(models, Some(&[name]))?;
        let options = Options {
            operations: Some(operations.iter().map(|&name| name.to_owned()).collect()),
            name: Some(name.to_owned()),
            runtime: runtime::here(),
        };
        for service in services {
            let client = codegen::generate(&service.model, &options).map_err(|diagnostics| anyhow!("{diagnostics}"))?;
            Plan::new(&folder.join(name), &client.files)?.carry_out()?;
        }
    }
    Ok(())
}

fn write_manifest(folder: &Path) -> Result<()> {
    let root = crate::root();
    let root = root.display();
    let manifest = format!(
        r#"[workspace]
members = ["polly", "sts"]

[package]
name = "presigned"
edition = "2024"

[[bin]]
name = "presigned"
path = "{root}/tests/interop/presigned/main.rs"

[dependencies]
polly = {{ path = "polly", default-features = false }}
s3 = {{ path = "{root}/generated/s3", default-features = false, features = ["tls"] }}
serde_json = "1"
sts = {{ path = "sts", default-features = false }}
tokio = {{ version = "1", features = ["macros", "rt"] }}

# As in the other workspace, whose crates can be used then.
[profile.dev]
debug = "line-tables-only"
"#
    );
    let file = folder.join("Cargo.toml");
    fs::write(&file, manifest).with_context(|| format!("cannot write {}", file.display()))?;
    let lock = crate::root().join("Cargo.lock");
    fs::copy(&lock, folder.join("Cargo.lock")).with_context(|| format!("cannot copy {}", lock.display()))?;
    Ok(())
}
