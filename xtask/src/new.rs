//! `cargo xtask new SERVICE`: a model folder of a published description, without its prose.

use std::fs;

use anyhow::{Context, Result, ensure};
use codegen::merge::{only, strip};
use codegen::source::{File, Layer};
use serde_json::json;

use crate::update::{Upstream, is_empty, pretty, read};
use crate::{flags, show};

pub(crate) fn run(flags: &flags::New) -> Result<()> {
    let service = &flags.service;
    let folder = crate::root().join("models").join(service);
    ensure!(
        !folder.exists(),
        "`models/{service}` is there already; `cargo xtask update {service}` takes over what has changed"
    );
    let upstream = Upstream::find(flags.from.as_deref())?;
    let mut documents = read(&upstream.service(service)?)?;
    documents.remove(&File::Examples);
    // Those in `models/` are for all services.
    documents.remove(&File::Partitions);
    let mut client = json!({ "package": { "version": "0.1.0" } });
    if let Some(operations) = &flags.operations {
        let names: Vec<String> = operations.split(',').map(|name| name.trim().to_owned()).collect();
        for (file, document) in &mut documents {
            *document = only(*file, document, &names);
        }
        client["operations"] = json!(names);
    }
    documents.retain(|file, document| !is_empty(*file, document));
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    for (file, document) in &documents {
        let path = folder.join(file.name(Layer::Base));
        fs::write(&path, pretty(&strip(*file, document))?)
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    fs::write(folder.join("client.json"), pretty(&client)?).context("cannot write `client.json`")?;

    // What cannot be generated is best known now.
    let generated = codegen::generate(&folder, &codegen::Options::default());
    println!("models/{service}: the description of {upstream}, without its prose");
    println!("next:");
    println!(
        "  - describe the service, its operations and their members: `documentation` in `service-2.json`, in words of your own"
    );
    println!(
        "  - say in `client.json` which errors may be retried, how long to wait, and what errors suggest; see `models/sagemaker-runtime/client.json`"
    );
    println!("  - run `cargo xtask codegen`, and read what it writes into `generated/`");
    match generated {
        Ok(client) if client.warnings.is_empty() => {}
        Ok(client) => show(&client.warnings.into()),
        Err(diagnostics) => {
            show(&diagnostics);
            println!("  - correct what is reported above");
        }
    }
    Ok(())
}
