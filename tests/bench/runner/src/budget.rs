//! What the ratios must be.

use std::fmt;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::page::number;
use crate::results::{OURS, Results, Table};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    budget: Vec<Budget>,
}

/// A limit of one number.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Budget {
    pub(crate) what: String,
    pub(crate) table: String,
    pub(crate) case: String,
    /// Whose number it is divided by; absolute without.
    pub(crate) against: Option<String>,
    /// Who it is about: this client, unless it says otherwise.
    of: Option<String>,
    at_most: Option<f64>,
    at_least: Option<f64>,
}

/// A budget and what was measured.
#[derive(Debug)]
pub(crate) struct Judged<'b> {
    pub(crate) budget: &'b Budget,
    /// Nothing where it was not.
    pub(crate) measured: Option<f64>,
    /// Of the measured number.
    pub(crate) unit: String,
}

impl Budget {
    pub(crate) fn load(file: &Path) -> Result<Vec<Self>> {
        let text = fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
        let file: File = toml::from_str(&text).with_context(|| format!("{} is wrong", file.display()))?;
        Ok(file.budget)
    }

    pub(crate) fn judge(&self, results: &[(&str, Results)]) -> Judged<'_> {
        let mut tables = results.iter().flat_map(|(_, results)| &results.tables);
        let table = tables.find(|table| table.name == self.table);
        let unit = match (&self.against, table) {
            (Some(_), _) => " x".to_owned(),
            (None, Some(table)) if !table.unit.is_empty() => format!(" {}", table.unit),
            _ => String::new(),
        };
        Judged {
            budget: self,
            measured: table.and_then(|table| self.measured(table)),
            unit,
        }
    }

    fn measured(&self, table: &Table) -> Option<f64> {
        let median = |who| Some(table.spread(&self.case, who)?.median);
        let value = median(self.of.as_deref().unwrap_or(OURS))?;
        match &self.against {
            Some(other) => Some(value / median(other)?),
            None => Some(value),
        }
    }
}

impl Judged<'_> {
    pub(crate) fn holds(&self) -> bool {
        let Budget { at_most, at_least, .. } = self.budget;
        self.measured.is_some_and(|measured| {
            at_most.is_none_or(|limit| measured <= limit) && at_least.is_none_or(|limit| measured >= limit)
        })
    }

    pub(crate) fn limit(&self) -> String {
        let limits = [("at most", self.budget.at_most), ("at least", self.budget.at_least)];
        let limits = limits
            .into_iter()
            .filter_map(|(words, limit)| limit.map(|limit| format!("{words} {}{}", number(limit), self.unit)));
        limits.collect::<Vec<_>>().join(", ")
    }

    pub(crate) fn measured(&self) -> String {
        match self.measured {
            Some(measured) => format!("{}{}", number(measured), self.unit),
            None => "not measured".to_owned(),
        }
    }
}

impl fmt::Display for Judged<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.budget.what)?;
        if let Some(against) = &self.budget.against {
            write!(f, ", against {against}")?;
        }
        write!(f, ": {}, {}", self.measured(), self.limit())
    }
}
