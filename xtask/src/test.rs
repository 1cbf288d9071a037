//! `cargo xtask test`: everything that must pass.

use std::fs;
use std::time::Instant;

use anyhow::{Context, Result, ensure};

use crate::{cargo, codegen, flags, protocol_tests};

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
        "tests",
        || crate::run(cargo().args(["test", "--workspace", "--locked", "--quiet"])),
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

/// Each client can be packaged for a registry. Whether the package builds is what the tests have shown.
fn package_clients() -> Result<()> {
    for manifest in fs::read_dir(crate::root().join("generated"))? {
        let manifest = manifest?.path().join("Cargo.toml");
        if manifest.exists() {
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
    }
    Ok(())
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
