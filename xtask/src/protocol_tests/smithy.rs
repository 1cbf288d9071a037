//! Protocol tests of Smithy: traits of operations and errors, in a description that may speak many protocols.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context, Result, anyhow, ensure};
use serde_json::{Map, Value, json};

use super::model::references;
use super::suite::{Case, Direction, Input, Output, Response, Serialized, Suite};

const REQUESTS: &str = "smithy.test#httpRequestTests";
const RESPONSES: &str = "smithy.test#httpResponseTests";

/// What suites have in common with the service. The rest has no influence on messages.
const METADATA: [&str; 5] = [
    "apiVersion",
    "protocol",
    "jsonVersion",
    "targetPrefix",
    "awsQueryCompatible",
];

/// A suite for each protocol, and for each host that a user has set.
pub(crate) fn suites(description: &Value) -> Result<Vec<Suite>> {
    let shapes = description["shapes"].as_object().context("it has no shapes")?;
    let mut grouped: BTreeMap<(String, Option<String>), Vec<Test>> = BTreeMap::new();
    for test in tests(shapes)? {
        let key = (test.text("protocol")?.to_owned(), test.optional_text("host"));
        grouped.entry(key).or_default().push(test);
    }
    ensure!(!grouped.is_empty(), "it has no `{REQUESTS}` and no `{RESPONSES}`");
    let suites = grouped.into_iter().map(|((protocol, host), tests)| {
        let service = codegen::model::service_document(description, &protocol).map_err(|problem| anyhow!(problem))?;
        suite(&service, &protocol, host, &tests)
    });
    suites.collect()
}

/// A test, and what it is a trait of.
struct Test<'d> {
    operation: String,
    /// The error that the answer is, by its name.
    error: Option<String>,
    is_request: bool,
    value: &'d Value,
}

impl Test<'_> {
    fn text(&self, key: &str) -> Result<&str> {
        let text = self.value[key].as_str();
        text.with_context(|| format!("a test of `{}` has no `{key}`", self.operation))
    }

    fn optional_text(&self, key: &str) -> Option<String> {
        self.value[key].as_str().map(str::to_owned)
    }

    fn is_for_clients(&self) -> bool {
        self.value["appliesTo"].as_str().is_none_or(|side| side == "client")
    }
}

/// All tests for clients.
fn tests(shapes: &Map<String, Value>) -> Result<Vec<Test<'_>>> {
    let mut tests = Vec::new();
    for (id, shape) in shapes {
        let traits = &shape["traits"];
        let of_error = traits.get("smithy.api#error").is_some();
        let lists = [(REQUESTS, true), (RESPONSES, false)];
        for (list, is_request) in lists.map(|(name, is_request)| (traits.get(name), is_request)) {
            for value in list.and_then(Value::as_array).into_iter().flatten() {
                let operation = match of_error {
                    true => operation_with(shapes, id).with_context(|| format!("no operation has the error `{id}`"))?,
                    false => id,
                };
                tests.push(Test {
                    operation: local(operation).to_owned(),
                    error: of_error.then(|| local(id).to_owned()),
                    is_request,
                    value,
                });
            }
        }
    }
    tests.retain(Test::is_for_clients);
    Ok(tests)
}

/// Any operation that may answer with an error, which is the service's if none lists it.
fn operation_with<'d>(shapes: &'d Map<String, Value>, error: &str) -> Option<&'d str> {
    let lists = |shape: &Value| {
        let errors = shape["errors"].as_array().into_iter().flatten();
        errors.map(|error| &error["target"]).any(|target| target == error)
    };
    let operations = || shapes.iter().filter(|(_, shape)| shape["type"] == "operation");
    let listing = operations().find(|(_, operation)| lists(operation));
    listing.or_else(|| operations().next()).map(|(id, _)| id.as_str())
}

fn local(id: &str) -> &str {
    id.rsplit_once('#').map_or(id, |(_, name)| name)
}

fn suite(service: &Value, protocol: &str, host: Option<String>, tests: &[Test<'_>]) -> Result<Suite> {
    let cases = tests.iter().map(|test| case(service, test));
    let cases: Vec<Case> = cases.collect::<Result<_>>()?;
    let metadata = METADATA.into_iter().filter_map(|key| {
        let value = service["metadata"].get(key)?;
        Some((key.to_owned(), value.clone()))
    });
    Ok(Suite {
        file: String::new(),
        description: local(protocol).to_owned(),
        metadata: metadata.collect(),
        shapes: reached(service, &cases),
        client_endpoint: host.map(|host| format!("https://{host}")),
        cases,
    })
}

/// The shapes that the operations of some cases are made of: errors of others would need a client of their own.
fn reached(service: &Value, cases: &[Case]) -> Map<String, Value> {
    let parts = cases.iter().flat_map(|case| case.given.values());
    let lists = parts.clone().filter_map(Value::as_array).flatten();
    let mut open: Vec<&str> = parts.chain(lists).filter_map(|part| part["shape"].as_str()).collect();
    let mut names = BTreeSet::new();
    while let Some(name) = open.pop() {
        if names.insert(name) {
            open.extend(references(&service["shapes"][name]));
        }
    }
    let shapes = names
        .into_iter()
        .map(|name| (name.to_owned(), service["shapes"][name].clone()));
    shapes.collect()
}

fn case(service: &Value, test: &Test<'_>) -> Result<Case> {
    let operation = service["operations"][&test.operation].as_object();
    let mut given = operation
        .with_context(|| format!("the service has no operation `{}`", test.operation))?
        .clone();
    // Errors belong to the cases that they are the answer in.
    match &test.error {
        Some(error) => given.insert("errors".to_owned(), json!([{ "shape": error }])),
        None => given.shift_remove("errors"),
    };
    let params = test.value["params"].as_object().cloned();
    let (params, direction) = match test.is_request {
        true => (
            params,
            Direction::Input(Box::new(Input {
                serialized: request(test)?,
            })),
        ),
        false => (
            None,
            Direction::Output(Box::new(response(service, test, params.unwrap_or_default())?)),
        ),
    };
    Ok(Case {
        id: Some(test.text("id")?.to_owned()),
        given,
        params,
        direction,
    })
}

fn request(test: &Test<'_>) -> Result<Serialized> {
    let value = test.value;
    let texts = |key: &str| {
        let texts = value[key].as_array().into_iter().flatten();
        texts.filter_map(Value::as_str).map(str::to_owned).collect()
    };
    Ok(Serialized {
        method: Some(test.text("method")?.to_owned()),
        path: Some(test.text("uri")?.to_owned()),
        query_params: texts("queryParams"),
        forbid_query_params: texts("forbidQueryParams"),
        require_query_params: texts("requireQueryParams"),
        headers: headers(value),
        forbid_headers: texts("forbidHeaders"),
        require_headers: texts("requireHeaders"),
        body: test.optional_text("body"),
        host: test
            .optional_text("resolvedHost")
            .or_else(|| test.optional_text("host")),
        // What a client is told beside its input is not known here, and so makes the case fail.
        others: value
            .get("vendorParams")
            .map(|params| ("vendorParams".to_owned(), params.clone()))
            .into_iter()
            .collect(),
        ..Serialized::default()
    })
}

fn headers(value: &Value) -> BTreeMap<String, String> {
    let headers = value["headers"].as_object().into_iter().flatten();
    let texts = headers.filter_map(|(name, value)| Some((name.clone(), value.as_str()?.to_owned())));
    texts.collect()
}

fn response(service: &Value, test: &Test<'_>, params: Map<String, Value>) -> Result<Output> {
    let value = test.value;
    let status = value["code"].as_u64().and_then(|code| u16::try_from(code).ok());
    let response = Response {
        status_code: status.with_context(|| format!("a test of `{}` has no `code`", test.operation))?,
        headers: headers(value),
        body: value["body"].clone(),
    };
    let Some(error) = &test.error else {
        return Ok(Output {
            response,
            result: Some(params.into()),
            error: None,
            error_code: None,
            error_message: None,
        });
    };
    let code = service["shapes"][error]["error"]["code"].as_str().unwrap_or(error);
    let mut message = params.iter().filter(|(name, _)| name.eq_ignore_ascii_case("message"));
    Ok(Output {
        response,
        result: None,
        error_code: Some(code.to_owned()),
        error_message: message.next().and_then(|(_, text)| Some(text.as_str()?.to_owned())),
        error: Some(params.into()),
    })
}
