//! The commands of this repository: `cargo xtask --help` lists them.

#[expect(unreachable_pub, reason = "xflags writes its types so")]
mod flags;

mod bench;
mod cargo_test;
mod codegen;
mod corpus;
mod credential_tests;
mod diff;
mod endpoint_tests;
mod interop;
mod lock;
mod models;
mod new;
mod output;
mod protocol_tests;
mod python;
mod runtime;
mod semver;
mod soak;
mod test;
mod update;
mod usage;

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use ::codegen::diagnostics::Diagnostics;
use anyhow::{Context, Result, bail};

#[cfg(feature = "mimalloc")]
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let flags = match usage::read() {
        Ok(flags) => flags,
        Err(code) => return code,
    };
    let result = match flags.subcommand {
        flags::XtaskCmd::Bench(flags) => bench::run(&flags),
        flags::XtaskCmd::Codegen(flags) => codegen::run(&flags),
        flags::XtaskCmd::Corpus(flags) => corpus::run(&flags),
        flags::XtaskCmd::Diff(flags) => match diff::run(&flags) {
            Ok(verdict) => return diff::exit_code(verdict),
            Err(error) => Err(error),
        },
        flags::XtaskCmd::Semver(flags) => semver::run(&flags),
        flags::XtaskCmd::Update(flags) => update::run(&flags),
        flags::XtaskCmd::New(flags) => new::run(&flags),
        flags::XtaskCmd::EndpointTests(flags) => endpoint_tests::run(&flags),
        flags::XtaskCmd::Test(flags) => test::run(&flags),
        flags::XtaskCmd::ProtocolTests(flags) => match protocol_tests::run(&flags) {
            Ok(true) => Ok(()),
            // It has been said in the last line, which nothing is to follow.
            Ok(false) => return ExitCode::FAILURE,
            Err(error) => Err(error),
        },
        flags::XtaskCmd::CredentialTests(flags) => match credential_tests::run(&flags) {
            Ok(true) => Ok(()),
            Ok(false) => return ExitCode::FAILURE,
            Err(error) => Err(error),
        },
        flags::XtaskCmd::Soak(flags) => soak::run(&flags),
        flags::XtaskCmd::Interop(flags) => interop::run(&flags),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

/// The root of the repository.
fn root() -> PathBuf {
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    PathBuf::from(manifest).parent().map(Path::to_owned).unwrap_or_default()
}

/// The folder that cargo builds into.
fn target() -> PathBuf {
    root().join(std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into()))
}

/// Shows what is wrong with a model.
fn show(diagnostics: &Diagnostics) {
    let color = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
    eprintln!("{}", diagnostics.render(color));
}

/// Runs a command in the root of the repository until it ends.
fn run(command: &mut Command) -> Result<()> {
    let shown = shown(command);
    let status = command
        .current_dir(root())
        .status()
        .with_context(|| format!("cannot start `{shown}`"))?;
    if !status.success() {
        bail!("`{shown}` failed ({status})");
    }
    Ok(())
}

/// A command, as a person would type it.
fn shown(command: &Command) -> String {
    format!("{command:?}").replace('"', "")
}

/// The cargo that runs this, without the variables that it sets for this package.
///
/// The build script of ring reads them: with them, ring and all that depends on it would be built again after each change
/// between `cargo test` and `cargo xtask test`.
fn cargo() -> Command {
    let mut cargo = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in std::env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(&name);
        }
    }
    cargo
}
