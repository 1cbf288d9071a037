//! The members of the descriptions in `models/`, each of which has a test.

#![allow(dead_code, reason = "each test looks at a part of them")]

use std::fs;
use std::path::Path;

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
pub(crate) struct Message {
    pub(crate) service: &'static str,
    pub(crate) owner: &'static str,
    /// As HTTP has it: a line, headers, an empty line and the body.
    pub(crate) text: String,
}

/// Fails with the members of inputs that no message has.
#[track_caller]
pub(crate) fn assert_inputs(messages: &[Message]) {
    assert_all("request", messages, |description| operations(description, "input"));
}

/// Fails with the members of outputs that no message has.
#[track_caller]
pub(crate) fn assert_outputs(messages: &[Message]) {
    assert_all("response", messages, |description| operations(description, "output"));
}

/// Fails with the members of errors that no message has.
#[track_caller]
pub(crate) fn assert_errors(messages: &[Message]) {
    assert_all("response", messages, |description| {
        let errors = entries(&description["shapes"]).filter(|(_, shape)| shape["exception"] == true);
        errors.flat_map(|(name, shape)| members(name, shape)).collect()
    });
}

/// Fails with the members of events that no message has.
#[track_caller]
pub(crate) fn assert_events(messages: &[Message]) {
    assert_all("response", messages, |description| {
        let shapes = &description["shapes"];
        let streams = entries(shapes).filter(|(_, shape)| shape["eventstream"] == true);
        let events = streams.flat_map(|(_, stream)| entries(&stream["members"]));
        let events = events.map(|(name, event)| (name, shape(shapes, event)));
        let events = events.filter(|(_, shape)| shape["exception"] != true);
        events.flat_map(|(name, shape)| members(name, shape)).collect()
    });
}

#[track_caller]
fn assert_all(kind: &str, messages: &[Message], members: impl for<'d> Fn(&'d Value) -> Vec<Member<'d>>) {
    let models = Path::new(env!("CARGO_MANIFEST_DIR")).join("../models");
    let mut untested = Vec::new();
    let mut count = 0;
    for entry in fs::read_dir(models).expect("there are models") {
        let model = entry.expect("it can be read").path();
        let Ok(description) = fs::read(model.join("service-2.json")) else {
            continue;
        };
        let description: Value = serde_json::from_slice(&description).expect("a description is JSON");
        let service = model.file_name().expect("a folder has a name").to_string_lossy();
        for member in members(&description) {
            let is_tested = |message: &&Message| {
                message.service == service && message.owner == member.owner && member.is_in(&message.text)
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
    &shapes[reference["shape"].as_str().unwrap_or_default()]
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
            None => serde_json::from_str::<Value>(body).is_ok_and(|body| !body[name].is_null()),
        }
    }
}
