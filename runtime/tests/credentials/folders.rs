//! Cases that are folders: variables, files, the requests in order with their answers, and the result.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;
use std::time::UNIX_EPOCH;

use base64::prelude::{BASE64_STANDARD, Engine};
use lean_aws_runtime::Credentials;
use lean_aws_runtime::credentials::{CredentialChain, CredentialsError, CredentialsSource, LoadContext, Profile};
use percent_encoding::percent_decode_str;
use serde_json::{Value, json};

use crate::cases::{self, Case, Format, Verdict};
use crate::replay::{Replay, Reply, Sent};
use crate::{decisions, errors};

/// Reads a folder into one value: `env`, `files`, `traffic` and `result`.
pub(crate) fn read(folder: &Path) -> Result<Case, String> {
    // Without variables or requests, there need not be a file of them.
    let json = |name: &str| match folder.join(name) {
        path if path.exists() => cases::json(&path),
        _ => Ok(Value::Null),
    };
    let mut files = serde_json::Map::new();
    collect(&folder.join("fs"), "", &mut files)?;
    let parent = folder
        .parent()
        .and_then(Path::file_name)
        .unwrap_or_default()
        .display()
        .to_string();
    let name = folder.file_name().unwrap_or_default().display();
    Ok(Case {
        name: format!("{parent}/{name}"),
        format: match parent.contains("profile") {
            true => Format::Profile,
            false => Format::Chain,
        },
        content: json!({
            "env": json("env.json")?,
            "files": files,
            "traffic": exchanges(&json("http-traffic.json")?),
            "result": json("test-case.json")?["result"],
        }),
    })
}

fn collect(folder: &Path, path: &str, files: &mut serde_json::Map<String, Value>) -> Result<(), String> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Ok(());
    };
    for entry in entries {
        let fails = |error: io::Error| format!("{}: {error}", folder.display());
        let entry = entry.map_err(fails)?;
        let path = format!("{path}/{}", entry.file_name().display());
        if entry.path().is_dir() {
            collect(&entry.path(), &path, files)?;
        } else {
            let content = fs::read_to_string(entry.path()).map_err(fails)?;
            files.insert(path, content.into());
        }
    }
    Ok(())
}

/// The events of a recording by request: `request`, `sent`, `response`, `received`.
fn exchanges(traffic: &Value) -> Vec<Value> {
    let mut exchanges: BTreeMap<u64, Value> = BTreeMap::new();
    for event in traffic["events"].as_array().into_iter().flatten() {
        let id = event["connection_id"].as_u64().unwrap_or_default();
        let exchange = exchanges
            .entry(id)
            .or_insert_with(|| json!({"request": null, "sent": "", "response": null, "received": ""}));
        let action = &event["action"];
        if let Some(request) = action.get("Request") {
            exchange["request"] = request["request"].clone();
        } else if let Some(response) = action.get("Response") {
            exchange["response"] = response["response"].clone();
        } else if let Some(data) = action.get("Data") {
            let text = match &data["data"] {
                text if text.get("Utf8").is_some() => text["Utf8"].as_str().unwrap_or_default().to_owned(),
                bytes => {
                    let bytes = BASE64_STANDARD.decode(bytes["Base64"].as_str().unwrap_or_default());
                    String::from_utf8(bytes.expect("Base64")).expect("text")
                }
            };
            let place = if data["direction"] == "Request" {
                "sent"
            } else {
                "received"
            };
            let before = exchange[place].as_str().unwrap_or_default().to_owned();
            exchange[place] = (before + &text).into();
        }
    }
    exchanges.into_values().collect()
}

/// Runs a case.
pub(crate) async fn run(case: &Case) -> Verdict {
    let content = &case.content;
    let mut replay = Replay::new(&content["env"]);
    for (path, text) in content["files"].as_object().into_iter().flatten() {
        replay = replay.file(path, text.as_str().unwrap_or_default().as_bytes());
    }
    let traffic = content["traffic"].as_array().map(Vec::as_slice).unwrap_or_default();
    replay = replay.answers(traffic.iter().map(reply).collect());
    let context = LoadContext::new(replay.config());
    let result = match case.format {
        Format::Profile => Profile::new().load(&context).await,
        _ => CredentialChain::default().load(&context).await,
    };
    if let Some(reason) = decisions::of_folder(content, &result) {
        return Verdict::Decided(reason);
    }
    let compared = compare_result(&content["result"], &result).and_then(|()| compare_traffic(content, &replay.sent()));
    match compared {
        Ok(()) => Verdict::Passed,
        Err(problem) => Verdict::Failed(match result {
            Ok(_) => problem,
            Err(error) => format!("{problem}; the error was: {error}"),
        }),
    }
}

fn reply(exchange: &Value) -> Result<Reply, String> {
    let response = &exchange["response"];
    let Some(response) = response.get("Ok") else {
        return Err(response["Err"].as_str().unwrap_or("no answer was recorded").to_owned());
    };
    let headers = response["headers"].as_object().into_iter().flatten();
    let headers = headers.flat_map(|(name, values)| {
        let values = values.as_array().into_iter().flatten().filter_map(Value::as_str);
        values.map(|value| (name.clone(), value.to_owned())).collect::<Vec<_>>()
    });
    Ok(Reply {
        status: response["status"]
            .as_u64()
            .and_then(|status| u16::try_from(status).ok())
            .unwrap_or_default(),
        headers: headers.collect(),
        body: exchange["received"].as_str().unwrap_or_default().as_bytes().to_vec(),
    })
}

fn compare_result(expected: &Value, result: &Result<Credentials, CredentialsError>) -> Result<(), String> {
    match (expected.get("Ok"), expected["ErrorContains"].as_str(), result) {
        (Some(expected), _, Ok(credentials)) => compare_credentials(expected, credentials),
        (None, Some(text), Err(error)) => errors::compare(text, error),
        (Some(_), _, Err(_)) => Err("there should be credentials".to_owned()),
        (None, _, Ok(_)) => Err("there should be an error".to_owned()),
        (None, None, Err(_)) => Err("the case has no result".to_owned()),
    }
}

fn compare_credentials(expected: &Value, credentials: &Credentials) -> Result<(), String> {
    let expiry = credentials
        .expiry()
        .and_then(|expiry| expiry.duration_since(UNIX_EPOCH).ok());
    let found = json!({
        "access_key_id": credentials.access_key_id(),
        "secret_access_key": credentials.secret_access_key(),
        "session_token": credentials.session_token(),
        "expiry": expiry.map(|expiry| expiry.as_secs()),
        "account_id": credentials.account_id(),
    });
    for (name, found) in found.as_object().into_iter().flatten() {
        let expected = &expected[name];
        // Sources tell the account more often than other SDKs read it.
        if expected != found && !(name == "account_id" && expected.is_null()) {
            return Err(format!("`{name}` is {found}, but should be {expected}"));
        }
    }
    Ok(())
}

fn compare_traffic(content: &Value, sent: &[Sent]) -> Result<(), String> {
    let traffic = content["traffic"].as_array().map(Vec::as_slice).unwrap_or_default();
    if traffic.len() != sent.len() {
        return Err(format!(
            "{} requests were sent, but should be {}",
            sent.len(),
            traffic.len()
        ));
    }
    // What is known before each request: its fields must come from there.
    let mut known = content["env"].to_string() + &content["files"].to_string();
    for (number, (expected, sent)) in traffic.iter().zip(sent).enumerate() {
        let compared = compare_request(&expected["request"], sent)
            .and_then(|()| compare_body(expected["sent"].as_str().unwrap_or_default(), &sent.body, &known))
            .and_then(|()| compare_signature(&expected["request"], sent, &known));
        compared.map_err(|problem| format!("request {}: {problem}", number + 1))?;
        known += &expected["received"].to_string();
    }
    Ok(())
}

fn compare_request(expected: &Value, sent: &Sent) -> Result<(), String> {
    let method = expected["method"].as_str().unwrap_or_default();
    if method != sent.method {
        return Err(format!("the method is {}, but should be {method}", sent.method));
    }
    let url = expected["uri"].as_str().unwrap_or_default();
    if normal(url) != normal(&sent.url) {
        return Err(format!("the URL is {}, but should be {url}", sent.url));
    }
    let compared = ["content-type", "x-aws-ec2-metadata-token", "x-amz-sso_bearer_token"];
    for (name, values) in expected["headers"].as_object().into_iter().flatten() {
        let name = name.to_ascii_lowercase();
        let value = values[0].as_str();
        if compared.contains(&name.as_str()) && sent.header(&name) != value {
            return Err(format!("`{name}` is {:?}, but should be {value:?}", sent.header(&name)));
        }
    }
    Ok(())
}

/// A URL without the order of its query.
fn normal(url: &str) -> (String, BTreeSet<String>) {
    let (url, query) = url.split_once('?').unwrap_or((url, ""));
    (
        url.trim_end_matches('/').to_owned(),
        query.split('&').map(str::to_owned).collect(),
    )
}

/// The fields of a form, or the members of an object.
fn fields(body: &str) -> BTreeMap<String, String> {
    if let Ok(Value::Object(object)) = serde_json::from_str(body) {
        let text = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        return object.iter().map(|(name, value)| (name.clone(), text(value))).collect();
    }
    let decode = |text: &str| {
        percent_decode_str(&text.replace('+', " "))
            .decode_utf8_lossy()
            .into_owned()
    };
    let pairs = body.split('&').filter_map(|field| field.split_once('='));
    pairs.map(|(name, value)| (decode(name), decode(value))).collect()
}

/// Fields must be those that were recorded. Where a recorded value occurs nowhere in the case, the recording is of
/// another one; then the value must be one that occurs, unless it is made up.
fn compare_body(expected: &str, sent: &str, known: &str) -> Result<(), String> {
    let (expected, sent) = (fields(expected), fields(sent));
    let names: BTreeSet<&String> = expected.keys().chain(sent.keys()).collect();
    for name in names {
        let (expected, sent) = (expected.get(name), sent.get(name));
        let occurs = |value: &str| known.contains(value);
        // Other SDKs ignore `duration_seconds`.
        if name == "DurationSeconds" && expected.is_none() && sent.is_some_and(|sent| occurs(sent)) {
            continue;
        }
        let (Some(expected), Some(sent)) = (expected, sent) else {
            return Err(format!("`{name}` is {sent:?} in the body, but should be {expected:?}"));
        };
        let holds = expected == sent
            || !matches!(name.as_str(), "Action" | "Version")
                && !occurs(expected)
                && (occurs(sent) || name == "RoleSessionName");
        if !holds {
            return Err(format!("`{name}` is `{sent}` in the body, but should be `{expected}`"));
        }
    }
    Ok(())
}

/// Signed requests are signed with the key that came before.
fn compare_signature(expected: &Value, sent: &Sent, known: &str) -> Result<(), String> {
    let expected = expected["headers"]["authorization"][0].as_str().unwrap_or_default();
    let key = |text: &str| {
        let (_, rest) = text.split_once("Credential=")?;
        Some(rest.split('/').next()?.to_owned())
    };
    match (key(expected), key(sent.header("authorization").unwrap_or_default())) {
        (None, None) => Ok(()),
        (Some(expected), Some(own)) if expected == own || !known.contains(&expected) && known.contains(&own) => Ok(()),
        (expected, own) => Err(format!("it is signed by {own:?}, but should be by {expected:?}")),
    }
}
