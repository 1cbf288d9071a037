//! Finding cases, and telling their formats apart.

use std::fs;
use std::path::Path;

use serde_json::Value;

use crate::{folders, tables};

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
    pub(crate) fn find(path: &Path) -> Vec<Self> {
        if path.join("test-case.json").is_file() {
            return vec![folders::read(path)];
        }
        if path.is_dir() {
            let mut paths: Vec<_> = fs::read_dir(path)
                .expect("a folder")
                .map(|entry| entry.expect("an entry").path())
                .collect();
            paths.sort();
            return paths.iter().flat_map(|path| Self::find(path)).collect();
        }
        match path.extension() {
            Some(extension) if extension == "json" => Self::in_table(path),
            _ => Vec::new(),
        }
    }

    fn in_table(path: &Path) -> Vec<Self> {
        let text = fs::read(path).expect("a file");
        let table: Value = serde_json::from_slice(&text).expect("JSON");
        let cases = table
            .get("tests")
            .unwrap_or(&table)
            .as_array()
            .cloned()
            .unwrap_or_default();
        let file = path.file_name().unwrap_or_default().display().to_string();
        let numbered = cases.into_iter().enumerate();
        let found = numbered.filter_map(|(number, content)| {
            let title = ["name", "docs", "documentation"]
                .iter()
                .find_map(|key| content.get(key)?.as_str());
            Some(Self {
                name: format!("{file} {} ({})", number + 1, title.unwrap_or_default()),
                format: Format::of(&content)?,
                content,
            })
        });
        found.collect()
    }

    /// Runs it.
    pub(crate) async fn run(&self) -> Verdict {
        match self.format {
            Format::Chain | Format::Profile => folders::run(self).await,
            Format::Parser => tables::parser(&self.content),
            Format::Location => tables::location(&self.content),
            Format::Plan => tables::plan(&self.content),
            Format::Login => tables::login(&self.content).await,
            Format::Container => tables::container(&self.content).await,
            Format::Instance => tables::instance(&self.content).await,
        }
    }
}

impl Format {
    fn of(case: &Value) -> Option<Self> {
        let has = |key: &str| case.get(key).is_some();
        let input_has = |key: &str| case.get("input").is_some_and(|input| input.get(key).is_some());
        Some(match () {
            () if has("configContents") => Self::Login,
            () if has("platform") => Self::Location,
            () if input_has("selected_profile") => Self::Plan,
            () if input_has("configFile") || input_has("credentialsFile") => Self::Parser,
            () if has("env") && has("fs") => Self::Instance,
            () if has("env") && has("result") => Self::Container,
            () => return None,
        })
    }
}
