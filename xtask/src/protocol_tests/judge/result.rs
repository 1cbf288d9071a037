//! Outputs and errors: what the client made of a response against what it should be.

use codegen::ir::{Codec, Form, Location, Member, Operation, Type};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::super::client::Client;
use super::super::input::variants;
use super::super::output;
use super::super::suite::Output;
use super::{Difference, json as meaning};

/// An error that the client has returned.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Failure {
    code: Option<String>,
    message: Option<String>,
    /// Those of the service's own error.
    members: Map<String, Value>,
    /// The error in a line.
    text: String,
}

/// The differences of an output.
pub(super) fn of_output(client: &Client, operation: &Operation, expected: &Output, actual: &Value) -> Vec<Difference> {
    if let Some(code) = &expected.error_code {
        return vec![Difference::new(
            "result",
            format!("the error {code}"),
            actual.to_string(),
        )];
    }
    if expected.error.is_some() {
        return vec![Difference::new("result", "an error", actual.to_string())];
    }
    let mut comparison = Comparison {
        client,
        found: Vec::new(),
    };
    let none = json!({});
    let result = expected.result.as_ref().unwrap_or(&none);
    comparison.members(&operation.output, result, actual, "result");
    comparison.found
}

/// The differences of an error.
pub(super) fn of_error(client: &Client, expected: &Output, actual: &Failure) -> Vec<Difference> {
    if expected.error.is_none() && expected.error_code.is_none() {
        let result = expected.result.clone().unwrap_or_default();
        return vec![Difference::new("result", result.to_string(), &actual.text)];
    }
    let mut comparison = Comparison {
        client,
        found: Vec::new(),
    };
    if let Some(code) = &expected.error_code
        && actual.code.as_ref() != Some(code)
    {
        let actual = actual.code.as_deref().unwrap_or("(none)");
        comparison.found.push(Difference::new("error code", code, actual));
    }
    // No message and an empty one are the same to botocore. Where bodies are elements, suites leave out some that are there.
    let (message, said) = (
        expected.error_message.as_deref(),
        actual.message.as_deref().unwrap_or_default(),
    );
    let is_left_out = message.is_none() && client.api.service.protocol.reader() != Codec::Json;
    let message = if is_left_out { said } else { message.unwrap_or_default() };
    if said != message {
        let actual = actual.message.as_deref().unwrap_or("(none)");
        comparison.found.push(Difference::new("error message", message, actual));
    }
    if let Some(error) = &expected.error {
        comparison.error(error, message, expected.response.body(), actual);
    }
    comparison.found
}

struct Comparison<'a> {
    client: &'a Client,
    found: Vec<Difference>,
}

impl Comparison<'_> {
    fn error(&mut self, expected: &Value, message: &str, response: &str, actual: &Failure) {
        let mut members = actual.members.clone();
        let shape = self
            .client
            .api
            .service
            .errors
            .iter()
            .find(|error| actual.code.as_ref() == Some(&error.code));
        let Some(shape) = shape else {
            self.unless(
                meaning::is_same(expected, &json!(members)),
                "error",
                expected,
                &json!(members),
            );
            return;
        };
        // The message fills this member even where the response spells it another way, and botocore is strict.
        let body: Value = serde_json::from_str(response).unwrap_or_default();
        if let Some(member) = &shape.message
            && expected.get(&member.name).is_none()
            && members.get(&member.name) == Some(&message.into())
            && matches!(&member.location, Location::Body(name) if body.get(&name.received).is_none())
        {
            members.remove(&member.name);
        }
        let (all, actual) = (output::members(shape), Value::Object(members));
        self.any_members(all, expected, &actual, "error");
    }

    fn members(&mut self, members: &[Member], expected: &Value, actual: &Value, path: &str) {
        self.any_members(members.iter(), expected, actual, path);
    }

    fn any_members<'m>(
        &mut self,
        members: impl Iterator<Item = &'m Member>,
        expected: &Value,
        actual: &Value,
        path: &str,
    ) {
        let (Some(expected), Some(actual)) = (expected.as_object(), actual.as_object()) else {
            self.unless(meaning::is_same(expected, actual), path, expected, actual);
            return;
        };
        let members: Vec<_> = members.collect();
        for name in expected
            .keys()
            .filter(|name| !members.iter().any(|member| member.name == **name))
        {
            self.unless(false, &format!("{path}.{name}"), &expected[name], &Value::Null);
        }
        for member in members {
            let path = format!("{path}.{}", member.name);
            match (
                expected.get(&member.name).filter(|value| !value.is_null()),
                actual.get(&member.name),
            ) {
                (Some(expected), Some(actual)) if matches!(member.location, Location::PrefixHeaders(_)) => {
                    // Names of headers come in lower case.
                    self.value(&member.ty, &lower_case(expected), &lower_case(actual), &path);
                }
                (Some(expected), Some(actual)) => self.value(&member.ty, expected, actual, &path),
                (Some(expected), None) => self.unless(false, &path, expected, &Value::Null),
                // The service has left out what it promises always to send: the client makes up for it.
                (None, Some(actual)) if member.required && self.is_zero(&member.ty, actual) => {}
                // A stream is always there. One without bytes or events is what others leave unset.
                (None, Some(actual)) if member.is_stream() && [json!(""), json!([])].contains(actual) => {}
                (None, Some(actual)) => self.unless(false, &path, &Value::Null, actual),
                (None, None) => {}
            }
        }
    }

    fn value(&mut self, ty: &Type, expected: &Value, actual: &Value, path: &str) {
        match ty {
            Type::Structure(key) => {
                let client = self.client;
                if let Some(Form::Structure(members)) = client.api.service.types.get(key).map(|it| &it.form) {
                    self.members(members, expected, actual, path);
                }
            }
            Type::Union(key) => self.union(key, expected, actual, path),
            Type::List { element, .. } => match (expected, actual) {
                (Value::Array(expected), Value::Array(actual)) if expected.len() == actual.len() => {
                    for (index, (expected, actual)) in expected.iter().zip(actual).enumerate() {
                        self.value(element, expected, actual, &format!("{path}[{index}]"));
                    }
                }
                _ => self.unless(false, path, expected, actual),
            },
            Type::Map { value, .. } => match (expected, actual) {
                (Value::Object(expected), Value::Object(actual))
                    if expected.keys().all(|it| actual.contains_key(it)) && expected.len() == actual.len() =>
                {
                    for (name, expected) in expected {
                        self.value(value, expected, &actual[name], &format!("{path}.{name}"));
                    }
                }
                _ => self.unless(false, path, expected, actual),
            },
            // As its text, or as what the text says.
            Type::JsonText => {
                let text = actual.as_str().unwrap_or_default();
                let said = serde_json::from_str(text).unwrap_or(Value::Null);
                self.unless(
                    expected == actual || meaning::is_same(expected, &said),
                    path,
                    expected,
                    actual,
                );
            }
            _ => self.unless(meaning::is_same(expected, actual), path, expected, actual),
        }
    }

    fn union(&mut self, key: &str, expected: &Value, actual: &Value, path: &str) {
        let both = (only_member(expected), only_member(actual));
        if let (Some((name, expected)), Some((other, actual))) = both
            && name == other
            && let Ok(mut variants) = variants(&self.client.api, key)
            && let Some((_, variant)) = variants.find(|(member, _)| *member == name)
        {
            match &variant.ty {
                Some(ty) => self.value(ty, expected, actual, &format!("{path}.{name}")),
                None => self.unless(meaning::is_same(expected, actual), path, expected, actual),
            }
            return;
        }
        self.unless(meaning::is_same(expected, actual), path, expected, actual);
    }

    /// Whether this is what stands for nothing at all.
    fn is_zero(&self, ty: &Type, value: &Value) -> bool {
        match (ty, value) {
            (Type::Structure(key), Value::Object(values)) => {
                let members = match self
                    .client
                    .api
                    .service
                    .types
                    .get(key)
                    .map(|definition| &definition.form)
                {
                    Some(Form::Structure(members)) => members.as_slice(),
                    _ => &[],
                };
                values.iter().all(|(name, value)| {
                    let member = members.iter().find(|member| member.name == *name);
                    member.is_some_and(|member| self.is_zero(&member.ty, value))
                })
            }
            (Type::Union(_), value) => *value == json!({ "SDK_UNKNOWN_MEMBER": { "name": "" } }),
            (_, Value::Number(number)) => number.as_f64() == Some(0.0),
            (_, value) => [json!(""), json!(false), json!([]), json!({}), json!(null)].contains(value),
        }
    }

    fn unless(&mut self, is_same: bool, path: &str, expected: &Value, actual: &Value) {
        let show = |value: &Value| match value {
            Value::Null => "(not set)".to_owned(),
            value => value.to_string(),
        };
        if !is_same {
            self.found.push(Difference::new(path, show(expected), show(actual)));
        }
    }
}

fn only_member(value: &Value) -> Option<(&str, &Value)> {
    let mut members = value.as_object()?.iter();
    let (name, value) = members.next()?;
    members.next().is_none().then_some((name, value))
}

fn lower_case(map: &Value) -> Value {
    let entries = map.as_object().into_iter().flatten();
    Value::Object(
        entries
            .map(|(name, value)| (name.to_ascii_lowercase(), value.clone()))
            .collect(),
    )
}
