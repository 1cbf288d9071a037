//! `cargo xtask semver`: a second opinion on the verdicts of `diff`.
//!
//! cargo-semver-checks compares the public items of two crates, as rustdoc describes them. It sees what is gone and what can
//! no longer be done, but it does not compare types of fields and variants; programs that are compiled do
//! (`tests/tests/evolution.rs`). Where it does not agree with the verdict, the case says why.

#[path = "../../tests/evolution/cases.rs"]
mod cases;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow, ensure};
use codegen::{Files, Options};

use self::cases::Case;
use crate::output::Plan;
use crate::{cargo, flags, show};

/// The crate before the changes.
const OLD: &str = "old";

pub(crate) fn run(flags: &flags::Semver) -> Result<()> {
    let installed = cargo().args(["semver-checks", "--version"]).output();
    ensure!(
        installed.is_ok_and(|output| output.status.success()),
        "there is no cargo-semver-checks: run `cargo install cargo-semver-checks --locked`"
    );
    if !flags.clients {
        check_cases(flags.cases.as_deref())?;
    }
    if flags.cases.is_none() {
        check_clients()?;
    }
    Ok(())
}

/// All cases, or those that are named.
fn check_cases(names: Option<&str>) -> Result<()> {
    let folder = crate::root().join("tests/evolution");
    let mut cases = cases::all(&folder.join("cases"));
    if let Some(names) = names {
        let names: Vec<&str> = names.split(',').map(str::trim).collect();
        cases.retain(|case| names.contains(&case.name.as_str()));
    }
    ensure!(!cases.is_empty(), "there is no such case");
    let workspace = Workspace::new(&folder.join("base"), &cases)?;
    let old = workspace.describe(OLD)?;
    let mut wrong = 0;
    for case in &cases {
        let opinion = opinion(case, &old, &workspace.describe(&case.name)?)?;
        println!("{}: {}", case.name, opinion.text);
        wrong += usize::from(opinion.is_wrong);
    }
    ensure!(wrong == 0, "{wrong} of {} cases are wrong", cases.len());
    println!("{} cases, and none is wrong", cases.len());
    Ok(())
}

/// What comes of asking.
struct Opinion {
    text: String,
    /// Whether the verdict needs a look, or the reason of the case.
    is_wrong: bool,
}

fn opinion(case: &Case, old: &Path, new: &Path) -> Result<Opinion> {
    let mut check = cargo();
    check.args(["semver-checks", "--release-type", "minor", "--baseline-rustdoc"]);
    check.arg(old).arg("--current-rustdoc").arg(new);
    let output = check.output().context("cannot start cargo-semver-checks")?;
    let said = String::from_utf8_lossy(&output.stdout);
    let is_breaking = !output.status.success();
    ensure!(
        !is_breaking || said.contains("--- failure "),
        "cargo-semver-checks failed:\n{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let verdict = &case.verdict;
    let agrees = is_breaking == (verdict == "major");
    let (text, is_wrong) = match (&case.semver_checks, agrees) {
        (None, true) => ("both agree".to_owned(), false),
        (Some(reason), false) => (format!("cargo-semver-checks disagrees: {reason}"), false),
        (Some(_), true) => (
            "WRONG: both agree; remove `semver_checks` from the case".to_owned(),
            true,
        ),
        (None, false) if is_breaking => (format!("WRONG: the verdict is {verdict}, but\n{said}"), true),
        (None, false) => (
            format!("WRONG: the verdict is {verdict}, but cargo-semver-checks finds nothing"),
            true,
        ),
    };
    Ok(Opinion { text, is_wrong })
}

/// All crates, so that what they depend on is compiled once.
struct Workspace(PathBuf);

impl Workspace {
    fn new(base: &Path, cases: &[Case]) -> Result<Self> {
        let folder = crate::target().join("semver");
        let workspace = Self(folder.clone());
        workspace.add(OLD, base)?;
        for case in cases {
            let model = folder.join("models").join(&case.name);
            fs::create_dir_all(&model).with_context(|| format!("cannot create {}", model.display()))?;
            case.describe(base, &model);
            workspace.add(&case.name, &model)?;
        }
        let names = cases.iter().map(|case| case.name.as_str());
        let members: Vec<_> = names.chain([OLD]).map(|name| format!("\"crates/{name}\"")).collect();
        let manifest = format!("[workspace]\nresolver = \"3\"\nmembers = [{}]\n", members.join(", "));
        fs::write(folder.join("Cargo.toml"), manifest).context("cannot write the workspace")?;
        fs::copy(crate::root().join("Cargo.lock"), folder.join("Cargo.lock")).context("cannot copy Cargo.lock")?;
        Ok(workspace)
    }

    /// Writes a client. A workspace cannot have two packages of one name, so that only its library has the client's.
    fn add(&self, name: &str, model: &Path) -> Result<()> {
        let options = Options {
            runtime: codegen::Runtime::Path(crate::root().join("runtime").display().to_string()),
            name: Some(name.to_owned()),
            ..Options::default()
        };
        let client = codegen::generate(model, &options).map_err(|diagnostics| {
            show(&diagnostics);
            anyhow!("{} cannot be generated", model.display())
        })?;
        let mut files: Files = client.files;
        let manifest = files.get_mut("Cargo.toml").context("a client has a manifest")?;
        manifest.push_str("\n[lib]\nname = \"shop\"\n");
        Plan::new(&self.0.join("crates").join(name), &files)?.carry_out()
    }

    /// What rustdoc says of a crate, in the form that cargo-semver-checks reads.
    fn describe(&self, name: &str) -> Result<PathBuf> {
        let target = self.0.join("target");
        // All crates have one name for it.
        let written = target.join("doc/shop.json");
        if written.exists() {
            fs::remove_file(&written).with_context(|| format!("cannot remove {}", written.display()))?;
        }
        let mut rustdoc = cargo();
        rustdoc.args(["rustdoc", "--quiet", "--lib", "--all-features", "--package", name]);
        rustdoc.arg("--manifest-path").arg(self.0.join("Cargo.toml"));
        rustdoc.arg("--target-dir").arg(&target);
        rustdoc.args([
            "--",
            "-Zunstable-options",
            "--output-format",
            "json",
            "--document-hidden-items",
        ]);
        // This form is not stable. cargo-semver-checks asks for it in the same way.
        crate::run(rustdoc.env("RUSTC_BOOTSTRAP", "1"))?;
        let description = self.0.join(format!("{name}.json"));
        // Where nothing has changed, the description of an earlier run is still true.
        if written.exists() {
            fs::rename(&written, &description).with_context(|| format!("cannot write {}", description.display()))?;
        }
        ensure!(
            description.exists(),
            "rustdoc has not described `{name}`; remove {} and try again",
            self.0.display()
        );
        Ok(description)
    }
}

/// The committed clients and the runtime, since the last release.
fn check_clients() -> Result<()> {
    let Some(tag) = last_release()? else {
        println!("there is no release tag (`v*`) yet: nothing to compare the committed crates with");
        return Ok(());
    };
    let mut check = cargo();
    check.args(["semver-checks", "--baseline-rev", &tag]);
    let mut compared = Vec::new();
    for folder in crates()? {
        let name = package(&folder)?;
        if was_released(&tag, &folder)? {
            check.args(["--package", &name]);
            compared.push(name);
        } else {
            println!("{name} is new since {tag}");
        }
    }
    ensure!(!compared.is_empty(), "{tag} has none of the crates of today");
    println!("since {tag}: {}", compared.join(", "));
    crate::run(&mut check)
}

fn git() -> Command {
    let mut git = Command::new("git");
    git.current_dir(crate::root());
    git
}

/// The newest tag of a release that is part of the history.
fn last_release() -> Result<Option<String>> {
    let arguments = ["describe", "--tags", "--abbrev=0", "--match", "v*"];
    let tag = git().args(arguments).output().context("cannot start git")?;
    let name = String::from_utf8_lossy(&tag.stdout).trim().to_owned();
    Ok(tag.status.success().then_some(name))
}

/// The folders of the crates that are published, from the root of the repository.
fn crates() -> Result<Vec<String>> {
    let clients = fs::read_dir(crate::root().join("generated")).context("cannot read generated/")?;
    let clients = clients.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let mut folders: Vec<String> = clients.map(|client| format!("generated/{client}")).collect();
    folders.push("runtime".to_owned());
    folders.retain(|folder| crate::root().join(folder).join("Cargo.toml").exists());
    folders.sort();
    Ok(folders)
}

fn package(folder: &str) -> Result<String> {
    let manifest = fs::read_to_string(crate::root().join(folder).join("Cargo.toml"))?;
    let mut lines = manifest.lines();
    let name = lines.find_map(|line| line.strip_prefix("name = \"")?.strip_suffix('"'));
    Ok(name.with_context(|| format!("{folder} has no name"))?.to_owned())
}

fn was_released(tag: &str, folder: &str) -> Result<bool> {
    let manifest = format!("{tag}:{folder}/Cargo.toml");
    let found = git().args(["cat-file", "-e", &manifest]).output();
    Ok(found.context("cannot start git")?.status.success())
}
