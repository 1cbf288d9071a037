//! `cargo xtask credential-tests`: whether the credential chain does what cases of other SDKs expect.
//!
//! The program that replays them is an example of the runtime, `runtime/tests/credentials/program.rs`. So xtask itself
//! depends on no client.

use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result};

use crate::test::published::Published;
use crate::{cargo, flags};

/// Whether all cases passed. The program has said so in its last line.
pub(crate) fn run(flags: &flags::CredentialTests) -> Result<bool> {
    match &flags.paths[..] {
        [] => replay(&Published::find(None)?.credentials()),
        paths => succeeds(program().args(paths)),
    }
}

/// The same for a folder, with altered expectations as well: they must be seen.
pub(crate) fn replay(folder: &Path) -> Result<bool> {
    succeeds(program().arg("--altered").arg(folder))
}

fn program() -> Command {
    let mut program = cargo();
    program.args(["run", "--locked", "--quiet", "--package", "lean-aws-runtime"]);
    program.args(["--example", "credential-cases", "--"]);
    program
}

fn succeeds(program: &mut Command) -> Result<bool> {
    let status = program.status().context("cannot start cargo")?;
    Ok(status.success())
}
