//! Where new descriptions come from: a folder, or the newest botocore on PyPI.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};

use crate::models;

/// The source of descriptions.
pub(crate) struct Upstream {
    folder: PathBuf,
    name: String,
}

impl Upstream {
    /// A folder or a file in Smithy's form, or the newest botocore.
    pub(crate) fn find(folder: Option<&Path>) -> Result<Self> {
        match folder {
            Some(folder) => {
                ensure!(folder.exists(), "there is no folder or file `{}`", folder.display());
                Ok(Self {
                    folder: folder.to_owned(),
                    name: format!("`{}`", folder.display()),
                })
            }
            None => Self::fetch(),
        }
    }

    fn fetch() -> Result<Self> {
        let folder = crate::target().join("update/botocore");
        if folder.exists() {
            fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
        }
        let python = |arguments: &[&str]| {
            let mut python = Command::new("python3");
            python.args(["-m"]).args(arguments).arg(&folder);
            crate::run(&mut python)
        };
        let download = [
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--disable-pip-version-check",
            "botocore",
            "--dest",
        ];
        python(&download)
            .context("cannot get botocore from PyPI; name a folder that has the descriptions: `--from DIR`")?;
        let entries = fs::read_dir(&folder)?.flatten();
        let mut wheels = entries
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|e| e == "whl"));
        let wheel = wheels.next().context("PyPI has no wheel of botocore")?;
        let name = wheel.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let archive = wheel.display().to_string();
        python(&["zipfile", "--extract", &archive])?;
        let version = name.split('-').nth(1).unwrap_or_default();
        Ok(Self {
            folder: folder.join("botocore/data"),
            name: format!("botocore {version}"),
        })
    }

    /// The description that this is, if it is not a folder of many.
    pub(super) fn only(&self) -> Result<Option<&Path>> {
        let is_only = self.folder.is_file() || models::is_model(&self.folder)?;
        Ok(is_only.then_some(self.folder.as_path()))
    }

    /// The newest description of a service.
    pub(crate) fn service(&self, name: &str) -> Result<PathBuf> {
        if let Some(only) = self.only()? {
            return Ok(only.to_owned());
        }
        let mut services = models::services(&self.folder, Some(&[name]))?;
        let service = services
            .pop()
            .with_context(|| format!("there is no `{name}` in {self}"))?;
        Ok(service.model)
    }
}

impl fmt::Display for Upstream {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}
