//! The programs that read pages of lists.
//!
//! The client of EC2 is generated for the run from the description that comes with boto3: it is too large to be committed,
//! and one that is cut short would be easier to read than what the official SDK knows.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};

use super::workspace::{Workspace, dependency};
use crate::models;

/// Builds both. That of the official SDK takes minutes: `aws-sdk-ec2` has all operations.
pub(super) fn build(python: &Path) -> Result<()> {
    super::build("pages-official", "release")?;
    write(python)?;
    let build = ["--offline", "--release", "--package", "pages-ours"];
    crate::run(super::build_to_measure(&folder()).args(build))
}

/// Writes the workspace of the program with this client.
fn write(python: &Path) -> Result<()> {
    let description = models::of_botocore(python)?;
    let mut services = models::services(&description, Some(&["ec2"]))?;
    let service = services.pop().context("botocore describes no EC2")?;
    let mut workspace = Workspace::new(folder());
    let ec2 = workspace.client(&service.model, Some(&["DescribeInstances"]), "ec2")?;
    let dependencies = [
        dependency("ec2", &ec2, &[]),
        dependency("s3", &crate::root().join("generated/s3"), &[]),
        dependency("workload", &crate::root().join("tests/bench/workload"), &[]),
    ];
    workspace.program("pages-ours", &source(), &dependencies);
    workspace.write()
}

fn folder() -> PathBuf {
    super::target().join("pages")
}

/// That the program is formatted. It cannot be compiled without the client of EC2, nor the other one without
/// `aws-sdk-ec2`, so the compiler sees them when they are built to measure; both deny warnings.
pub(super) fn check() -> Result<()> {
    crate::run(
        Command::new("rustfmt")
            .args(["--edition", "2024", "--check"])
            .arg(source()),
    )
}

fn source() -> PathBuf {
    crate::root().join("tests/bench/pages/ours/main.rs")
}
