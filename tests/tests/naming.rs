//! Crates generated from models that are as awkward as they can be: everything compiles, whatever it is called.

mod scratch;

use std::collections::BTreeMap;
use std::path::Path;

use codegen::{Crate, Files};
use scratch::Workspace;

fn generate(model: &str) -> Crate {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("models").join(model);
    match codegen::generate(&folder) {
        Ok(client) => client,
        Err(diagnostics) => panic!("{diagnostics}"),
    }
}

/// A package with a library that uses the obstacle course as anyone would.
fn user() -> Files {
    let manifest = r#"
        [package]
        name = "user"
        edition = "2024"

        [dependencies]
        obstacle-course = { path = "../obstacle-course" }
    "#;
    BTreeMap::from([
        ("Cargo.toml".to_owned(), manifest.to_owned()),
        ("src/lib.rs".to_owned(), include_str!("naming/user.rs").to_owned()),
    ])
}

#[test]
fn every_name_compiles_and_can_be_used() {
    let (obstacles, small, no_errors) = (generate("obstacle-course"), generate("small"), generate("no-errors"));
    let workspace = Workspace::new(
        "naming",
        &[
            ("obstacle-course", &obstacles.files),
            ("small", &small.files),
            ("no-errors", &no_errors.files),
            ("user", &user()),
        ],
    );
    workspace.lint();
    workspace.document();
}

#[test]
fn names_are_no_reason_for_a_warning() {
    for model in ["obstacle-course", "small", "no-errors"] {
        let warnings = generate(model).warnings;
        assert!(warnings.is_empty(), "{model}: {warnings:?}");
    }
}

/// So that what a change of an emitter does shows in its review.
#[test]
fn emitted_files() {
    let files = generate("small").files;
    for (name, path) in [
        ("operation", "src/operation/pin_note.rs"),
        ("client", "src/client.rs"),
        ("required", "src/required.rs"),
        ("error", "src/error.rs"),
        ("error_types", "src/types/error.rs"),
        ("endpoint", "src/endpoint.rs"),
    ] {
        insta::assert_snapshot!(name, files[path]);
    }
}
