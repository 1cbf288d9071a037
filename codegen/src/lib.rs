//! Reads the JSON description of a service and writes a Rust client crate.
//!
//! Data flows one way: [`model`] mirrors the JSON files, [`ir`] holds what they mean with every reference resolved
//! and every Rust name chosen, and `emit` turns that into the text of files. Nothing here writes to disk.

pub mod diagnostics;
pub mod diff;
mod emit;
/// The runtime's own functions.
#[path = "../../runtime/src/wire/endpoint_rules.rs"]
#[allow(
    unreachable_pub,
    dead_code,
    reason = "it is public in the runtime, and partitions are looked up differently here"
)]
mod endpoint_rules;
/// The runtime's own list.
#[path = "../../runtime/src/words/header_names.rs"]
#[allow(
    unreachable_pub,
    dead_code,
    reason = "it is public in the runtime, and half of it for signatures"
)]
mod header_names;
pub mod ir;
mod markdown;
pub mod merge;
pub mod model;
mod naming;
/// The runtime's own table.
#[path = "../../runtime/src/wire/partitions.rs"]
#[rustfmt::skip]
#[allow(unreachable_pub, reason = "it is public in the runtime")]
mod partitions;
pub mod source;

use std::path::Path;

use diagnostics::{Diagnostic, Diagnostics};
pub use emit::{Files, RUNTIME};
pub use ir::is_version;
use model::{EndpointModel, Model};

/// A crate in memory.
#[derive(Debug)]
pub struct Crate {
    /// The package's name, such as `sagemaker-runtime`.
    pub name: String,
    /// How many operations it has.
    pub operations: usize,
    /// Its files.
    pub files: Files,
    /// What is worth knowing about the model.
    pub warnings: Vec<Diagnostic>,
}

/// What the caller decides about a client. By default it has all that the model has.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Generates only these operations and the shapes that they reach. Default: those in `client.json`, else all.
    pub operations: Option<Vec<String>>,
    /// Names the package. Default: the name in `client.json`, else `lean-aws-` and the service's identifier.
    pub name: Option<String>,
    /// Says where the client finds the runtime.
    pub runtime: Runtime,
}

/// Where a client finds the runtime that it stands on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Runtime {
    /// In the client's folder `runtime/`. The client is the root of a workspace that holds both; the caller puts the
    /// runtime there.
    #[default]
    Inside,
    /// In a folder, as seen from the client's.
    Path(String),
    /// In the registry, in a version.
    Version(String),
}

/// Generates a client from a model folder, with the `partitions.json` of a folder above where it has none of its own.
///
/// # Errors
///
/// Everything that is wrong with the model or with the options, or cannot be generated yet.
pub fn generate(model: &Path, options: &Options) -> Result<Crate, Diagnostics> {
    let (model, mut warnings) = Model::load(model)?;
    let (service, more) = ir::lower(&model, options)?;
    warnings.extend(more);
    let mut files = emit::crate_files(&service, &options.runtime);
    files.extend(model.changelog.map(|text| ("CHANGELOG.md".to_owned(), text)));
    Ok(Crate {
        operations: service.operations.len(),
        files,
        name: service.package.name,
        warnings,
    })
}

/// Compares the clients that two model folders describe. A folder without `client.json`, such as one of botocore's, is read
/// with what the other folder's says.
///
/// # Errors
///
/// Everything that is wrong with either model.
pub fn compare(old: &Path, new: &Path) -> Result<diff::Diff, Diagnostics> {
    let (mut old, _) = Model::load(old)?;
    let (mut new, _) = Model::load(new)?;
    match (old.has_client(), new.has_client()) {
        (true, false) => new.client = old.client.known_to(&new.service),
        (false, true) => old.client = new.client.known_to(&old.service),
        (true, true) | (false, false) => {}
    }
    old.forget_prose();
    new.forget_prose();
    let options = Options::default();
    let (old, _) = ir::lower(&old, &options)?;
    let (new, _) = ir::lower(&new, &options)?;
    Ok(diff::Diff::between(&old, &new))
}

/// What the runtime has of the generator: the table of partitions that clients share, `src/wire/partitions.rs`.
///
/// # Errors
///
/// When the partitions of the generator are wrong.
pub fn runtime_files() -> Result<Files, Diagnostics> {
    let model = EndpointModel::without_rules()?;
    let (rules, _) = ir::lower_endpoint_rules(&model)?;
    Ok(emit::runtime_files(&rules.partitions))
}

/// Generates nothing but the resolver of endpoints of a set of rules, for tests of it: returns all properties of an
/// endpoint, and needs only `crate::runtime` and `crate::values` from its caller. Returns warnings, too.
///
/// # Errors
///
/// Everything that is wrong with the files. Without partitions, those of the generator are used.
pub fn generate_resolver(rules: &Path, partitions: Option<&Path>) -> Result<(Files, Vec<Diagnostic>), Diagnostics> {
    let model = EndpointModel::load(rules, partitions)?;
    let (rules, warnings) = ir::lower_endpoint_rules(&model)?;
    Ok((emit::resolver_files(&rules), warnings))
}
