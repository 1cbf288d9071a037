//! Generates one client again and again, or chooses services that are worth it.

use std::path::{Path, PathBuf};

use anyhow::{Context, Error, Result, anyhow, bail};
use codegen::Options;
use codegen::model::Outline;
use workload::{Report, cpu, peak_memory};

/// How many services of growing size are chosen.
const SIZES: usize = 10;

/// Does what the arguments say.
///
/// # Errors
///
/// Whatever goes wrong.
pub fn run() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let text = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["time", model, runs] => serde_json::to_string(&time(Path::new(model), runs.parse()?)?)?,
        ["list", data] => serde_json::to_string(&list(Path::new(data))?)?,
        _ => bail!("`time MODEL RUNS` or `list DATA`"),
    };
    println!("{text}");
    Ok(())
}

/// Generates once to warm up, then as often as is wanted. Nothing is written.
fn time(model: &Path, runs: usize) -> Result<Report> {
    let outline = Outline::read(model)?.context("there is no model")?;
    let generate = || codegen::generate(model, &Options::default()).map_err(|error| anyhow!("{}", error.render(false)));
    generate()?;
    let times = (0..runs).map(|_| {
        let before = cpu().map_err(Error::from_boxed)?;
        generate()?;
        let after = cpu().map_err(Error::from_boxed)?;
        Ok((after - before).as_secs_f64())
    });
    Ok(Report {
        times: times.collect::<Result<_>>()?,
        bytes: outline.bytes as u64,
        peak_memory: peak_memory().map_err(Error::from_boxed)?,
        ..Report::default()
    })
}

/// The rest-json services nearest to equal steps up to the largest, in a folder laid out like botocore's `data/`.
fn list(data: &Path) -> Result<Vec<(String, PathBuf)>> {
    let mut services = Vec::new();
    for service in std::fs::read_dir(data)?.flatten() {
        let versions = std::fs::read_dir(service.path()).into_iter().flatten().flatten();
        // Versions are dates.
        let Some(latest) = versions.map(|version| version.path()).max() else {
            continue;
        };
        if let Some(outline) = Outline::read(&latest)?.filter(|outline| outline.is_rest_json) {
            services.push((
                outline.bytes,
                service.file_name().to_string_lossy().into_owned(),
                latest,
            ));
        }
    }
    services.sort();
    let largest = services.last().map_or(0, |(bytes, ..)| *bytes);
    // From the largest down, so that each step has one of its own.
    let mut chosen: Vec<usize> = Vec::new();
    for step in (1..=SIZES).rev() {
        let at = services.partition_point(|(bytes, ..)| *bytes < largest * step / SIZES);
        let below = chosen.last().map_or(services.len(), |last| *last);
        chosen.push(at.min(below.checked_sub(1).context("there are too few services")?));
    }
    chosen.reverse();
    Ok(chosen
        .into_iter()
        .map(|at| (services[at].1.clone(), services[at].2.clone()))
        .collect())
}
