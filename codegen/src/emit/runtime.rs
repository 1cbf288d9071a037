//! The runtime that clients stand on, and which of its features a service needs.

use super::uses;
use crate::ir::{Form, Service, Type};

/// The name of its package.
pub(super) const PACKAGE: &str = "lean-aws-runtime";

/// Its version, and with it that of the clients' dependency.
pub(super) const VERSION: &str = "0.1.0";

/// Whether a service needs a feature.
type IsNeeded = fn(&Service) -> bool;

/// The features that only some services need, in alphabetical order, and which need them.
const FEATURES: &[(&str, IsNeeded)] = &[
    ("checksum", |service| {
        service.operations.iter().any(|operation| operation.checksum)
    }),
    ("compression", |service| {
        service.operations.iter().any(|operation| operation.compressed)
    }),
    ("document", |service| {
        has_union(service) || uses::has_type(service, |ty| *ty == Type::Document)
    }),
    ("event-stream", has_events),
    ("paginator", |service| {
        service.operations.iter().any(|operation| operation.paginator.is_some())
    }),
    ("timestamp", has_timestamp),
    ("waiter", |service| !service.waiters.is_empty()),
];

/// The features of the runtime that a service needs.
pub(super) fn features(service: &Service) -> impl Iterator<Item = &'static str> {
    let needed = FEATURES.iter().filter(|(_, is_needed)| is_needed(service));
    needed.map(|(feature, _)| *feature)
}

fn has_events(service: &Service) -> bool {
    uses::has_form(service, |form| matches!(form, Form::EventStream(_)))
}

fn has_timestamp(service: &Service) -> bool {
    uses::has_type(service, |ty| matches!(ty, Type::Timestamp(_)))
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
    fn the_runtime_has_the_version() {
        assert!(MANIFEST.contains(&format!("\nname = \"{PACKAGE}\"\n")));
        assert!(MANIFEST.contains(&format!("\nversion = \"{VERSION}\"\n")));
    }
}
