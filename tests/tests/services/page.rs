//! `docs/endpoint-life.md` shows the example as it is, and the READMEs show what a client can do.

use std::fs;
use std::path::Path;

#[test]
fn what_the_page_shows_is_in_the_example() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    let page = fs::read_to_string(folder.join("../docs/endpoint-life.md")).expect("there is a page");
    let example = fs::read_to_string(folder.join("examples/endpoint-life/steps.rs")).expect("there is an example");
    let blocks = page.split("```rust\n").skip(1);
    let blocks: Vec<&str> = blocks.filter_map(|rest| rest.split("```").next()).collect();
    assert!(blocks.len() > 5, "{} blocks", blocks.len());
    // Lines that follow each other there, with others between them.
    for block in blocks {
        let mut lines = example.lines().map(str::trim);
        for line in block.lines().map(str::trim) {
            assert!(
                lines.any(|other| other == line),
                "not in the example: {line}\nof\n{block}"
            );
        }
    }
}

#[test]
fn readmes_show_waiters_and_pages() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../generated");
    let services = [
        ("s3", s3::Client::waiter_names(), s3::Client::paginated_operations()),
        (
            "sagemaker",
            sagemaker::Client::waiter_names(),
            sagemaker::Client::paginated_operations(),
        ),
        (
            "sagemaker-featurestore-runtime",
            &[][..],
            sagemaker_featurestore_runtime::Client::paginated_operations(),
        ),
    ];
    for (name, waiters, paginated) in services {
        let readme = fs::read_to_string(folder.join(name).join("README.md")).expect("there is a README");
        for waiter in waiters {
            assert!(
                readme.contains(&format!("| `client.wait_until_{waiter}()` |")),
                "{name}: {waiter}"
            );
        }
        let rows = readme
            .lines()
            .filter(|line| line.ends_with("In pages: `.paginate()`. |"));
        let names: Vec<&str> = rows.filter_map(|row| row.split('`').nth(1)).collect();
        assert_eq!(names, paginated, "{name}");
    }
}
