//! From the model to the IR: references are resolved, strings become enums, Rust names are chosen, and everything that
//! is wrong or that cannot be generated yet is reported in one go.
//!
//! Some keys are read and have no effect on a client, knowingly: `box`, `checksumFormat`, `deprecatedSince`,
//! `error.senderFault`, `event`, `eventheader` and `eventpayload` (event streams are refused as a whole), `examples`,
//! `globalEndpoint` (the endpoint rules know better), `idempotencyToken`, `hostLabel` and `contextParam` outside of
//! inputs, `idempotent`, `jsonVersion`, `jsonvalue` outside of headers, `protocolSettings`, `readonly`,
//! `ripServiceName`, `serviceAbbreviation`, `streaming` (every blob payload is a stream), `synthetic`, `uid`.

mod check;
mod client;
mod endpoint_rules;
mod error;
mod example;
mod kind;
mod member;
mod operation;
mod path;
mod recursion;
mod registry;
mod service;
mod uri;

use super::Service;
use crate::diagnostics::{Diagnostic, Diagnostics, Reporter, did_you_mean};
use crate::markdown;
use crate::model::Model;
use crate::model::service::{Reference, Shape};
use crate::source::{File, JsonPath};

/// The one authentication scheme that clients have.
const SIGV4: &str = "aws.auth#sigv4";

/// What to do about a feature that the emitters cannot write yet.
const LEAVE_OUT: &str = "leave the operation out: name those to generate, `--operations First,Second`";

/// Resolves a model, or those of its operations that `only` names with what they reach. Returns warnings, too.
///
/// # Errors
///
/// Everything that is wrong with the model, and everything in it that cannot be generated yet.
pub fn lower(model: &Model, only: Option<&[String]>) -> Result<(Service, Vec<Diagnostic>), Diagnostics> {
    let mut lowering = Lowering {
        model,
        reporter: Reporter::new(&model.sources),
    };
    let service = lowering.service(only);
    lowering.reporter.finish(service)
}

/// The work in progress. Its methods are in the modules beside this one, one for each part of the IR.
struct Lowering<'m> {
    model: &'m Model,
    reporter: Reporter<'m>,
}

impl<'m> Lowering<'m> {
    fn error(&mut self, at: &JsonPath, message: impl Into<String>, help: impl Into<String>) {
        self.reporter.error(at, message, help);
    }

    /// Refuses what is legal but cannot be generated yet.
    fn not_yet(&mut self, at: &JsonPath, subject: &str, feature: &str, help: &str) {
        let message = format!("{subject} has {feature}, which cannot be generated yet");
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
