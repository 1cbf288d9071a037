//! The resolved service: what the description means, in Rust's terms.
//!
//! Everything that emitters need is here and has been checked: references are resolved, bindings are enums, and each
//! Rust name stands beside its name on the wire. What no client of this kind can do has no place in these types; lowering leaves
//! it out with a warning.

mod caveat;
pub mod endpoint;
pub mod jmespath;
mod links;
mod lower;
mod operation;
mod protocol;
mod types;
mod waiter;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

pub use caveat::Caveat;
pub use lower::{is_version, lower, lower_endpoint_rules};
pub use operation::{
    CallExample, Checksum, ExampleValue, HostPart, Locations, Operation, Paginator, PathPart, PresignedPayload,
    Signing, Token,
};
pub use protocol::{Codec, ElementName, Name, Namespace, Protocol};
pub use types::{EnumValue, Event, EventStream, Form, Limits, Location, Member, Type, TypeDefinition, Variant};
pub use waiter::{Acceptor, Matcher, Waiter};

pub use crate::model::bound::Bound;
pub use crate::model::service::{Method, TimestampFormat};
pub use crate::model::waiters::State as WaiterState;

/// A service, ready to be written as a crate.
#[derive(Debug)]
pub struct Service {
    /// The crate to write.
    pub package: Package,
    /// The service's identifier, such as `SageMaker Runtime`.
    pub id: String,
    /// The service's full name, such as `Amazon SageMaker Runtime`.
    pub full_name: String,
    /// The version of the API, such as `2017-05-13`.
    pub api_version: String,
    /// How requests and responses are written.
    pub protocol: Protocol,
    /// Whether errors keep the codes that they had when the service spoke `query`.
    pub query_compatible: bool,
    /// The name of the service in a signature's scope.
    pub signing_name: String,
    /// Whether signatures are those of S3: with the hash of the payload in a header, and the path as it is sent.
    pub s3_signatures: bool,
    /// The codes of errors that come without a body, by status.
    pub codes_by_status: &'static [(u16, &'static str)],
    /// The header of errors with the region that the request should have gone to, in lower case.
    pub region_header: Option<&'static str>,
    /// Markdown.
    pub docs: String,
    /// In the order of the description.
    pub operations: Vec<Operation>,
    /// Headers of every request that no member is bound to: names in lower case, and values.
    pub fixed_headers: Vec<(String, String)>,
    /// The members that hold the message of an error, besides `message`.
    pub error_message: Vec<String>,
    /// What the description has and the crate has not.
    pub left_out: Vec<LeftOut>,
    /// The types that operations and errors reach, by their Rust names.
    pub types: BTreeMap<String, TypeDefinition>,
    /// Every error of the service, in the order of the description.
    pub errors: Vec<ErrorShape>,
    /// What to do about errors. The first that fits is shown.
    pub hints: Vec<Hint>,
    /// In the order of the description.
    pub waiters: Vec<Waiter>,
    /// Where requests go.
    pub endpoint: endpoint::RuleSet,
    /// The default for a silence on the wire.
    pub read_timeout: Duration,
    /// The operations on objects, where the service is Amazon S3.
    pub object_store: Option<ObjectStore>,
    /// The tokens that stand for credentials, where the service takes any.
    pub bearer_token: Option<BearerToken>,
    /// The call that the crate's documentation opens with.
    pub example: Option<Example>,
}

impl Service {
    /// Whether the service has errors that end when it is ready.
    pub fn becomes_ready(&self) -> bool {
        self.errors.iter().any(|error| error.retry == Some(Retry::NotReady))
    }

    /// Whether requests ask for the codes that errors had when the service spoke `query`. There they have them anyway.
    pub fn asks_for_query_codes(&self) -> bool {
        self.query_compatible && self.protocol != Protocol::Query
    }

    /// The statuses that tell, even without a code, that an error passes: those of faults of the service that all do.
    pub fn transient_statuses(&self) -> BTreeSet<u16> {
        let faults = self.errors.iter().filter(|error| error.fault);
        let passes = |status: &u16| {
            let mut errors = self.errors.iter().filter(|error| error.status == Some(*status));
            errors.all(|error| error.retry == Some(Retry::Transient))
        };
        faults.filter_map(|error| error.status).filter(passes).collect()
    }

    /// The environment variable with an endpoint URL for this service alone.
    pub fn endpoint_url_variable(&self) -> String {
        format!("AWS_ENDPOINT_URL_{}", self.id.replace([' ', '-'], "_").to_uppercase())
    }
}

/// The crate's manifest.
#[derive(Debug)]
pub struct Package {
    /// The package's name, such as `sagemaker-runtime`.
    pub name: String,
    /// The same as an identifier, such as `sagemaker_runtime`.
    pub crate_name: String,
    /// Its semantic version.
    pub version: String,
    /// One line for the registry.
    pub description: String,
    /// For the registry.
    pub keywords: Vec<String>,
    /// For the registry.
    pub categories: Vec<String>,
}

/// Tokens that stand for credentials: the presigned URL of a call, encoded.
#[derive(Debug)]
pub struct BearerToken {
    /// What the token is for, as the end of a sentence.
    pub purpose: String,
    /// The host of the URL.
    pub host: String,
    /// The action in its query.
    pub action: String,
    /// What stands before the encoded URL.
    pub prefix: String,
    /// The longest time that the service accepts a token, in seconds.
    pub max_seconds: u64,
}

/// The operations on objects in Amazon S3, as indices into [`Service::operations`] and their members.
#[derive(Debug)]
pub struct ObjectStore {
    /// The operation that returns an object.
    pub get: ObjectCall,
    /// The operation that writes one.
    pub put: ObjectCall,
}

/// An operation on an object.
#[derive(Debug)]
pub struct ObjectCall {
    /// The operation.
    pub operation: usize,
    /// The member of its input with the name of the bucket.
    pub bucket: usize,
    /// The member of its input with the key.
    pub key: usize,
    /// The member of its input or output that is the object.
    pub content: usize,
}

/// An operation that a client of this kind cannot have.
#[derive(Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The operation's name.
    pub operation: String,
    /// Why it is left out, as the end of a sentence about it.
    pub reason: &'static str,
}

/// An error of the service.
#[derive(Debug)]
pub struct ErrorShape {
    /// Its code on the wire, such as `ModelError`.
    pub code: String,
    /// All texts that stand for it on the wire: its code, and the name of its shape unless that is the code of another.
    pub texts: Vec<String>,
    /// Its type, such as `ModelError`.
    pub type_name: String,
    /// Markdown.
    pub docs: String,
    /// The HTTP status that it comes with, for the documentation.
    pub status: Option<u16>,
    /// Whether the service, not the caller, is at fault.
    pub fault: bool,
    /// Whether the call may be retried, and how.
    pub retry: Option<Retry>,
    /// All members but the message.
    pub members: Vec<ErrorMember>,
    /// The member that holds the message, when there is one.
    pub message: Option<Member>,
    /// Whether what the service says of the error must not be shown.
    pub hides_message: bool,
}

/// A member of an error, other than its message.
#[derive(Debug)]
pub struct ErrorMember {
    /// The member.
    pub member: Member,
    /// What the one-line text of the error calls it, such as `original status`.
    pub label: String,
}

/// How an error may be retried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// After the longer delay for services that ask for fewer requests.
    Throttling,
    /// After the shorter delay for passing faults.
    Transient,
    /// Like throttling, and for as long as the caller wants to wait until the service is ready.
    NotReady,
}

/// What to do about an error. It fits errors that are all that it says.
#[derive(Debug, PartialEq)]
pub struct Hint {
    /// The operation's name.
    pub operation: Option<String>,
    /// The error's code on the wire.
    pub code: Option<String>,
    /// The HTTP status.
    pub status: Option<u16>,
    /// Texts that are all in the message of the error.
    pub message_contains: Vec<String>,
    /// What to do, in one line.
    pub text: String,
}

/// The call that the crate's documentation opens with.
#[derive(Debug)]
pub struct Example {
    /// An index into [`Service::operations`].
    pub operation: usize,
    /// Members of its input, as indices, with the text that each is set to.
    pub members: Vec<(usize, String)>,
}
