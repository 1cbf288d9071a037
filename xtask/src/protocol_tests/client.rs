//! Clients for suites: as few as can be, because each one has to be compiled.
//!
//! A client serves many suites where that changes nothing: names of shapes and operations do not travel, and so can be made
//! different. Names of errors do, and any error may be the answer to any call: suites with different errors have different
//! clients.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use codegen::diagnostics::Diagnostics;
use codegen::{Files, Options, ir, model::Model};
use serde_json::{Map, Value, json};

use super::api::Api;
use super::model::{ANSWERED, SuiteModel, name, sends_names, sends_roots};
use super::suite::CaseId;
use crate::runtime;

/// A client, generated.
pub(crate) struct Client {
    /// Of its package.
    pub(crate) name: String,
    /// Those that it serves.
    pub(crate) suites: Vec<usize>,
    pub(crate) files: Files,
    pub(crate) api: Api,
    /// For each case, its operation.
    operations: BTreeMap<CaseId, String>,
}

/// Why there is no client for a suite.
pub(crate) type Failure = String;

impl Client {
    /// The operation of a case.
    pub(crate) fn operation(&self, case: CaseId) -> Option<&ir::Operation> {
        let name = self.operations.get(&case)?;
        self.api
            .service
            .operations
            .iter()
            .find(|operation| operation.name == *name)
    }

    /// The suite that a file of its code was generated for, where the name of the file tells.
    pub(crate) fn suite_of(&self, file: &str) -> Option<usize> {
        let stem = Path::new(file).file_stem()?.to_str()?;
        let number = stem.strip_prefix("suite")?.split_once('_')?.0;
        let suite = number.parse::<usize>().ok()?.checked_sub(1)?;
        self.suites.contains(&suite).then_some(suite)
    }
}

/// Clients for all of these suites that there can be one for, and what keeps the others from having one.
pub(crate) fn generate(
    suites: &[usize],
    models: &[SuiteModel],
    folder: &Path,
) -> Result<(Vec<Client>, BTreeMap<usize, Failure>)> {
    let mut failures = BTreeMap::new();
    let mut groups: BTreeMap<String, Vec<Vec<usize>>> = BTreeMap::new();
    for &suite in suites {
        let model = &models[suite];
        let description = Description::new(&[suite], models);
        match description.lower(folder)? {
            Ok(_) => {
                let groups = groups.entry(kind(model)).or_default();
                let is_apart = |group: &&mut Vec<usize>| group.iter().all(|&other| can_share(model, &models[other]));
                match groups.iter_mut().find(is_apart) {
                    Some(group) => group.push(suite),
                    None => groups.push(vec![suite]),
                }
            }
            Err(diagnostics) => {
                failures.insert(suite, diagnostics.render(false));
            }
        }
    }
    let mut clients = Vec::new();
    for suites in groups.into_values().flatten() {
        match Description::new(&suites, models).generate(folder)? {
            Ok(client) => clients.push(client),
            Err(_) => {
                let (alone, failed) = separate(&suites, models, folder)?;
                clients.extend(alone);
                failures.extend(failed);
            }
        }
    }
    Ok((clients, failures))
}

/// A client for each of these suites.
pub(crate) fn separate(
    suites: &[usize],
    models: &[SuiteModel],
    folder: &Path,
) -> Result<(Vec<Client>, BTreeMap<usize, Failure>)> {
    let mut failures = BTreeMap::new();
    let mut clients = Vec::new();
    for &suite in suites {
        match Description::new(&[suite], models).generate(folder)? {
            Ok(client) => clients.push(client),
            Err(diagnostics) => {
                failures.insert(suite, diagnostics.render(false));
            }
        }
    }
    Ok((clients, failures))
}

/// What suites must have in common to share a client.
fn kind(model: &SuiteModel) -> String {
    let exceptions: Vec<_> = model
        .exceptions()
        .into_iter()
        .map(|name| (name, model.shapes.get(name)))
        .collect();
    json!([model.metadata, exceptions]).to_string()
}

/// Whether suites of one kind can share a client: the names of their operations can be made different, or are.
fn can_share(one: &SuiteModel, other: &SuiteModel) -> bool {
    let names = |model: &SuiteModel| {
        model
            .operations
            .iter()
            .map(|operation| name(operation).to_owned())
            .collect::<Vec<_>>()
    };
    let taken = names(other);
    if sends_roots(&one.metadata) {
        return false;
    }
    !sends_names(&one.metadata) || !names(one).iter().any(|name| taken.contains(name))
}

/// What a client is generated from.
struct Description {
    name: String,
    suites: Vec<usize>,
    metadata: Map<String, Value>,
    shapes: Map<String, Value>,
    operations: Map<String, Value>,
    /// For each case, its operation.
    cases: BTreeMap<CaseId, String>,
}

impl Description {
    /// Of suites of one kind.
    fn new(suites: &[usize], models: &[SuiteModel]) -> Self {
        let first = suites.first().copied().unwrap_or_default();
        let is_shared = suites.len() > 1;
        let mut description = Self {
            name: format!("{}-{}", if is_shared { "suites-from" } else { "suite" }, first + 1),
            suites: suites.to_owned(),
            metadata: models
                .get(first)
                .map(|model| model.metadata.clone())
                .unwrap_or_default(),
            shapes: Map::new(),
            operations: Map::new(),
            cases: BTreeMap::new(),
        };
        for &suite in suites {
            let prefix = if is_shared {
                format!("Suite{}", suite + 1)
            } else {
                String::new()
            };
            description.add(suite, &models[suite], &prefix);
        }
        description
    }

    fn add(&mut self, suite: usize, model: &SuiteModel, prefix: &str) {
        let exceptions = model.exceptions();
        let keeps_its_name = |shape: &str| exceptions.contains(&shape) || shape == "Unit";
        let rename = |shape: &str| match keeps_its_name(shape) {
            true => shape.to_owned(),
            false => format!("{prefix}{shape}"),
        };
        for (name, shape) in &model.shapes {
            let mut shape = shape.clone();
            rename_references(&mut shape, &rename);
            self.shapes.entry(rename(name)).or_insert(shape);
        }
        let operation_prefix = if sends_names(&model.metadata) { "" } else { prefix };
        for operation in &model.operations {
            let new_name = format!("{operation_prefix}{}", name(operation));
            let mut operation = Value::Object(operation.clone());
            rename_references(&mut operation, &rename);
            operation["name"] = new_name.clone().into();
            // So that a fake tells the operations apart.
            if operation["http"]["requestUri"] == ANSWERED {
                operation["http"]["requestUri"] = format!("{ANSWERED}/{new_name}").into();
            }
            self.operations.insert(new_name, operation);
        }
        for (case, &operation) in model.cases.iter().enumerate() {
            let operation = format!("{operation_prefix}{}", name(&model.operations[operation]));
            self.cases.insert(CaseId { suite, case }, operation);
        }
    }

    /// The service, or what is wrong with the description.
    fn lower(&self, folder: &Path) -> Result<Result<ir::Service, Diagnostics>> {
        let model = self.write(folder)?;
        let lowered = Model::load(&model).and_then(|(model, _)| ir::lower(&model, &Options::default()));
        Ok(lowered.map(|(service, _)| service))
    }

    /// The client, or what is wrong with the description.
    fn generate(self, folder: &Path) -> Result<Result<Client, Diagnostics>> {
        let service = match self.lower(folder)? {
            Ok(service) => service,
            Err(diagnostics) => return Ok(Err(diagnostics)),
        };
        let options = Options {
            runtime: runtime::here(),
            ..Options::default()
        };
        let generated = codegen::generate(&self.folder(folder), &options);
        Ok(generated.map(|generated| Client {
            name: self.name,
            suites: self.suites,
            files: generated.files,
            api: Api {
                service,
                shapes: self.shapes,
            },
            operations: self.cases,
        }))
    }

    fn folder(&self, folder: &Path) -> PathBuf {
        folder.join("models").join(&self.name)
    }

    /// As a model folder.
    fn write(&self, folder: &Path) -> Result<PathBuf> {
        let model = self.folder(folder);
        fs::create_dir_all(&model).with_context(|| format!("cannot create {}", model.display()))?;
        let service = json!({
            "version": "2.0",
            "metadata": self.metadata,
            "operations": self.operations,
            "shapes": self.shapes,
        });
        let client = json!({ "package": { "name": self.name } });
        for (name, content) in [
            ("service-2.json", service),
            ("endpoint-rule-set-1.json", endpoint_rules()),
            ("client.json", client),
        ] {
            let file = model.join(name);
            let text = serde_json::to_string_pretty(&content)?;
            fs::write(&file, text).with_context(|| format!("cannot write {}", file.display()))?;
        }
        Ok(model)
    }
}

/// Gives the shapes that something names new names.
fn rename_references(owner: &mut Value, rename: &impl Fn(&str) -> String) {
    let Some(owner) = owner.as_object_mut() else { return };
    for (key, part) in owner {
        match (key.as_str(), part) {
            ("members", Value::Object(members)) => members.values_mut().for_each(|member| rename_shape(member, rename)),
            ("errors", Value::Array(errors)) => errors.iter_mut().for_each(|error| rename_shape(error, rename)),
            ("member" | "key" | "value" | "input" | "output", reference) => rename_shape(reference, rename),
            _ => {}
        }
    }
}

fn rename_shape(reference: &mut Value, rename: &impl Fn(&str) -> String) {
    if let Some(Value::String(shape)) = reference.get_mut("shape") {
        *shape = rename(shape);
    }
}

/// The endpoint that the user has set, else some host.
fn endpoint_rules() -> Value {
    let endpoint = |url: Value| json!({ "url": url, "properties": {}, "headers": {} });
    json!({
        "version": "1.0",
        "parameters": {
            "Region": { "type": "string", "builtIn": "AWS::Region", "required": false },
            "Endpoint": { "type": "string", "builtIn": "SDK::Endpoint", "required": false }
        },
        "rules": [
            {
                "type": "endpoint",
                "conditions": [{ "fn": "isSet", "argv": [{ "ref": "Endpoint" }] }],
                "endpoint": endpoint(json!({ "ref": "Endpoint" }))
            },
            { "type": "endpoint", "conditions": [], "endpoint": endpoint("https://example.com".into()) }
        ]
    })
}
