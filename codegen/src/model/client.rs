//! `client.json`: what the description of a service cannot say. Everything in it is optional.

mod known;

pub use self::known::caveat;
use indexmap::IndexMap;
use serde::Deserialize;

use super::service::{Protocol, Reference, Service, Shape};
use super::word::Word;

/// The whole file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Client {
    /// The crate to write.
    pub package: Package,
    /// The protocol to speak, where the service speaks several.
    pub protocol: Option<Word<Protocol>>,
    /// The operations that the client has, without any: all.
    pub operations: Option<Vec<String>>,
    /// Headers that each request needs and the description does not mention, with their values.
    pub headers: IndexMap<String, String>,
    /// What is sent for a member of the path that the caller does not set, by the name of the member.
    pub defaults: IndexMap<String, String>,
    /// Operations whose query is sent as a form in the body: it may be too long for a URL.
    pub forms: Vec<String>,
    /// Shapes of IDs that responses have a path in front of, such as `/hostedzone/Z1`, and requests must not.
    pub bare_ids: Vec<String>,
    /// Shapes of URLs that requests are sent to: to their scheme, host and port in place of the endpoint's.
    pub origins: Vec<String>,
    /// How long to wait.
    pub timeouts: Timeouts,
    /// Which errors may be retried, besides those that the description marks.
    pub retries: Retries,
    /// The members of errors that hold their message, the first that is there. Default: `message` in any case.
    pub error_message: Vec<String>,
    /// What the text of an error calls a member: error, member, words.
    pub error_details: IndexMap<String, IndexMap<String, String>>,
    /// What to do about errors, for the end of their texts. The first that fits is shown.
    pub hints: Vec<Hint>,
    /// The members that name objects in Amazon S3, by operation.
    pub results: IndexMap<String, Locations>,
    /// The operations on objects, where the service is Amazon S3.
    pub object_store: Option<ObjectStore>,
    /// The tokens that stand for credentials, where the service takes any.
    pub bearer_token: Option<BearerToken>,
    /// The call that the crate's documentation opens with.
    pub example: Option<Example>,
}

impl Client {
    /// What of this there is to say of another description of the service, which may lack operations, errors and members.
    /// The example is left out: it is documentation.
    #[must_use]
    pub fn known_to(&self, service: &Service) -> Self {
        let mut client = self.clone();
        client.example = None;
        if let Some(operations) = &mut client.operations {
            operations.retain(|name| service.operations.contains_key(name));
        }
        let error = |name: &String| service.shapes.get(name).filter(|shape| shape.exception);
        let Retries {
            throttling,
            transient,
            not_ready,
        } = &mut client.retries;
        for names in [throttling, transient, not_ready] {
            names.retain(|name| error(name).is_some());
        }
        client.defaults.retain(|name, _| service.has_input_member(name));
        client.forms.retain(|name| service.operations.contains_key(name));
        client.bare_ids.retain(|name| service.has_input_string(name));
        client.origins.retain(|name| service.has_input_string(name));
        client.error_message.retain(|name| service.has_error_member(name));
        client.results.retain(|name, locations| {
            let shape = |part: Option<&Reference>| part.and_then(|part| service.shapes.get(&part.shape));
            let operation = service.operations.get(name);
            let output = operation.and_then(|operation| shape(operation.output.as_ref()));
            let input = operation.and_then(|operation| shape(operation.input.as_ref()));
            // Only an optional text can be the address of an object.
            let has = |owner: Option<&Shape>, name: &String| {
                owner.is_some_and(|owner| {
                    let member = shape(owner.members.get(name));
                    member.is_some_and(Shape::is_plain_string) && !owner.required.contains(name)
                })
            };
            locations.failure = locations.failure.take().filter(|name| has(output, name));
            locations.input = locations.input.take().filter(|name| has(input, name));
            has(output, &locations.output)
        });
        client.object_store = client.object_store.filter(|store| {
            let mut operations = [&store.get, &store.put].into_iter();
            operations.all(|name| service.operations.contains_key(name))
        });
        client.error_details.retain(|name, members| {
            let shape = error(name);
            members.retain(|member, _| shape.is_some_and(|shape| shape.members.contains_key(member)));
            shape.is_some()
        });
        client.hints.retain(|hint| {
            hint.code.as_ref().is_none_or(|code| error(code).is_some())
                && hint
                    .operation
                    .as_ref()
                    .is_none_or(|name| service.operations.contains_key(name))
        });
        client
    }

    /// Adds what is known of the service from elsewhere, where the file says nothing else.
    pub(super) fn complete(&mut self, service: &Service) {
        let known = known::of(&service.metadata.service_id).known_to(service);
        for (name, value) in known.headers {
            if !self.headers.keys().any(|own| own.eq_ignore_ascii_case(&name)) {
                self.headers.insert(name, value);
            }
        }
        for (member, value) in known.defaults {
            self.defaults.entry(member).or_insert(value);
        }
        for (own, known) in [
            (&mut self.forms, known.forms),
            (&mut self.bare_ids, known.bare_ids),
            (&mut self.origins, known.origins),
        ] {
            for name in known {
                if !own.contains(&name) {
                    own.push(name);
                }
            }
        }
        if self.error_message.is_empty() {
            self.error_message = known.error_message;
        }
    }
}

/// The crate's manifest.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Package {
    /// Such as `sagemaker-runtime`. Default: `lean-aws-` and the service's identifier.
    pub name: Option<String>,
    /// A semantic version, `0.1.0` by default.
    pub version: Option<String>,
    /// One line.
    pub description: Option<String>,
    /// For the registry.
    pub keywords: Vec<String>,
    /// For the registry.
    pub categories: Vec<String>,
}

/// How long to wait.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Timeouts {
    /// For a silence on the wire, 60 by default.
    pub read_seconds: Option<i64>,
}

/// Which errors may be retried.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Retries {
    /// Errors that ask for fewer requests.
    pub throttling: Vec<String>,
    /// Errors that pass by themselves.
    pub transient: Vec<String>,
    /// Errors that end when the service is ready, which may take minutes: a caller can wait for that.
    pub not_ready: Vec<String>,
}

/// What to do about an error. It fits errors that are all that it says.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Hint {
    /// The operation's name.
    pub operation: Option<String>,
    /// The error's name.
    pub code: Option<String>,
    /// The HTTP status.
    pub status: Option<i64>,
    /// Texts that are all in the message of the error.
    pub message_contains: Vec<String>,
    /// What to do: a short clause in the imperative.
    pub hint: String,
}

/// The members of an operation that name objects in Amazon S3: `s3://bucket/key`.
#[derive(Clone, Debug, Deserialize)]
pub struct Locations {
    /// The member of the output with the address of a result that is written later.
    pub output: String,
    /// The member of the output with the address of what is written in its place if the service fails.
    pub failure: Option<String>,
    /// The member of the input with the address of what the service reads.
    pub input: Option<String>,
}

/// The operations on objects in Amazon S3.
#[derive(Clone, Debug, Deserialize)]
pub struct ObjectStore {
    /// The one that returns an object.
    pub get: String,
    /// The one that writes an object.
    pub put: String,
}

/// Tokens that stand for credentials: the presigned URL of a call, encoded.
#[derive(Clone, Debug, Deserialize)]
pub struct BearerToken {
    /// What the token is for, as the end of a sentence.
    pub purpose: String,
    /// The host of the URL.
    pub host: String,
    /// The action in its query.
    pub action: String,
    /// What stands before the encoded URL.
    pub prefix: String,
    /// The longest time that the service accepts a token.
    pub max_seconds: i64,
}

/// A call.
#[derive(Clone, Debug, Deserialize)]
pub struct Example {
    /// The operation's name.
    pub operation: String,
    /// The members that are set, with their values.
    #[serde(default)]
    pub members: IndexMap<String, String>,
}
