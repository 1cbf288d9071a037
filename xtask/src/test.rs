//! `cargo xtask test`: everything that must pass.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use crate::{bench, cargo, codegen, flags, protocol_tests};

/// What AWS has published, beside the repository: it cannot be in it.
const PUBLISHED: &str = "../shared";

pub(crate) fn run() -> Result<()> {
    let started = Instant::now();
    step(
        "format",
        || crate::run(cargo().args(["fmt", "--all", "--check"])),
        "run `cargo fmt --all`",
    )?;
    step("freshness", check_freshness, "run `cargo xtask codegen`")?;
    step(
        "lints",
        || {
            crate::run(cargo().args([
                "clippy",
                "--workspace",
                "--all-targets",
                "--locked",
                "--quiet",
                "--",
                "-D",
                "warnings",
            ]))
        },
        "mend what clippy names above",
    )?;
    step(
        "benchmarks",
        bench::check,
        "run `cargo fmt` in `tests/bench`, `cargo xtask bench --page`, or mend what is named above",
    )?;
    step("features", check_features, "mend what clippy names above")?;
    step(
        "tests",
        run_tests,
        "mend the tests above; `cargo insta review` shows changed snapshots",
    )?;
    step(
        "protocol",
        check_protocol,
        "mend what does not follow the specification",
    )?;
    step(
        "documentation",
        || {
            crate::run(
                cargo()
                    .args(["doc", "--workspace", "--no-deps", "--locked", "--quiet"])
                    .env("RUSTDOCFLAGS", "-D warnings"),
            )
        },
        "mend what rustdoc names above",
    )?;
    step("packages", package_clients, "mend what cargo names above")?;
    println!("everything passes ({} s)", started.elapsed().as_secs());
    Ok(())
}

fn run_tests() -> Result<()> {
    crate::run(cargo().args(["test", "--workspace", "--locked", "--quiet"]))?;
    let published = crate::root().join(PUBLISHED);
    if !published.exists() {
        println!(
            "tests with published cases are left out: there is no {}",
            published.display()
        );
        return Ok(());
    }
    let mut tests = cargo();
    tests.args(["test", "--locked", "--quiet", "--package", "tests", "--lib"]);
    tests.args(["--test", "endpoints", "--test", "event_streams", "--test", "signatures"]);
    // Nothing else is ignored there.
    crate::run(tests.args(["--", "--ignored"]))
}

/// Each client can do without its features, and with one alone. Elsewhere in the workspace all of them are on.
fn check_features() -> Result<()> {
    for manifest in manifests()? {
        let none = String::new();
        for features in [none].into_iter().chain(default_features(&manifest)?) {
            let mut clippy = cargo();
            clippy.args(["clippy", "--locked", "--quiet", "--no-default-features", "--features"]);
            clippy.arg(features).arg("--manifest-path").arg(&manifest);
            crate::run(clippy.args(["--", "-D", "warnings"]))?;
        }
    }
    // What clients say who miss a feature.
    crate::run(cargo().args([
        "test",
        "--locked",
        "--quiet",
        "--package",
        "lean-aws-runtime",
        "--lib",
        "--no-default-features",
    ]))
}

/// The features that a manifest switches on by default: a list of strings, in JSON as in TOML.
fn default_features(manifest: &Path) -> Result<Vec<String>> {
    let text = fs::read_to_string(manifest)?;
    let list = text.lines().find_map(|line| line.strip_prefix("default = "));
    let list = list.with_context(|| format!("{} has no default features", manifest.display()))?;
    Ok(serde_json::from_str(list)?)
}

/// Each client can be packaged for a registry. Whether the package builds is what the tests have shown.
fn package_clients() -> Result<()> {
    for manifest in manifests()? {
        let mut package = cargo();
        package.args([
            "package",
            "--no-verify",
            "--allow-dirty",
            "--offline",
            "--quiet",
            "--manifest-path",
        ]);
        crate::run(package.arg(manifest))?;
    }
    Ok(())
}

/// The manifests of the clients.
fn manifests() -> Result<Vec<PathBuf>> {
    let folder = crate::root().join("generated");
    let entries = fs::read_dir(&folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let manifests = entries.map(|entry| Ok(entry?.path().join("Cargo.toml")));
    let mut manifests = manifests.collect::<Result<Vec<_>>>()?;
    manifests.retain(|manifest| manifest.exists());
    manifests.sort();
    Ok(manifests)
}

fn check_freshness() -> Result<()> {
    codegen::run(&flags::Codegen {
        check: true,
        model: None,
        out: None,
        operations: None,
    })
}

fn check_protocol() -> Result<()> {
    let is_well = protocol_tests::run(&flags::ProtocolTests { files: Vec::new() })?;
    ensure!(
        is_well,
        "the client does not do what the suites expect, or they expect nothing"
    );
    Ok(())
}

fn step(name: &str, work: impl FnOnce() -> Result<()>, way_out: &str) -> Result<()> {
    let started = Instant::now();
    println!("== {name}");
    work().with_context(|| format!("{name} failed; {way_out}"))?;
    println!("== {name}: passed ({:.1} s)", started.elapsed().as_secs_f64());
    Ok(())
}
