//! `cargo xtask codegen`: from the models to the files of the clients.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, bail, ensure};
use codegen::{Crate, Runtime};

use crate::output::{self, Plan};
use crate::{flags, show};

/// A model and the folder of the client that is made of it.
struct Job {
    model: PathBuf,
    /// `None`: a folder of the package's name in `generated/`.
    out: Option<PathBuf>,
    runtime: Runtime,
}

pub(crate) fn run(flags: &flags::Codegen) -> Result<()> {
    let started = Instant::now();
    let operations: Option<Vec<String>> = flags
        .operations
        .as_ref()
        .map(|names| names.split(',').map(|name| name.trim().to_owned()).collect());
    let jobs = jobs(flags)?;
    let crates = generate(&jobs, operations.as_deref())?;

    let generated = crate::root().join("generated");
    let mut plans = Vec::new();
    let mut folders = Vec::new();
    for (job, client) in jobs.iter().zip(&crates) {
        let folder = job.out.clone().unwrap_or_else(|| generated.join(&client.name));
        plans.push(Plan::new(&folder, &client.files)?);
        folders.push(folder);
    }
    if flags.model.is_none() {
        plans.extend(output::abandoned(&generated, &folders)?);
    }
    if flags.check {
        return check(&plans);
    }
    for plan in &plans {
        plan.carry_out()?;
        println!("{plan}");
    }
    println!("done in {} ms", started.elapsed().as_millis());
    Ok(())
}

fn jobs(flags: &flags::Codegen) -> Result<Vec<Job>> {
    if flags.operations.is_some() && flags.model.is_none() {
        bail!("`--operations` needs `--model` and `--out`: the clients in `generated/` have all operations");
    }
    match (&flags.model, &flags.out) {
        (Some(model), Some(out)) => Ok(vec![Job {
            model: model.clone(),
            out: Some(out.clone()),
            runtime: crate::runtime(),
        }]),
        (None, None) => {
            // Diagnostics show paths as they are given: short ones read better.
            let models = crate::root().join("models");
            let models = relative(&models);
            let folders = fs::read_dir(&models).with_context(|| format!("cannot read {}", models.display()))?;
            let mut folders: Vec<PathBuf> = folders
                .filter_map(|entry| Some(entry.ok()?.path()))
                .filter(|path| path.is_dir())
                .collect();
            folders.sort();
            ensure!(!folders.is_empty(), "there is no model in {}", models.display());
            let jobs = folders.into_iter().map(|model| Job {
                model,
                out: None,
                runtime: Runtime::Path("../../runtime".to_owned()),
            });
            Ok(jobs.collect())
        }
        (Some(_), None) => bail!("`--model` needs `--out`, the folder that the crate is written into"),
        (None, Some(_)) => bail!("`--out` needs `--model`, the folder of the description"),
    }
}

/// Seen from the working folder, where it lies in it.
fn relative(path: &Path) -> PathBuf {
    let here = std::env::current_dir().unwrap_or_default();
    match path.strip_prefix(here) {
        Ok(rest) if rest.as_os_str().is_empty() => PathBuf::from("."),
        Ok(rest) => rest.to_owned(),
        Err(_) => path.to_owned(),
    }
}

/// Generates all crates, or reports what is wrong with all models.
fn generate(jobs: &[Job], operations: Option<&[String]>) -> Result<Vec<Crate>> {
    let results = jobs
        .iter()
        .map(|job| codegen::generate(&job.model, operations, &job.runtime));
    let mut crates = Vec::new();
    let mut failed = false;
    for result in results {
        match result {
            Ok(client) => {
                if !client.warnings.is_empty() {
                    show(&client.warnings.clone().into());
                }
                crates.push(client);
            }
            Err(diagnostics) => {
                show(&diagnostics);
                failed = true;
            }
        }
    }
    ensure!(!failed, "nothing was written");
    Ok(crates)
}

fn check(plans: &[Plan]) -> Result<()> {
    let problems: Vec<String> = plans.iter().flat_map(Plan::problems).collect();
    if problems.is_empty() {
        println!("every generated file is up to date");
        return Ok(());
    }
    for problem in &problems {
        println!("{problem}");
    }
    let files = if problems.len() == 1 {
        "1 file is"
    } else {
        &format!("{} files are", problems.len())
    };
    bail!("{files} not up to date: run `cargo xtask codegen` and commit what it changes")
}
