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
    let mut files = Files::new();
    let mut add = |path: &str, content: String| {
        let before = files.insert(path.to_owned(), content);
        assert!(before.is_none(), "{path} is written twice");
    };
    add("Cargo.toml", manifest::emit(service));
    add("LICENSE", include_str!("../../../LICENSE").to_owned());
    add("README.md", docs::readme(service));
    add("src/lib.rs", format::source(lib_rs::emit(service)));
    add("src/client.rs", format::source(client::emit(service)));
    add("src/endpoint.rs", format::source(endpoint::emit(&service.endpoint)));
    add("src/error.rs", format::source(error::emit(service)));
    add("src/header_name.rs", format::source(header_name::emit(service)));
    add("src/operation.rs", format::source(operation::emit_modules(service)));
    add("src/required.rs", format::source(required::emit(service)));
    add("src/service.rs", format::source(service::emit(service)));
    add("src/types.rs", format::source(types::emit_modules()));
    add("src/types/error.rs", format::source(types::emit_errors(service)));
    for operation in &service.operations {
        let module = operation.fn_name.trim_start_matches("r#");
        let path = format!("src/operation/{module}.rs");
        add(&path, format::source(operation::emit(operation)));
    }
    for (path, content) in runtime::FILES {
        add(path, (*content).to_owned());
    }
    files
}
