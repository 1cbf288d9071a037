//! `cargo xtask bench`: what this client costs, beside what people use today.
//!
//! This builds the programs of `tests/bench/`, a workspace of its own, and prepares Python. The program `runner` measures.

#[path = "../../tests/bench/runner/src/names.rs"]
mod names;
mod pages;
mod second_client;
mod workspace;

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::json;

use crate::{cargo, flags, python};

/// Each, with its profile, is built by itself: together, each would have the features that the others need of a crate.
const PROGRAMS: [(&str, &str); 8] = [
    ("client-ours", "release"),
    ("client-official", "release"),
    ("client-bare", "release"),
    ("hello-ours-chain", "release"),
    ("hello-official-aws-config", "release"),
    ("generator", crate::corpus::PROFILE),
    ("runner", "release"),
    ("server", "release"),
];
/// Elsewhere nobody gives a process a core, and there is no `/proc`.
pub(crate) const IS_POSSIBLE: bool = cfg!(target_os = "linux");
/// What depends on the code of this repository. The official SDK does not, and takes minutes.
const CHECKED: [&str; 3] = ["client-ours", "generator", "hello-ours-chain"];

pub(crate) fn run(flags: &flags::Bench) -> Result<()> {
    if flags.page {
        ensure!(
            !flags.check && !flags.quick && flags.names.is_empty(),
            "`--page` goes with nothing else: nothing is measured"
        );
        build("runner", "release")?;
        return measure(flags, None);
    }
    ensure_possible(&flags.names)?;
    for (program, profile) in PROGRAMS {
        build(program, profile)?;
    }
    second_client::write()?;
    let environment = target().join("python");
    let python = python::environment(&environment, &crate::root().join("tests/bench/requirements.txt"));
    if let Err(error) = &python {
        eprintln!("boto3 is left out: {error:#}");
    }
    let environment = python.is_ok().then_some(environment);
    if let Some(environment) = environment
        .as_deref()
        .filter(|_| names::wanted(&flags.names, flags.quick).contains(&"pages"))
    {
        pages::build(environment)?;
    }
    measure(flags, environment)
}

/// Asks before minutes are spent on building.
fn ensure_possible(names: &[String]) -> Result<()> {
    for name in names {
        ensure!(
            names::NAMES.contains(&name.as_str()),
            "there is no `{name}`; there are: {}",
            names::NAMES.join(", ")
        );
    }
    ensure!(
        IS_POSSIBLE,
        "benchmarks run only on Linux: they pin each process to a core, and read `/proc`"
    );
    let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
    ensure!(
        cores > 1,
        "benchmarks need two cores, one for the server and one for the client; this process may use one"
    );
    Ok(())
}

fn build(program: &str, profile: &str) -> Result<()> {
    let mut build = build_to_measure(&crate::root().join("tests/bench"));
    crate::run(build.args(["--locked", "--profile", profile, "--package", program]))
}

/// A command of cargo that builds where all programs that are measured are built.
fn build_to_measure(workspace: &Path) -> Command {
    let mut build = in_workspace(workspace, "build");
    build.arg("--target-dir").arg(target().join("programs"));
    without_influences(&mut build);
    build
}

/// Builds the program that calls with the official SDK for `cargo xtask interop`.
pub(crate) fn build_official() -> Result<PathBuf> {
    build("client-official", "release")?;
    Ok(target().join("programs/release/official-orders"))
}

/// That a change of this repository has not broken what is measured, and that the page is what its data give.
pub(crate) fn check() -> Result<()> {
    crate::run(workspace("fmt").args(["--all", "--check"]))?;
    if !IS_POSSIBLE {
        return Ok(());
    }
    let packages = CHECKED.iter().flat_map(|package| ["--package", package]);
    let mut clippy = in_gate(workspace("clippy"));
    crate::run(
        clippy
            .arg("--locked")
            .args(packages)
            .args(["--all-targets", "--", "-D", "warnings"]),
    )?;
    pages::check()?;
    second_client::write()?;
    let second_client = |command| in_workspace(&second_client::folder(), command);
    crate::run(second_client("fmt").args(["--package", "two-clients", "--check"]))?;
    // No `--locked`: its lock file has no more than the versions.
    let mut clippy = in_gate(second_client("clippy"));
    crate::run(clippy.args(["--offline", "--package", "two-clients", "--", "-D", "warnings"]))?;
    let mut tests = in_gate(workspace("test"));
    crate::run(tests.args(["--locked", "--package", "runner", "--package", "workload"]))
}

/// A command of cargo in the workspace of the benchmarks.
fn workspace(command: &str) -> Command {
    in_workspace(&crate::root().join("tests/bench"), command)
}

fn in_workspace(folder: &Path, command: &str) -> Command {
    let mut cargo = cargo();
    cargo.args([command, "--quiet", "--manifest-path"]);
    cargo.arg(folder.join("Cargo.toml"));
    cargo
}

/// What only checks shares dependencies with the repository, which has them in the same versions.
fn in_gate(mut command: Command) -> Command {
    command.arg("--target-dir").arg(crate::target());
    command
}

/// Takes away what the user has set for builds of their own, which makes these faster or different. What is started by
/// the command has none of it either.
fn without_influences(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        if has_influence(&name.to_string_lossy()) {
            command.env_remove(&name);
        }
    }
}

/// Where cargo finds crates, and how it gets at them, is none.
fn has_influence(name: &str) -> bool {
    [
        "CARGO_BUILD_",
        "CARGO_PROFILE_",
        "CARGO_TARGET_",
        "CARGO_UNSTABLE_",
        "RUSTC",
    ]
    .iter()
    .any(|prefix| name.starts_with(prefix))
        || ["CARGO_ENCODED_RUSTFLAGS", "CARGO_INCREMENTAL", "RUSTFLAGS"].contains(&name)
}

/// Starts the program that does all the rest.
fn measure(flags: &flags::Bench, python: Option<PathBuf>) -> Result<()> {
    let settings = json!({
        "repository": crate::root(),
        "target": target(),
        "python": python,
        "check": flags.check,
        "quick": flags.quick,
        "page": flags.page,
        "names": flags.names,
    });
    let mut runner = Command::new(target().join("programs/release/runner"));
    without_influences(&mut runner);
    let status = runner
        .arg(settings.to_string())
        .status()
        .context("cannot start what was built")?;
    ensure!(status.success(), "see above");
    Ok(())
}

/// The folder of everything that is built here.
fn target() -> PathBuf {
    crate::target().join("bench")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_checked_before_anything_is_built() {
        let error = ensure_possible(&["calls".to_owned(), "nonsense".to_owned()]).unwrap_err();
        assert!(
            error
                .to_string()
                .starts_with("there is no `nonsense`; there are: build, calls, ")
        );
    }

    #[test]
    fn the_help_has_all_names() {
        assert!(include_str!("flags.rs").contains(&format!("What to measure: {}.\n", names::NAMES.join(", "))));
    }

    #[test]
    fn crates_are_found_where_the_user_has_them() {
        for name in [
            "CARGO_HOME",
            "CARGO_NET_OFFLINE",
            "CARGO_REGISTRIES_MINE_INDEX",
            "RUSTUP_TOOLCHAIN",
            "PATH",
        ] {
            assert!(!has_influence(name), "{name}");
        }
        for name in [
            "RUSTFLAGS",
            "CARGO_BUILD_RUSTFLAGS",
            "CARGO_PROFILE_RELEASE_LTO",
            "RUSTC_WRAPPER",
        ] {
            assert!(has_influence(name), "{name}");
        }
    }
}
