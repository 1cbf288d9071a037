//! `docs/benchmarks.md` and its charts: nothing but what is kept, the budgets, and the notes.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::budget::{Budget, Judged};
use crate::kept::{Kept, Run};
use crate::names::NAMES;
use crate::results::Table;
use crate::{chart, rows};

const TEMPLATE: &str = include_str!("page.md");

/// The files of the page, by their paths in the repository.
type Files = BTreeMap<PathBuf, String>;

/// Writes the page and its charts, and removes charts of what is no more.
pub(crate) fn write(repository: &Path) -> Result<()> {
    let files = render(repository)?;
    for (path, text) in &files {
        fs::write(repository.join(path), text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    for path in charts(repository)?.into_iter().filter(|path| !files.contains_key(path)) {
        fs::remove_file(repository.join(&path)).with_context(|| format!("cannot remove {}", path.display()))?;
    }
    Ok(())
}

/// The charts that there are.
fn charts(repository: &Path) -> Result<Vec<PathBuf>> {
    let mut charts = Vec::new();
    for entry in fs::read_dir(repository.join("docs/benchmarks")).context("cannot read docs/benchmarks")? {
        let chart = Path::new("docs/benchmarks").join(entry?.file_name());
        charts.extend(Some(chart).filter(|chart| chart.extension().is_some_and(|extension| extension == "svg")));
    }
    Ok(charts)
}

fn render(repository: &Path) -> Result<Files> {
    let budgets = Budget::load(&repository.join("tests/bench/budgets.toml"))?;
    let kept = Kept::load(repository)?;
    let judged = budgets
        .iter()
        .map(|budget| budget.judge(kept.iter().map(|(_, kept)| &kept.results)));
    let main = main_run(&kept);
    let mut files = Files::new();
    let mut page = TEMPLATE
        .replace("{run}", &head(main, &kept))
        .replace("{budgets}", &table_of_budgets(judged))
        .replace("{machine}", &main.map(machine).unwrap_or_default());
    for (name, kept) in &kept {
        let section = section(kept, main, &mut files)?;
        page = page.replace(&format!("{{{name}}}"), &section);
    }
    for name in NAMES {
        page = page.replace(&format!("{{{name}}}"), "Not measured.\n");
    }
    let notes = repository.join("docs/benchmarks-notes.md");
    page += &fs::read_to_string(&notes).with_context(|| format!("cannot read {}", notes.display()))?;
    files.insert("docs/benchmarks.md".into(), page);
    Ok(files)
}

/// The run that most sections are of, or the latest of these.
fn main_run<'k>(kept: &'k [(&str, Kept)]) -> Option<&'k Run> {
    let runs = || kept.iter().map(|(_, kept)| &kept.run);
    let sections = |run: &Run| runs().filter(|other| *other == run).count();
    runs().max_by_key(|run| (sections(run), &run.date))
}

fn head(main: Option<&Run>, kept: &[(&str, Kept)]) -> String {
    let Some(main) = main else {
        return "Not measured.".to_owned();
    };
    match kept.iter().all(|(_, kept)| kept.run == *main) {
        true => format!("{main}."),
        false => format!("{main}, where a section does not say otherwise."),
    }
}

/// The tables of a name on the command line. Their charts go to the files.
fn section(kept: &Kept, main: Option<&Run>, files: &mut Files) -> Result<String> {
    let mut section = String::new();
    if let Some(main) = main.filter(|main| **main != kept.run) {
        let differences = kept.run.differences(main).join(", ");
        let with = if differences.is_empty() { "" } else { ", with " };
        writeln!(section, "{}{with}{differences}.", kept.run)?;
    }
    for table in &kept.results.tables {
        write!(section, "\n### {}\n\n", table.title)?;
        if table.chart && !table.cases.is_empty() {
            section += &picture(table, files)?;
        }
        section += &rows::markdown(table);
    }
    for skipped in &kept.results.skipped {
        writeln!(section, "\nNot measured: {skipped}.")?;
    }
    Ok(section.trim_start().to_owned())
}

/// Draws a chart, for light pages and for dark ones.
fn picture(table: &Table, files: &mut Files) -> Result<String> {
    let Table { name, title, .. } = table;
    let [light, dark] = ["light", "dark"].map(|theme| format!("benchmarks/{name}-{theme}.svg"));
    for (file, is_dark) in [(&light, false), (&dark, true)] {
        files.insert(Path::new("docs").join(file), chart::draw(table, is_dark)?);
    }
    Ok(format!(
        "<picture>\n  <source media=\"(prefers-color-scheme: dark)\" srcset=\"{dark}\">\n  \
        <img alt=\"{title}\" src=\"{light}\">\n</picture>\n\n"
    ))
}

fn table_of_budgets<'b>(judged: impl Iterator<Item = Judged<'b>>) -> String {
    let mut text = "| what | against | measured | budget | |\n|---|---|--:|--:|---|\n".to_owned();
    for judged in judged {
        let against = judged.budget.against.as_deref().unwrap_or("absolute");
        let verdict = match judged.holds() {
            Some(true) => "holds",
            Some(false) => "**falls short**",
            None => "not measured",
        };
        let (what, measured, limit) = (&judged.budget.what, judged.measured(), judged.limit());
        text += &format!("| {what} | {against} | {measured} | {limit} | {verdict} |\n");
    }
    text
}

fn machine(run: &Run) -> String {
    let mut text = "| | |\n|---|---|\n".to_owned();
    for (name, value) in &run.machine {
        text += &format!("| {name} | {value} |\n");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::results::Results;

    /// Written again after every change of what it is made of.
    #[test]
    fn the_page_is_up_to_date() {
        let repository = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../.."));
        let files = render(repository).unwrap();
        let stale = files
            .iter()
            .filter(|(path, text)| fs::read_to_string(repository.join(path)).ok().as_ref() != Some(text));
        let mut wrong: Vec<_> = stale.map(|(path, _)| path.clone()).collect();
        wrong.extend(
            charts(repository)
                .unwrap()
                .into_iter()
                .filter(|chart| !files.contains_key(chart)),
        );
        assert!(
            wrong.is_empty(),
            "run `cargo xtask bench --page`, which writes {wrong:?}"
        );
    }

    #[test]
    fn sections_of_another_run_say_so() {
        let kept = |date: &str, compiler: &str| Kept {
            run: Run {
                date: date.to_owned(),
                commit: "980ac97".to_owned(),
                machine: [("cores", "2"), ("compiler", compiler)]
                    .map(|(name, value)| (name.to_owned(), value.to_owned()))
                    .into(),
            },
            results: Results::default(),
        };
        let mut all = vec![
            ("calls", kept("2026-11-23", "1.95")),
            ("memory", kept("2026-11-23", "1.95")),
        ];
        assert_eq!(head(main_run(&all), &all), "Measured on 2026-11-23 at commit 980ac97.");
        all.push(("start", kept("2026-11-24", "1.96")));
        assert_eq!(
            head(main_run(&all), &all),
            "Measured on 2026-11-23 at commit 980ac97, where a section does not say otherwise."
        );
        let sections = all
            .iter()
            .map(|(_, kept)| section(kept, main_run(&all), &mut Files::new()).unwrap());
        let expected = "Measured on 2026-11-24 at commit 980ac97, with compiler 1.96.\n";
        assert_eq!(sections.collect::<Vec<_>>(), ["", "", expected]);
    }
}
