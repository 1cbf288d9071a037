//! What was measured.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

/// Who is compared, as tables and budgets call them.
pub(crate) const OURS: &str = "this client";
/// The same in a runtime with a thread for each core.
pub(crate) const PARALLEL: &str = "on all cores";
/// The same without async.
pub(crate) const BLOCKING: &str = "blocking client";
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
}

/// One quantity in several cases.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Table {
    /// As in `budgets.toml`, and the name of the chart's file.
    pub(crate) name: String,
    pub(crate) title: String,
    pub(crate) unit: String,
    pub(crate) better: Better,
    /// Whether bars are drawn of it.
    pub(crate) chart: bool,
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

impl Table {
    pub(crate) fn new(name: &str, title: &str, unit: &str, better: Better) -> Self {
        Self {
            name: name.to_owned(),
            title: title.to_owned(),
            unit: unit.to_owned(),
            better,
            chart: true,
            cases: IndexMap::new(),
        }
    }

    /// For what a chart of another table shows already.
    pub(crate) fn without_chart(self) -> Self {
        Self { chart: false, ..self }
    }

    pub(crate) fn add(&mut self, case: &str, who: &str, sample: f64) {
        let samples = self.cases.entry(case.to_owned()).or_default();
        samples.entry(who.to_owned()).or_default().push(sample);
    }

    pub(crate) fn spread(&self, case: &str, who: &str) -> Option<Spread> {
        Spread::of(self.cases.get(case)?.get(who)?)
    }

    /// What someone has divided by what someone else has, round by round: what the machine does to a round, it does to
    /// both. Nothing where they were not measured in the same rounds.
    pub(crate) fn ratio(&self, case: &str, of: &str, against: &str) -> Option<Spread> {
        let case = self.cases.get(case)?;
        let (of, against) = (case.get(of)?, case.get(against)?);
        let ratios: Vec<_> = of.iter().zip(against).map(|(of, against)| of / against).collect();
        Spread::of(&ratios).filter(|_| of.len() == against.len())
    }

    /// Everyone who was measured in any case.
    pub(crate) fn columns(&self) -> Vec<&str> {
        let known = [OURS, PARALLEL, BLOCKING, OFFICIAL, BARE, BOTO3, GENERATOR, MIMALLOC];
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The machine was slower in the second and the fourth round. The medians are 15 and 40.
    #[test]
    fn a_ratio_is_one_of_rounds() {
        let mut table = Table::new("cpu", "CPU", "µs", Better::Less);
        for (ours, official) in [(10.0, 40.0), (20.0, 80.0), (15.0, 40.0), (30.0, 100.0), (10.0, 40.0)] {
            table.add("a case", OURS, ours);
            table.add("a case", OFFICIAL, official);
        }
        let ratio = table.ratio("a case", OURS, OFFICIAL).unwrap();
        assert_eq!((ratio.median, ratio.min, ratio.max), (0.25, 0.25, 0.375));
        table.add("a case", OURS, 10.0);
        assert!(table.ratio("a case", OURS, OFFICIAL).is_none());
        assert!(table.ratio("a case", OURS, BARE).is_none());
    }
}
