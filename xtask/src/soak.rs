//! `cargo xtask soak`: the tests of load and of arbitrary input, at length.

use std::time::{Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result};

use crate::{cargo, cargo_test, flags};

/// Enough for what happens once in a million.
const CASES: u32 = 1_000_000;

pub(crate) fn run(flags: &flags::Soak) -> Result<()> {
    let started = Instant::now();
    let cases = flags.cases.unwrap_or(CASES);
    let seed = match flags.seed {
        Some(seed) => seed,
        None => SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .context("the clock is before 1970")?
            .as_secs(),
    };
    println!("{cases} cases; the same ones again: `cargo xtask soak --cases {cases} --seed {seed}`");
    let mut tests = cargo();
    tests
        .args([
            "test",
            "--release",
            "--locked",
            "--quiet",
            "--package",
            "tests",
            "--test",
            "load",
            "--",
        ])
        // In this order each line tells how far it is.
        .args(["--test-threads", "1", "--format", "pretty"])
        .env("SOAK_CASES", cases.to_string())
        .env("SOAK_SEED", seed.to_string());
    crate::run(&mut tests)?;
    let mut profiles = cargo();
    profiles
        .args([
            "test",
            "--release",
            "--locked",
            "--quiet",
            "--package",
            "lean-aws-runtime",
        ])
        .args(["--lib", "profile::parse"])
        .env("SOAK_CASES", cases.to_string())
        .env("SOAK_SEED", seed.to_string());
    cargo_test::run_selected(&mut profiles)?;
    println!("nothing broke ({} s)", started.elapsed().as_secs());
    Ok(())
}
