//! Cargo workspaces below the target folder, for crates that tests generate.

#![allow(dead_code, reason = "each test uses a part of it")]

use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

use codegen::{Files, Options, Runtime};

/// What cargo leaves in a crate's folder.
const BY_PRODUCTS: [&str; 2] = ["Cargo.lock", "target"];

/// A workspace that belongs to one test. Its packages are built by a cargo of their own.
pub(crate) struct Workspace(PathBuf);

impl Workspace {
    /// Makes one of packages: their folders, and the files in these. Each test has another name for it.
    ///
    /// What is there from the last run and has not changed stays untouched, so that cargo builds it once.
    pub(crate) fn new(name: &str, packages: &[(&str, &Files)]) -> Self {
        let manifest = "[workspace]\nresolver = \"3\"\nmembers = [\"*\"]\n";
        let mut files = BTreeMap::from([("Cargo.toml".to_owned(), manifest)]);
        for (package, contents) in packages {
            let contents = contents.iter();
            files.extend(contents.map(|(path, content)| (format!("{package}/{path}"), content.as_str())));
        }
        Self::hold(name, files)
    }

    /// Makes one of files that are a workspace by themselves.
    pub(crate) fn of(name: &str, files: &Files) -> Self {
        let files = files.iter().map(|(path, content)| (path.clone(), content.as_str()));
        Self::hold(name, files.collect())
    }

    fn hold(name: &str, files: BTreeMap<String, &str>) -> Self {
        let folder = scratch().join(name);
        let files = files.into_iter().map(|(path, content)| (folder.join(path), content));
        let files = files.collect();
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
        command.arg("--all-features");
        match has_clippy {
            true => command.args(["--", "-D", "warnings"]),
            false => command.env("RUSTFLAGS", "-D warnings"),
        };
        succeed(&mut command);
    }

    /// All packages have documentation without a broken link.
    pub(crate) fn document(&self) {
        succeed(
            self.cargo("doc")
                .args(["--no-deps", "--all-features"])
                .env("RUSTDOCFLAGS", "-D warnings"),
        );
    }

    /// The tests of a package pass.
    pub(crate) fn test(&self, package: &str) {
        succeed(self.cargo_offline("test").args(["--package", package]));
    }

    /// What cargo packs of each package for a registry, by the names of the packages.
    pub(crate) fn pack(&self) -> BTreeMap<String, Files> {
        let out = tempfile::tempdir().expect("a folder");
        let mut package = self.cargo("package");
        succeed(package.args(["--no-verify", "--target-dir"]).arg(out.path()));
        let entries = fs::read_dir(out.path().join("package")).expect("packages are in a folder");
        let paths = entries.map(|entry| entry.expect("it can be read").path());
        let archives = paths.filter(|path| path.extension().is_some_and(|extension| extension == "crate"));
        let packed = archives.map(|archive| {
            let mut tar = Command::new("tar");
            succeed(tar.arg("-xzf").arg(&archive).arg("-C").arg(out.path()));
            // Such as `sagemaker-runtime-0.1.0`, which is the folder inside as well.
            let stem = archive.file_stem().and_then(OsStr::to_str).expect("its name is text");
            let (name, _) = stem.rsplit_once('-').expect("its name ends in a version");
            (name.to_owned(), read(&out.path().join(stem)))
        });
        packed.collect()
    }

    /// The folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.0
    }

    /// A command of cargo on all packages, without the network.
    pub(crate) fn cargo(&self, command: &str) -> Command {
        let mut cargo = self.cargo_offline(command);
        cargo.arg("--workspace");
        cargo
    }

    /// A command of cargo, without the network.
    pub(crate) fn cargo_offline(&self, command: &str) -> Command {
        let mut cargo = cargo();
        cargo
            .current_dir(&self.0)
            .args([command, "--quiet", "--offline"])
            // Documentation goes where it does not replace that of the repository.
            .env("CARGO_TARGET_DIR", scratch().join("target"))
            // Dependencies are those of the repository, built once if they are built in the same way.
            .env("CARGO_BUILD_BUILD_DIR", build_folder())
            .env("CARGO_PROFILE_DEV_DEBUG", "line-tables-only");
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

/// The cargo that runs this test, without the variables that it sets for this package.
///
/// The build script of ring reads them: with them, ring and all that depends on it would be built again for each test.
pub(crate) fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    for (name, _) in env::vars_os() {
        let text = name.to_string_lossy();
        if text.starts_with("CARGO_PKG_") || text.starts_with("CARGO_MANIFEST_") {
            cargo.env_remove(&name);
        }
    }
    cargo
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

/// Where cargo builds the repository.
fn build_folder() -> &'static Path {
    let tmp = Path::new(env!("CARGO_TARGET_TMPDIR"));
    tmp.parent()
        .expect("cargo makes it below the folder that it builds into")
}

/// All files below a folder, without what cargo leaves there.
pub(crate) fn read(folder: &Path) -> Files {
    let mut files = Files::new();
    let mut left = vec![folder.to_owned()];
    while let Some(next) = left.pop() {
        for entry in fs::read_dir(&next).expect("the folder is there") {
            let path = entry.expect("it can be read").path();
            let parts = path.strip_prefix(folder).expect("it is below the folder").iter();
            let name: Vec<_> = parts.map(|part| part.to_str().expect("names are ASCII")).collect();
            if BY_PRODUCTS.contains(&name[0]) {
                continue;
            }
            if path.is_dir() {
                left.push(path);
            } else {
                let text = fs::read_to_string(&path).expect("the file is text");
                files.insert(name.join("/"), text);
            }
        }
    }
    files
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

/// A client of a model in `tests/models/`.
pub(crate) fn client(model: &str) -> Files {
    let folder = root().join("tests/models").join(model);
    match codegen::generate(&folder, &options(None)) {
        Ok(client) => client.files,
        Err(diagnostics) => panic!("{diagnostics}"),
    }
}

/// For crates that tests generate: with one operation or all, and with the runtime of the repository.
pub(crate) fn options(operation: Option<&str>) -> Options {
    Options {
        operations: operation.map(|operation| vec![operation.to_owned()]),
        runtime: Runtime::Path(root().join("runtime").display().to_string()),
        ..Options::default()
    }
}
