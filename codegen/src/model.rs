//! What the JSON files say, as they say it.
//!
//! Every key that the files may have is here, whether or not anything is generated from it: a key that is not is an
//! error, so that nothing in a description is ever dropped silently.

pub mod bound;
pub mod client;
pub mod endpoint_rules;
pub mod examples;
pub mod paginators;
pub mod partitions;
pub mod service;
pub mod waiters;
pub mod word;

mod folder;
mod json;
mod load;
mod outline;
mod read;
mod smithy;

pub use load::documents;
pub use outline::Outline;
pub use smithy::service_document;

use crate::source::{File, Layer, Sources};

/// The files that decide where requests go.
#[derive(Debug)]
pub struct EndpointModel {
    /// `endpoint-rule-set-1.json`
    pub rules: endpoint_rules::EndpointRules,
    /// `partitions.json`
    pub partitions: partitions::Partitions,
    /// The texts of the files, for diagnostics.
    pub sources: Sources,
}

/// All files of a model folder.
#[derive(Debug)]
pub struct Model {
    /// `service-2.json`
    pub service: service::Service,
    /// `endpoint-rule-set-1.json`
    pub endpoint_rules: endpoint_rules::EndpointRules,
    /// `partitions.json` from the folder, from one or two folders up, or the built-in one.
    pub partitions: partitions::Partitions,
    /// `paginators-1.json`
    pub paginators: paginators::Paginators,
    /// `waiters-2.json`
    pub waiters: waiters::Waiters,
    /// `client.json`
    pub client: client::Client,
    /// `examples-1.json`
    pub examples: examples::Examples,
    /// `CHANGELOG.md`
    pub changelog: Option<String>,
    /// The texts of the files, for diagnostics.
    pub sources: Sources,
}

impl Model {
    /// Whether the partitions come from the folder, or one above it.
    pub(crate) fn has_partitions(&self) -> bool {
        folder::has_partitions(&self.sources)
    }

    /// Drops the documentation, for uses in which none of it counts: to convert it is most of the work.
    pub(crate) fn forget_prose(&mut self) {
        let service = &mut self.service;
        service.documentation = None;
        for operation in service.operations.values_mut() {
            operation.documentation = None;
        }
        for shape in service.shapes.values_mut() {
            shape.documentation = None;
            for member in shape.members.values_mut() {
                member.documentation = None;
            }
        }
    }

    /// Whether the folder has a `client.json`.
    pub(crate) fn has_client(&self) -> bool {
        self.sources.get(File::Client, Layer::Base).is_some()
    }
}
