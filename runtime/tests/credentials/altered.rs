//! Cases with expectations that do not hold.

use serde_json::{Value, json};

use crate::cases::{Case, Format};

/// The same case with one thing different each time.
pub(crate) fn alter(case: &Case) -> Vec<(&'static str, Case)> {
    let mut altered = Vec::new();
    let mut with = |what, alter: &dyn Fn(&mut Value) -> bool| {
        let mut case = case.clone();
        if alter(&mut case.content) {
            altered.push((what, case));
        }
    };
    match case.format {
        Format::Chain | Format::Profile => {
            for name in [
                "access_key_id",
                "secret_access_key",
                "session_token",
                "expiry",
                "account_id",
            ] {
                with(name, &|content| replace(&mut content["result"]["Ok"], name));
            }
            with("an error instead", &|content| {
                content["result"] = match content["result"].get("Ok") {
                    Some(_) => json!({"ErrorContains": "other"}),
                    None => json!({"Ok": {"access_key_id": "id", "secret_access_key": "secret"}}),
                };
                true
            });
            with("another kind of error", &|content| {
                let is_error = content["result"].get("ErrorContains").is_some();
                content["result"]["ErrorContains"] = "profile missing aws_access_key_id".into();
                is_error
            });
            with("one more request", &|content| {
                let traffic = content["traffic"].as_array_mut().expect("a list");
                traffic.push(json!({"request": {"uri": "http://more", "method": "GET"}, "response": {"Err": "none"}}));
                true
            });
            with("another URL", &|content| {
                first(content).is_some_and(|first| replace(&mut first["request"], "uri"))
            });
            with("another method", &|content| {
                first(content).is_some_and(|first| replace(&mut first["request"], "method"))
            });
            with("another action", &|content| {
                change_form(content, &|form| form.replace("Action=", "Action=Not"))
            });
            with("one more field", &|content| {
                change_form(content, &|form| form + "&Tags=1")
            });
        }
        Format::Parser => with("one more profile", &|content| {
            let output = &mut content["output"];
            if output.get("errorContaining").is_some() {
                *output = json!({"profiles": {}});
            } else {
                let output = if output.get("config").is_some() {
                    &mut output["config"]
                } else {
                    output
                };
                output["profiles"]["more"] = json!({});
            }
            true
        }),
        Format::Location => {
            for name in ["configLocation", "credentialsLocation", "profile"] {
                with(name, &|content| replace(content, name));
            }
        }
        Format::Plan => with("another result", &|content| {
            let is_error = content["output"].get("Error").is_some();
            content["output"] = match is_error {
                true => json!({"ProfileChain": []}),
                false => json!({"Error": "formed an infinite loop"}),
            };
            true
        }),
        Format::Login => {
            with("other keys", &|content| {
                let outcome = &mut content["outcomes"][0];
                match outcome["result"] == "error" {
                    true => *outcome = json!({"result": "credentials", "accessKeyId": "id"}),
                    false => outcome["accessKeyId"] = "other".into(),
                }
                true
            });
            with("another input", &|content| {
                let calls = content.get_mut("mockApiCalls").and_then(Value::as_array_mut);
                let Some(call) = calls.and_then(|calls| calls.first_mut()) else {
                    return false;
                };
                replace(&mut call["request"]["tokenInput"], "refreshToken")
            });
        }
        Format::Unknown => {}
        Format::Container | Format::Instance => with("another result", &|content| {
            let is_ok = content["result"].get("Ok").is_some();
            content["result"] = match is_ok {
                true => json!({"Ok": "http://other/"}),
                false => json!({"ErrorContains": "profile missing aws_access_key_id"}),
            };
            true
        }),
    }
    altered
}

/// Makes another value of a member, if there is one.
fn replace(object: &mut Value, name: &str) -> bool {
    match object.get_mut(name) {
        Some(Value::String(text)) => text.push('x'),
        Some(value @ Value::Number(_)) => *value = json!(1),
        _ => return false,
    }
    true
}

/// The first request of a recording.
fn first(content: &mut Value) -> Option<&mut Value> {
    content["traffic"].as_array_mut()?.first_mut()
}

/// Changes the form of the first request, if it has one.
fn change_form(content: &mut Value, change: &dyn Fn(String) -> String) -> bool {
    let Some(first) = first(content) else {
        return false;
    };
    let form = first["sent"].as_str().unwrap_or_default().to_owned();
    let is_form = form.contains("Action=");
    first["sent"] = change(form).into();
    is_form
}
