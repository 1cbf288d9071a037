//! Workspaces of programs with clients that are generated for the run, and so not committed.
//!
//! They are written below the target folder. Sources, versions of dependencies and the profile are those of `tests/bench/`.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow};
use codegen::Options;

use crate::output::Plan;
use crate::runtime;

/// A workspace that is being put together.
pub(super) struct Workspace {
    folder: PathBuf,
    members: Vec<String>,
    manifests: Vec<(String, String)>,
}

impl Workspace {
    pub(super) fn new(folder: PathBuf) -> Self {
        Self {
            folder,
            members: Vec::new(),
            manifests: Vec::new(),
        }
    }

    /// Generates the client of a model, with these operations or with all, and returns its folder.
    pub(super) fn client(&mut self, model: &Path, operations: Option<&[&str]>, name: &str) -> Result<PathBuf> {
        let options = Options {
            operations: operations.map(|names| names.iter().map(|&name| name.to_owned()).collect()),
            name: Some(name.to_owned()),
            runtime: runtime::here(),
        };
        let client = codegen::generate(model, &options).map_err(|diagnostics| {
            crate::show(&diagnostics);
            anyhow!("the client of {} cannot be generated", model.display())
        })?;
        let folder = self.folder.join(name);
        Plan::new(&folder, &client.files)?.carry_out()?;
        self.members.push(name.to_owned());
        Ok(folder)
    }

    /// Adds a program. Dependencies are lines of its manifest.
    pub(super) fn program(&mut self, name: &str, source: &Path, dependencies: &[String]) {
        let dependencies = dependencies.concat();
        let manifest = format!(
            r#"[package]
name = "{name}"
version = "0.0.0"
edition = "2024"
publish = false

[dependencies]
{dependencies}
[[bin]]
name = "{name}"
path = {source:?}

[lints.rust]
warnings = "deny"
"#
        );
        self.members.push(name.to_owned());
        self.manifests.push((format!("{name}/Cargo.toml"), manifest));
    }

    pub(super) fn write(self) -> Result<()> {
        let members = &self.members;
        let manifest = format!(
            r#"[workspace]
resolver = "3"
members = {members:?}

# As in `tests/bench/Cargo.toml`.
[profile.dev]
debug = "line-tables-only"

[profile.release]
strip = true
"#
        );
        let lock = crate::root().join("tests/bench/Cargo.lock");
        let lock = fs::read_to_string(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
        let files = [("Cargo.toml".to_owned(), manifest), ("Cargo.lock".to_owned(), lock)];
        for (file, text) in files.into_iter().chain(self.manifests) {
            let file = self.folder.join(file);
            fs::create_dir_all(file.parent().unwrap_or(&self.folder))?;
            fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
        }
        Ok(())
    }
}

/// A line for a manifest: a package in a folder, with no features but these.
pub(super) fn dependency(package: &str, folder: &Path, features: &[&str]) -> String {
    format!("{package} = {{ path = {folder:?}, default-features = false, features = {features:?} }}\n")
}
