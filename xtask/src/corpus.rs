//! `cargo xtask corpus`: the generator on every service that there is.
//!
//! The clients are written to look at and to check; nothing in the repository is made of them.

mod check;
mod checked;
mod generate;
mod handlers;
mod members;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::Instant;

use ::codegen::diagnostics::Diagnostic;
use anyhow::{Context, Result, bail, ensure};
use indicatif::{ProgressBar, ProgressStyle};

use self::generate::{Generated, Outcome};
use self::members::Counts;
use crate::{cargo, flags, models};

/// The profile of the generator where it has much to do.
pub(crate) const PROFILE: &str = "release-lto";
/// How many diagnostics of each service are shown, unless it was asked for by name.
const SHOWN: usize = 3;

pub(crate) fn run(flags: &flags::Corpus) -> Result<()> {
    if !cfg!(feature = "mimalloc") {
        return run_released();
    }
    let names: Option<Vec<&str>> = flags.services.as_deref().map(list);
    let operations: Option<Vec<String>> = flags
        .operations
        .as_deref()
        .map(|names| list(names).into_iter().map(str::to_owned).collect());
    ensure!(
        operations.is_none() || names.as_ref().is_some_and(|names| names.len() == 1),
        "`--operations` needs `--services` with the one service that has them"
    );
    let models = match &flags.models {
        Some(models) => models.clone(),
        None => models::fetch(&folder())?,
    };
    let services = models::services(&models, names.as_deref())?;
    let unknown = handlers::unknown(&models)?;

    let started = Instant::now();
    let folder = folder();
    let crates = folder.join("crates");
    let mut generated = generate::all(&services, operations.as_deref(), &crates);
    let seconds = started.elapsed().as_secs_f64();
    let started = Instant::now();
    let is_wanted = |listed: &'static [&str]| {
        let all = names.is_some();
        move |name: &str| all || listed.contains(&name)
    };
    if flags.check {
        check::all(&folder, &mut generated, is_wanted(&checked::LINTED))?;
    }
    if flags.examples {
        check::examples(&folder, &mut generated, is_wanted(&checked::TRIED))?;
    }
    let checking = started.elapsed().as_secs_f64();
    let counts = flags
        .members
        .then(|| compare_members(&crates, &mut generated))
        .transpose()?;

    print_table(&generated);
    print_summary(&generated, seconds);
    if flags.check || flags.examples {
        print_checked(&generated, checking);
    }
    if let Some(counts) = counts {
        print_counts(counts);
    }
    println!("the clients are in {}", crates.display());
    print_caveats(&generated, names.is_some());
    print_problems(&generated, if names.is_some() { usize::MAX } else { SHOWN });
    let failed = generated
        .iter()
        .filter(|generated| !generated.is_good() && !generated.has_no_operation())
        .count();
    ensure!(
        unknown.is_empty(),
        "botocore has code that `xtask/src/corpus/handlers.rs` does not know: {}",
        unknown.join(", ")
    );
    match failed {
        0 => Ok(()),
        _ => bail!("{failed} of {} failed", count(generated.len(), "service")),
    }
}

/// Compares all clients with their descriptions. What differs becomes part of them.
fn compare_members(crates: &Path, generated: &mut [Generated<'_>]) -> Result<Counts> {
    let mut counts = Counts::default();
    for generated in generated {
        if let Outcome::Good(client) = &mut generated.outcome {
            let service = generated.service;
            let (compared, problems) = members::compare(&service.model, &crates.join(&service.name))?;
            counts += compared;
            client.problems.extend(problems);
        }
    }
    Ok(counts)
}

fn print_counts(counts: Counts) {
    let Counts {
        operations,
        members,
        places,
        values,
        pages,
        waiters,
    } = counts;
    println!(
        "compared without the generator: {}, {}, {}, {} of enums, {} and {}",
        count(operations, "operation"),
        count(members, "member"),
        count(places, "place"),
        count(values, "value"),
        count(pages, "paginator"),
        count(waiters, "waiter"),
    );
}

/// Does the same with optimizations, since speed is part of what is shown. Cargo is not quiet: the first build takes
/// minutes.
fn run_released() -> Result<()> {
    let status = cargo()
        .args(["run", "--profile", PROFILE])
        .args(["--package", "xtask", "--features", "mimalloc", "--"])
        .args(std::env::args_os().skip(1))
        .status()
        .context("cannot start cargo")?;
    // What went wrong has been said.
    std::process::exit(status.code().unwrap_or(1));
}

/// Where everything of this command goes.
fn folder() -> PathBuf {
    crate::target().join("corpus")
}

fn list(names: &str) -> Vec<&str> {
    names.split(',').map(str::trim).collect()
}

/// A bar with a message, on terminals only.
fn progress(length: usize) -> ProgressBar {
    let bar = ProgressBar::new(length as u64);
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} {msg}");
    style.map_or_else(|_| bar.clone(), |style| bar.clone().with_style(style))
}

fn print_table(generated: &[Generated<'_>]) {
    let width = generated.iter().map(|generated| generated.service.name.len()).max();
    let width = width.unwrap_or_default().max("service".len());
    println!("{:width$}  operations    lines     ms  warnings  result", "service");
    for generated in generated {
        let name = &generated.service.name;
        let (operations, lines, warnings) = match &generated.outcome {
            Outcome::Good(client) => (client.operations, client.lines, client.warnings.len()),
            _ => (0, 0, 0),
        };
        println!(
            "{name:width$}  {operations:10}  {lines:7}  {:5}  {warnings:8}  {}",
            generated.time.as_millis(),
            generated.result()
        );
    }
}

fn print_summary(generated: &[Generated<'_>], seconds: f64) {
    let clients = || generated.iter().filter_map(Generated::client);
    let operations: usize = clients().map(|client| client.operations).sum();
    let lines: usize = clients().map(|client| client.lines).sum();
    let bytes: usize = generated.iter().map(|generated| generated.service.bytes).sum();
    let megabytes = bytes as f64 / 1e6;
    println!(
        "\n{}, {}, {}\n\
        {megabytes:.1} MB of models in {seconds:.1} s on {}: {:.1} MB/s{}",
        count(generated.len(), "service"),
        count(operations, "operation"),
        count(lines, "line"),
        count(generate::cores(), "core"),
        megabytes / seconds,
        peak_memory().map_or_else(String::new, |peak| format!(", {peak} MB of memory at most"))
    );
}

/// How many clients were compiled, by protocol.
fn print_checked(generated: &[Generated<'_>], seconds: f64) {
    let mut protocols: BTreeMap<&str, usize> = BTreeMap::new();
    let clients = generated.iter().filter_map(Generated::client);
    for client in clients.filter(|client| client.checked) {
        *protocols.entry(&client.protocol).or_default() += 1;
    }
    let all = protocols.values().sum();
    let parts: Vec<String> = protocols
        .iter()
        .map(|(protocol, number)| format!("{number} of {protocol}"))
        .collect();
    println!(
        "{} checked in {seconds:.0} s: {}",
        count(all, "client"),
        parts.join(", ")
    );
}

/// In megabytes, where the system tells.
fn peak_memory() -> Option<u64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
    Some(kilobytes / 1000)
}

fn print_caveats(generated: &[Generated<'_>], are_named: bool) {
    for generated in generated {
        let Some(client) = generated.client() else { continue };
        let name = &generated.service.name;
        for caveat in &client.caveats {
            println!("{name} leaves something to the caller: {}", caveat.text);
        }
        if are_named {
            for (function, reason) in handlers::unneeded(name) {
                println!("{name} does without `{function}` of botocore: {reason}");
            }
        }
    }
}

fn print_problems(generated: &[Generated<'_>], most: usize) {
    for generated in generated {
        let name = &generated.service.name;
        let (diagnostics, problems): (Vec<&Diagnostic>, &[String]) = match &generated.outcome {
            Outcome::Refused(diagnostics) => (diagnostics.iter().collect(), &[]),
            Outcome::Panicked => continue,
            // Warnings are only in the way of somebody who has not asked for this service.
            Outcome::Good(client) if most == usize::MAX => (client.warnings.iter().collect(), &client.problems),
            Outcome::Good(client) => (Vec::new(), &client.problems),
        };
        let all = diagnostics.len() + problems.len();
        if all == 0 {
            continue;
        }
        eprintln!("\n== {name}");
        if !diagnostics.is_empty() {
            let shown: Vec<Diagnostic> = diagnostics.into_iter().take(most).cloned().collect();
            crate::show(&shown.into());
        }
        for problem in problems.iter().take(most) {
            eprintln!("{}\n", problem.trim_end());
        }
        if all > most {
            eprintln!("of {all} in all: `cargo xtask corpus --services {name}`");
        }
    }
}

/// A number of things, in words.
fn count(number: usize, thing: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{plural}")
}
