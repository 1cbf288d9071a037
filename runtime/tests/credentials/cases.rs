//! Finding cases, and telling their formats apart.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

use crate::{altered, folders, tables};

/// A case: what there is, and what should come out.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) format: Format,
    pub(crate) content: Value,
}

/// The format of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// A folder for the default chain.
    Chain,
    /// A folder for the profile alone.
    Profile,
    /// Text of files in, sections out.
    Parser,
    /// Variables in, paths out.
    Location,
    /// Profiles in, base and roles out.
    Plan,
    /// A login and its cache.
    Login,
    /// Variables in, the URL of a container's agent out.
    Container,
    /// Variables and files in, the URL of the metadata service out.
    Instance,
    /// None of these.
    Unknown,
}

/// What came out of a case.
pub(crate) enum Verdict {
    Passed,
    /// The project has decided otherwise, for this reason.
    Decided(&'static str),
    Failed(String),
}

impl Verdict {
    pub(crate) fn expect(holds: bool, problem: impl FnOnce() -> String) -> Self {
        if holds { Self::Passed } else { Self::Failed(problem()) }
    }
}

impl Case {
    /// All cases in a folder and below, or in a file.
    ///
    /// # Errors
    ///
    /// When something cannot be read, or is not what it should be.
    pub(crate) fn find(path: &Path) -> Result<Vec<Self>, String> {
        let fails = |error: &dyn fmt::Display| format!("{}: {error}", path.display());
        if path.join("test-case.json").is_file() {
            return Ok(vec![folders::read(path)?]);
        }
        if path.is_dir() {
            let entries = fs::read_dir(path).map_err(|error| fails(&error))?;
            let paths: Result<Vec<PathBuf>, _> = entries.map(|entry| entry.map(|entry| entry.path())).collect();
            let mut paths = paths.map_err(|error| fails(&error))?;
            paths.retain(|path| path.is_dir() || path.extension().is_some_and(|extension| extension == "json"));
            paths.sort();
            let found: Result<Vec<_>, _> = paths.iter().map(|path| Self::find(path)).collect();
            return Ok(found?.concat());
        }
        Self::in_table(path)
    }

    fn in_table(path: &Path) -> Result<Vec<Self>, String> {
        let table = json(path)?;
        let Value::Array(cases) = table.get("tests").unwrap_or(&table).clone() else {
            return Err(format!("{}: it is no list of cases", path.display()));
        };
        let file = path.file_name().unwrap_or_default().display().to_string();
        let numbered = cases.into_iter().enumerate();
        let found = numbered.map(|(number, content)| {
            let title = ["name", "docs", "documentation"]
                .iter()
                .find_map(|key| content.get(key)?.as_str());
            Self {
                name: format!("{file} {} ({})", number + 1, title.unwrap_or_default()),
                format: Format::of(&content),
                content,
            }
        });
        Ok(found.collect())
    }

    /// Runs it. A case that is not what it should be, such as one without a result, fails.
    pub(crate) async fn run(&self) -> Verdict {
        let case = self.clone();
        let run = tokio::spawn(async move { case.replay().await });
        run.await
            .unwrap_or_else(|panic| Verdict::Failed(format!("it cannot be run: {panic}")))
    }

    async fn replay(&self) -> Verdict {
        match self.format {
            Format::Chain | Format::Profile => folders::run(self).await,
            Format::Parser => tables::parser(&self.content),
            Format::Location => tables::location(&self.content),
            Format::Plan => tables::plan(&self.content),
            Format::Login => tables::login(&self.content).await,
            Format::Container => tables::container(&self.content).await,
            Format::Instance => tables::instance(&self.content).await,
            Format::Unknown => Verdict::Failed("its format is not known".to_owned()),
        }
    }
}

impl Format {
    pub(crate) fn of(case: &Value) -> Self {
        let has = |key: &str| case.get(key).is_some();
        let input_has = |key: &str| case.get("input").is_some_and(|input| input.get(key).is_some());
        match () {
            () if has("configContents") => Self::Login,
            () if has("platform") => Self::Location,
            () if input_has("selected_profile") => Self::Plan,
            () if input_has("configFile") || input_has("credentialsFile") => Self::Parser,
            () if has("env") && has("fs") => Self::Instance,
            () if has("env") && has("result") => Self::Container,
            () => Self::Unknown,
        }
    }
}

/// Reads a file.
pub(crate) fn json(path: &Path) -> Result<Value, String> {
    let fails = |error: &dyn fmt::Display| format!("{}: {error}", path.display());
    let text = fs::read(path).map_err(|error| fails(&error))?;
    serde_json::from_slice(&text).map_err(|error| fails(&error))
}

/// What came of all cases. Failures and decisions are printed when they are counted.
#[derive(Debug, Default)]
pub(crate) struct Tally {
    pub(crate) passed: u32,
    pub(crate) failed: u32,
}

impl Tally {
    pub(crate) async fn count(&mut self, case: &Case) {
        match case.run().await {
            Verdict::Passed => self.passed += 1,
            Verdict::Decided(reason) => {
                self.passed += 1;
                println!("{}: decided otherwise: {reason}", case.name);
            }
            Verdict::Failed(problem) => {
                self.failed += 1;
                println!("{}: {problem}", case.name);
            }
        }
    }

    /// Runs a case that passes with something else expected each time: it must fail.
    pub(crate) async fn count_altered(&mut self, case: &Case) {
        if !matches!(case.run().await, Verdict::Passed) {
            return;
        }
        for (what, altered) in altered::alter(case) {
            match altered.run().await {
                Verdict::Failed(_) => self.passed += 1,
                Verdict::Passed | Verdict::Decided(_) => {
                    self.failed += 1;
                    println!("{}: {what} is not seen", case.name);
                }
            }
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}
