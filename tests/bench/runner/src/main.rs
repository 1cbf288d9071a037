//! Runs what is compared, judges it by the budgets, and writes `docs/benchmarks.md`.
//!
//! `cargo xtask bench` builds everything, and starts this with [`Settings`] as JSON.

mod budget;
mod chart;
mod machine;
mod measure;
mod page;
mod process;
mod results;

use std::path::PathBuf;

use anyhow::{Context, Result, bail, ensure};
use serde::Deserialize;

use self::budget::Budget;
use self::measure::{Bench, NAMES};
use self::process::{Client, Cores, Server};
use self::results::Results;

#[derive(Debug, Deserialize)]
struct Settings {
    /// The folder of the repository.
    repository: PathBuf,
    /// The folder for what is built and kept between runs; `programs/` is there.
    target: PathBuf,
    /// The virtual environment with boto3, if there is one.
    python: Option<PathBuf>,
    check: bool,
    quick: bool,
    names: Vec<String>,
}

fn main() -> Result<()> {
    let settings = std::env::args().nth(1).context("start this with `cargo xtask bench`")?;
    let settings: Settings = serde_json::from_str(&settings)?;
    let names = settings.names()?;
    let bench = settings.bench()?;
    let kept = settings.target.join("results");
    for name in names {
        eprintln!("measuring {name}");
        let results = bench
            .measure(name)
            .with_context(|| format!("cannot measure `{name}`"))?;
        print!("{}", page::text(&results));
        results.save(&kept, name)?;
    }

    let mut results = Vec::new();
    for name in NAMES {
        results.extend(Results::load(&kept, name)?.map(|results| (name, results)));
    }
    let budgets = Budget::load(&settings.repository.join("tests/bench/budgets.toml"))?;
    let judged: Vec<_> = budgets.iter().map(|budget| budget.judge(&results)).collect();
    // Numbers of short runs are for whoever asked for them.
    if !settings.quick {
        page::write(&settings.repository, &results, &judged)?;
    }

    let short: Vec<_> = judged.iter().filter(|judged| !judged.holds()).collect();
    println!("\n{} of {} budgets hold", judged.len() - short.len(), judged.len());
    for judged in &short {
        println!("falls short: {judged}");
    }
    if settings.check && !short.is_empty() {
        bail!("what is measured is not within tests/bench/budgets.toml");
    }
    Ok(())
}

impl Settings {
    /// What is to be measured. Builds take minutes, so a quick run leaves them out.
    fn names(&self) -> Result<Vec<&str>> {
        for name in &self.names {
            ensure!(
                NAMES.contains(&name.as_str()),
                "there is no `{name}`; there are: {}",
                NAMES.join(", ")
            );
        }
        Ok(match self.names.is_empty() {
            true => NAMES
                .into_iter()
                .filter(|name| !(self.quick && *name == "build"))
                .collect(),
            false => self.names.iter().map(String::as_str).collect(),
        })
    }

    fn bench(&self) -> Result<Bench> {
        let programs = self.target.join("programs/release");
        let python = self.python.as_ref().map(|environment| environment.join("bin/python"));
        let script = self.repository.join("tests/bench/client.py");
        let cores = Cores::find()?;
        cores.server()?;
        let server = Server::start(&programs)?;
        cores.client()?;
        Ok(Bench {
            quick: self.quick,
            clients: Client::all(&programs, python.as_deref(), &script),
            server,
            cores,
            repository: self.repository.clone(),
            target: self.target.clone(),
            programs,
            python: self.python.clone(),
        })
    }
}
