//! `cargo xtask bench`: what this client costs, beside what people use today.
//!
//! This builds the programs of `tests/bench/`, a workspace of its own, and prepares Python. The program `runner` measures.

use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::json;

use crate::{cargo, flags, python};

/// Each is built by itself: together, each would have the features that the others need of a crate.
const PROGRAMS: [&str; 6] = [
    "client-ours",
    "client-official",
    "client-bare",
    "generator",
    "runner",
    "server",
];

pub(crate) fn run(flags: &flags::Bench) -> Result<()> {
    let (root, target) = (crate::root(), crate::target().join("bench"));
    let programs = target.join("programs");
    for program in PROGRAMS {
        let mut build = cargo();
        build
            .args(["build", "--release", "--quiet", "--package", program, "--manifest-path"])
            .arg(root.join("tests/bench/Cargo.toml"))
            .arg("--target-dir")
            .arg(&programs);
        crate::run(&mut build)?;
    }
    let environment = target.join("python");
    let python = python::environment(&environment, &root.join("tests/bench/requirements.txt"));
    if let Err(error) = &python {
        eprintln!("boto3 is left out: {error:#}");
    }
    let settings = json!({
        "repository": root,
        "target": target,
        "python": python.is_ok().then_some(environment),
        "check": flags.check,
        "quick": flags.quick,
        "names": flags.names,
    });
    let status = Command::new(programs.join("release/runner"))
        .arg(settings.to_string())
        .status()
        .context("cannot start what was built")?;
    match status.success() {
        true => Ok(()),
        false => bail!("see above"),
    }
}
