//! Writes the files of a crate: one module a kind of file, each a function from the resolved service to tokens.

mod client;
mod docs;
mod endpoint;
mod error;
mod format;
mod header_name;
mod lib_rs;
mod manifest;
mod operation;
mod required;
mod runtime;
mod service;
mod types;

use std::collections::BTreeMap;

use crate::ir::Service;

/// The files of a crate: their paths in it, with `/`, and their content.
pub type Files = BTreeMap<String, String>;

/// Writes the whole crate.
pub(crate) fn crate_files(service: &Service) -> Files {
    let texts = [
        ("Cargo.toml", manifest::emit(service)),
        ("LICENSE", include_str!("../../../LICENSE").to_owned()),
        ("README.md", docs::readme(service)),
    ];
    let sources = [
        ("src/client.rs", client::emit(service)),
        ("src/endpoint.rs", endpoint::emit(&service.endpoint)),
        ("src/error.rs", error::emit(service)),
        ("src/header_name.rs", header_name::emit(service)),
        ("src/lib.rs", lib_rs::emit(service)),
        ("src/operation.rs", operation::emit_modules(service)),
        ("src/required.rs", required::emit(service)),
        ("src/service.rs", service::emit(service)),
        ("src/types.rs", types::emit_modules()),
        ("src/types/error.rs", types::emit_errors(service)),
    ];
    let sources = sources.map(|(path, tokens)| (path.to_owned(), tokens));
    let operations = service.operations.iter().map(|operation| {
        let module = operation.fn_name.trim_start_matches("r#");
        (format!("src/operation/{module}.rs"), operation::emit(operation))
    });

    let mut files: Files = runtime::FILES
        .iter()
        .map(|(path, content)| ((*path).to_owned(), (*content).to_owned()))
        .collect();
    files.extend(texts.map(|(path, text)| (path.to_owned(), text)));
    files.extend(sources.into_iter().chain(operations).map(|(path, tokens)| {
        let text = format::source(&path, tokens);
        (path, text)
    }));
    files
}
