//! The generator, in a process for each model.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use workload::Report;

use super::Bench;
use crate::process::command;
use crate::results::{Better, GENERATOR, MIMALLOC, OURS, Results, Spread, Table};

/// The other programs are of the profile `release`.
const PROFILE: &str = "release-lto";
/// The service that this repository is about.
const OWN: &str = "sagemaker-runtime";
/// All others.
const TOGETHER: &str = "these ten together";

pub(super) fn measure(bench: &Bench) -> Result<Results> {
    let mut time = Table::new("generator-time", "Generating a client, warm", "ms", Better::Less);
    let mut speed = Table::new(
        "generator-speed",
        "Description read per second of CPU",
        "MB/s",
        Better::More,
    )
    .without_chart();
    let mut memory = Table::new("generator-memory", "Peak memory of the generator", "MB", Better::Less);
    let mut skipped = Vec::new();

    let own = bench.repository.join("models").join(OWN);
    let mut models = vec![(OWN.to_owned(), own)];
    match bench
        .python
        .as_deref()
        .map(|python| botocore(bench, python))
        .transpose()?
    {
        Some(services) => models.extend(services),
        None => skipped.push("the generator on growing models: they come with boto3, which is not there".to_owned()),
    }
    for (who, program) in [(GENERATOR, "generator"), (MIMALLOC, "generator-mimalloc")] {
        let mut together = (0.0, 0.0);
        for (name, model) in &models {
            let runs = match name.as_str() {
                OWN => bench.pick(20, 200),
                _ => bench.pick(2, 5),
            };
            let report = generator(bench, program, &["time".into(), model.into(), runs.to_string().into()])?;
            let report: Report = serde_json::from_str(&report)?;
            let megabytes = report.bytes as f64 / 1e6;
            let case = match name.as_str() {
                OWN => name.clone(),
                _ => format!("{name}, {megabytes:.1} MB"),
            };
            if let Some(seconds) = Spread::of(&report.times).filter(|_| case != OWN) {
                together = (together.0 + megabytes, together.1 + seconds.median);
            }
            for seconds in report.times {
                time.add(&case, who, seconds * 1e3);
                speed.add(&case, who, megabytes / seconds);
            }
            memory.add(&case, who, report.peak_memory as f64 / (1 << 20) as f64);
        }
        if together.1 > 0.0 {
            speed.add(TOGETHER, who, together.0 / together.1);
        }
    }
    Ok(Results {
        tables: vec![time, speed, memory, lines(bench)?],
        skipped,
    })
}

/// Some of botocore's services: their names and folders.
fn botocore(bench: &Bench, environment: &Path) -> Result<Vec<(String, PathBuf)>> {
    let versions = std::fs::read_dir(environment.join("lib"))?.flatten();
    let data = versions
        .map(|version| version.path().join("site-packages/botocore/data"))
        .find(|data| data.is_dir())
        .with_context(|| format!("there is no botocore in {}", environment.display()))?;
    let services = generator(bench, "generator", &["list".into(), data.into()])?;
    Ok(serde_json::from_str(&services)?)
}

fn lines(bench: &Bench) -> Result<Table> {
    let title = "Lines of Rust in `generated/sagemaker-runtime/`";
    let mut table = Table::new("generated-lines", title, "", Better::Less);
    let lines = count_lines(&bench.repository.join("generated/sagemaker-runtime"))?;
    table.add("sagemaker-runtime", OURS, lines as f64);
    Ok(table.without_chart())
}

/// The lines of all Rust files below a folder.
fn count_lines(folder: &Path) -> Result<usize> {
    let mut lines = 0;
    for entry in std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))? {
        let path = entry?.path();
        if path.is_dir() {
            lines += count_lines(&path)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            lines += std::fs::read_to_string(&path)?.lines().count();
        }
    }
    Ok(lines)
}

fn generator(bench: &Bench, program: &str, arguments: &[OsString]) -> Result<String> {
    let program = [&[bench.programs.join(PROFILE).join(program).into()], arguments].concat();
    let output = command(&program).output()?;
    ensure!(output.status.success(), "the generator fails at {arguments:?}");
    Ok(String::from_utf8(output.stdout)?)
}
