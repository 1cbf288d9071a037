//! Builds the program of a run and reads what it prints.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, anyhow, bail, ensure};
use serde::Deserialize;
use serde_json::Value;

use super::judge::Observation;
use super::program;

/// What has become of a build.
pub(crate) enum Build {
    Program(PathBuf),
    /// Where the compiler finds errors: for each crate and file, its messages.
    Errors(BTreeMap<(String, String), String>),
}

/// A line that cargo prints.
#[derive(Deserialize)]
#[serde(tag = "reason", rename_all = "kebab-case")]
enum Line {
    CompilerMessage {
        target: Target,
        message: Message,
    },
    CompilerArtifact {
        target: Target,
        executable: Option<PathBuf>,
    },
    #[serde(other)]
    Other,
}

#[derive(Deserialize)]
struct Target {
    name: String,
}

#[derive(Deserialize)]
struct Message {
    level: String,
    rendered: Option<String>,
    spans: Vec<Span>,
}

#[derive(Deserialize)]
struct Span {
    file_name: String,
    is_primary: bool,
}

/// Compiles the workspace in a folder.
pub(crate) fn build(folder: &Path) -> Result<Build> {
    let output = crate::cargo()
        .args([
            "build",
            "--quiet",
            "--keep-going",
            "--message-format=json",
            "--package",
            &program::package(folder),
        ])
        .arg("--manifest-path")
        .arg(folder.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(crate::target())
        .stderr(Stdio::piped())
        .output()
        .context("cannot start cargo")?;
    let mut program = None;
    let mut errors: BTreeMap<(String, String), String> = BTreeMap::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        match serde_json::from_str(line) {
            Ok(Line::CompilerMessage { target, message }) if message.level == "error" => {
                let spans = message.spans.iter().filter(|span| span.is_primary);
                for file in spans.map(|span| span.file_name.clone()).collect::<BTreeSet<_>>() {
                    let text = errors.entry((target.name.clone(), file)).or_default();
                    text.push_str(message.rendered.as_deref().unwrap_or_default());
                }
            }
            Ok(Line::CompilerArtifact { target, executable }) if target.name.starts_with(program::PACKAGE) => {
                program = executable
            }
            _ => {}
        }
    }
    match program {
        Some(program) if output.status.success() => Ok(Build::Program(program)),
        _ if !errors.is_empty() => Ok(Build::Errors(errors)),
        _ => bail!(
            "the clients cannot be built:\n{}",
            String::from_utf8_lossy(&output.stderr)
        ),
    }
}

/// What has been observed of a case.
pub(crate) struct Observed {
    pub(crate) plain: Observation,
    /// With what a fake of the service has read or written, if that was tried.
    pub(crate) with_fake: Option<Observation>,
}

/// Makes the calls. Returns what has been observed in each, by the name of its module.
pub(crate) fn run(program: &Path) -> Result<BTreeMap<String, Observed>> {
    let output = Command::new(program)
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start {}", program.display()))?;
    ensure!(output.status.success(), "the calls ended with {}", output.status);
    let mut observations = BTreeMap::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let mut line: Value = serde_json::from_str(line).with_context(|| format!("an unexpected line: {line}"))?;
        let name = line["case"]
            .as_str()
            .ok_or_else(|| anyhow!("a line without a case: {line}"))?
            .to_owned();
        let observed = Observed {
            plain: serde_json::from_value(line["observed"].take())?,
            with_fake: serde_json::from_value(line["with_fake"].take())?,
        };
        observations.insert(name, observed);
    }
    Ok(observations)
}
