//! The hand-written part of every client, which goes into it as it is.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::uses;
use crate::ir::{Form, Service, Type};

macro_rules! files {
    ($($path:literal)*) => {
        &[$(($path, include_str!(concat!("../../../runtime/", $path)))),*]
    };
}

/// Path and content of each file.
pub(super) const FILES: &[(&str, &str)] = files! {
    "src/runtime.rs"
    "src/runtime/body.rs"
    "src/runtime/byte_stream.rs"
    "src/runtime/byte_stream/json.rs"
    "src/runtime/byte_stream/silence.rs"
    "src/runtime/call.rs"
    "src/runtime/call/deadline.rs"
    "src/runtime/call/log.rs"
    "src/runtime/call/options.rs"
    "src/runtime/call/silence.rs"
    "src/runtime/call/trace.rs"
    "src/runtime/client.rs"
    "src/runtime/clock.rs"
    "src/runtime/config.rs"
    "src/runtime/config/environment.rs"
    "src/runtime/config/resolved.rs"
    "src/runtime/config/sdk_config.rs"
    "src/runtime/credentials.rs"
    "src/runtime/credentials/provider.rs"
    "src/runtime/endpoint.rs"
    "src/runtime/endpoint_rules.rs"
    "src/runtime/error.rs"
    "src/runtime/error/hint.rs"
    "src/runtime/error/kind.rs"
    "src/runtime/header_names.rs"
    "src/runtime/hex.rs"
    "src/runtime/hidden.rs"
    "src/runtime/host.rs"
    "src/runtime/json.rs"
    "src/runtime/json/error.rs"
    "src/runtime/json/read.rs"
    "src/runtime/json/types.rs"
    "src/runtime/json/union.rs"
    "src/runtime/json/write.rs"
    "src/runtime/metadata.rs"
    "src/runtime/one_line.rs"
    "src/runtime/operation.rs"
    "src/runtime/percent.rs"
    "src/runtime/request.rs"
    "src/runtime/request/header.rs"
    "src/runtime/request/payload.rs"
    "src/runtime/request/url.rs"
    "src/runtime/response.rs"
    "src/runtime/response/header.rs"
    "src/runtime/retry.rs"
    "src/runtime/retry/decision.rs"
    "src/runtime/retry/quota.rs"
    "src/runtime/signing.rs"
    "src/runtime/signing/canonical.rs"
    "src/runtime/signing/date.rs"
    "src/runtime/signing/key.rs"
    "src/runtime/string_enum.rs"
    "src/runtime/text.rs"
    "src/runtime/timeouts.rs"
    "src/runtime/transport.rs"
    "src/runtime/transport/connect.rs"
    "src/runtime/transport/idle.rs"
    "src/runtime/transport/io.rs"
    "src/runtime/transport/options.rs"
    "src/runtime/transport/phase.rs"
    "src/runtime/transport/pool.rs"
    "src/runtime/transport/pool/tests.rs"
    "src/runtime/transport/proxy.rs"
    "src/runtime/transport/silence.rs"
    "src/runtime/transport/stream.rs"
    "src/runtime/transport/tcp.rs"
    "src/runtime/transport/tls.rs"
    "src/runtime/transport/without_tls.rs"
    "src/runtime/unknown.rs"
    "src/runtime/user_agent.rs"
    "src/runtime/uuid.rs"
};

/// The manifest of the runtime, with the dependencies of clients.
pub(super) const MANIFEST: &str = include_str!("../../../runtime/Cargo.toml");

/// A part of the runtime that only some services need.
#[derive(Debug)]
pub(super) struct Part {
    /// The name of its module in `runtime::features`.
    pub(super) module: &'static str,
    /// Path and content of each of its files.
    pub(super) files: &'static [(&'static str, &'static str)],
    /// What only it depends on.
    pub(super) dependencies: &'static [&'static str],
    /// Whether a service needs it.
    is_needed: fn(&Service) -> bool,
}

/// Every such part.
pub(super) const PARTS: &[Part] = &[
    Part {
        module: "checksum",
        files: files! { "src/runtime/features/checksum.rs" },
        dependencies: &["md-5"],
        is_needed: |service| service.operations.iter().any(|operation| operation.checksum),
    },
    Part {
        module: "compression",
        files: files! { "src/runtime/features/compression.rs" },
        dependencies: &["flate2"],
        is_needed: |service| service.operations.iter().any(|operation| operation.compressed),
    },
    Part {
        module: "document",
        files: files! { "src/runtime/features/document.rs" },
        dependencies: &["serde_json"],
        is_needed: |service| has_union(service) || uses::has_type(service, |ty| *ty == Type::Document),
    },
    Part {
        module: "event_stream",
        files: files! {
            "src/runtime/features/event_stream.rs"
            "src/runtime/features/event_stream/frame.rs"
        },
        dependencies: &["crc32fast"],
        is_needed: has_events,
    },
    Part {
        module: "event_timestamp",
        files: files! { "src/runtime/features/event_timestamp.rs" },
        dependencies: &[],
        is_needed: |service| has_events(service) && has_timestamp(service),
    },
    Part {
        module: "host_prefix",
        files: files! { "src/runtime/features/host_prefix.rs" },
        dependencies: &[],
        is_needed: |service| {
            service
                .operations
                .iter()
                .any(|operation| !operation.host_prefix.is_empty())
        },
    },
    Part {
        module: "idempotency",
        files: files! { "src/runtime/features/idempotency.rs" },
        dependencies: &[],
        is_needed: |service| {
            let mut members = service.operations.iter().flat_map(|operation| &operation.input);
            members.any(|member| member.idempotency_token)
        },
    },
    Part {
        module: "jmespath",
        files: files! { "src/runtime/features/jmespath.rs" },
        dependencies: &[],
        is_needed: |service| {
            let mut paginators = service.operations.iter().flat_map(|operation| &operation.paginator);
            !service.waiters.is_empty() || paginators.any(|paginator| !paginator.output_token.is_chain())
        },
    },
    Part {
        module: "paginator",
        files: files! { "src/runtime/features/paginator.rs" },
        dependencies: &[],
        is_needed: |service| service.operations.iter().any(|operation| operation.paginator.is_some()),
    },
    Part {
        module: "readiness",
        files: files! { "src/runtime/features/readiness.rs" },
        dependencies: &[],
        is_needed: Service::becomes_ready,
    },
    Part {
        module: "required_length",
        files: files! { "src/runtime/features/required_length.rs" },
        dependencies: &[],
        is_needed: |service| service.operations.iter().any(|operation| operation.requires_length),
    },
    Part {
        module: "timestamp",
        files: files! {
            "src/runtime/features/timestamp.rs"
            "src/runtime/features/timestamp/bindings.rs"
        },
        dependencies: &["aws-smithy-types"],
        is_needed: has_timestamp,
    },
    Part {
        module: "unknown_member",
        files: files! { "src/runtime/features/unknown_member.rs" },
        dependencies: &["serde_json"],
        is_needed: has_union,
    },
    Part {
        module: "waiter",
        files: files! { "src/runtime/features/waiter.rs" },
        dependencies: &[],
        is_needed: |service| !service.waiters.is_empty(),
    },
];

fn has_events(service: &Service) -> bool {
    uses::has_form(service, |form| matches!(form, Form::EventStream(_)))
}

fn has_timestamp(service: &Service) -> bool {
    uses::has_type(service, |ty| matches!(ty, Type::Timestamp(_)))
}

fn has_union(service: &Service) -> bool {
    uses::has_form(service, |form| matches!(form, Form::Union(_)))
}

/// The parts that a service needs.
pub(super) fn parts(service: &Service) -> Vec<&'static Part> {
    PARTS.iter().filter(|part| (part.is_needed)(service)).collect()
}

/// `src/runtime/features.rs`.
pub(super) fn emit_parts(parts: &[&Part]) -> TokenStream {
    let modules = parts.iter().map(|part| format_ident!("{}", part.module));
    quote! {
        //! The parts that only some services need. A client has those that its operations use.

        #(pub mod #modules;)*
    }
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::*;

    fn runtime() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("../runtime")
    }

    /// The paths of all files in a folder of the runtime and below.
    fn files(folder: &str) -> Vec<String> {
        let entries = std::fs::read_dir(runtime().join(folder)).expect("the folder exists");
        let mut files = Vec::new();
        for entry in entries {
            let entry = entry.expect("it can be read");
            let path = format!("{folder}/{}", entry.file_name().display());
            if entry.path().is_dir() {
                files.extend(self::files(&path));
            } else {
                files.push(path);
            }
        }
        files
    }

    #[test]
    fn every_file_of_the_runtime_goes_into_the_client() {
        let mut files = files("src/runtime");
        files.push("src/runtime.rs".to_owned());
        files.sort();
        let parts = PARTS.iter().flat_map(|part| part.files);
        let listed = FILES.iter().chain(parts);
        let mut listed: Vec<_> = listed.map(|(path, _)| (*path).to_owned()).collect();
        // What stands for the file that is written for each client.
        listed.push("src/runtime/features.rs".to_owned());
        listed.sort();
        assert_eq!(files, listed);
    }

    #[test]
    fn the_dependencies_of_parts_are_in_the_manifest() {
        for dependency in PARTS.iter().flat_map(|part| part.dependencies) {
            let line = format!("\n{dependency} = ");
            assert!(MANIFEST.contains(&line), "{dependency}");
        }
    }
}
