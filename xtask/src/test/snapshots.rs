//! `cargo xtask test --accept`: snapshots become what the tests see now.
//!
//! insta writes the files of snapshots by itself. Those inside of tests it leaves to a tool that has to be installed: this
//! does that tool's part, and puts what insta wants to have there into the source.

mod inline;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::{cargo, cargo_test};

/// The folders whose tests have snapshots.
const FOLDERS: [&str; 4] = ["codegen", "models", "tests", "xtask"];

/// Runs all tests once, and takes over what they see.
///
/// # Errors
///
/// When a test fails for another reason than a snapshot. The snapshots are taken over even so.
pub(super) fn accept() -> Result<()> {
    let pending = crate::target().join("pending-snapshots");
    if pending.exists() {
        fs::remove_dir_all(&pending).with_context(|| format!("cannot remove {}", pending.display()))?;
    }
    let before = files()?;
    let mut page = tests();
    page.args(["--test", "end_to_end", "--", "the_chapter_is_up_to_date"]);
    cargo_test::run_selected(page.env("UPDATE_FAULTS", "1"))?;
    super::generate(false)?;
    let result = crate::run(
        tests()
            .arg("--no-fail-fast")
            .env("INSTA_UPDATE", "always")
            // A test with several snapshots goes on after the first that has changed.
            .env("INSTA_FORCE_PASS", "1")
            .env("INSTA_PENDING_DIR", &pending),
    );
    let accepted = take_over(&pending)?;
    let changed: Vec<PathBuf> = files()?
        .into_iter()
        .filter(|(path, text)| before.get(path) != Some(text))
        .map(|(path, _)| path)
        .collect();
    for path in changed.iter().chain(&accepted) {
        println!("accepted: {}", path.display());
    }
    result.context("snapshots are accepted, but some tests fail for another reason")?;
    match changed.len() + accepted.len() {
        0 => println!("every snapshot is up to date"),
        count => println!("{count} files have new snapshots: read them, then run `cargo xtask test`"),
    }
    Ok(())
}

fn tests() -> Command {
    let mut tests = cargo();
    tests.args(["test", "--workspace", "--locked", "--quiet"]);
    tests
}

/// What a snapshot inside a test is to become.
#[derive(Deserialize)]
struct Pending {
    line: usize,
    /// Nothing where the test agrees with what is there.
    new: Option<New>,
}

#[derive(Deserialize)]
struct New {
    snapshot: String,
}

/// Puts pending snapshots into the sources. Returns which have changed.
fn take_over(pending: &Path) -> Result<Vec<PathBuf>> {
    let mut changed = Vec::new();
    for (path, text) in read(pending, "pending-snap")? {
        // `.NAME.rs.pending-snap` beside where `NAME.rs` would be.
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        let source = path.with_file_name(name.trim_start_matches('.'));
        let mut news = BTreeMap::new();
        for line in text.lines() {
            let pending: Pending =
                serde_json::from_str(line).with_context(|| format!("cannot read {}", path.display()))?;
            let Some(new) = pending.new else { continue };
            let other = news.insert(pending.line, new.snapshot.clone());
            ensure!(
                other.is_none_or(|other| other == new.snapshot),
                "{}:{}: one snapshot stands for two texts",
                source.display(),
                pending.line
            );
        }
        let file = crate::root().join(&source);
        let mut text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        // From the end on, so that lines keep their numbers.
        for (line, snapshot) in news.iter().rev() {
            text = inline::replace(&text, *line, snapshot)
                .with_context(|| format!("{}:{line}: there is no snapshot in a literal", source.display()))?;
        }
        fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
        changed.push(source);
    }
    Ok(changed)
}

/// All snapshots in files of their own, by their paths in the repository.
fn files() -> Result<BTreeMap<PathBuf, String>> {
    let mut files = BTreeMap::new();
    for folder in FOLDERS {
        for extension in ["snap", "md"] {
            let found = read(&crate::root().join(folder), extension)?;
            files.extend(
                found
                    .into_iter()
                    .map(|(path, text)| (Path::new(folder).join(path), text)),
            );
        }
    }
    Ok(files)
}

/// The files with this extension below a folder, by their paths in it.
fn read(folder: &Path, extension: &str) -> Result<BTreeMap<PathBuf, String>> {
    let mut files = BTreeMap::new();
    let mut left = vec![PathBuf::new()];
    while let Some(inner) = left.pop() {
        let path = folder.join(&inner);
        let Ok(entries) = fs::read_dir(&path) else { continue };
        for entry in entries {
            let entry = entry?;
            let inner = inner.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                if entry.file_name() != "target" {
                    left.push(inner);
                }
            } else if inner.extension().is_some_and(|found| found == extension) {
                let text = fs::read_to_string(folder.join(&inner))
                    .with_context(|| format!("cannot read {}", folder.join(&inner).display()))?;
                files.insert(inner, text);
            }
        }
    }
    Ok(files)
}
