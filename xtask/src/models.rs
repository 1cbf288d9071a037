//! Where models come from.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail, ensure};
use codegen::model::Outline;

use crate::python;

/// A service whose model can be read.
#[derive(Debug)]
pub(crate) struct Service {
    /// As botocore calls it, such as `sagemaker-runtime`.
    pub(crate) name: String,
    /// The folder of its latest version.
    pub(crate) model: PathBuf,
    /// The length of its description.
    pub(crate) bytes: usize,
}

/// Gets botocore from PyPI, unless it is there, and returns the folder of its models.
pub(crate) fn fetch(folder: &Path) -> Result<PathBuf> {
    let environment = folder.join("python");
    python::environment(&environment, &crate::root().join("xtask/src/corpus/requirements.txt"))
        .context("name a folder that has the models: `--models DIR`")?;
    of_botocore(&environment)
}

/// The folder of the models of botocore in a Python environment.
pub(crate) fn of_botocore(environment: &Path) -> Result<PathBuf> {
    // Such as `lib/python3.13/site-packages`.
    let versions = fs::read_dir(environment.join("lib")).into_iter().flatten().flatten();
    versions
        .map(|version| version.path().join("site-packages/botocore/data"))
        .find(|models| models.is_dir())
        .with_context(|| format!("there is no botocore in {}; remove the folder", environment.display()))
}

/// All services in a folder of model folders, such as `models/`, or one that is laid out as botocore's
/// `data/<service>/<version>`; or those that are named.
pub(crate) fn services(models: &Path, names: Option<&[&str]>) -> Result<Vec<Service>> {
    let mut services = Vec::new();
    match names {
        Some(names) => {
            for name in names {
                services.extend(named(models, name)?);
            }
        }
        None => {
            for entry in fs::read_dir(models).with_context(|| format!("cannot read {}", models.display()))? {
                let entry = entry?;
                let name = entry.file_name().to_string_lossy().into_owned();
                // A file of Smithy's, or something else that is not a description.
                let name = name.strip_suffix(".json").unwrap_or(&name);
                services.extend(service(&entry.path(), name)?);
            }
            ensure!(
                !services.is_empty(),
                "there is no service in {}; it should have folders like \
                `sagemaker-runtime/2017-05-13/service-2.json`",
                models.display()
            );
        }
    }
    services.sort_by(|a, b| a.name.cmp(&b.name));
    services.dedup_by(|a, b| a.name == b.name);
    Ok(services)
}

/// Whether a folder is that of a model, and not one of many.
pub(crate) fn is_model(folder: &Path) -> Result<bool> {
    Ok(Outline::read(folder)?.is_some())
}

/// A service that somebody wants, so that it must be there.
fn named(models: &Path, name: &str) -> Result<Option<Service>> {
    let file = models.join(format!("{name}.json"));
    let folder = if file.is_file() { file } else { models.join(name) };
    if name.is_empty() || !folder.exists() {
        bail!("there is no service `{name}` in {}", models.display());
    }
    let service = service(&folder, name)?;
    ensure!(service.is_some(), "`{name}` has no description");
    Ok(service)
}

/// The latest version of a service, if the folder holds one.
fn service(folder: &Path, name: &str) -> Result<Option<Service>> {
    let found = |outline: Outline, model| {
        Some(Service {
            name: name.to_owned(),
            model,
            bytes: outline.bytes,
        })
    };
    if let Some(outline) = Outline::read(folder)? {
        return Ok(found(outline, folder.to_owned()));
    }
    if !folder.is_dir() {
        return Ok(None);
    }
    let versions = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut versions: Vec<PathBuf> = versions.flatten().map(|version| version.path()).collect();
    // Versions are dates.
    versions.sort();
    for model in versions.into_iter().rev() {
        if let Some(outline) = Outline::read(&model)? {
            return Ok(found(outline, model));
        }
    }
    Ok(None)
}
