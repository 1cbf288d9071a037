//! Crates generated from models that are as awkward as they can be: everything compiles, whatever it is called.

mod scratch;

use std::path::Path;

use codegen::{Crate, Files};
use scratch::{Workspace, options};

const MODELS: [&str; 4] = ["obstacle-course", "type-course", "small", "no-errors"];

/// The files of the tests of the package that uses them.
const TYPES: [(&str, &str); 12] = [
    ("main.rs", include_str!("naming/types/main.rs")),
    ("builders.rs", include_str!("naming/types/builders.rs")),
    ("errors.rs", include_str!("naming/types/errors.rs")),
    ("events.rs", include_str!("naming/types/events.rs")),
    ("fakes.rs", include_str!("naming/types/fakes.rs")),
    ("hosts.rs", include_str!("naming/types/hosts.rs")),
    ("json.rs", include_str!("naming/types/json.rs")),
    ("names.rs", include_str!("naming/types/names.rs")),
    ("places.rs", include_str!("naming/types/places.rs")),
    ("prepared.rs", include_str!("naming/types/prepared.rs")),
    ("secrets.rs", include_str!("naming/types/secrets.rs")),
    ("tokens.rs", include_str!("naming/types/tokens.rs")),
];

fn generate(model: &str) -> Crate {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("models").join(model);
    match codegen::generate(&folder, &options(None)) {
        Ok(client) => client,
        Err(diagnostics) => panic!("{diagnostics}"),
    }
}

/// A package that uses the obstacle course and the type course as anyone would: a library that only the compiler looks
/// at, and tests.
fn user() -> Files {
    let manifest = r#"
        [package]
        name = "user"
        edition = "2024"

        [dependencies]
        obstacle-course = { path = "../obstacle-course", features = ["test-util"] }

        [dev-dependencies]
        bytes = "1"
        crc32fast = "1"
        http = "1"
        http-body-util = "0.1"
        serde_json = "1"
        tokio = { version = "1", features = ["macros", "rt"] }
        tower-service = "0.3"
        type-course = { path = "../type-course", features = ["test-util"] }
    "#;
    let types = TYPES.map(|(name, text)| (format!("tests/types/{name}"), text.to_owned()));
    let rest = [
        ("Cargo.toml".to_owned(), manifest.to_owned()),
        ("src/lib.rs".to_owned(), include_str!("naming/user.rs").to_owned()),
    ];
    types.into_iter().chain(rest).collect()
}

#[test]
fn every_name_and_type_compiles_and_can_be_used() {
    let models = MODELS.map(|model| (model, generate(model).files));
    let user = user();
    let mut packages: Vec<(&str, &Files)> = models.iter().map(|(model, files)| (*model, files)).collect();
    packages.push(("user", &user));
    let workspace = Workspace::new("naming", &packages);
    workspace.lint();
    workspace.document();
    workspace.test("user");
}

#[test]
fn names_are_no_reason_for_a_warning() {
    for model in MODELS {
        let mut warnings = generate(model).warnings;
        // But for values of an enum whose order decides which is called how.
        warnings.retain(|warning| {
            let place = warning.place.as_ref();
            !place.is_some_and(|place| place.pointer.starts_with("/shapes/Values/enum/"))
        });
        assert!(warnings.is_empty(), "{model}: {warnings:?}");
    }
}

/// So that what a change of an emitter does shows in its review.
#[test]
fn emitted_files() {
    let files = generate("small").files;
    for (name, path) in [
        ("operation", "src/operation/pin_note.rs"),
        ("operation_with_events", "src/operation/follow_board.rs"),
        ("structure", "src/types/filter.rs"),
        ("union", "src/types/place.rs"),
        ("enumeration", "src/types/colour.rs"),
        ("event_stream", "src/types/board_events.rs"),
        ("event", "src/types/pinned.rs"),
        ("client", "src/client.rs"),
        ("required", "src/required.rs"),
        ("error", "src/error.rs"),
        ("error_types", "src/types/error.rs"),
        ("endpoint", "src/endpoint.rs"),
    ] {
        insta::assert_snapshot!(name, files[path]);
    }
}

/// The same where no header can have the members beside a stream, and events are CBOR.
#[test]
fn emitted_files_of_a_stream_with_an_initial_response() {
    let files = generate("thermometer").files;
    for (name, path) in [
        ("operation_with_initial_response", "src/operation/watch_room.rs"),
        ("event_in_cbor", "src/types/changed.rs"),
        ("fake_of_initial_response", "src/test/operation/watch_room.rs"),
        ("fake_of_events_in_cbor", "src/test/event.rs"),
    ] {
        insta::assert_snapshot!(name, files[path]);
    }
}
