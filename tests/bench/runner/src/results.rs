//! What was measured, as it is kept between runs.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// Who is compared, as tables and budgets call them.
pub(crate) const OURS: &str = "this client";
pub(crate) const OFFICIAL: &str = "official SDK";
pub(crate) const BARE: &str = "bare hyper";
pub(crate) const BOTO3: &str = "boto3";
/// The generator with either allocator.
pub(crate) const GENERATOR: &str = "generator";
pub(crate) const MIMALLOC: &str = "with mimalloc";

/// What one name on the command line measures.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(crate) struct Results {
    pub(crate) tables: Vec<Table>,
    /// What could not be measured, and why.
    pub(crate) skipped: Vec<String>,
    /// Whether these were short runs.
    pub(crate) quick: bool,
}

/// One quantity in several cases.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Table {
    /// As in `budgets.toml`, and the name of the chart's file.
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) unit: String,
    pub(crate) better: Better,
    /// Samples by who was measured, by case.
    pub(crate) cases: IndexMap<String, IndexMap<String, Vec<f64>>>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Better {
    Less,
    More,
}

/// Of some samples.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spread {
    pub(crate) median: f64,
    pub(crate) min: f64,
    pub(crate) max: f64,
}

impl Results {
    /// What an earlier run has left, if there is one.
    pub(crate) fn load(folder: &Path, name: &str) -> Result<Option<Self>> {
        let file = folder.join(name).with_extension("json");
        match file.is_file() {
            false => Ok(None),
            true => serde_json::from_slice(&fs::read(&file)?)
                .map(Some)
                .with_context(|| format!("cannot read {}; remove it", file.display())),
        }
    }

    pub(crate) fn save(&self, folder: &Path, name: &str) -> Result<()> {
        fs::create_dir_all(folder)?;
        let file = folder.join(name).with_extension("json");
        fs::write(&file, serde_json::to_vec_pretty(self)?).with_context(|| format!("cannot write {}", file.display()))
    }
}

impl Table {
    pub(crate) fn new(name: &str, title: &str, unit: &str, better: Better) -> Self {
        Self {
            name: name.to_owned(),
            title: title.to_owned(),
            unit: unit.to_owned(),
            better,
            cases: IndexMap::new(),
        }
    }

    pub(crate) fn add(&mut self, case: &str, who: &str, sample: f64) {
        let samples = self.cases.entry(case.to_owned()).or_default();
        samples.entry(who.to_owned()).or_default().push(sample);
    }

    pub(crate) fn spread(&self, case: &str, who: &str) -> Option<Spread> {
        Spread::of(self.cases.get(case)?.get(who)?)
    }

    /// Everyone who was measured in any case.
    pub(crate) fn columns(&self) -> Vec<&str> {
        let known = [OURS, OFFICIAL, BARE, BOTO3, GENERATOR, MIMALLOC];
        let measured = |who: &&str| self.cases.values().any(|case| case.contains_key(*who));
        known.into_iter().filter(measured).collect()
    }
}

impl Spread {
    pub(crate) fn of(samples: &[f64]) -> Option<Self> {
        let mut sorted = samples.to_vec();
        sorted.sort_by(f64::total_cmp);
        let middle = sorted.len() / 2;
        let median = match sorted.len() % 2 {
            _ if sorted.is_empty() => return None,
            0 => f64::midpoint(sorted[middle - 1], sorted[middle]),
            _ => sorted[middle],
        };
        Some(Self {
            median,
            min: sorted[0],
            max: *sorted.last()?,
        })
    }
}
