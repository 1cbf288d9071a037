//! `cargo xtask codegen`: from the models to the files of the clients.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context, Result, anyhow, bail, ensure};
use codegen::{Crate, Options, Runtime};

use crate::output::{self, Plan};
use crate::{flags, runtime, show};

/// A model and the folder of the client that is made of it.
struct Job {
    model: PathBuf,
    /// `None`: a folder of the package's name in `generated/`.
    out: Option<PathBuf>,
    options: Options,
}

pub(crate) fn run(flags: &flags::Codegen) -> Result<()> {
    let started = Instant::now();
    let jobs = jobs(flags)?;
    let crates = generate(&jobs)?;

    let generated = generated();
    let mut plans = Vec::new();
    let mut folders = Vec::new();
    for (job, client) in jobs.iter().zip(&crates) {
        let folder = job.out.clone().unwrap_or_else(|| generated.join(&client.name));
        plans.push(Plan::new(&folder, &client.files)?);
        plans.extend(runtime::plan(&folder, &job.options.runtime)?);
        folders.push(folder);
    }
    if flags.model.is_none() {
        plans.extend(output::abandoned(&generated, &folders)?);
        let shared = codegen::runtime_files().map_err(|diagnostics| anyhow!("{diagnostics}"))?;
        plans.push(Plan::within(&crate::root().join("runtime"), &shared)?);
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

/// The folder of the clients in this repository.
fn generated() -> PathBuf {
    crate::root().join("generated")
}

fn jobs(flags: &flags::Codegen) -> Result<Vec<Job>> {
    match (&flags.model, &flags.out) {
        (Some(model), Some(out)) => {
            ensure!(
                !runtime::resolve(out)?.starts_with(runtime::resolve(&generated())?),
                "`--out` cannot be in `generated/`, which holds the clients of `models/` alone"
            );
            Ok(vec![Job {
                model: model.clone(),
                out: Some(out.clone()),
                options: options(flags, out)?,
            }])
        }
        (None, None) => {
            if let Some(flag) = needs_model(flags) {
                bail!("`{flag}` needs `--model` and `--out`: the clients in `generated/` are as `models/` says");
            }
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
                options: Options {
                    runtime: Runtime::Path("../../runtime".to_owned()),
                    ..Options::default()
                },
            });
            Ok(jobs.collect())
        }
        (Some(_), None) => bail!("`--model` needs `--out`, the folder that the crate is written into"),
        (None, Some(_)) => bail!("`--out` needs `--model`, the folder of the description"),
    }
}

/// The first of the flags that are for one crate alone.
fn needs_model(flags: &flags::Codegen) -> Option<&'static str> {
    let given = [
        ("--operations", flags.operations.is_some()),
        ("--name", flags.name.is_some()),
        ("--runtime", flags.runtime.is_some()),
    ];
    given.into_iter().find_map(|(flag, is_given)| is_given.then_some(flag))
}

/// What the flags say of a crate in `out`.
fn options(flags: &flags::Codegen, out: &Path) -> Result<Options> {
    let operations = flags.operations.as_ref();
    let runtime = flags.runtime.as_ref();
    Ok(Options {
        operations: operations.map(|names| names.split(',').map(|name| name.trim().to_owned()).collect()),
        name: flags.name.clone(),
        runtime: runtime.map_or(Ok(Runtime::Inside), |text| runtime::choose(text, out))?,
    })
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
fn generate(jobs: &[Job]) -> Result<Vec<Crate>> {
    let mut crates = Vec::new();
    let mut failed = false;
    for job in jobs {
        match codegen::generate(&job.model, &job.options) {
            Ok(client) => {
                // The caveats of the clients in `generated/` were read when these were added.
                let advice = match job.out {
                    Some(_) => client.advice(),
                    None => client.warnings.clone(),
                };
                if !advice.is_empty() {
                    show(&advice.into());
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
