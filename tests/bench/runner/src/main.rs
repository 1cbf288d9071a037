//! Runs what is compared, judges it by the budgets, and writes `docs/benchmarks.md`.
//!
//! `cargo xtask bench` builds everything, and starts this with [`Settings`] as JSON.

mod budget;
mod chart;
mod kept;
mod machine;
mod measure;
mod names;
mod page;
mod process;
mod results;
mod rows;

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use self::budget::Budget;
use self::kept::{Kept, Run};
use self::measure::Bench;
use self::process::{Client, Cores, Server};
use self::results::Results;

#[derive(Debug, Deserialize)]
struct Settings {
    /// The folder of the repository.
    repository: PathBuf,
    /// The folder for what is built; `programs/` is there.
    target: PathBuf,
    /// The virtual environment with boto3, if there is one.
    python: Option<PathBuf>,
    check: bool,
    quick: bool,
    /// Nothing is measured.
    page: bool,
    names: Vec<String>,
}

fn main() -> Result<()> {
    let settings = std::env::args().nth(1).context("start this with `cargo xtask bench`")?;
    let settings: Settings = serde_json::from_str(&settings)?;
    if settings.page {
        return page::write(&settings.repository);
    }
    let measured = settings.measure()?;
    // Numbers of short runs are for whoever asked for them.
    if !settings.quick {
        page::write(&settings.repository)?;
    }
    settings.judge(&measured)
}

impl Settings {
    /// Measures, prints and, after full runs, keeps.
    fn measure(&self) -> Result<Vec<Results>> {
        // Before anything is written.
        let run = Run::now(&self.repository, self.python.is_some())?;
        let bench = self.bench()?;
        let mut measured = Vec::new();
        for name in names::wanted(&self.names, self.quick) {
            eprintln!("measuring {name}");
            let results = bench
                .measure(name)
                .with_context(|| format!("cannot measure `{name}`"))?;
            print!("{}", rows::text(&results));
            let kept = Kept {
                run: run.clone(),
                results,
            };
            if !self.quick {
                kept.save(&self.repository, name)?;
            }
            measured.push(kept.results);
        }
        Ok(measured)
    }

    /// Holds what this run has measured against the budgets.
    fn judge(&self, measured: &[Results]) -> Result<()> {
        let budgets = Budget::load(&self.repository.join("tests/bench/budgets.toml"))?;
        let judged: Vec<_> = budgets.iter().map(|budget| budget.judge(measured)).collect();
        println!();
        for judged in &judged {
            match judged.holds() {
                Some(true) => {}
                Some(false) => println!("falls short: {judged}"),
                None => println!("not measured: {judged}"),
            }
        }
        if self.python.is_none() {
            println!(
                "boto3 and the descriptions that come with it are left out: there is no Python for them, see above"
            );
        }
        let count = |verdict| judged.iter().filter(|judged| judged.holds() == Some(verdict)).count();
        let (hold, short) = (count(true), count(false));
        println!("{hold} of the {} measured budgets hold", hold + short);
        ensure!(
            !self.check || short == 0,
            "what is measured is not within tests/bench/budgets.toml"
        );
        Ok(())
    }

    fn bench(&self) -> Result<Bench> {
        let programs = self.target.join("programs");
        let released = programs.join("release");
        let python = self.python.as_ref().map(|environment| environment.join("bin/python"));
        let script = self.repository.join("tests/bench/client.py");
        let cores = Cores::find()?;
        cores.server()?;
        let server = Server::start(&released)?;
        cores.client()?;
        Ok(Bench {
            quick: self.quick,
            clients: Client::all(&released, python.as_deref(), &script),
            server,
            cores,
            repository: self.repository.clone(),
            target: self.target.clone(),
            programs,
            python: self.python.clone(),
        })
    }
}

/// What a command prints, if it succeeds and prints anything.
fn command_output(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    let text = String::from_utf8(output.stdout).ok()?;
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}
