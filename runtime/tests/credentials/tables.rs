//! Cases that are rows of tables.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use lean_aws_runtime::Credentials;
use lean_aws_runtime::credentials::{
    Container, CredentialsError, CredentialsSource, InstanceMetadata, LoadContext, Profile,
};
use lean_aws_runtime::support::profile::{Base, Files, Locations, Plan, Selected, SelectedBy};
use serde_json::{Value, json};

use crate::cases::Verdict;
use crate::errors;
use crate::replay::{Replay, Reply, Sent};

const HOME: &str = "/home/a";

fn text<'a>(value: &'a Value, name: &str) -> Option<&'a str> {
    value.get(name)?.as_str()
}

fn failed(expected: &Value, found: impl std::fmt::Debug) -> Verdict {
    Verdict::Failed(format!("found {found:?}, but should be {expected}"))
}

fn at_home() -> Replay {
    Replay::new(&json!({"HOME": HOME}))
}

/// An error must be of the kind that a text stands for.
fn compare_error(expected: &str, error: &CredentialsError) -> Verdict {
    match errors::compare(expected, error) {
        Ok(()) => Verdict::Passed,
        Err(problem) => Verdict::Failed(format!("{problem}, but is: {error}")),
    }
}

/// Text of files in, sections out.
pub(crate) fn parser(case: &Value) -> Verdict {
    let mut replay = at_home();
    for (name, file) in [("configFile", "config"), ("credentialsFile", "credentials")] {
        if let Some(content) = text(&case["input"], name) {
            replay = replay.file(format!("{HOME}/.aws/{file}"), content.as_bytes());
        }
    }
    let output = &case["output"];
    let files = Files::read(&replay, &Locations::find(&replay));
    let files = match (files, text(output, "errorContaining")) {
        (Ok(files), None) => files,
        (Err(error), Some(expected)) => return compare_error(expected, &error.into()),
        (Ok(_), Some(_)) => return Verdict::Failed("there should be an error".to_owned()),
        (Err(error), None) => return Verdict::Failed(error.to_string()),
    };
    let output = output.get("config").unwrap_or(output);
    let profiles = files
        .profile_names()
        .into_iter()
        .map(|name| (name, files.profile(name)));
    let sessions = files
        .sso_session_names()
        .into_iter()
        .map(|name| (name, files.sso_session(name)));
    let groups = [
        (["profiles", "profiles"], profiles.collect::<BTreeMap<_, _>>()),
        (["ssoSessions", "sso_sessions"], sessions.collect()),
    ];
    for (names, entries) in groups {
        let Some(expected) = names.iter().find_map(|name| output.get(name)?.as_object()) else {
            continue;
        };
        let found: BTreeSet<&str> = entries.keys().copied().collect();
        if found != expected.keys().map(String::as_str).collect() {
            return failed(output, found);
        }
        for (name, entry) in entries {
            let properties = entry.expect("an entry").properties();
            let mut found = BTreeMap::new();
            for property in properties {
                found.entry(property.name.clone()).or_insert(property);
            }
            let expected = expected[name].as_object().expect("properties");
            let same_names = found.keys().eq(expected.keys().collect::<BTreeSet<_>>());
            let same_values = expected
                .iter()
                .all(|(name, expected)| match (expected, found.get(name)) {
                    (Value::String(text), Some(property)) => property.value == *text,
                    (Value::Object(subs), Some(property)) => {
                        let found = property.sub_properties.iter();
                        let found: BTreeMap<_, _> =
                            found.map(|(name, value)| (name.as_str(), value.as_str())).collect();
                        let expected = subs
                            .iter()
                            .map(|(name, value)| (name.as_str(), value.as_str().unwrap_or_default()));
                        found == expected.collect()
                    }
                    _ => false,
                });
            if !same_names || !same_values {
                return failed(output, name);
            }
        }
    }
    Verdict::Passed
}

/// Variables in, paths out.
pub(crate) fn location(case: &Value) -> Verdict {
    let is_windows = text(case, "platform") == Some("windows");
    let replay = Replay::new(&case["environment"]).home(text(case, "languageSpecificHome"), is_windows);
    let locations = Locations::find(&replay);
    let found = [&locations.config, &locations.credentials]
        .map(|location| location.as_ref().map(|location| location.path.clone()));
    let expected = ["configLocation", "credentialsLocation"].map(|name| text(case, name).map(PathBuf::from));
    let profile = Selected::find(&replay, None).name;
    let same_profile = text(case, "profile").is_none_or(|expected| expected == profile);
    Verdict::expect(found == expected && same_profile, || {
        format!("found {found:?}, but should be {expected:?}")
    })
}

/// Profiles in, base and roles out.
pub(crate) fn plan(case: &Value) -> Verdict {
    let mut config = String::new();
    for (group, prefix) in [("profiles", "profile"), ("sso_sessions", "sso-session")] {
        for (name, properties) in case["input"][group].as_object().into_iter().flatten() {
            config += &format!("[{prefix} {name}]\n");
            for (name, value) in properties.as_object().into_iter().flatten() {
                config += &format!("{name} = {}\n", value.as_str().unwrap_or_default());
            }
        }
    }
    let replay = at_home().file(format!("{HOME}/.aws/config"), config.as_bytes());
    let files = Files::read(&replay, &Locations::find(&replay)).expect("files");
    let selected = Selected {
        name: text(&case["input"], "selected_profile").unwrap_or("default").to_owned(),
        by: SelectedBy::Variable,
    };
    let output = &case["output"];
    match (Plan::resolve(&files, &selected), text(output, "Error")) {
        (Ok(plan), None) => {
            let found = steps(&plan);
            Verdict::expect(found == output["ProfileChain"], || {
                format!("found {found}, but should be {output}")
            })
        }
        (Err(error), Some(expected)) => compare_error(expected, &error),
        (Err(error), None) => Verdict::Failed(error.to_string()),
        (Ok(plan), Some(_)) => failed(output, plan),
    }
}

/// A plan as the cases write it.
fn steps(plan: &Plan) -> Value {
    let base = match &plan.base {
        Base::Keys(keys) => json!({"AccessKey": {
            "access_key_id": keys.access_key_id(),
            "secret_access_key": keys.secret_access_key(),
            "session_token": keys.session_token(),
            "account_id": keys.account_id(),
        }}),
        Base::Environment => json!({"NamedSource": "Environment"}),
        Base::Container => json!({"NamedSource": "EcsContainer"}),
        Base::InstanceMetadata => json!({"NamedSource": "Ec2InstanceMetadata"}),
        Base::WebIdentity(web) => json!({"WebIdentityToken": {
            "role_arn": web.role_arn,
            "web_identity_token_file": web.token_file,
            "role_session_name": web.session_name,
        }}),
        Base::Sso(sso) => json!({"Sso": {
            "sso_session": sso.session,
            "sso_region": sso.region,
            "sso_start_url": sso.start_url,
            "sso_account_id": sso.role.as_ref().map(|(account, _)| account),
            "sso_role_name": sso.role.as_ref().map(|(_, role)| role),
        }}),
        Base::Login(session) => json!({"LoginSession": {"login_session": session}}),
        Base::Process(process) => json!({"CredentialProcess": {
            "command": process.command,
            "account_id": process.account_id,
        }}),
    };
    let roles = plan.roles.iter().map(|role| {
        json!({"AssumeRole": {
            "role_arn": role.role_arn,
            "external_id": role.external_id,
            "role_session_name": role.session_name,
        }})
    });
    let steps = std::iter::once(base).chain(roles).map(|mut step| {
        if let Some(fields) = step
            .as_object_mut()
            .and_then(|step| step.values_mut().next()?.as_object_mut())
        {
            fields.retain(|_, value| !value.is_null());
        }
        step
    });
    steps.collect()
}

/// 2025-11-19T00:00:00Z.
const LOGIN_NOW: u64 = 1_763_510_400;

/// A login and its cache.
pub(crate) async fn login(case: &Value) -> Verdict {
    let folder = format!("{HOME}/.aws/login/cache");
    let mut replay = Replay::new(&json!({"HOME": HOME, "AWS_REGION": "us-east-1"})).now(LOGIN_NOW);
    let config = text(case, "configContents").unwrap_or_default();
    replay = replay.file(format!("{HOME}/.aws/config"), config.as_bytes());
    for (name, content) in case["cacheContents"].as_object().into_iter().flatten() {
        replay = replay.file(format!("{folder}/{name}"), content.to_string().as_bytes());
    }
    let calls = case["mockApiCalls"].as_array().map(Vec::as_slice).unwrap_or_default();
    let replies = calls.iter().map(|call| {
        let status = call.get("responseCode").and_then(Value::as_u64).unwrap_or(200);
        Ok(Reply {
            status: u16::try_from(status).expect("a status"),
            ..Reply::ok(call["response"]["tokenOutput"].to_string())
        })
    });
    replay = replay.answers(replies.collect());
    let profile = config
        .split(['[', ']'])
        .nth(1)
        .and_then(|section| section.strip_prefix("profile "));
    let context = LoadContext::new(replay.config());
    let result = Profile::named(profile.unwrap_or("default").trim()).load(&context).await;

    let sent = replay.sent();
    let inputs: Vec<Value> = sent
        .iter()
        .filter_map(|sent| serde_json::from_str(&sent.body).ok())
        .collect();
    let expected: Vec<Value> = calls.iter().map(|call| call["request"]["tokenInput"].clone()).collect();
    if inputs != expected || !sent.iter().all(is_renewal) {
        return Verdict::Failed(format!("the inputs are {inputs:?}, but should be {expected:?}"));
    }
    for outcome in case["outcomes"].as_array().into_iter().flatten() {
        let verdict = match (text(outcome, "result"), &result) {
            (Some("error"), Err(_)) => Verdict::Passed,
            (Some("credentials"), Ok(credentials)) => login_credentials(outcome, credentials),
            (Some("cacheContents"), _) => cache_contents(outcome, &replay, Path::new(&folder)),
            (_, Ok(_)) => Verdict::Failed("there should be an error".to_owned()),
            (_, Err(error)) => Verdict::Failed(error.to_string()),
        };
        if !matches!(verdict, Verdict::Passed) {
            return verdict;
        }
    }
    Verdict::Passed
}

fn is_renewal(sent: &Sent) -> bool {
    sent.url == "https://us-east-1.signin.aws.amazon.com/v1/token"
        && sent.header("content-type") == Some("application/json")
        && sent.header("dpop").is_some_and(|proof| proof.split('.').count() == 3)
}

fn login_credentials(expected: &Value, credentials: &Credentials) -> Verdict {
    let expiry = credentials
        .expiry()
        .and_then(|time| time.duration_since(UNIX_EPOCH).ok());
    let found = [
        ("accessKeyId", Some(credentials.access_key_id())),
        ("secretAccessKey", Some(credentials.secret_access_key())),
        ("sessionToken", credentials.session_token()),
        ("accountId", credentials.account_id()),
    ];
    let expected_expiry = text(expected, "expiresAt").and_then(|time| DateTime::from_str(time, Format::DateTime).ok());
    let is_same = found.iter().all(|(name, value)| text(expected, name) == *value);
    let same_expiry = expiry.map(|expiry| expiry.as_secs() as i64) == expected_expiry.map(|expiry| expiry.secs());
    Verdict::expect(is_same && same_expiry, || {
        format!("found {credentials:?}, but should be {expected}")
    })
}

fn cache_contents(outcome: &Value, replay: &Replay, folder: &Path) -> Verdict {
    for (name, expected) in outcome
        .as_object()
        .into_iter()
        .flatten()
        .filter(|(name, _)| *name != "result")
    {
        let content = replay.content(&folder.join(name)).unwrap_or_default();
        let content: Value = serde_json::from_slice(&content).unwrap_or_default();
        if content != *expected {
            return Verdict::Failed(format!("the cache is {content}, but should be {expected}"));
        }
    }
    Verdict::Passed
}

/// Variables in, the URL of a container's agent out.
pub(crate) async fn container(case: &Value) -> Verdict {
    let replay = Replay::new(&case["env"]);
    let loaded = Container::new().load(&LoadContext::new(replay.config())).await;
    compare_url(case, &replay, loaded)
}

/// Variables and files in, the URL of the metadata service out.
pub(crate) async fn instance(case: &Value) -> Verdict {
    let mut replay = Replay::new(&case["env"]);
    for (path, content) in case["fs"].as_object().into_iter().flatten() {
        replay = replay.file(path, content.as_str().unwrap_or_default().as_bytes());
    }
    let mut source = InstanceMetadata::new();
    if let Some(url) = text(case, "endpoint_override") {
        source = source.endpoint(url);
    }
    if text(case, "mode_override").is_some_and(|mode| mode.eq_ignore_ascii_case("ipv6")) {
        source = source.ipv6();
    }
    let loaded = source.load(&LoadContext::new(replay.config())).await;
    compare_url(case, &replay, loaded)
}

/// The first request must go to the expected URL, or there is none and the expected error.
fn compare_url(case: &Value, replay: &Replay, loaded: Result<Credentials, CredentialsError>) -> Verdict {
    let result = &case["result"];
    let sent = replay.sent();
    let url = sent.first().map(|sent| sent.url.as_str());
    match (text(result, "Ok"), loaded) {
        (Some(expected), _) => Verdict::expect(url == Some(expected), || {
            format!("the URL is {url:?}, but should be {expected}")
        }),
        (None, Err(error)) if url.is_none() => match text(result, "Err").or(text(result, "ErrorContains")) {
            Some(expected) => compare_error(expected, &error),
            None => Verdict::Failed("it has no result".to_owned()),
        },
        (None, _) => Verdict::Failed(format!("there should be an error, but {url:?} is asked")),
    }
}
