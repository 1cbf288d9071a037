//! The tables of `docs/migrating.md` have every member of the description, with its name in the client, and no other.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

fn read(path: &str) -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..").join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn description() -> Value {
    serde_json::from_str(&read("models/sagemaker-runtime/service-2.json")).expect("it is JSON")
}

/// The names of the members of a shape, which is an operation's input or output.
fn members(description: &Value, operation: &str, shape: &str) -> Vec<String> {
    let name = description["operations"][operation][shape]["shape"].as_str();
    let members = &description["shapes"][name.expect("a shape")]["members"];
    members.as_object().expect("members").keys().cloned().collect()
}

/// The rows of the first table below a heading that begins with these words, by the first name in them.
fn rows(page: &str, heading: &str, table: &str) -> BTreeMap<String, String> {
    let section = page
        .split("\n## ")
        .find(|section| section.lines().next() == Some(heading));
    let section = section.unwrap_or_else(|| panic!("there is no section {heading}"));
    let lines = section.lines().skip_while(|line| !line.starts_with(table));
    let lines = lines.skip(2).take_while(|line| line.starts_with('|'));
    let rows: BTreeMap<String, String> = lines
        .map(|line| {
            let mut cells = line.trim_matches('|').split(" | ").map(str::trim);
            let name = cells.next().and_then(|cell| cell.split('`').nth(1)).unwrap_or_default();
            let name = name.trim_matches(|c: char| !c.is_alphanumeric());
            (name.to_owned(), cells.next().unwrap_or_default().to_owned())
        })
        .collect();
    assert!(
        !rows.is_empty(),
        "{heading}: there is no table that begins with {table}"
    );
    rows
}

/// Compares names, in any order.
fn assert_same_names(rows: &BTreeMap<String, String>, mut described: Vec<String>, what: &str) {
    described.sort();
    let written: Vec<&String> = rows.keys().collect();
    assert_eq!(
        written,
        described.iter().collect::<Vec<_>>(),
        "docs/migrating.md, {what}"
    );
}

#[test]
fn every_member_has_its_row() {
    let (page, description) = (read("docs/migrating.md"), description());
    let operations = [
        ("InvokeEndpoint", "invoke_endpoint"),
        ("InvokeEndpointAsync", "invoke_endpoint_async"),
        (
            "InvokeEndpointWithResponseStream",
            "invoke_endpoint_with_response_stream",
        ),
    ];
    assert_eq!(
        description["operations"].as_object().expect("operations").len(),
        operations.len()
    );
    for (operation, module) in operations {
        let code = read(&format!("generated/sagemaker-runtime/src/operation/{module}.rs"));
        let code = code
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .replace("types::", "");

        let parameters = rows(&page, operation, "| boto3 parameter");
        assert_same_names(&parameters, members(&description, operation, "input"), operation);
        for (name, cell) in parameters {
            let setter = cell.split(['.', '(']).nth(1).unwrap_or_default();
            assert!(
                code.contains(&format!("pub fn {setter}(")),
                "{operation}, {name}: {cell}"
            );
        }

        let response = rows(&page, operation, "| boto3 response");
        assert_same_names(&response, members(&description, operation, "output"), operation);
        for (name, cell) in response {
            let field = cell.trim_matches('`');
            assert!(code.contains(&format!("pub {field},")), "{operation}, {name}: {cell}");
        }
    }
}

#[test]
fn every_exception_has_its_row() {
    let (page, description) = (read("docs/migrating.md"), description());
    let shapes = description["shapes"].as_object().expect("shapes").iter();
    let exceptions = shapes.filter(|(_, shape)| shape["exception"] == true);
    let exceptions = exceptions.map(|(name, _)| name.clone()).collect();
    assert_same_names(
        &rows(&page, "Exceptions of the service", "| boto3, in"),
        exceptions,
        "exceptions",
    );
}
