//! Asks a generated resolver of endpoints for each case of a file, and tells where it says something else.

#![allow(dead_code, unused_imports, reason = "rules use a part of the functions")]

mod endpoint;
mod params;
mod runtime;
mod values;

use std::error::Error;
use std::process::ExitCode;

use serde_json::{Map, Value, json};
use values::Values;

fn main() -> ExitCode {
    let path = std::env::args().nth(1).unwrap_or_default();
    match check_all(&path) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("cannot read the cases of {path}: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Returns how many cases failed.
fn check_all(path: &str) -> Result<usize, Box<dyn Error>> {
    let file: Value = serde_json::from_str(&std::fs::read_to_string(path)?)?;
    let cases = smithy_tests(&file).unwrap_or(&file)["testCases"].as_array();
    let cases = cases.ok_or("there is no list `testCases`, and no `smithy.rules#endpointTests`")?;
    let mut failed = 0;
    for (index, case) in cases.iter().enumerate() {
        let actual = resolve(case);
        let expected = expected(case);
        if expected.as_ref().is_ok_and(|expected| *expected == actual) {
            continue;
        }
        failed += 1;
        let text = case["documentation"].as_str().unwrap_or("no documentation");
        println!("FAILED case {}: {text}", index + 1);
        println!("  params:   {}", case.get("params").unwrap_or(&json!({})));
        match expected {
            Ok(expected) => println!("  expected: {expected}\n  actual:   {actual}"),
            Err(problem) => println!("  the case is not one: {problem}"),
        }
    }
    println!("{} passed, {failed} failed", cases.len() - failed);
    Ok(failed)
}

/// The cases of a description in Smithy's form, which are a trait of its service.
fn smithy_tests(file: &Value) -> Option<&Value> {
    let mut shapes = file.get("shapes")?.as_object()?.values();
    shapes.find_map(|shape| shape["traits"].get("smithy.rules#endpointTests"))
}

/// What the resolver says, in the form of `expect`.
fn resolve(case: &Value) -> Value {
    let none = Map::new();
    let values = Values(case["params"].as_object().unwrap_or(&none));
    let endpoint = params::read(&values).and_then(|(params, operation)| endpoint::resolve(&params, &operation));
    match endpoint {
        Ok(endpoint) => json!({ "endpoint": endpoint.into_json() }),
        Err(reason) => json!({ "error": reason }),
    }
}

/// What a case expects, with everything that may be left out.
fn expected(case: &Value) -> Result<Value, String> {
    let params = case["params"].as_object();
    let unknown = params.and_then(|params| params.keys().find(|name| !params::NAMES.contains(&name.as_str())));
    if let Some(name) = unknown {
        // Rules may be asked for what they do not decide by.
        eprintln!("note: the rules have no parameter `{name}`");
    }
    let expect = case["expect"].as_object().ok_or("it expects nothing")?;
    match (expect.get("endpoint"), expect.get("error")) {
        (Some(Value::Object(endpoint)), None) => {
            if let Some(key) = endpoint
                .keys()
                .find(|key| !matches!(key.as_str(), "url" | "properties" | "headers"))
            {
                return Err(format!("endpoints have no `{key}`"));
            }
            let part = |key: &str| endpoint.get(key).cloned().unwrap_or_else(|| json!({}));
            let url = endpoint.get("url").ok_or("the endpoint has no `url`")?;
            Ok(json!({
                "endpoint": { "url": url, "properties": part("properties"), "headers": part("headers") }
            }))
        }
        (None, Some(error)) => Ok(json!({ "error": error })),
        _ => Err("it expects neither an `endpoint` nor an `error`".to_owned()),
    }
}
