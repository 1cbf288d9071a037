//! Python packages for the commands that need them.

use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, anyhow, ensure};

/// What is to be done where Python is missing, or has been split into packages.
const INSTALL: &str = "install Python 3.10 or newer with its venv module: `apt-get install python3-venv` (Debian, Ubuntu), \
    `dnf install python3` (Fedora), `brew install python` (macOS)";

/// Makes a virtual environment with what a file of requirements lists. It is kept until that file changes.
pub(crate) fn environment(folder: &Path, requirements: &Path) -> Result<()> {
    let wanted = fs::read(requirements).with_context(|| format!("cannot read {}", requirements.display()))?;
    // Written when everything is installed, and so the mark that it is.
    let installed = folder.join("requirements.txt");
    if fs::read(&installed).is_ok_and(|installed| installed == wanted) && runs(&folder.join("bin/python")) {
        return Ok(());
    }

    ensure!(runs("python3".as_ref()), "there is no `python3`: {INSTALL}");
    println!("installing {} into {}", packages(&wanted), folder.display());
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    }
    crate::run(Command::new("python3").args(["-m", "venv"]).arg(folder))
        .map_err(|error| anyhow!("{error:#}: {INSTALL}"))?;
    install(folder, &["--requirement".as_ref(), requirements.as_os_str()])
        .with_context(|| format!("cannot install {} from PyPI; is there a network?", packages(&wanted)))?;
    fs::write(&installed, wanted).with_context(|| format!("cannot write {}", installed.display()))
}

/// Installs a package without the packages that it depends on, unless it is there.
pub(crate) fn add_alone(folder: &Path, package: &str) -> Result<()> {
    let installed = folder.join(format!("{package}.txt"));
    if installed.exists() {
        return Ok(());
    }
    install(folder, &["--no-deps".as_ref(), package.as_ref()])
        .with_context(|| format!("cannot install {package} from PyPI; is there a network?"))?;
    fs::write(&installed, "").with_context(|| format!("cannot write {}", installed.display()))
}

fn install(folder: &Path, what: &[&OsStr]) -> Result<()> {
    let mut pip = Command::new(folder.join("bin/python"));
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check"]);
    crate::run(pip.args(what))
}

/// What a file of requirements lists, in one line.
fn packages(requirements: &[u8]) -> String {
    let text = String::from_utf8_lossy(requirements);
    let packages = text.lines().filter(|line| !line.is_empty() && !line.starts_with('#'));
    packages.collect::<Vec<_>>().join(", ")
}

/// Whether this is a Python that works. The one that an environment was made of may have been removed since.
fn runs(python: &Path) -> bool {
    Command::new(python)
        .args(["-c", ""])
        .status()
        .is_ok_and(|status| status.success())
}
