//! Services of all protocols beside boto3: the same random inputs make the same requests, and the same answers are read alike.

mod calls;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, anyhow, bail};
use codegen::model::Model;
use codegen::{Files, Options, ir};
use flate2::read::MultiGzDecoder;
use proc_macro2::TokenStream;
use quote::{format_ident, quote};
use serde::Deserialize;
use serde_json::{Value, json};

use super::without_influences;
use crate::output::{MARK, Plan};
use crate::protocol_tests::api::Api;
use crate::protocol_tests::output;
use crate::{cargo, flags, models, python, runtime};

/// How many calls are made of each operation.
const CASES: u32 = 20;

/// The program that makes our calls.
const PACKAGE: &str = "service-calls";

/// A client to compare, as `services.json` has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Compared {
    /// What botocore calls the service, if that is not the name of the client.
    service: Option<String>,
    /// The protocol, if it is not the one that botocore prefers.
    protocol: Option<String>,
    operations: Vec<String>,
}

/// Compares the services that are named, or all.
pub(super) fn compare(flags: &flags::Interop, seed: u64) -> Result<()> {
    let environment = crate::target().join("interop");
    python::environment(&environment, &crate::root().join("tests/interop/requirements.txt"))?;
    let services = chosen(&flags.names)?;
    // A workspace of its own, so that no other build waits for these clients.
    let folder = crate::target().join("interop-services");
    generate(&services, &models::of_botocore(&environment)?, &folder)?;
    let mut build = cargo();
    crate::run(
        build
            .args(["build", "--quiet", "--package", PACKAGE, "--manifest-path"])
            .arg(folder.join("Cargo.toml"))
            .arg("--target-dir")
            .arg(crate::target()),
    )?;
    let cases = flags.cases.unwrap_or(CASES);
    let names: Vec<&str> = services.keys().map(String::as_str).collect();
    let names = names.join(" ");
    println!("the same calls again: `cargo xtask interop --services {names} --cases {cases} --seed {seed}`");
    let mut compare = Command::new(environment.join("bin/python"));
    compare
        .args(["-B", "tests/interop/services"])
        .arg(crate::target().join("debug").join(PACKAGE))
        .args([seed.to_string(), cases.to_string()])
        .args(services.keys());
    crate::run(without_influences(&mut compare).current_dir(crate::root()))
}

fn chosen(names: &[String]) -> Result<BTreeMap<String, Compared>> {
    let file = crate::root().join("tests/interop/services/services.json");
    let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let mut all: BTreeMap<String, Compared> =
        serde_json::from_str(&text).with_context(|| format!("{} is wrong", file.display()))?;
    if let Some(name) = names.iter().find(|name| !all.contains_key(*name)) {
        let known: Vec<&str> = all.keys().map(String::as_str).collect();
        bail!("`{name}` is not compared; choose from {}", known.join(", "));
    }
    all.retain(|name, _| names.is_empty() || names.contains(name));
    Ok(all)
}

/// Writes the clients, and the program that calls them.
fn generate(services: &BTreeMap<String, Compared>, botocore: &Path, folder: &Path) -> Result<()> {
    let mut files = Files::new();
    let mut apis = Vec::new();
    for (name, compared) in services {
        let model = describe(name, compared, botocore, folder)?;
        let options = Options {
            operations: Some(compared.operations.clone()),
            name: Some(name.clone()),
            runtime: runtime::here(),
        };
        let wrong = |diagnostics| anyhow!("{diagnostics}");
        let client = codegen::generate(&model, &options).map_err(wrong)?;
        Plan::new(&folder.join("clients").join(name), &client.files)?.carry_out()?;
        let (read, _) = Model::load(&model).map_err(wrong)?;
        let (service, _) = ir::lower(&read, &options).map_err(wrong)?;
        apis.push(Api {
            service,
            shapes: shapes(&model)?,
        });
    }
    for api in &apis {
        let (calls, views) = (calls::module_name(api), output::views(api));
        files.insert(format!("src/{calls}.rs"), text(calls::module(api)?)?);
        files.insert(format!("src/{views}.rs"), text(output::module(api)?)?);
    }
    files.insert("src/main.rs".to_owned(), text(main(&apis))?);
    files.insert("Cargo.toml".to_owned(), manifest(services));
    Plan::new(&folder.join("calls"), &files)?.carry_out()?;
    write_workspace(folder)
}

/// A model folder with botocore's description, and what the client decides about it.
fn describe(name: &str, compared: &Compared, botocore: &Path, folder: &Path) -> Result<PathBuf> {
    let botocore_name = compared.service.as_deref().unwrap_or(name);
    let services = models::services(botocore, Some(&[botocore_name]))?;
    let service = services.first().context("botocore has no such service")?;
    let model = folder.join("models").join(name);
    fs::create_dir_all(&model).with_context(|| format!("cannot create {}", model.display()))?;
    for entry in fs::read_dir(&service.model)? {
        let file = entry?.path();
        // Such as `service-2.json.gz`.
        let is_packed = file.extension().is_some_and(|extension| extension == "gz");
        let (mut text, name) = (Vec::new(), if is_packed { file.file_stem() } else { file.file_name() });
        let mut content = File::open(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let read = match is_packed {
            true => MultiGzDecoder::new(content).read_to_end(&mut text),
            false => content.read_to_end(&mut text),
        };
        read.with_context(|| format!("cannot read {}", file.display()))?;
        let copy = model.join(name.unwrap_or_default());
        fs::write(&copy, text).with_context(|| format!("cannot write {}", copy.display()))?;
    }
    let mut client = json!({ "package": { "name": name } });
    if let Some(protocol) = &compared.protocol {
        client["protocol"] = protocol.as_str().into();
    }
    let file = model.join("client.json");
    fs::write(&file, client.to_string()).with_context(|| format!("cannot write {}", file.display()))?;
    Ok(model)
}

/// The shapes of a description.
fn shapes(model: &Path) -> Result<serde_json::Map<String, Value>> {
    #[derive(Deserialize)]
    struct Description {
        shapes: serde_json::Map<String, Value>,
    }
    let file = model.join("service-2.json");
    let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let description: Description = serde_json::from_str(&text)?;
    Ok(description.shapes)
}

fn text(code: TokenStream) -> Result<String> {
    let code = prettyplease::unparse(&syn::parse2(code)?);
    Ok(format!("// {MARK}\n\n{code}"))
}

fn main(apis: &[Api]) -> TokenStream {
    let views = apis.iter().map(|api| format_ident!("{}", output::views(api)));
    let calls: Vec<_> = apis
        .iter()
        .map(|api| format_ident!("{}", calls::module_name(api)))
        .collect();
    let names = apis.iter().map(|api| &api.service.package.name);
    quote! {
        #(mod #views;)*
        #(mod #calls;)*

        fn main() -> std::process::ExitCode {
            tests::calls::run(&[#((#names, #calls::call as tests::calls::Service)),*])
        }
    }
}

fn manifest(services: &BTreeMap<String, Compared>) -> String {
    let tests = crate::root().join("tests");
    let clients = services
        .keys()
        .map(|name| format!("{name} = {{ path = \"../clients/{name}\", default-features = false }}\n"));
    let clients: String = clients.collect();
    format!(
        "# {MARK}\n\n[package]\nname = \"{PACKAGE}\"\nversion = \"0.0.0\"\nedition = \"2024\"\npublish = false\n\n\
         [dependencies]\nbytes = \"1\"\nserde_json = \"1\"\ntests = {{ path = {:?} }}\n{clients}",
        tests.display().to_string()
    )
}

/// With the versions of dependencies that this repository has.
fn write_workspace(folder: &Path) -> Result<()> {
    let manifest =
        "[workspace]\nresolver = \"3\"\nmembers = [\"calls\"]\n\n[profile.dev]\ndebug = \"line-tables-only\"\n";
    let file = folder.join("Cargo.toml");
    fs::write(&file, manifest).with_context(|| format!("cannot write {}", file.display()))?;
    let lock = folder.join("Cargo.lock");
    fs::copy(crate::root().join("Cargo.lock"), &lock).with_context(|| format!("cannot write {}", lock.display()))?;
    Ok(())
}
