//! Pages and waiters: a crate generated from a model that has them passes lints and documents itself, and a user of it
//! sees them behave.

mod scratch;

use std::collections::BTreeMap;
use std::path::Path;

use codegen::{Crate, Files};
use scratch::{Workspace, options, succeed};

fn generate() -> Crate {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/harbour");
    match codegen::generate(&folder, &options(None)) {
        Ok(client) => client,
        Err(diagnostics) => panic!("{diagnostics}"),
    }
}

fn user() -> Files {
    let manifest = r#"
        [package]
        name = "user"
        edition = "2024"

        [dependencies]
        harbour = { path = "../harbour", features = ["test-util"] }

        [dev-dependencies]
        bytes = "1"
        futures-core = { version = "0.3", default-features = false }
        http = "1"
        http-body-util = "0.1"
        tokio = { version = "1", features = ["macros", "rt", "test-util"] }
        tower-service = "0.3"
    "#;
    BTreeMap::from([
        ("Cargo.toml".to_owned(), manifest.to_owned()),
        ("src/lib.rs".to_owned(), "//! Nothing but tests.\n".to_owned()),
        ("tests/user.rs".to_owned(), include_str!("harbour/user.rs").to_owned()),
    ])
}

#[test]
fn pages_and_waiters_behave() {
    let workspace = Workspace::new("harbour", &[("harbour", &generate().files), ("user", &user())]);
    workspace.lint();
    workspace.document();
    succeed(&mut workspace.cargo("test"));
}

/// So that what a change of an emitter does shows in its review.
#[test]
fn emitted_files() {
    let files = generate().files;
    for (name, path) in [
        ("waiter", "src/waiter.rs"),
        ("paginated_operation", "src/operation/list_crates.rs"),
        ("client", "src/client.rs"),
    ] {
        insta::assert_snapshot!(name, files[path]);
    }
}

#[test]
fn only_what_is_used_is_generated() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("models/harbour");
    let files = match codegen::generate(&folder, &options(Some("ListFleet"))) {
        Ok(client) => client.files,
        Err(diagnostics) => panic!("{diagnostics}"),
    };
    assert!(!files.contains_key("src/waiter.rs"));
    let runtime = files["Cargo.toml"]
        .lines()
        .find(|line| line.starts_with("lean-aws-runtime = "));
    assert!(
        runtime.is_some_and(|line| line.ends_with("features = [\"paginator\"] }")),
        "{runtime:?}"
    );
}
