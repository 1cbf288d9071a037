//! `cargo xtask new SERVICE`: a model folder of a published description, without its prose.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use codegen::diagnostics::did_you_mean;
use codegen::merge::{only, strip};
use codegen::source::{File, Layer};
use serde_json::{Value, json};

use crate::update::{Upstream, is_empty, pretty, read};
use crate::{flags, show};

pub(crate) fn run(flags: &flags::New) -> Result<()> {
    let models = crate::root().join("models");
    let service = &flags.service;
    ensure!(
        !models.join(service).exists(),
        "`models/{service}` is there already; `cargo xtask update {service}` takes over what has changed"
    );
    let upstream = Upstream::find(flags.from.as_deref())?;
    let operations = flags.operations.as_ref();
    let operations = operations.map(|names| names.split(',').map(|name| name.trim().to_owned()).collect::<Vec<_>>());
    let folder = add(&models, service, operations.as_deref(), &upstream)?;

    println!("models/{service}: the description of {upstream}, without its documentation");
    println!("next:");
    println!("  - document the service, its operations and their members in `service-2.json`, in words of your own");
    println!(
        "  - say in `client.json` which errors are retried, how long to wait, and what errors suggest; \
         `models/sagemaker-runtime/client.json` shows how"
    );
    println!("  - run `cargo xtask codegen`, and read what it writes into `generated/`");
    // What cannot be generated is best known now.
    match codegen::generate(&folder, &codegen::Options::default()) {
        Ok(client) if client.advice().is_empty() => {}
        Ok(client) => show(&client.advice().into()),
        Err(diagnostics) => {
            show(&diagnostics);
            println!("  - correct what is reported above");
        }
    }
    Ok(())
}

/// Writes the model folder of a service. Returns its path.
fn add(models: &Path, service: &str, operations: Option<&[String]>, upstream: &Upstream) -> Result<PathBuf> {
    ensure!(
        Path::new(service).file_name().is_some_and(|name| name == service),
        "`{service}` is not the name of a folder in `models/`"
    );
    let mut documents = read(&upstream.service(service)?, true)?;
    documents.remove(&File::Examples);
    // Those in `models/` are for all services.
    documents.remove(&File::Partitions);
    let mut client = json!({ "package": { "version": "0.1.0" } });
    if let Some(operations) = operations {
        check(operations, &documents[&File::Service])?;
        for (file, document) in &mut documents {
            *document = only(*file, document, operations);
        }
        client["operations"] = json!(operations);
    }
    documents.retain(|file, document| !is_empty(*file, document));
    documents.insert(File::Client, client);

    let folder = models.join(service);
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    for (file, document) in &documents {
        let path = folder.join(file.name(Layer::Base));
        fs::write(&path, pretty(&strip(*file, document))?)
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(folder)
}

/// Whether the service has these operations.
fn check(operations: &[String], service: &Value) -> Result<()> {
    let known = service["operations"].as_object();
    for name in operations {
        let known = || known.into_iter().flat_map(|known| known.keys()).map(String::as_str);
        ensure!(
            known().any(|known| known == name),
            "the service has no operation `{name}`{}",
            did_you_mean(name, known())
        );
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A folder like botocore's with one service, whose description has prose.
    fn upstream() -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        let service = folder.path().join("shop/2026-01-01");
        fs::create_dir_all(&service).expect("a folder");
        let base = crate::root().join("tests/evolution/base");
        for name in ["service-2.json", "endpoint-rule-set-1.json", "waiters-2.json"] {
            let text = fs::read_to_string(base.join(name)).expect("a description");
            let prose = "\"documentation\": \"<p>Theirs.</p>\", \"type\": \"string\"";
            let text = text.replace("\"type\": \"string\"", prose);
            fs::write(service.join(name), text).expect("written");
        }
        let overlay = json!({ "version": 1.0, "merge": { "shapes": { "Text": { "max": 77 } } } }).to_string();
        fs::write(service.join("service-2.sdk-extras.json"), overlay).expect("written");
        let empty = json!({ "pagination": {} }).to_string();
        fs::write(service.join("paginators-1.json"), empty).expect("written");
        folder
    }

    #[test]
    fn a_new_service_has_facts_and_no_prose_and_can_be_generated() {
        let from = upstream();
        let upstream = Upstream::find(Some(from.path())).expect("a folder");
        let models = tempfile::tempdir().expect("a folder");
        let operations = ["GetItem", "Watch"].map(str::to_owned);
        let folder = add(models.path(), "shop", Some(&operations), &upstream).expect("written");

        let files = fs::read_dir(&folder).expect("a folder");
        let mut names: Vec<_> = files.map(|file| file.expect("a file").file_name()).collect();
        names.sort();
        assert_eq!(
            names,
            [
                "client.json",
                "endpoint-rule-set-1.json",
                "service-2.json",
                "waiters-2.json"
            ]
        );
        // Their overlay is merged in.
        let service = fs::read_to_string(folder.join("service-2.json")).expect("a file");
        assert!(service.contains("\"max\": 77"), "{service}");
        for name in &names {
            let text = fs::read_to_string(folder.join(name)).expect("a file");
            assert!(!text.contains("Theirs"), "{name:?}: {text}");
        }
        let client = codegen::generate(&folder, &codegen::Options::default()).expect("it can be generated");
        assert!(client.warnings.is_empty(), "{:?}", client.warnings);
        assert_eq!(client.operations, operations.len());
        // What is left out is still there to be compared, and nothing has changed since.
        let diff = codegen::compare(&folder, &from.path().join("shop/2026-01-01")).expect("both can be read");
        let changes: Vec<_> = diff
            .changes
            .iter()
            .filter(|it| it.group != codegen::diff::Group::Endpoints)
            .collect();
        assert!(changes.is_empty(), "{diff}");

        let unknown = add(models.path(), "shoe", None, &upstream).expect_err("there is none");
        assert!(
            unknown.to_string().starts_with("there is no service `shoe`"),
            "{unknown}"
        );
        assert!(!models.path().join("shoe").exists(), "nothing is written");
        let file = from.path().join("shop/2026-01-01");
        let one = Upstream::find(Some(&file)).expect("a folder");
        for (service, operation, expected) in [
            (
                "store",
                "GetItm",
                "the service has no operation `GetItm` (did you mean `GetItem`?)",
            ),
            ("store", "", "the service has no operation ``"),
            (
                "../store",
                "GetItem",
                "`../store` is not the name of a folder in `models/`",
            ),
        ] {
            let error = add(models.path(), service, Some(&[operation.to_owned()]), &one).expect_err("an error");
            assert_eq!(error.to_string(), expected);
            assert!(!models.path().join(service).exists(), "nothing is written");
        }
    }
}
