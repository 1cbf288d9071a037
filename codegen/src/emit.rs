//! Writes the files of a crate: one module a kind of file, each a function from the resolved service to tokens.

mod bearer_token;
mod blocking;
mod builder;
mod call;
mod client;
mod codec;
mod debug;
mod deprecated;
mod docs;
mod endpoint;
mod enumeration;
mod error;
mod error_types;
mod event_stream;
mod fake;
mod format;
mod header;
mod jmespath;
mod lib_rs;
mod manifest;
mod objects;
mod operation;
mod paginator;
mod payload;
mod protocol;
mod required;
mod runtime;
mod scope;
mod service;
mod structure;
mod ty;
mod types;
mod union;
mod uses;
mod waiter;

use std::collections::BTreeMap;

pub(crate) use self::docs::limits_in_words;
use self::format::Source;
pub use self::runtime::PACKAGE as RUNTIME;
use crate::Runtime;
use crate::ir::Service;
use crate::ir::endpoint::{Partition, RuleSet};

/// The files of a crate: their paths in it, with `/`, and their content.
pub type Files = BTreeMap<String, String>;

/// Writes what tests of endpoint rules need: the resolver, with properties, and what reads its parameters.
pub(crate) fn resolver_files(rules: &RuleSet) -> Files {
    endpoint::files(rules)
}

/// Writes the table of partitions that clients share.
pub(crate) fn runtime_files(partitions: &[Partition]) -> Files {
    let path = "src/wire/partitions.rs";
    Files::from([(
        path.to_owned(),
        format::source(path, endpoint::shared_partitions(partitions)),
    )])
}

/// Writes the whole crate.
pub(crate) fn crate_files(service: &Service, runtime: &Runtime) -> Files {
    let mut files = Files::new();
    let texts = [
        ("Cargo.toml", manifest::emit(service, runtime)),
        ("LICENSE", include_str!("../../LICENSE").to_owned()),
        ("README.md", docs::readme(service, runtime)),
    ];
    files.extend(texts.map(|(path, text)| (path.to_owned(), text)));
    let sources = sources(service).chain(modules(service));
    files.extend(sources.map(|(path, source)| {
        let text = format::source(&path, source);
        (path, text)
    }));
    files
}

/// The files that every crate has.
fn sources(service: &Service) -> impl Iterator<Item = (String, Source)> {
    let sources: [(&str, Source); _] = [
        ("src/blocking.rs", blocking::emit(service)),
        ("src/call.rs", call::emit(service)),
        ("src/client.rs", client::emit(service)),
        ("src/endpoint.rs", endpoint::emit(&service.endpoint)),
        ("src/error.rs", error::emit(service)),
        ("src/guide.rs", docs::guide(service).into()),
        ("src/header.rs", header::emit(service)),
        ("src/lib.rs", lib_rs::emit(service).into()),
        ("src/operation.rs", operation::emit_modules(service).into()),
        ("src/payload.rs", payload::emit().into()),
        ("src/required.rs", required::emit(service).into()),
        ("src/service.rs", service::emit(service)),
        ("src/types.rs", types::emit_modules(service).into()),
        ("src/types/error.rs", error_types::emit(service)),
    ];
    let sources = sources.into_iter();
    sources.map(|(path, source)| (path.to_owned(), source))
}

/// A file for each operation and for each type, one for all waiters, and those of the fake.
fn modules(service: &Service) -> impl Iterator<Item = (String, Source)> {
    let operations = service.operations.iter().map(|operation| {
        let module = operation.fn_name.trim_start_matches("r#");
        let path = format!("src/operation/{module}.rs");
        (path, operation::emit(service, operation))
    });
    let types = service.types.values();
    let types = types.map(|definition| types::emit(service, definition));
    let waiters = (!service.waiters.is_empty()).then(|| ("src/waiter.rs".to_owned(), waiter::emit(service)));
    operations.chain(types).chain(waiters).chain(fake::files(service))
}
