//! What the program of `cargo xtask interop --services` is made of: it makes the calls that it is told to, with members that
//! are JSON.

use std::io::{self, BufRead, Write};
use std::process::ExitCode;

use bytes::Bytes;
use serde_json::{Map, Value, json};

pub use crate::protocol::{BoxError, Call, Observed};

/// Makes a call of a service: an endpoint URL, an operation and its members.
pub type Service = fn(String, String, Map<String, Value>) -> Call;

/// Reads orders, each a line of JSON: service, endpoint URL, operation, members. Prints a line with the outcome of each.
pub fn run(services: &[(&str, Service)]) -> ExitCode {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build();
    let Ok(runtime) = runtime else { return ExitCode::FAILURE };
    for line in io::stdin().lock().lines() {
        let call = line.map_err(BoxError::from).and_then(|line| call(services, &line));
        let observed = match call {
            // A panic ends the call, not the program.
            Ok(call) => runtime
                .block_on(runtime.spawn(call))
                .unwrap_or_else(|panic| Err(panic.into())),
            Err(error) => Err(error),
        };
        let observed = observed.unwrap_or_else(|error| json!({ "failure": error.to_string() }));
        let mut out = io::stdout().lock();
        if writeln!(out, "{observed}").and_then(|()| out.flush()).is_err() {
            return ExitCode::FAILURE;
        }
    }
    ExitCode::SUCCESS
}

fn call(services: &[(&str, Service)], line: &str) -> Result<Call, BoxError> {
    let order: Value = serde_json::from_str(line)?;
    let (service, url, operation) = (&order["service"], &order["url"], &order["operation"]);
    let name = text(service)?;
    let call = services.iter().find(|(service, _)| *service == name);
    let (_, call) = call.ok_or_else(|| format!("the service `{name}` is not there"))?;
    Ok(call(
        text(url)?.to_owned(),
        text(operation)?.to_owned(),
        members(&order["members"])?.clone(),
    ))
}

/// A member without which there is no call.
///
/// # Errors
///
/// When it is not there.
pub fn required<'a>(members: &'a Map<String, Value>, name: &str) -> Result<&'a Value, BoxError> {
    members.get(name).ok_or_else(|| format!("`{name}` is required").into())
}

/// Text.
///
/// # Errors
///
/// When it is something else.
pub fn text(value: &Value) -> Result<&str, BoxError> {
    value.as_str().ok_or_else(|| expected("text", value))
}

/// An integer of any size.
///
/// # Errors
///
/// When it is something else, or too large.
pub fn integer<T: TryFrom<i64>>(value: &Value) -> Result<T, BoxError> {
    let number = value.as_i64().and_then(|number| T::try_from(number).ok());
    number.ok_or_else(|| expected("an integer", value))
}

/// A number, or what is none, as text: it loses nothing.
///
/// # Errors
///
/// When it is something else.
pub fn float(value: &Value) -> Result<f64, BoxError> {
    Ok(text(value)?.parse()?)
}

/// True or false.
///
/// # Errors
///
/// When it is something else.
pub fn boolean(value: &Value) -> Result<bool, BoxError> {
    value.as_bool().ok_or_else(|| expected("a boolean", value))
}

/// Bytes, which are in hexadecimal.
///
/// # Errors
///
/// When it is something else.
pub fn blob(value: &Value) -> Result<Bytes, BoxError> {
    Ok(hex::decode(text(value)?)?.into())
}

/// Milliseconds since 1970, which are there as seconds.
///
/// # Errors
///
/// When it is something else.
pub fn millis(value: &Value) -> Result<i64, BoxError> {
    let seconds = value.as_f64().ok_or_else(|| expected("a number of seconds", value))?;
    Ok((seconds * 1000.0).round() as i64)
}

/// The elements of a list.
///
/// # Errors
///
/// When it is something else.
pub fn list(value: &Value) -> Result<&Vec<Value>, BoxError> {
    value.as_array().ok_or_else(|| expected("a list", value))
}

/// The members of a structure, or the entries of a map.
///
/// # Errors
///
/// When it is something else.
pub fn members(value: &Value) -> Result<&Map<String, Value>, BoxError> {
    value.as_object().ok_or_else(|| expected("an object", value))
}

/// The member that a union is.
///
/// # Errors
///
/// When there is none, or more than one.
pub fn only_member(value: &Value) -> Result<(&str, &Value), BoxError> {
    let mut members = members(value)?.iter();
    match (members.next(), members.next()) {
        (Some((name, value)), None) => Ok((name, value)),
        _ => Err(expected("one member", value)),
    }
}

fn expected(what: &str, value: &Value) -> BoxError {
    format!("{what} is expected, and `{value}` is something else").into()
}
