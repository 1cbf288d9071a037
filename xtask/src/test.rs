//! `cargo xtask test`: everything that must pass.

pub(crate) mod published;
mod report;
mod snapshots;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};

use self::published::Published;
use self::report::Report;
use crate::{bench, cargo, cargo_test, codegen, flags, protocol_tests};

/// What other commands check, and why this one does not.
const ELSEWHERE: [(&str, &str); 4] = [
    (
        "boto3 beside this client, and the proxy of proxy.py",
        "they come from PyPI; run `cargo xtask interop`",
    ),
    (
        "speed, memory and size",
        "measuring takes an idle machine; run `cargo xtask bench --check`",
    ),
    (
        "load and arbitrary input at length",
        "it takes minutes; run `cargo xtask soak`",
    ),
    (
        "clients of all services",
        "it takes minutes, and PyPI; run `cargo xtask corpus --check`",
    ),
];

pub(crate) fn run(flags: &flags::Test) -> Result<()> {
    if flags.accept {
        return snapshots::accept();
    }
    let published = Published::find(flags.published.as_deref())?;
    let mut report = Report::default();
    let result = check(&mut report, &published);
    for (what, why) in ELSEWHERE {
        report.leave_out(what, why);
    }
    println!("\n{report}\n");
    result?;
    println!("everything else passes");
    Ok(())
}

/// Runs the steps until one fails, the quick ones first.
fn check(report: &mut Report, published: &Published) -> Result<()> {
    report.step(
        "format",
        |_| crate::run(cargo().args(["fmt", "--all", "--check"])),
        "run `cargo fmt --all`",
    )?;
    report.step("freshness", |_| generate(true), "run `cargo xtask codegen`")?;
    report.step("lints", |_| lint(), "fix what clippy reports above")?;
    report.step(
        "benchmarks",
        bench_check,
        "run in `tests/bench` `cargo fmt`, or `cargo update --workspace --offline` after a new version; \
         run `cargo xtask bench --page`; or fix what is reported above",
    )?;
    report.step(
        "fuzz targets",
        |_| check_fuzz_targets(),
        "run in `fuzz` `cargo fmt`, or `cargo update --workspace --offline` after a new version; or fix what clippy reports above",
    )?;
    report.step("features", |_| check_features(), "fix what clippy reports above")?;
    report.step(
        "tests",
        |_| run_tests(),
        "fix the tests above, or take over changed snapshots with `cargo xtask test --accept`",
    )?;
    report.step(
        "protocol",
        |_| check_protocol(),
        "fix what differs from the suites in `tests/protocol/`",
    )?;
    report.step(
        "published cases",
        |report| published.check(report),
        "fix what differs from the published cases",
    )?;
    report.step("documentation", |_| document(), "fix what rustdoc reports above")?;
    report.step("packages", |_| package(), "fix what cargo reports above")
}

fn lint() -> Result<()> {
    let mut clippy = cargo();
    clippy.args(["clippy", "--workspace", "--all-targets", "--locked", "--quiet"]);
    crate::run(clippy.args(["--", "-D", "warnings"]))
}

fn bench_check(report: &mut Report) -> Result<()> {
    if !bench::IS_POSSIBLE {
        report.leave_out("the programs of the benchmarks", "they run only on Linux");
    }
    bench::check()
}

/// All tests, whatever fails: one run tells everything.
fn run_tests() -> Result<()> {
    crate::run(cargo().args(["test", "--workspace", "--locked", "--quiet", "--no-fail-fast"]))
}

fn document() -> Result<()> {
    let mut document = cargo();
    document.args(["doc", "--workspace", "--no-deps", "--locked", "--quiet"]);
    crate::run(document.env("RUSTDOCFLAGS", "-D warnings"))
}

/// The fuzz targets still compile. They are a workspace of their own, with the versions of this one where both have a
/// crate, so that little is compiled twice; and nothing is linked, which would take libFuzzer and another compiler.
fn check_fuzz_targets() -> Result<()> {
    let fuzz = |command| {
        let mut cargo = cargo();
        cargo.args([command, "--quiet", "--manifest-path", "fuzz/Cargo.toml"]);
        cargo
    };
    crate::run(fuzz("fmt").arg("--check"))?;
    let mut clippy = fuzz("clippy");
    clippy.args(["--locked", "--all-targets", "--no-default-features", "--target-dir"]);
    crate::run(clippy.arg(crate::target()).args(["--", "-D", "warnings"]))
}

/// Lints the main client without its features and with each one alone, even with the one that is not on by default. The
/// others have the same features.
fn check_features() -> Result<()> {
    let manifest = crate::root().join("generated/sagemaker-runtime/Cargo.toml");
    let others = ["", "sdk-config"].map(str::to_owned);
    for features in others.into_iter().chain(default_features(&manifest)?) {
        let mut clippy = cargo();
        clippy.args(["clippy", "--locked", "--quiet", "--no-default-features", "--features"]);
        clippy.arg(features).arg("--manifest-path").arg(&manifest);
        crate::run(clippy.args(["--", "-D", "warnings"]))?;
    }
    // What clients say who miss a feature, and what those cost that are missed.
    let mut tests = cargo();
    tests.args(["test", "--locked", "--quiet", "--package", "lean-aws-runtime", "--lib"]);
    tests.args(["--test", "allocations"]);
    cargo_test::run_selected(tests.arg("--no-default-features"))
}

/// The features that a manifest switches on by default: a list of strings, in JSON as in TOML.
fn default_features(manifest: &Path) -> Result<Vec<String>> {
    let text = fs::read_to_string(manifest)?;
    let list = text.lines().find_map(|line| line.strip_prefix("default = "));
    let list = list.with_context(|| format!("{} has no default features", manifest.display()))?;
    Ok(serde_json::from_str(list)?)
}

/// The runtime and each client can be packaged for a registry. Together, because clients name a runtime that the registry
/// need not have yet. Whether the packages build is what the tests have shown.
fn package() -> Result<()> {
    let mut package = cargo();
    package.args(["package", "--no-verify", "--allow-dirty", "--offline", "--quiet"]);
    package.args(["--package", "lean-aws-runtime"]);
    for manifest in manifests()? {
        let folder = manifest.parent().context("a manifest is in a folder")?;
        package
            .arg("--package")
            .arg(format!("path+file://{}", folder.display()));
    }
    crate::run(&mut package)
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

/// Regenerates the clients, or finds them up to date.
fn generate(check: bool) -> Result<()> {
    codegen::run(&flags::Codegen {
        check,
        model: None,
        out: None,
        operations: None,
        name: None,
        runtime: None,
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
