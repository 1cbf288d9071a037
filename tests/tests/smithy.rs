//! The same service in both forms of description: botocore's, and Smithy's JSON.

mod scratch;

use std::fs;
use std::path::{Path, PathBuf};

use codegen::Files;
use scratch::{options, root};
use serde_json::{Map, Value, json};

fn base() -> PathBuf {
    root().join("tests/evolution/base")
}

fn smithy() -> PathBuf {
    root().join("tests/evolution/smithy/shop.json")
}

/// A folder with the description in Smithy's form, a text of it replaced, and with what is not in it.
fn folder(from: &str, to: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let text = fs::read_to_string(smithy()).expect("a description");
    assert!(text.contains(from), "{from}");
    fs::write(folder.path().join("shop.json"), text.replace(from, to)).expect("written");
    for name in ["client.json", "partitions.json"] {
        fs::copy(base().join(name), folder.path().join(name)).expect("copied");
    }
    folder
}

/// The problem with a description.
fn problem(model: &Path) -> String {
    let error = codegen::generate(model, &options(None)).expect_err("it cannot be generated");
    error.to_string()
}

#[test]
fn both_forms_become_the_same_crate() {
    let folder = folder("", "");
    let [one, other] = [base().as_path(), folder.path()].map(|model| {
        let client = codegen::generate(model, &options(None)).unwrap_or_else(|error| panic!("{error}"));
        assert!(client.warnings.is_empty(), "{:?}", client.warnings);
        client.files
    });
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    for (path, text) in &one {
        assert_eq!(text, &other[path], "{path}");
    }
}

/// Names and places of members differ from protocol to protocol.
#[test]
fn both_forms_become_the_same_crate_in_every_protocol() {
    let [ours, theirs] = [json_of("service-2.json"), json_of("depot.json")];
    type Change = fn(&mut Value);
    let protocols: [(&str, &str, Change); 6] = [
        ("rest-xml", "aws.protocols#restXml", |_| {}),
        ("query", "aws.protocols#awsQuery", |service| {
            bind_nothing(service);
            // The name of the root alone.
            remove(&mut service["operations"], &["locationName"]);
            let error = json!({ "code": "Depot.Full", "httpStatusCode": 400, "senderFault": true });
            service["shapes"]["DepotFull"]["error"] = error;
        }),
        ("ec2", "aws.protocols#ec2Query", bind_nothing),
        ("smithy-rpc-v2-cbor", "smithy.protocols#rpcv2Cbor", in_json),
        ("json", "aws.protocols#awsJson1_0", in_json),
        ("rest-json", "aws.protocols#restJson1", |service| {
            let status = service["shapes"]["StoreParcelResult"]["members"]["Status"].clone();
            let trace = service["shapes"]["StoreParcelRequest"]["members"]["Trace"].clone();
            remove(service, &["locationName"]);
            service["shapes"]["StoreParcelResult"]["members"]["Status"] = status;
            service["shapes"]["StoreParcelRequest"]["members"]["Trace"] = trace;
        }),
    ];
    for (protocol, name, change) in protocols {
        let mut service = ours.clone();
        service["metadata"]["protocol"] = protocol.into();
        change(&mut service);
        let mut description = theirs.clone();
        let rules = fs::read_to_string(base().join("endpoint-rule-set-1.json")).expect("rules");
        let traits = &mut description["shapes"]["com.example.depot#Depot"]["traits"];
        traits["smithy.rules#endpointRuleSet"] = serde_json::from_str(&rules).expect("JSON");
        let traits = traits.as_object_mut().expect("traits");
        traits.remove("aws.protocols#restXml");
        traits.insert(name.to_owned(), json!({}));
        let one = files(&[
            ("service-2.json", &service.to_string()),
            ("endpoint-rule-set-1.json", &rules),
        ]);
        let other = files(&[("depot.json", &description.to_string())]);
        assert!(one.keys().eq(other.keys()), "{protocol}");
        for (path, text) in &one {
            assert_eq!(text, &other[path], "{protocol}: {path}");
        }
    }
}

fn json_of(name: &str) -> Value {
    let text = fs::read_to_string(root().join("tests/smithy/depot").join(name)).expect("a description");
    serde_json::from_str(&text).expect("JSON")
}

/// What protocols without parts of HTTP do not say.
fn bind_nothing(service: &mut Value) {
    let trace = service["shapes"]["StoreParcelRequest"]["members"]["Trace"].as_object_mut();
    trace.expect("a member").remove("locationName");
    remove(service, &["location", "payload"]);
}

/// Names in XML are none in JSON or CBOR.
fn in_json(service: &mut Value) {
    bind_nothing(service);
    remove(service, &["locationName"]);
    service["metadata"]["targetPrefix"] = "Depot".into();
    service["metadata"]["jsonVersion"] = "1.0".into();
}

/// Removes these keys wherever they are.
fn remove(value: &mut Value, keys: &[&str]) {
    if let Some(object) = value.as_object_mut() {
        object.retain(|key, _| !keys.contains(&key.as_str()));
        object.values_mut().for_each(|value| remove(value, keys));
    }
}

/// The crate of a model folder with these files.
fn files(texts: &[(&str, &str)]) -> Files {
    let folder = tempfile::tempdir().expect("a folder");
    for (name, text) in texts {
        fs::write(folder.path().join(name), text).expect("written");
    }
    let client = codegen::generate(folder.path(), &options(None)).unwrap_or_else(|error| panic!("{error}"));
    client.files
}

/// A service may speak several protocols, and says in the same file what members are called in each.
#[test]
fn names_are_those_of_the_protocol_that_is_spoken() {
    let mut description = json_of("depot.json");
    let traits = &mut description["shapes"]["com.example.depot#Depot"]["traits"];
    let rules = fs::read_to_string(base().join("endpoint-rule-set-1.json")).expect("rules");
    traits["smithy.rules#endpointRuleSet"] = serde_json::from_str(&rules).expect("JSON");
    let protocols = [
        "aws.protocols#awsJson1_0",
        "aws.protocols#awsQuery",
        "aws.protocols#awsQueryCompatible",
    ];
    let traits: &mut Map<String, Value> = traits.as_object_mut().expect("traits");
    traits.extend(protocols.map(|name| (name.to_owned(), json!({}))));
    let description = description.to_string();
    let text = |client: &str| {
        let files = files(&[("depot.json", &description), ("client.json", client)]);
        files.values().map(String::as_str).collect::<String>()
    };
    for (client, there, absent) in [
        ("{}", "\"Owner\"", "\"ownerId\""),
        (r#"{ "protocol": "query" }"#, "\"ownerId\"", "\"Owner\""),
        (r#"{ "protocol": "rest-xml" }"#, "\"ownerId\"", "x-amz-target"),
    ] {
        let text = text(client);
        assert!(text.contains(there), "{client}: {there}");
        assert!(!text.contains(absent), "{client}: {absent}");
    }
}

#[test]
fn a_file_is_read_by_itself_and_compared() {
    // The file has no partitions of its own.
    let diff = codegen::compare(&base(), &smithy()).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(diff.changes, []);
    let folder = folder("\"X-Trace\"", "\"X-Other\"");
    let diff = codegen::compare(&base(), folder.path()).unwrap_or_else(|error| panic!("{error}"));
    let texts: Vec<_> = diff.changes.iter().map(|change| change.text.as_str()).collect();
    assert_eq!(
        texts,
        ["`trace` of `GetItemInput` is now in the header `x-other`, was in the header `x-trace`"]
    );
}

#[test]
fn what_cannot_be_read_is_said_in_words() {
    for (from, to, expected) in [
        (
            "\"smithy\": \"2.0\"",
            "\"smithy\": \"1.0\"",
            "the description is of Smithy 1.0",
        ),
        (
            "\"type\": \"service\"",
            "\"type\": \"structure\"",
            "the description has no service, or more than one",
        ),
        (
            "smithy.rules#endpointRuleSet",
            "smithy.rules#otherRules",
            "the service has no `smithy.rules#endpointRuleSet`",
        ),
        (
            "#endpointRuleSet",
            "#endpointBdd",
            "the endpoint rules are compiled into a decision diagram (`endpointBdd`), which is not read",
        ),
        (
            "aws.protocols#restJson1",
            "aws.protocols#carrierPigeon",
            "the service speaks no protocol that this generator knows",
        ),
        (
            "\"type\": \"enum\"",
            "\"type\": \"bigInteger\"",
            "`bigInteger` is not a known shape type",
        ),
    ] {
        let text = problem(folder(from, to).path());
        assert!(text.contains(expected), "{to}: {text}");
    }
}
