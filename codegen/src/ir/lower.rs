//! From the model to the IR: references are resolved, strings become enums, Rust names are chosen, and everything that
//! is wrong is reported in one go.
//!
//! Some keys are read and have no effect on a client, knowingly: `box`, `checksumFormat`, `deprecatedSince`,
//! `endpointdiscovery` that is optional, `endpointoperation`, `enum` at a reference (it has no name of its own, so the
//! member is a string), `error.senderFault`, examples that do not fit the input, `globalEndpoint` (the endpoint rules know better),
//! `idempotencyToken`, `hostLabel`, `contextParam` and `location` outside of inputs and outputs, `location` in a response
//! where it names the URL (the member is in the body), `idempotent`, `jsonvalue` outside of headers, `non_aggregate_keys`
//! (pages are not merged), `protocolSettings`, `readonly`, `ripServiceName`, `serviceAbbreviation`, `streaming` (every blob
//! payload is a stream), `synthetic`, `uid`, `wrapper`, `xmlOrder`. Neither have those that only other protocols know: what
//! names XML and forms where bodies are JSON, and what binds members to parts of HTTP where all of them are in the body.

mod call_example;
mod check;
mod client;
mod context_params;
mod endpoint_rules;
mod error;
mod example;
mod fixed_headers;
mod habits;
mod hint;
mod jmespath;
mod member;
mod name;
mod objects;
mod operation;
mod paginator;
mod path;
mod protocol;
mod recursion;
mod registry;
mod selection;
mod service;
mod ty;
mod types;
mod uri;
mod waiter;

use self::recursion::Components;
pub use self::registry::is_version;
use super::endpoint::RuleSet;
use super::{Protocol, Service};
use crate::Options;
use crate::diagnostics::{Diagnostic, Diagnostics, Reporter, did_you_mean};
use crate::markdown;
use crate::model::service::{Reference, Shape};
use crate::model::{EndpointModel, Model};
use crate::source::{File, JsonPath};

/// Resolves a model, or the part of it that the options choose. Returns warnings, too.
///
/// # Errors
///
/// Everything that is wrong with the model or with the options.
pub fn lower(model: &Model, options: &Options) -> Result<(Service, Vec<Diagnostic>), Diagnostics> {
    let mut lowering = Lowering {
        model,
        options,
        reporter: Reporter::new(&model.sources),
        containment: recursion::containment(&model.service.shapes),
        protocol: Protocol::RestJson,
    };
    let service = lowering.service();
    lowering.reporter.finish(service)
}

/// Resolves endpoint rules by themselves. Returns warnings, too.
///
/// # Errors
///
/// Everything that is wrong with them.
pub fn lower_endpoint_rules(model: &EndpointModel) -> Result<(RuleSet, Vec<Diagnostic>), Diagnostics> {
    let mut reporter = Reporter::new(&model.sources);
    let rules = endpoint_rules::lower(&model.rules, &model.partitions, &[], &[], &mut reporter);
    reporter.finish(rules)
}

/// The work in progress. Its methods are in the modules beside this one, one for each part of the IR.
struct Lowering<'m> {
    model: &'m Model,
    options: &'m Options,
    reporter: Reporter<'m>,
    /// Which structures and unions lie in which.
    containment: Components<'m>,
    /// The protocol of the client; any, until it is known.
    protocol: Protocol,
}

impl<'m> Lowering<'m> {
    fn error(&mut self, at: &JsonPath, message: impl Into<String>, help: impl Into<String>) {
        self.reporter.error(at, message, help);
    }

    /// The shape that a reference names. A reference to nothing has been reported already.
    fn shape(&self, reference: &Reference) -> Option<&'m Shape> {
        self.model.service.shapes.get(&reference.shape)
    }

    fn shape_path(&self, name: &str) -> JsonPath {
        JsonPath::root(File::Service).key("shapes").key(name)
    }

    fn operation_path(&self, name: &str) -> JsonPath {
        JsonPath::root(File::Service).key("operations").key(name)
    }

    /// The suggestion for a name that is no operation.
    fn similar_operation(&self, name: &str) -> String {
        did_you_mean(name, self.model.service.operations.keys().map(String::as_str))
    }
}

/// What is said about deprecation, in one line.
fn deprecation(deprecated: bool, message: Option<&str>) -> Option<String> {
    deprecated.then(|| {
        let message = message.map(markdown::from_html).unwrap_or_default();
        message.split_whitespace().collect::<Vec<_>>().join(" ")
    })
}

/// Documentation as Markdown, with what is said about deprecation at its end.
fn docs(html: Option<&str>, deprecated: bool, message: Option<&str>) -> String {
    let mut paragraphs = Vec::new();
    paragraphs.extend(html.map(markdown::from_html));
    if deprecated {
        let message = message.map(markdown::from_html);
        let message = message.unwrap_or_else(|| "Do not use it any more.".to_owned());
        paragraphs.push(format!("Deprecated: {message}"));
    }
    paragraphs.retain(|paragraph| !paragraph.is_empty());
    paragraphs.join("\n\n")
}
