//! The members of the descriptions in `models/`, each of which has a test.

#![allow(dead_code, reason = "each test looks at a part of them")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

/// A member and what it is a member of: an operation for inputs and outputs, an error or an event otherwise.
struct Member<'d> {
    owner: &'d str,
    name: &'d str,
    described: &'d Value,
    /// Whether it is the body.
    is_payload: bool,
}

/// What a test has on the wire for an owner.
#[derive(Clone)]
pub(crate) struct Message {
    pub(crate) service: &'static str,
    pub(crate) owner: &'static str,
    /// As HTTP has it: a line, headers, an empty line and the body.
    pub(crate) text: String,
}

/// Fails with the members of the inputs of some services that no message has.
#[track_caller]
pub(crate) fn assert_inputs(services: &[&str], messages: &[Message]) {
    assert_all("request", services, messages, |description| {
        operations(description, "input")
    });
    assert_nested(services, messages, "input");
}

/// Fails with the members of the outputs of some services that no message has.
#[track_caller]
pub(crate) fn assert_outputs(services: &[&str], messages: &[Message]) {
    assert_all("response", services, messages, |description| {
        operations(description, "output")
    });
    assert_nested(services, messages, "output");
}

/// Fails with the members of the errors of some services that no message has.
#[track_caller]
pub(crate) fn assert_errors(services: &[&str], messages: &[Message]) {
    assert_all("response", services, messages, |description| {
        let errors = entries(&description["shapes"]).filter(|(_, shape)| shape["exception"] == true);
        errors.flat_map(|(name, shape)| members(name, shape)).collect()
    });
}

/// Fails with the members of the events of some services that no message has.
#[track_caller]
pub(crate) fn assert_events(services: &[&str], messages: &[Message]) {
    assert_all("response", services, messages, |description| {
        let shapes = &description["shapes"];
        let streams = entries(shapes).filter(|(_, shape)| shape["eventstream"] == true);
        let events = streams.flat_map(|(_, stream)| entries(&stream["members"]));
        let events = events.map(|(name, event)| (name, shape(shapes, event)));
        let events = events.filter(|(_, shape)| shape["exception"] != true);
        events.flat_map(|(name, shape)| members(name, shape)).collect()
    });
}

#[track_caller]
fn assert_all(
    kind: &str,
    services: &[&str],
    messages: &[Message],
    members: impl for<'d> Fn(&'d Value) -> Vec<Member<'d>>,
) {
    let mut untested = Vec::new();
    let mut count = 0;
    for service in services {
        let description = description(service);
        for member in members(&description) {
            let is_tested = |message: &&Message| {
                message.service == *service && message.owner == member.owner && member.is_in(&message.text)
            };
            if messages.iter().find(is_tested).is_none() {
                untested.push(format!("{service}: {}.{}", member.owner, member.name));
            }
            count += 1;
        }
    }
    assert!(count > 0, "there are no members");
    assert!(untested.is_empty(), "without a {kind} test: {untested:#?}");
}

/// Fails with the members of structures inside inputs or outputs that no message in JSON has at their place.
#[track_caller]
fn assert_nested(services: &[&str], messages: &[Message], part: &str) {
    let mut untested = Vec::new();
    for service in services {
        let description = description(service);
        let shapes = &description["shapes"];
        for (name, operation) in entries(&description["operations"]) {
            let Some(top) = operation[part]["shape"].as_str() else {
                continue;
            };
            let mut reached = BTreeSet::new();
            reach(shapes, top, &mut reached);
            let mut seen = BTreeSet::new();
            for message in messages
                .iter()
                .filter(|message| message.service == *service && message.owner == name)
            {
                let body = message.text.split_once("\n\n").map_or("", |(_, body)| body);
                match serde_json::from_str(body) {
                    Ok(body) => see(shapes, top, &body, &mut seen),
                    // In XML, a name is enough.
                    Err(_) => seen.extend(reached.iter().filter(|(structure, member)| {
                        let described = &shapes[*structure]["members"][*member];
                        let name = described["locationName"].as_str().unwrap_or(member);
                        body.contains(&format!("<{name}>"))
                    })),
                }
            }
            let missing = reached.difference(&seen).filter(|(structure, _)| *structure != top);
            untested.extend(missing.map(|(structure, member)| format!("{service}: {name}: {structure}.{member}")));
        }
    }
    assert!(untested.is_empty(), "in no {part}: {untested:#?}");
}

/// A structure and the name of its member.
type Place<'d> = (&'d str, &'d str);

/// The members of all structures that a shape reaches. Events are no part of the body: they have tests of their own.
fn reach<'d>(shapes: &'d Value, name: &'d str, reached: &mut BTreeSet<Place<'d>>) {
    let shape = &shapes[name];
    if shape["eventstream"] == true {
        return;
    }
    for (member, described) in entries(&shape["members"]) {
        if reached.insert((name, member)) {
            reach(shapes, target(described), reached);
        }
    }
    for inner in ["member", "value"] {
        if !shape[inner].is_null() {
            reach(shapes, target(&shape[inner]), reached);
        }
    }
}

/// The members of structures that a value has.
fn see<'d>(shapes: &'d Value, name: &'d str, value: &Value, seen: &mut BTreeSet<Place<'d>>) {
    let shape = &shapes[name];
    for (member, described) in entries(&shape["members"]) {
        if !value[member].is_null() {
            seen.insert((name, member));
            see(shapes, target(described), &value[member], seen);
        }
    }
    for element in value.as_array().into_iter().flatten() {
        see(shapes, target(&shape["member"]), element, seen);
    }
    if !shape["value"].is_null() {
        for (_, entry) in entries(value) {
            see(shapes, target(&shape["value"]), entry, seen);
        }
    }
}

/// The shape that a reference names.
fn target(reference: &Value) -> &str {
    reference["shape"].as_str().unwrap_or_default()
}

fn description(service: &str) -> Value {
    let path = models().join(service).join("service-2.json");
    let text = fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    serde_json::from_slice(&text).expect("a description is JSON")
}

/// The folder of all descriptions.
pub(crate) fn models() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../models")
}

fn operations<'d>(description: &'d Value, part: &str) -> Vec<Member<'d>> {
    let operations = entries(&description["operations"]);
    let parts = operations.map(|(name, operation)| (name, shape(&description["shapes"], &operation[part])));
    parts.flat_map(|(name, shape)| members(name, shape)).collect()
}

fn members<'d>(owner: &'d str, shape: &'d Value) -> impl Iterator<Item = Member<'d>> {
    entries(&shape["members"]).map(move |(name, described)| Member {
        owner,
        name,
        described,
        is_payload: shape["payload"] == name || described["eventpayload"] == true,
    })
}

fn shape<'d>(shapes: &'d Value, reference: &Value) -> &'d Value {
    &shapes[target(reference)]
}

fn entries(object: &Value) -> impl Iterator<Item = (&str, &Value)> {
    object
        .as_object()
        .into_iter()
        .flatten()
        .map(|(name, value)| (name.as_str(), value))
}

impl Member<'_> {
    /// Whether a message has it where the description says.
    fn is_in(&self, message: &str) -> bool {
        let (head, body) = message.split_once("\n\n").unwrap_or((message, ""));
        let (line, headers) = head.split_once('\n').unwrap_or((head, ""));
        let name = self.described["locationName"].as_str().unwrap_or(self.name);
        let has_header = |start: &str| {
            let start = start.to_ascii_lowercase();
            headers
                .lines()
                .any(|line| line.to_ascii_lowercase().starts_with(&start))
        };
        match self.described["location"].as_str() {
            // No message is without.
            Some("uri" | "statusCode") => true,
            Some("header") => has_header(&format!("{name}:")),
            Some("headers") => has_header(name),
            Some("querystring") => ["?", "&"]
                .iter()
                .any(|before| line.contains(&format!("{before}{name}="))),
            Some(other) => panic!("the location `{other}` of {} is not known here", self.name),
            None if self.is_payload => !body.is_empty(),
            None => match serde_json::from_str::<Value>(body) {
                Ok(body) => !body[name].is_null(),
                Err(_) => body.contains(&format!("<{name}")),
            },
        }
    }
}
