//! What the ratios must be.

use std::fmt;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::results::{OURS, Results, Table};
use crate::rows::number;

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
    limit: Limit,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Limit {
    AtMost(f64),
    AtLeast(f64),
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

    pub(crate) fn judge<'r>(&self, results: impl IntoIterator<Item = &'r Results>) -> Judged<'_> {
        let mut tables = results.into_iter().flat_map(|results| &results.tables);
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
        let of = self.of.as_deref().unwrap_or(OURS);
        let measured = match &self.against {
            Some(against) => table.ratio(&self.case, of, against)?,
            None => table.spread(&self.case, of)?,
        };
        Some(measured.median)
    }
}

impl Judged<'_> {
    /// Nothing where it was not measured.
    pub(crate) fn holds(&self) -> Option<bool> {
        self.measured.map(|measured| match self.budget.limit {
            Limit::AtMost(limit) => measured <= limit,
            Limit::AtLeast(limit) => measured >= limit,
        })
    }

    pub(crate) fn limit(&self) -> String {
        let (words, limit) = match self.budget.limit {
            Limit::AtMost(limit) => ("at most", limit),
            Limit::AtLeast(limit) => ("at least", limit),
        };
        format!("{words} {}{}", number(limit), self.unit)
    }

    pub(crate) fn measured(&self) -> String {
        match self.measured {
            Some(measured) => format!("{}{}", number(measured), self.unit),
            None => "–".to_owned(),
        }
    }
}

impl fmt::Display for Judged<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.budget.what)?;
        if let Some(against) = &self.budget.against {
            write!(f, ", against {against}")?;
        }
        match self.measured {
            Some(_) => write!(f, ": {}, {}", self.measured(), self.limit()),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::{Better, OFFICIAL};

    fn judge(limit: &str, ours: f64) -> Option<bool> {
        let text = format!("what = 'CPU'\ntable = 'cpu'\ncase = 'a case'\nagainst = '{OFFICIAL}'\n{limit}");
        let budget: Budget = toml::from_str(&text).unwrap();
        let mut table = Table::new("cpu", "CPU", "µs", Better::Less);
        table.add("a case", OURS, ours);
        table.add("a case", OFFICIAL, 100.0);
        let results = Results {
            tables: vec![table],
            ..Results::default()
        };
        budget.judge(&[results]).holds()
    }

    #[test]
    fn limits_are_inclusive() {
        assert_eq!(judge("limit.at_most = 0.4", 40.0), Some(true));
        assert_eq!(judge("limit.at_most = 0.4", 41.0), Some(false));
        assert_eq!(judge("limit.at_least = 2", 200.0), Some(true));
        assert_eq!(judge("limit.at_least = 2", 199.0), Some(false));
    }

    #[test]
    fn what_is_not_measured_is_not_judged() {
        let budgets = Budget::load(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../budgets.toml"))).unwrap();
        assert!(budgets.iter().all(|budget| budget.judge(&[]).holds().is_none()));
    }

    #[test]
    fn a_budget_has_one_limit() {
        let budget = |limits: &str| {
            let text = format!("what = 'CPU'\ntable = 'cpu'\ncase = 'a case'\n{limits}");
            toml::from_str::<Budget>(&text)
        };
        assert!(budget("limit.at_most = 1").is_ok());
        assert!(budget("").is_err());
        assert!(budget("at_most = 1").is_err());
        assert!(budget("limit.at_most = 1\nlimit.at_least = 1").is_err());
    }
}
