//! Expectations that are made wrong, each in its own copy of a case.

use serde_json::{Map, Value, json};

use super::suite::{Case, Direction, Output, Serialized};

/// Copies of a case with something else expected, and what that is.
pub(crate) fn alterations(case: &Case) -> Vec<(String, Case)> {
    let mut altered = Vec::new();
    match &case.direction {
        Direction::Input(input) => {
            for (what, serialized) in of_request(&input.serialized) {
                let mut case = case.clone();
                if let Direction::Input(input) = &mut case.direction {
                    input.serialized = serialized;
                }
                altered.push((what, case));
            }
        }
        Direction::Output(output) => {
            for (what, output) in of_response(output) {
                let mut case = case.clone();
                case.direction = Direction::Output(Box::new(output));
                altered.push((what, case));
            }
        }
    }
    altered
}

fn of_request(expected: &Serialized) -> Vec<(String, Serialized)> {
    let mut altered = Vec::new();
    let mut alter = |what: &str, change: &dyn Fn(&mut Serialized)| {
        let mut copy = expected.clone();
        change(&mut copy);
        altered.push((what.to_owned(), copy));
    };
    if let Some(method) = &expected.method {
        let other = if method == "PUT" { "POST" } else { "PUT" };
        alter("another method", &|copy| copy.method = Some(other.to_owned()));
    }
    if let Some(uri) = &expected.uri {
        alter("another path", &|copy| copy.uri = Some(format!("/other{uri}")));
        let separator = if uri.contains('?') { '&' } else { '?' };
        alter("one more parameter", &|copy| {
            copy.uri = Some(format!("{uri}{separator}more=1"))
        });
        if let Some((path, query)) = uri.split_once('?') {
            let fewer = query
                .split_once('&')
                .map_or(String::new(), |(_, rest)| format!("?{rest}"));
            alter("one parameter less", &|copy| copy.uri = Some(format!("{path}{fewer}")));
            alter("another value in the query", &|copy| copy.uri = Some(format!("{uri}x")));
        }
    }
    if let Some(path) = &expected.path {
        alter("another path", &|copy| copy.path = Some(format!("/other{path}")));
        alter("a parameter that is not sent", &|copy| {
            copy.require_query_params.push("not-sent".to_owned())
        });
    }
    for (index, parameter) in expected.query_params.iter().enumerate() {
        alter(&format!("another value of {parameter}"), &|copy| {
            copy.query_params[index].push('x')
        });
        let name = parameter.split('=').next().unwrap_or_default();
        alter(&format!("no {name}"), &|copy| {
            copy.forbid_query_params.push(name.to_owned())
        });
    }
    for (name, value) in &expected.headers {
        let change = |copy: &mut Serialized| {
            copy.headers.insert(name.clone(), format!("{value}x"));
        };
        alter(&format!("another value of {name}"), &change);
        // Suites forbid Content-Length where HTTP wants it, and an empty list is as good as none: both are let pass.
        if !value.is_empty() && !name.eq_ignore_ascii_case("content-length") {
            alter(&format!("no {name}"), &|copy| copy.forbid_headers.push(name.clone()));
        }
    }
    alter("one more header", &|copy| {
        copy.headers.insert("X-Not-Sent".to_owned(), "1".to_owned());
    });
    alter("a header that is not sent", &|copy| {
        copy.require_headers.push("X-Not-Sent".to_owned())
    });
    if let Some(body) = &expected.body {
        for (what, body) in bodies(body) {
            alter(what, &|copy| copy.body = Some(body.clone()));
        }
    }
    if let Some(host) = &expected.host {
        alter("another host", &|copy| copy.host = Some(format!("other-{host}")));
    }
    altered
}

fn bodies(body: &str) -> Vec<(&'static str, String)> {
    let mut altered = vec![("a longer body", format!("{body}x"))];
    if !body.is_empty() {
        altered.push(("no body", String::new()));
    }
    if let Ok(value @ Value::Object(_)) = serde_json::from_str(body) {
        altered.extend(
            of_value(&value)
                .into_iter()
                .map(|value| ("other JSON", value.to_string())),
        );
    }
    altered
}

fn of_response(expected: &Output) -> Vec<(String, Output)> {
    let mut altered = Vec::new();
    let mut alter = |what: &str, change: &dyn Fn(&mut Output)| {
        let mut copy = expected.clone();
        change(&mut copy);
        altered.push((what.to_owned(), copy));
    };
    if let Some(result) = &expected.result {
        for value in of_value(result) {
            alter(&format!("the result {value}"), &|copy| {
                copy.result = Some(value.clone())
            });
        }
        alter("an error", &|copy| {
            copy.result = None;
            copy.error_code = Some("OtherError".to_owned());
        });
    }
    if let Some(error) = &expected.error {
        for value in of_value(error) {
            alter(&format!("the error {value}"), &|copy| copy.error = Some(value.clone()));
        }
        alter("a result", &|copy| {
            copy.result = Some(json!({}));
            (copy.error, copy.error_code, copy.error_message) = (None, None, None);
        });
    }
    if expected.error_code.is_some() {
        alter("another code", &|copy| copy.error_code = Some("OtherError".to_owned()));
        alter("another message", &|copy| {
            copy.error_message = Some("something else".to_owned())
        });
    }
    altered
}

/// Values that differ from this one in one place each.
fn of_value(value: &Value) -> Vec<Value> {
    match value {
        Value::Object(members) => {
            let mut more = members.clone();
            more.insert("not-there".to_owned(), json!(1));
            let mut altered = vec![Value::Object(more)];
            for (name, value) in members.iter().filter(|(_, value)| !value.is_null()) {
                let mut fewer: Map<String, Value> = members.clone();
                fewer.shift_remove(name);
                altered.push(Value::Object(fewer));
                altered.extend(of_value(value).into_iter().map(|value| {
                    let mut others = members.clone();
                    others.insert(name.clone(), value);
                    Value::Object(others)
                }));
            }
            altered
        }
        Value::Array(elements) => {
            let mut more = elements.clone();
            more.push(json!("more"));
            let mut altered = vec![Value::Array(more)];
            for (index, element) in elements.iter().enumerate() {
                let mut fewer = elements.clone();
                fewer.remove(index);
                altered.push(Value::Array(fewer));
                altered.extend(of_value(element).into_iter().map(|value| {
                    let mut others = elements.clone();
                    others[index] = value;
                    Value::Array(others)
                }));
            }
            altered
        }
        Value::String(text) => vec![json!(format!("{text}x"))],
        Value::Number(number) => match number.as_i64() {
            Some(number) => vec![json!(number.wrapping_add(1))],
            None => vec![json!(number.as_f64().unwrap_or_default() / 2.0 + 1.0)],
        },
        Value::Bool(truth) => vec![json!(!truth)],
        Value::Null => vec![json!("not null")],
    }
}
