//! `cargo xtask interop`: the same inputs through boto3 and through this client.
//!
//! This prepares Python; `tests/interop/` compares. So xtask itself depends on no generated client.

use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, anyhow, ensure};

use crate::cargo;

/// What is to be done where Python is missing, or has been split into packages.
const INSTALL: &str = "install Python 3.10 or newer with its venv module: `apt-get install python3-venv` (Debian, Ubuntu), \
    `dnf install python3` (Fedora), `brew install python` (macOS)";

pub(crate) fn run() -> Result<()> {
    let started = Instant::now();
    let environment = environment()?;
    let example = ["--package", "tests", "--example", "interop", "--locked"];
    // In its own step, because it may need what the next one must not have: a proxy.
    crate::run(cargo().arg("build").args(example))?;
    let mut compare = cargo();
    compare
        .args(["run", "--quiet"])
        .args(example)
        .arg("--")
        .arg(environment);
    let status = without_influences(&mut compare)
        .current_dir(crate::root())
        .status()
        .context("cannot start cargo")?;
    ensure!(
        status.success(),
        "boto3 and this client differ, or could not be compared: see above"
    );
    println!("done in {} s", started.elapsed().as_secs());
    Ok(())
}

/// A virtual environment with what `tests/interop/requirements.txt` lists. It is kept until that file changes.
fn environment() -> Result<PathBuf> {
    let target = std::env::var_os("CARGO_TARGET_DIR").unwrap_or_else(|| "target".into());
    let folder = crate::root().join(target).join("interop");
    let requirements = crate::root().join("tests/interop/requirements.txt");
    let wanted = fs::read(&requirements).with_context(|| format!("cannot read {}", requirements.display()))?;
    // Written when everything is installed, and so the mark that it is.
    let installed = folder.join("requirements.txt");
    if fs::read(&installed).is_ok_and(|installed| installed == wanted) && runs(&folder.join("bin/python")) {
        return Ok(folder);
    }

    ensure!(runs("python3".as_ref()), "there is no `python3`: {INSTALL}");
    println!("installing boto3 and moto into {}", folder.display());
    if folder.exists() {
        fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    crate::run(Command::new("python3").args(["-m", "venv"]).arg(&folder))
        .map_err(|error| anyhow!("{error:#}: {INSTALL}"))?;
    crate::run(
        Command::new(folder.join("bin/python"))
            .args([
                "-m",
                "pip",
                "install",
                "--quiet",
                "--disable-pip-version-check",
                "--requirement",
            ])
            .arg(&requirements),
    )
    .context("cannot install boto3 and moto from PyPI")?;
    fs::write(&installed, wanted).with_context(|| format!("cannot write {}", installed.display()))?;
    Ok(folder)
}

/// Whether this is a Python that works. The one that an environment was made of may have been removed since.
fn runs(python: &Path) -> bool {
    Command::new(python)
        .args(["-c", ""])
        .status()
        .is_ok_and(|status| status.success())
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
}

fn has_influence(name: &OsStr) -> bool {
    let name = name.to_string_lossy().to_ascii_uppercase();
    ["AWS_", "_X_AMZN_", "BOTO", "MOTO_", "PYTHON"]
        .iter()
        .any(|prefix| name.starts_with(prefix))
        || name.ends_with("_PROXY")
}
