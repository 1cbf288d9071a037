//! `cargo xtask semver`: a second opinion on the verdicts of `diff`.
//!
//! cargo-semver-checks compares the public items of two crates. It sees what is gone and what can no longer be done, but it
//! does not compare types of fields and variants; programs that are compiled do (`tests/tests/evolution.rs`). So what it
//! calls breaking must be major, and what it misses must be a matter of types.

#[path = "../../tests/evolution/cases.rs"]
mod cases;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow, ensure};
use codegen::Options;

use self::cases::Case;
use crate::output::Plan;
use crate::{cargo, flags, show};

/// What decides a verdict that cargo-semver-checks cannot share: a type that changes.
const TYPES: [&str; 4] = [" becomes `", " is now required", " is no longer required", " are `"];

pub(crate) fn run(flags: &flags::Semver) -> Result<()> {
    let installed = cargo().args(["semver-checks", "--version"]).output();
    ensure!(
        installed.is_ok_and(|output| output.status.success()),
        "there is no cargo-semver-checks: run `cargo install cargo-semver-checks --locked`"
    );
    let folder = crate::root().join("tests/evolution");
    let mut cases = cases::all(&folder.join("cases"));
    if let Some(names) = &flags.cases {
        let names: Vec<&str> = names.split(',').map(str::trim).collect();
        cases.retain(|case| names.contains(&case.name.as_str()));
    }
    ensure!(!cases.is_empty(), "there is no such case");
    let base = folder.join("base");
    let scratch = crate::target().join("semver");
    let old = generate(&base, &scratch.join("old"))?;
    let mut wrong = 0;
    for case in &cases {
        let problem = check(case, &base, &old, &scratch)?;
        println!("{}: {}", case.name, problem.as_deref().unwrap_or("both agree"));
        wrong += usize::from(problem.is_some_and(|problem| problem.starts_with("WRONG")));
    }
    ensure!(wrong == 0, "{wrong} of {} verdicts are wrong", cases.len());
    if flags.cases.is_none() {
        check_clients()?;
    }
    Ok(())
}

/// What there is to say of a case, if the two do not agree.
fn check(case: &Case, base: &Path, old: &Path, scratch: &Path) -> Result<Option<String>> {
    let model = scratch.join("models").join(&case.name);
    fs::create_dir_all(&model).with_context(|| format!("cannot create {}", model.display()))?;
    case.describe(base, &model);
    let new = generate(&model, &scratch.join(&case.name))?;
    let mut check = cargo();
    check.args([
        "semver-checks",
        "--release-type",
        "minor",
        "--all-features",
        "--manifest-path",
    ]);
    check.arg(new.join("Cargo.toml")).arg("--baseline-root").arg(old);
    let output = check.output().context("cannot start cargo-semver-checks")?;
    let said = String::from_utf8_lossy(&output.stdout);
    let is_breaking = !output.status.success();
    ensure!(
        !is_breaking || said.contains("--- failure "),
        "cargo-semver-checks failed:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let because = case.because.as_deref().unwrap_or_default();
    Ok(match (case.verdict == "major", is_breaking) {
        (true, true) | (false, false) => None,
        (false, true) => Some(format!("WRONG: the verdict is {}, but\n{said}", case.verdict)),
        (true, false) if TYPES.iter().any(|words| because.contains(words)) => {
            Some(format!("a matter of types: {because}"))
        }
        (true, false) => Some(format!("WRONG: cargo-semver-checks does not see that {because}")),
    })
}

/// Writes a client, and returns its folder.
fn generate(model: &Path, folder: &Path) -> Result<PathBuf> {
    let options = Options {
        runtime: codegen::Runtime::Path(crate::root().join("runtime").display().to_string()),
        ..Options::default()
    };
    let client = codegen::generate(model, &options).map_err(|diagnostics| {
        show(&diagnostics);
        anyhow!("{} cannot be generated", model.display())
    })?;
    let mut files = client.files;
    if let Some(manifest) = files.get_mut("Cargo.toml") {
        manifest.push_str("\n[workspace]\n");
    }
    Plan::new(folder, &files)?.carry_out()?;
    fs::copy(crate::root().join("Cargo.lock"), folder.join("Cargo.lock")).context("cannot copy Cargo.lock")?;
    Ok(folder.to_owned())
}

/// The committed clients and the runtime, since the last release.
fn check_clients() -> Result<()> {
    let tag = Command::new("git")
        .args(["describe", "--tags", "--abbrev=0", "--match", "v*"])
        .current_dir(crate::root())
        .output()
        .context("cannot start git")?;
    if !tag.status.success() {
        println!("there is no release tag yet: nothing to compare the committed crates with");
        return Ok(());
    }
    let tag = String::from_utf8_lossy(&tag.stdout).trim().to_owned();
    let mut check = cargo();
    check.args(["semver-checks", "--workspace", "--baseline-rev", &tag]);
    for package in ["codegen", "tests", "xtask"] {
        check.args(["--exclude", package]);
    }
    crate::run(&mut check)
}
