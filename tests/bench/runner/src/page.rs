//! The page with the results, and the same as text.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::budget::Judged;
use crate::results::{Better, OFFICIAL, OURS, Results, Spread, Table};
use crate::{chart, machine};

const TEMPLATE: &str = include_str!("page.md");

/// Writes the page and its charts.
pub(crate) fn write(repository: &Path, results: &[(&str, Results)], judged: &[Judged<'_>]) -> Result<()> {
    let docs = repository.join("docs");
    let charts = docs.join("benchmarks");
    fs::create_dir_all(&charts)?;
    let mut page = TEMPLATE
        .replace("{budgets}", &budgets(judged))
        .replace("{machine}", &machine(repository));
    for (name, results) in results {
        let mut section = String::new();
        for table in &results.tables {
            write!(section, "\n### {}\n\n", table.title)?;
            if let Some(files) = chart::draw(table, &charts)? {
                section += &picture(table, &files);
            }
            section += &markdown(table);
        }
        for skipped in &results.skipped {
            writeln!(section, "\nNot measured: {skipped}.")?;
        }
        if results.quick {
            section += "\nThese are numbers of a short run.\n";
        }
        page = page.replace(&format!("{{{name}}}"), section.trim_start());
    }
    for name in crate::NAMES {
        page = page.replace(&format!("{{{name}}}"), "Not measured.\n");
    }
    let notes = docs.join("benchmarks-notes.md");
    page += &fs::read_to_string(&notes).with_context(|| format!("cannot read {}", notes.display()))?;
    fs::write(docs.join("benchmarks.md"), page).context("cannot write docs/benchmarks.md")
}

fn budgets(judged: &[Judged<'_>]) -> String {
    let mut text = "| what | against | measured | budget | |\n|---|---|--:|--:|---|\n".to_owned();
    for judged in judged {
        let against = judged.budget.against.as_deref().unwrap_or("absolute");
        let verdict = match judged.holds() {
            true => "holds",
            false => "**falls short**",
        };
        let (what, measured, limit) = (&judged.budget.what, judged.measured(), judged.limit());
        text += &format!("| {what} | {against} | {measured} | {limit} | {verdict} |\n");
    }
    text
}

fn machine(repository: &Path) -> String {
    let mut text = "| | |\n|---|---|\n".to_owned();
    for (name, value) in machine::describe(repository) {
        text += &format!("| {name} | {value} |\n");
    }
    text
}

fn picture(table: &Table, files: &chart::Files) -> String {
    let chart::Files { light, dark } = files;
    format!(
        "<picture>\n  <source media=\"(prefers-color-scheme: dark)\" srcset=\"benchmarks/{dark}\">\n  \
        <img alt=\"{}\" src=\"benchmarks/{light}\">\n</picture>\n\n",
        table.title
    )
}

/// Medians, with the smallest and largest sample; the ratio to the official SDK comes first.
fn markdown(table: &Table) -> String {
    let rows = rows(table);
    let mut text = String::new();
    for (at, row) in rows.iter().enumerate() {
        text += &format!("| {} |\n", row.join(" | "));
        if at == 0 {
            text += &format!("|---|{}\n", "--:|".repeat(row.len() - 1));
        }
    }
    text
}

/// The same for a terminal.
pub(crate) fn text(results: &Results) -> String {
    let mut text = String::new();
    for table in &results.tables {
        text += &format!("\n{}\n", table.title);
        let rows = rows(table);
        let columns = rows.first().map_or(0, Vec::len);
        let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or(0);
        let widths: Vec<usize> = (0..columns).map(width).collect();
        for row in rows {
            let cells = row.iter().zip(&widths).map(|(cell, &width)| format!("{cell:>width$}"));
            text += &format!("  {}\n", cells.collect::<Vec<_>>().join("  "));
        }
    }
    for skipped in &results.skipped {
        text += &format!("\nnot measured: {skipped}\n");
    }
    text
}

fn rows(table: &Table) -> Vec<Vec<String>> {
    let columns = table.columns();
    let compared = columns.contains(&OURS) && columns.contains(&OFFICIAL);
    let mut heading = vec![match table.unit.as_str() {
        "" => String::new(),
        unit => format!("in {unit}"),
    }];
    heading.extend(compared.then(|| "ours : official".to_owned()));
    heading.extend(columns.iter().map(|&column| column.to_owned()));
    let mut rows = vec![heading];
    for case in table.cases.keys() {
        let median = |who| table.spread(case, who).map(|spread| spread.median);
        let mut row = vec![case.clone()];
        if compared {
            row.push(match (median(OURS), median(OFFICIAL)) {
                (Some(ours), Some(official)) => format!("{} x", number(ours / official)),
                _ => "–".to_owned(),
            });
        }
        row.extend(
            columns
                .iter()
                .map(|who| table.spread(case, who).map_or("–".to_owned(), cell)),
        );
        rows.push(row);
    }
    rows
}

fn cell(spread: Spread) -> String {
    let Spread { median, min, max } = spread;
    let [median, min, max] = [median, min, max].map(number);
    match min == max {
        true => median,
        false => format!("{median} ({min}–{max})"),
    }
}

/// Three digits, as many as these measurements are worth.
pub(crate) fn number(value: f64) -> String {
    let digits = match value.abs() {
        0.0 => 0,
        below_ten if below_ten < 0.1 => 3,
        below_ten if below_ten < 10.0 => 2,
        below_hundred if below_hundred < 100.0 => 1,
        _ => 0,
    };
    let text = format!("{value:.digits$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

impl Better {
    /// What a chart says about its bars.
    pub(crate) fn hint(self) -> &'static str {
        match self {
            Self::Less => "shorter is better",
            Self::More => "longer is better",
        }
    }
}
