//! What was measured, as it is kept between runs: in `docs/benchmarks/results/`, a file for each name on the command line.

use std::fmt;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};

use crate::names::NAMES;
use crate::results::Results;
use crate::{command_output, machine};

/// What one name on the command line has measured, and when.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Kept {
    #[serde(flatten)]
    pub(crate) run: Run,
    #[serde(flatten)]
    pub(crate) results: Results,
}

/// What was run, when, and on what.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Run {
    /// As in `2026-11-23`, in UTC.
    pub(crate) date: String,
    /// Such as `980ac97`, or `980ac97 with changes`.
    pub(crate) commit: String,
    /// Names and values, as far as they can be found.
    pub(crate) machine: IndexMap<String, String>,
}

impl Kept {
    /// All that there are, in the order of the page.
    pub(crate) fn load(repository: &Path) -> Result<Vec<(&'static str, Self)>> {
        let mut all = Vec::new();
        for name in NAMES {
            let file = file(repository, name);
            if file.exists() {
                let kept = fs::read(&file).map_err(anyhow::Error::from);
                let kept = kept.and_then(|text| Ok(serde_json::from_slice(&text)?));
                let kept = kept.with_context(|| format!("cannot read {}; measure `{name}` again", file.display()))?;
                all.push((name, kept));
            }
        }
        Ok(all)
    }

    pub(crate) fn save(&self, repository: &Path, name: &str) -> Result<()> {
        let file = file(repository, name);
        fs::create_dir_all(file.parent().unwrap_or(repository))?;
        fs::write(&file, self.json()?).with_context(|| format!("cannot write {}", file.display()))
    }

    fn json(&self) -> Result<String> {
        let mut text = Vec::new();
        self.serialize(&mut Serializer::with_formatter(
            &mut text,
            Lines(PrettyFormatter::new()),
        ))?;
        text.push(b'\n');
        Ok(String::from_utf8(text)?)
    }
}

fn file(repository: &Path, name: &str) -> PathBuf {
    repository
        .join("docs/benchmarks/results")
        .join(name)
        .with_extension("json")
}

impl Run {
    /// The one that begins.
    pub(crate) fn now(repository: &Path, has_python: bool) -> Result<Self> {
        let git = |arguments: &[&str]| {
            let mut git = Command::new("git");
            git.args(arguments).current_dir(repository);
            git
        };
        let commit = match command_output(&mut git(&["rev-parse", "--short=7", "HEAD"])) {
            // What is written here is no change of what is measured.
            Some(commit) => match git(&["diff", "--quiet", "HEAD", "--", ".", ":!docs"])
                .status()?
                .success()
            {
                true => commit,
                false => format!("{commit} with changes"),
            },
            None => "unknown".to_owned(),
        };
        Ok(Self {
            date: command_output(Command::new("date").args(["-u", "+%F"])).context("cannot run `date`")?,
            commit,
            machine: machine::describe(repository, has_python),
        })
    }

    /// In how far the machine is another one: what it has of what differs.
    pub(crate) fn differences(&self, other: &Self) -> Vec<String> {
        let differs = |(name, value): &(&String, &String)| other.machine.get(*name) != Some(*value);
        let differences = self.machine.iter().filter(differs);
        differences.map(|(name, value)| format!("{name} {value}")).collect()
    }
}

impl fmt::Display for Run {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Measured on {} at commit {}", self.date, self.commit)
    }
}

/// JSON with a line for each member of an object. Arrays stay in one line, and numbers have six digits: more than any of
/// these is worth.
struct Lines(PrettyFormatter<'static>);

impl Formatter for Lines {
    fn write_f64<W: ?Sized + io::Write>(&mut self, writer: &mut W, value: f64) -> io::Result<()> {
        let rounded = format!("{value:.5e}").parse().unwrap_or(value);
        self.0.write_f64(writer, rounded)
    }

    fn begin_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + io::Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + io::Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::{Better, Table};

    #[test]
    fn what_is_read_is_what_was_written() {
        let repository = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../.."));
        for (name, kept) in Kept::load(repository).unwrap() {
            let text = fs::read_to_string(file(repository, name)).unwrap();
            assert_eq!(kept.json().unwrap(), text, "{name}");
        }
    }

    #[test]
    fn numbers_have_six_digits() {
        let mut table = Table::new("cpu", "CPU", "", Better::Less);
        table.add("a case", "this client", 1.0 / 3.0);
        table.add("a case", "this client", 1_234_567.0);
        let kept = Kept {
            run: Run {
                date: "2026-11-23".to_owned(),
                commit: "980ac97".to_owned(),
                machine: IndexMap::new(),
            },
            results: Results {
                tables: vec![table],
                ..Results::default()
            },
        };
        let json = kept.json().unwrap();
        assert!(json.contains("\"this client\": [0.333333,1234570.0]\n"), "{json}");
    }
}
