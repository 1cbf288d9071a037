//! `cargo xtask interop`: the same inputs for boto3 and this client, to send and to presign, and the same homes for both and the
//! official SDK.
//!
//! This prepares Python; `tests/interop/` compares. So xtask itself depends on no generated client.

mod presigned;
mod services;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, ensure};

use crate::{bench, cargo, cargo_test, flags, python};

/// How many homes are made up.
const HOMES: u32 = 300;

/// The package whose bearer tokens are compared. The module that makes them needs botocore alone; the rest, many packages.
const TOKENS: &str = "sagemaker-core==2.27.0";

/// The program that prints what the chain of the runtime finds, and the one of the official SDK.
const OURS: &str = "find-credentials";
const OFFICIAL: &str = "official-credentials";

pub(crate) fn run(flags: &flags::Interop) -> Result<()> {
    let started = Instant::now();
    if flags.services {
        services::compare(flags, seed(flags)?)?;
        println!("done in {} s", started.elapsed().as_secs());
        return Ok(());
    }
    let environment = crate::target().join("interop");
    python::environment(&environment, &crate::root().join("tests/interop/requirements.txt"))?;
    python::add_alone(&environment, TOKENS)?;
    build("tests", &["interop", OFFICIAL], &["--features", "whole-aws-config"])?;
    build("lean-aws-runtime", &[OURS], &[])?;
    let mut compare = Command::new(example("interop"));
    compare.arg(&environment);
    if flags.official_sdk {
        compare.arg(bench::build_official()?);
    }
    let status = without_influences(&mut compare)
        .current_dir(crate::root())
        .status()
        .context("cannot start what was built")?;
    ensure!(
        status.success(),
        "boto3 and this client differ, or could not be compared: see above"
    );
    check_proxy(&environment)?;
    let seed = seed(flags)?;
    presigned::compare(&environment, seed)?;
    compare_homes(&environment, flags, seed)?;
    println!("done in {} s", started.elapsed().as_secs());
    Ok(())
}

/// Builds examples of a package, in a step of its own: it may need what the programs must not have, a proxy.
fn build(package: &str, examples: &[&str], more: &[&str]) -> Result<()> {
    let examples = examples.iter().flat_map(|example| ["--example", example]);
    let mut build = cargo();
    build
        .args(["build", "--quiet", "--locked", "--package", package])
        .args(examples);
    crate::run(build.args(more))
}

/// The seed of what is random: the one that was asked for, or another one each time.
fn seed(flags: &flags::Interop) -> Result<u64> {
    match flags.seed {
        Some(seed) => Ok(seed),
        None => Ok(SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .context("the clock is before 1970")?
            .as_secs()),
    }
}

/// The program of an example.
fn example(name: &str) -> PathBuf {
    crate::target().join("debug/examples").join(name)
}

/// Compares which credentials boto3, the official SDK and the chain find in homes that are made up.
fn compare_homes(environment: &Path, flags: &flags::Interop, seed: u64) -> Result<()> {
    let homes = flags.homes.unwrap_or(HOMES);
    println!("{homes} homes; the same ones again: `cargo xtask interop --homes {homes} --seed {seed}`");
    let mut compare = Command::new(environment.join("bin/python"));
    // Without files of compiled modules in the repository.
    compare.arg("-B").arg("tests/interop/homes");
    compare.args([example(OURS), example(OFFICIAL)]);
    compare.args([seed.to_string(), homes.to_string()]);
    crate::run(compare.current_dir(crate::root()))
}

/// Sends requests through a proxy that others wrote.
fn check_proxy(environment: &Path) -> Result<()> {
    let mut test = cargo();
    test.args([
        "test",
        "--quiet",
        "--package",
        "tests",
        "--test",
        "environment",
        "--locked",
    ])
    .args(["--", "--ignored", "a_proxy_that_others_wrote"])
    .env("PYTHON_ENVIRONMENT", environment);
    cargo_test::run_selected(&mut test)
}

/// Takes away what the user has set for boto3, moto, Python or a proxy, so that the result is the same everywhere.
fn without_influences(command: &mut Command) -> &mut Command {
    for (name, _) in std::env::vars_os() {
        if has_influence(&name) {
            command.env_remove(&name);
        }
    }
    // Files in the home folder have the same influence.
    command
        .env("AWS_CONFIG_FILE", "/dev/null")
        .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        .env("NO_PROXY", "127.0.0.1")
        // Only homes need the part of botocore that is written in C. Most people do not have it.
        .env("BOTO_DISABLE_CRT", "true")
}

fn has_influence(name: &OsStr) -> bool {
    let name = name.to_string_lossy().to_ascii_uppercase();
    ["AWS_", "_X_AMZN_", "BOTO", "MOTO_", "PYTHON"]
        .iter()
        .any(|prefix| name.starts_with(prefix))
        || name.ends_with("_PROXY")
}
