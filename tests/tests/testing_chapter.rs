//! The tests in `docs/testing.md` pass, as their readers copy them.

mod scratch;

use std::fs;

use codegen::Files;
use scratch::{Workspace, root};

#[test]
fn the_examples_pass() {
    let text = fs::read_to_string(root().join("docs/testing.md")).expect("the chapter can be read");
    let examples: Vec<&str> = text
        .split("```rust\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .collect();
    assert!(examples.len() > 5, "{} examples", examples.len());
    assert!(examples.iter().all(|example| example.contains("test")), "{examples:#?}");
    let client = root().join("generated/sagemaker-runtime");
    let manifest = format!(
        r#"
        [package]
        name = "chapter"
        edition = "2024"

        [dev-dependencies]
        sagemaker-runtime = {{ path = {client:?}, features = ["test-util"] }}
        tokio = {{ version = "1", features = ["macros", "rt", "test-util"] }}
        "#
    );
    let mut files = Files::from([
        ("Cargo.toml".to_owned(), manifest),
        ("src/lib.rs".to_owned(), String::new()),
    ]);
    // Modules of one program, so that there is one to link.
    let mut modules = String::new();
    for (number, example) in examples.iter().enumerate() {
        modules.push_str(&format!("mod example_{number};\n"));
        files.insert(format!("tests/examples/example_{number}.rs"), (*example).to_owned());
    }
    files.insert("tests/examples/main.rs".to_owned(), modules);
    let workspace = Workspace::new("testing-chapter", &[("chapter", &files)]);
    workspace.test("chapter");
}
