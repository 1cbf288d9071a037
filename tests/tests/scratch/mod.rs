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
    ///
    /// What is there from the last run and has not changed stays untouched, so that cargo builds it once.
    pub(crate) fn new(name: &str, packages: &[(&str, &BTreeMap<String, String>)]) -> Self {
        let folder = scratch().join(name);
        let mut files = BTreeMap::from([(
            folder.join("Cargo.toml"),
            // Nobody debugs these.
            "[workspace]\nresolver = \"3\"\nmembers = [\"*\"]\n\n[profile.dev]\ndebug = false\n",
        )]);
        for (package, contents) in packages {
            let package = folder.join(package);
            files.extend(
                contents
                    .iter()
                    .map(|(path, content)| (package.join(path), content.as_str())),
            );
        }
        remove_others(&folder, &files);
        for (path, content) in files {
            write(&path, content);
        }
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

/// Removes what is in a folder and none of these files.
fn remove_others(folder: &Path, files: &BTreeMap<PathBuf, &str>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.expect("it can be read").path();
        if path.is_dir() {
            remove_others(&path, files);
        } else if !files.contains_key(&path) {
            fs::remove_file(&path).expect("what the last run left can be removed");
        }
    }
}

fn write(file: &Path, content: &str) {
    if fs::read_to_string(file).is_ok_and(|there| there == content) {
        return;
    }
    let folder = file.parent().expect("a file is in a folder");
    fs::create_dir_all(folder).expect("the folder can be made");
    fs::write(file, content).expect("the file can be written");
}

/// Where crates that tests generate find the runtime.
pub(crate) fn runtime() -> codegen::Runtime {
    codegen::Runtime::Path(root().join("runtime").display().to_string())
}
