//! `cargo xtask update`: takes over what has changed in the descriptions that AWS publishes.
//!
//! The merged description is first written below the target folder. There it is compared with the one in `models/`, and from
//! there it replaces it.

mod changelog;
mod upstream;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail, ensure};
use codegen::diff::Diff;
use codegen::merge::{Merged, merge, only};
use codegen::source::{File, Layer};
use serde_json::Value;

pub(crate) use self::upstream::Upstream;
use crate::{codegen as generator, flags, lock, show};

pub(crate) fn run(flags: &flags::Update) -> Result<()> {
    let models = crate::root().join("models");
    let upstream = Upstream::find(flags.from.as_deref())?;
    let scratch = crate::target().join("update/models");
    let mut updates = Vec::new();
    for service in services(&models, &flags.services, &upstream)? {
        let update = Update::prepare(&models, &service, &upstream, &scratch)?;
        println!("{update}");
        updates.push(update);
    }
    updates.retain(|update| !update.files.is_empty());
    if updates.is_empty() {
        println!("`models/` is up to date with {upstream}");
        return Ok(());
    }
    ensure!(!flags.check, "`models/` is behind {upstream}: run `cargo xtask update`");
    for update in &updates {
        update.carry_out(&models)?;
    }
    generator::run(&flags::Codegen {
        check: false,
        model: None,
        out: None,
        operations: None,
        runtime: None,
        name: None,
    })?;
    lock::refresh()?;
    println!("next: write the documentation that is missing, read `git diff`, and run `cargo xtask test --accept`");
    Ok(())
}

/// The services in `models/`, or those of them that are named. One description is for no other service.
fn services(models: &Path, names: &[String], upstream: &Upstream) -> Result<Vec<String>> {
    let entries = fs::read_dir(models).with_context(|| format!("cannot read {}", models.display()))?;
    let folders = entries.filter_map(|entry| Some(entry.ok()?.path()).filter(|path| path.is_dir()));
    let mut services: Vec<String> = folders
        .filter_map(|folder| Some(folder.file_name()?.to_string_lossy().into_owned()))
        .collect();
    services.sort();
    for name in names {
        ensure!(services.contains(name), "there is no `models/{name}`");
    }
    services.retain(|service| names.is_empty() || names.contains(service));
    if let Some(only) = upstream.only()? {
        let id = service_id(only)?;
        let ids: Result<Vec<String>> = services
            .iter()
            .map(|service| service_id(&models.join(service)))
            .collect();
        let ids = ids?;
        let mut pairs = services.iter().zip(&ids);
        if !names.is_empty()
            && let Some((service, other)) = pairs.find(|(_, other)| **other != id)
        {
            bail!("{upstream} describes `{id}`, and `models/{service}` is `{other}`");
        }
        let mut ids = ids.into_iter();
        services.retain(|_| ids.next().is_some_and(|other| other == id));
        ensure!(
            !services.is_empty(),
            "{upstream} describes `{id}`, which is not in `models/`"
        );
    }
    Ok(services)
}

/// What a description calls its service, such as `SageMaker Runtime`.
fn service_id(description: &Path) -> Result<String> {
    let documents = read(description, true)?;
    let id = documents
        .get(&File::Service)
        .and_then(|it| it["metadata"]["serviceId"].as_str());
    Ok(id.unwrap_or_default().to_owned())
}

/// The files whose facts are taken over. Partitions are one file for all services.
const FILES: [File; 5] = [
    File::Service,
    File::EndpointRules,
    File::Paginators,
    File::Waiters,
    File::Partitions,
];

/// What happens to a service.
struct Update {
    service: String,
    /// The new texts of the files that change, by their paths in `models/`. `None`: the file is removed.
    files: BTreeMap<PathBuf, Option<String>>,
    diff: Diff,
    /// Places without prose: the file and the path in it.
    unwritten: Vec<String>,
    /// Prose without a place.
    homeless: Vec<String>,
}

impl Update {
    fn prepare(models: &Path, service: &str, upstream: &Upstream, scratch: &Path) -> Result<Self> {
        let ours = read(&models.join(service), false)?;
        // Overlays of theirs are facts, too. Ours stay as they are.
        let mut theirs = read(&upstream.service(service)?, true)?;
        if let Some(operations) = ours.get(&File::Client).and_then(selected) {
            for (file, document) in &mut theirs {
                *document = only(*file, document, &operations);
            }
            theirs.retain(|file, document| !is_empty(*file, document));
        }
        let mut update = Self {
            service: service.to_owned(),
            files: BTreeMap::new(),
            diff: Diff::default(),
            unwritten: Vec::new(),
            homeless: Vec::new(),
        };
        for file in FILES {
            update.merge(models, file, ours.get(&file), theirs.get(&file))?;
        }
        update.stage(models, scratch)?;
        update.diff = codegen::compare(&models.join(service), &scratch.join(service)).map_err(|diagnostics| {
            show(&diagnostics);
            anyhow!("`{service}` cannot be generated after the merge; nothing was written")
        })?;
        update.raise_version(models)?;
        Ok(update)
    }

    /// Merges a document, and keeps the text of one whose facts do not change.
    fn merge(&mut self, models: &Path, file: File, ours: Option<&Value>, theirs: Option<&Value>) -> Result<()> {
        let name = file.name(Layer::Base);
        let folder = models.join(&self.service);
        let path = match file {
            File::Partitions if !folder.join(&name).exists() => PathBuf::from(&name),
            _ => Path::new(&self.service).join(&name),
        };
        let there = models.join(&path).exists();
        let Some(theirs) = theirs.filter(|theirs| there || !is_empty(file, theirs)) else {
            if there && file != File::Partitions {
                self.files.insert(path, None);
            }
            return Ok(());
        };
        let Merged {
            document,
            unwritten,
            homeless,
        } = merge(file, ours.filter(|_| there), theirs);
        let shown = path.display();
        self.unwritten
            .extend(unwritten.iter().map(|place| format!("{shown}: {place}")));
        let homeless = homeless.iter().map(|(place, text)| format!("{shown}: {place}: {text}"));
        self.homeless.extend(homeless);
        if ours != Some(&document) || !there {
            self.files.insert(path, Some(pretty(&document)?));
        }
        Ok(())
    }

    /// Writes `models/` as it would be, as far as this service goes.
    fn stage(&self, models: &Path, scratch: &Path) -> Result<()> {
        if scratch.exists() {
            fs::remove_dir_all(scratch).with_context(|| format!("cannot remove {}", scratch.display()))?;
        }
        copy(&models.join(&self.service), &scratch.join(&self.service))?;
        let partitions = models.join("partitions.json");
        if partitions.exists() {
            fs::copy(&partitions, scratch.join("partitions.json")).context("cannot copy the partitions")?;
        }
        self.write(scratch)
    }

    /// Raises the version in `client.json` as the verdict has it.
    fn raise_version(&mut self, models: &Path) -> Result<()> {
        let Some(level) = self.diff.verdict() else {
            return Ok(());
        };
        let path = Path::new(&self.service).join("client.json");
        let text = fs::read_to_string(models.join(&path))
            .with_context(|| format!("`models/{}` needs the version of the package", path.display()))?;
        let client: Value = serde_json::from_str(&text)?;
        let version = client["package"]["version"].as_str().unwrap_or_default();
        let next = level
            .next(version)
            .with_context(|| format!("`package.version` in `models/{}` is not three numbers", path.display()))?;
        let old = format!("\"version\": \"{version}\"");
        ensure!(
            text.matches(&old).count() == 1,
            "write `{old}` once in `models/{}`",
            path.display()
        );
        let text = text.replace(&old, &format!("\"version\": \"{next}\""));
        self.files.insert(path, Some(text));
        Ok(())
    }

    fn carry_out(&self, models: &Path) -> Result<()> {
        self.write(models)?;
        self.log(models)
    }

    fn write(&self, folder: &Path) -> Result<()> {
        for (path, text) in &self.files {
            let file = folder.join(path);
            match text {
                Some(text) => fs::write(&file, text),
                None => fs::remove_file(&file),
            }
            .with_context(|| format!("cannot write {}", file.display()))?;
        }
        Ok(())
    }

    /// Tells users in the changelog, of which the crate gets a copy.
    fn log(&self, models: &Path) -> Result<()> {
        if self.diff.changes.is_empty() {
            return Ok(());
        }
        let folder = models.join(&self.service);
        let client: Value = serde_json::from_str(&fs::read_to_string(folder.join("client.json"))?)?;
        let version = client["package"]["version"].as_str().unwrap_or_default();
        let file = folder.join("CHANGELOG.md");
        let before = fs::read_to_string(&file).unwrap_or_default();
        let after = changelog::add(&before, version, &self.diff);
        fs::write(&file, after).with_context(|| format!("cannot write {}", file.display()))
    }
}

impl std::fmt::Display for Update {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}\n\n{}", self.service, self.diff)?;
        for (title, places) in [
            ("documentation is missing at", &self.unwritten),
            ("documentation that is no longer used", &self.homeless),
        ] {
            if !places.is_empty() {
                write!(f, "\n{title}:\n  {}", places.join("\n  "))?;
            }
        }
        writeln!(f)
    }
}

/// The operations that a `client.json` is limited to.
fn selected(client: &Value) -> Option<Vec<String>> {
    let names = client["operations"].as_array()?.iter();
    Some(names.filter_map(Value::as_str).map(str::to_owned).collect())
}

/// The documents of a model folder, with overlays merged in or left out.
pub(crate) fn read(folder: &Path, with_overlays: bool) -> Result<BTreeMap<File, Value>> {
    codegen::model::documents(folder, with_overlays).map_err(|diagnostics| {
        show(&diagnostics);
        anyhow!("{} cannot be read", folder.display())
    })
}

/// Whether a document says nothing: some of botocore's files are only a frame.
pub(crate) fn is_empty(file: File, document: &Value) -> bool {
    let entries = match file {
        File::Paginators => &document["pagination"],
        File::Waiters => &document["waiters"],
        _ => return false,
    };
    entries.as_object().is_none_or(serde_json::Map::is_empty)
}

pub(crate) fn pretty(document: &Value) -> Result<String> {
    Ok(serde_json::to_string_pretty(document)? + "\n")
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| format!("cannot create {}", to.display()))?;
    for entry in fs::read_dir(from).with_context(|| format!("cannot read {}", from.display()))? {
        let entry = entry?;
        if entry.file_type()?.is_file() {
            fs::copy(entry.path(), to.join(entry.file_name()))
                .with_context(|| format!("cannot copy {}", entry.path().display()))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
