//! The runtime that clients stand on, and which of its features a service needs.

use super::uses;
use crate::ir::{Checksum, Codec, Form, Service, Signing, Type};

/// The name of the runtime's package.
pub const PACKAGE: &str = "lean-aws-runtime";

/// Its version, and with it that of the clients' dependency.
pub(super) const VERSION: &str = "0.1.0";

/// The oldest compiler that builds the runtime, and a client, by default.
pub(super) const RUST_VERSION: &str = "1.88";

/// The oldest compiler that builds the crates of AWS, which `sdk-config` brings.
pub(super) const AWS_RUST_VERSION: &str = "1.94.1";

/// Whether a service needs a feature.
type IsNeeded = fn(&Service) -> bool;

/// The features that only some services need, in alphabetical order, and which need them.
const FEATURES: &[(&str, IsNeeded)] = &[
    ("bearer-auth", |service| {
        service
            .operations
            .iter()
            .any(|operation| operation.signing == Signing::Bearer)
    }),
    ("bearer-token", |service| service.bearer_token.is_some()),
    ("cbor", |service| service.protocol.reader() == Codec::Cbor),
    ("checksum", |service| {
        let mut operations = service.operations.iter();
        operations.any(|operation| operation.checksum == Some(Checksum::Md5))
    }),
    ("compression", |service| {
        service.operations.iter().any(|operation| operation.compressed)
    }),
    ("document", |service| {
        has_union(service) || uses::has_type(service, |ty| *ty == Type::Document)
    }),
    ("event-stream", has_events),
    ("form", |service| {
        matches!(service.protocol.writer(), Codec::Form { .. })
    }),
    ("http-checksum", |service| {
        service
            .operations
            .iter()
            .any(|operation| operation.validates || matches!(operation.checksum, Some(Checksum::Flexible { .. })))
    }),
    ("objects", |service| service.object_store.is_some()),
    ("paginator", |service| {
        service.operations.iter().any(|operation| operation.paginator.is_some())
    }),
    ("timestamp", |service| {
        uses::has_type(service, |ty| matches!(ty, Type::Timestamp(_)))
    }),
    ("tree-hash", |service| {
        service.operations.iter().any(|operation| operation.tree_hash)
    }),
    ("waiter", |service| !service.waiters.is_empty()),
    ("xml", |service| service.protocol.reader() == Codec::Xml),
];

/// The features of the runtime that a service needs.
pub(super) fn features(service: &Service) -> impl Iterator<Item = &'static str> {
    let needed = FEATURES.iter().filter(|(_, is_needed)| is_needed(service));
    needed.map(|(feature, _)| *feature)
}

fn has_events(service: &Service) -> bool {
    uses::has_form(service, |form| matches!(form, Form::EventStream(_)))
}

fn has_union(service: &Service) -> bool {
    uses::has_form(service, |form| matches!(form, Form::Union(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MANIFEST: &str = include_str!("../../../runtime/Cargo.toml");

    #[test]
    fn the_runtime_has_the_features() {
        for (feature, _) in FEATURES {
            assert!(MANIFEST.contains(&format!("\n{feature} = ")), "{feature}");
        }
    }

    #[test]
    fn the_runtime_has_the_versions() {
        for (key, value) in [("name", PACKAGE), ("version", VERSION), ("rust-version", RUST_VERSION)] {
            assert!(MANIFEST.contains(&format!("\n{key} = \"{value}\"\n")), "{key}");
        }
    }
}
