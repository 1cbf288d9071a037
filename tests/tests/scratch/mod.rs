//! Cargo workspaces below the target folder, for crates that tests generate.

#![allow(dead_code, reason = "each test uses a part of it")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

/// A workspace that belongs to one test. Its packages are built by a cargo of their own.
pub(crate) struct Workspace(PathBuf);

impl Workspace {
    /// Makes one of packages: their folders, and the files in these. Each test has another name for it.
    pub(crate) fn new(name: &str, packages: &[(&str, &BTreeMap<String, String>)]) -> Self {
        let folder = scratch().join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).expect("what the last run left can be removed");
        }
        for (package, files) in packages {
            for (path, content) in *files {
                write(&folder.join(package).join(path), content);
            }
        }
        write(
            &folder.join("Cargo.toml"),
            "[workspace]\nresolver = \"3\"\nmembers = [\"*\"]\n",
        );
        // The versions that cargo has downloaded to build this test.
        fs::copy(root().join("Cargo.lock"), folder.join("Cargo.lock")).expect("the repository has a lock file");
        Self(folder)
    }

    /// All packages pass clippy, or at least the compiler where there is no clippy, without a warning.
    pub(crate) fn lint(&self) {
        let has_clippy = cargo()
            .args(["clippy", "--version"])
            .output()
            .is_ok_and(|output| output.status.success());
        let mut command = self.cargo(if has_clippy { "clippy" } else { "check" });
        match has_clippy {
            true => command.args(["--", "-D", "warnings"]),
            false => command.env("RUSTFLAGS", "-D warnings"),
        };
        succeed(&mut command);
    }

    /// All packages have documentation without a broken link.
    pub(crate) fn document(&self) {
        succeed(self.cargo("doc").arg("--no-deps").env("RUSTDOCFLAGS", "-D warnings"));
    }

    /// The tests of a package pass.
    pub(crate) fn test(&self, package: &str) {
        succeed(self.cargo_offline("test").args(["--package", package]));
    }

    /// A command of cargo on all packages, without the network.
    pub(crate) fn cargo(&self, command: &str) -> Command {
        let mut cargo = self.cargo_offline(command);
        cargo.arg("--workspace");
        cargo
    }

    fn cargo_offline(&self, command: &str) -> Command {
        let mut cargo = cargo();
        cargo
            .current_dir(&self.0)
            .args([command, "--quiet", "--offline", "--target-dir"])
            // All workspaces share it, so that dependencies are built once.
            .arg(scratch().join("target"));
        // What the cargo that runs this test was told is not meant for this one.
        for flags in ["RUSTFLAGS", "RUSTDOCFLAGS"] {
            cargo
                .env_remove(flags)
                .env_remove(format!("CARGO_ENCODED_{flags}"))
                .env_remove(format!("CARGO_BUILD_{flags}"));
        }
        cargo
    }
}

/// The root of the repository.
pub(crate) fn root() -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR"));
    tests.parent().expect("`tests` is in the repository").to_owned()
}

/// The cargo that runs this test.
pub(crate) fn cargo() -> Command {
    Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// Runs a command, and fails with its output if it does.
pub(crate) fn succeed(command: &mut Command) -> Output {
    let output = command.output().expect("it starts");
    assert!(
        output.status.success(),
        "{command:?}: {}\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr),
    );
    output
}

fn scratch() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("scratch")
}

fn write(file: &Path, content: &str) {
    let folder = file.parent().expect("a file is in a folder");
    fs::create_dir_all(folder).expect("the folder can be made");
    fs::write(file, content).expect("the file can be written");
}
