//! The files of a model folder into their mirrors.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use super::client::Client;
use super::endpoint_rules::EndpointRules;
use super::service::Protocol;
use super::word::Vocabulary as _;
use super::{EndpointModel, Model, folder, json, read};
use crate::diagnostics::{Diagnostic, Diagnostics, Reporter};
use crate::source::{File, JsonPath, Layer, Sources};

impl Model {
    /// Reads a folder. Returns the model and warnings.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with any of the files: missing, not JSON, wrong types, missing, unknown or duplicate
    /// keys.
    pub fn load(dir: &Path) -> Result<(Self, Vec<Diagnostic>), Diagnostics> {
        let mut found = Vec::new();
        let sources = folder::read(dir, &mut found);
        let changelog = folder::changelog(dir, &mut found);
        let mut reporter = Reporter::new(&sources);
        reporter.extend(found);

        // Every file is read before any of them stops the work.
        let service = document(File::Service, &mut reporter);
        let endpoint_rules = document(File::EndpointRules, &mut reporter);
        let partitions = document(File::Partitions, &mut reporter);
        let paginators = optional_document(File::Paginators, &mut reporter);
        let waiters = optional_document(File::Waiters, &mut reporter);
        let client: Option<Client> = optional_document(File::Client, &mut reporter);
        let examples = optional_document(File::Examples, &mut reporter);

        let mirrors = service
            .zip(endpoint_rules)
            .zip(partitions)
            .zip(paginators.zip(waiters).zip(client).zip(examples));
        let mirrors = reporter.finish(mirrors);
        if mirrors.is_err()
            && let Some(refusal) = foreign_protocol(&sources)
        {
            return Err(vec![refusal].into());
        }
        let (mirrors, warnings) = mirrors?;
        let (((service, endpoint_rules), partitions), (((paginators, waiters), mut client), examples)) = mirrors;
        client.complete(&service);
        let model = Self {
            service,
            endpoint_rules,
            partitions,
            paginators,
            waiters,
            client,
            examples,
            changelog,
            sources,
        };
        Ok((model, warnings))
    }
}

/// What is wrong with a service that speaks none of the known protocols. Nothing else about it matters then.
fn foreign_protocol(sources: &Sources) -> Option<Diagnostic> {
    let service = sources.get(File::Service, Layer::Base)?;
    let service: Value = serde_json::from_str(service.text()).ok()?;
    let metadata = &service["metadata"];
    let spoken: Vec<&str> = match &metadata["protocols"] {
        Value::Array(protocols) => protocols.iter().filter_map(Value::as_str).collect(),
        _ => metadata["protocol"].as_str().into_iter().collect(),
    };
    if spoken.iter().any(|protocol| Protocol::of(protocol).is_some()) {
        return None;
    }
    let name = metadata["serviceFullName"].as_str();
    let known: Vec<&str> = Protocol::words().collect();
    (!spoken.is_empty()).then(|| {
        Diagnostic::general_error(
            format!(
                "{} speaks `{}`, which is not a known protocol",
                name.unwrap_or("the service"),
                spoken.join("`, `")
            ),
            format!("the generator supports {}", known.join(", ")),
        )
    })
}

/// The files of a folder as JSON, whatever they say, with overlays merged in or left out. A folder need not have all of them:
/// partitions that come with the generator do not count.
///
/// # Errors
///
/// What cannot be read, or is not JSON.
pub fn documents(dir: &Path, with_overlays: bool) -> Result<BTreeMap<File, Value>, Diagnostics> {
    let mut found = Vec::new();
    let sources = folder::read(dir, &mut found);
    let mut reporter = Reporter::new(&sources);
    reporter.extend(found);
    let is_present = |file: &File| match file {
        File::Partitions => folder::has_partitions(&sources),
        file => sources.get(*file, Layer::Base).is_some(),
    };
    let present = File::ALL.into_iter().filter(is_present);
    let documents: Vec<_> = present
        .map(|file| {
            let document = match with_overlays {
                true => merged(file, &mut reporter),
                false => parse(file, Layer::Base, &mut reporter),
            };
            Some((file, document?))
        })
        .collect();
    let documents = documents.into_iter().collect::<Option<BTreeMap<_, _>>>();
    Ok(reporter.finish(documents)?.0)
}

impl EndpointModel {
    /// The built-in partitions, for no rules.
    pub(crate) fn without_rules() -> Result<Self, Diagnostics> {
        let sources = folder::only_partitions();
        let mut reporter = Reporter::new(&sources);
        let partitions = document(File::Partitions, &mut reporter);
        let (partitions, _) = reporter.finish(partitions)?;
        Ok(Self {
            rules: EndpointRules::default(),
            partitions,
            sources,
        })
    }

    /// Reads rules, and partitions if not the built-in ones.
    ///
    /// # Errors
    ///
    /// Everything that is wrong with the files.
    pub fn load(rules: &Path, partitions: Option<&Path>) -> Result<Self, Diagnostics> {
        let mut found = Vec::new();
        let sources = folder::read_endpoint_files(rules, partitions, &mut found);
        let mut reporter = Reporter::new(&sources);
        reporter.extend(found);
        let rules = document(File::EndpointRules, &mut reporter);
        let partitions = document(File::Partitions, &mut reporter);
        let ((rules, partitions), _) = reporter.finish(rules.zip(partitions))?;
        Ok(Self {
            rules,
            partitions,
            sources,
        })
    }
}

/// A file that a folder may lack.
fn optional_document<T: DeserializeOwned + Default>(file: File, reporter: &mut Reporter<'_>) -> Option<T> {
    match reporter.sources().get(file, Layer::Base) {
        Some(_) => document(file, reporter),
        None => Some(T::default()),
    }
}

/// Reads a file with its overlay. `None` where the file is missing or something is wrong, which is reported.
fn document<T: DeserializeOwned>(file: File, reporter: &mut Reporter<'_>) -> Option<T> {
    let document = merged(file, reporter)?;
    read::read(document, &JsonPath::root(file), reporter)
}

/// A file with its overlay.
fn merged(file: File, reporter: &mut Reporter<'_>) -> Option<Value> {
    let base = parse(file, Layer::Base, reporter);
    let mut document = base?;
    if reporter.sources().get(file, Layer::Overlay).is_some() {
        let overlay = parse(file, Layer::Overlay, reporter)?;
        let path = JsonPath::layer(file, Layer::Overlay);
        let overlay: Overlay = read::read(overlay, &path, reporter)?;
        if overlay.version != 1.0 {
            let message = format!("overlays of version {} are not known", overlay.version);
            reporter.error(&path.key("version"), message, "only version 1.0 can be merged");
        }
        merge(&mut document, Value::Object(overlay.merge));
    }
    Some(document)
}

fn parse(file: File, layer: Layer, reporter: &mut Reporter<'_>) -> Option<Value> {
    let source = reporter.sources().get(file, layer)?;
    let mut duplicates = Vec::new();
    let parsed = json::parse(source.text(), &JsonPath::layer(file, layer), &mut duplicates);
    for path in &duplicates {
        reporter.error(
            path,
            format!("the key `{}` occurs twice in one object", path.last_key()),
            "remove one of the two: only the last would count",
        );
    }
    match parsed {
        Ok(value) => Some(value),
        Err(error) => {
            reporter.syntax_error((file, layer), &error);
            None
        }
    }
}

/// What `*.sdk-extras.json` adds to the file that it is named after.
#[derive(Deserialize)]
struct Overlay {
    version: f64,
    merge: Map<String, Value>,
}

/// Objects are merged key by key; everything else is replaced.
fn merge(base: &mut Value, overlay: Value) {
    match (base, overlay) {
        (Value::Object(base), Value::Object(overlay)) => {
            for (key, value) in overlay {
                merge(base.entry(key).or_insert(Value::Null), value);
            }
        }
        (base, overlay) => *base = overlay,
    }
}
