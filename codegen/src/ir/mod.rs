//! The resolved service: what the description means, in Rust's terms.
//!
//! Everything that emitters need is here and has been checked: references are resolved, bindings are enums, and each
//! Rust name stands beside its name on the wire. What the emitters cannot write yet has no place in these types;
//! lowering refuses it with a diagnostic.

pub mod endpoint;
mod lower;

use std::time::Duration;

pub use lower::lower;

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
    /// The name of the service in a signature's scope.
    pub signing_name: String,
    /// Markdown.
    pub docs: String,
    /// In the order of the description.
    pub operations: Vec<Operation>,
    /// Every error of the service, in the order of the description.
    pub errors: Vec<ErrorShape>,
    /// Where requests go.
    pub endpoint: endpoint::RuleSet,
    /// The default for a silence on the wire.
    pub read_timeout: Duration,
    /// The call that the crate's documentation opens with.
    pub example: Option<Example>,
}

impl Service {
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

/// One operation.
#[derive(Debug)]
pub struct Operation {
    /// Its name on the wire and in messages, such as `InvokeEndpoint`.
    pub name: String,
    /// Its function and module, such as `invoke_endpoint`.
    pub fn_name: String,
    /// Its types' prefix, such as `InvokeEndpoint` of `InvokeEndpointInput`.
    pub type_name: String,
    /// Markdown.
    pub docs: String,
    /// The HTTP method.
    pub method: Method,
    /// The path, with its labels.
    pub path: Vec<PathPart>,
    /// A query that the description itself writes, without the `?`.
    pub literal_query: Option<String>,
    /// The HTTP status of success, for the documentation.
    pub success_status: u16,
    /// What the caller gives.
    pub input: Vec<Member>,
    /// What the caller gets.
    pub output: Vec<Member>,
    /// The errors that the description lists for it, as indices into [`Service::errors`].
    pub errors: Vec<usize>,
}

/// An HTTP method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// `DELETE`
    Delete,
    /// `GET`
    Get,
    /// `HEAD`
    Head,
    /// `PATCH`
    Patch,
    /// `POST`
    Post,
    /// `PUT`
    Put,
}

/// A part of an operation's path.
#[derive(Debug, PartialEq, Eq)]
pub enum PathPart {
    /// Sent as it is, slashes included.
    Literal(String),
    /// A member's value, percent-encoded.
    Label {
        /// An index into [`Operation::input`].
        member: usize,
        /// Whether slashes in the value are kept.
        greedy: bool,
    },
}

/// A member of an input, an output or an error.
#[derive(Debug)]
pub struct Member {
    /// Its name in the description, such as `EndpointName`.
    pub name: String,
    /// Its field and setter, such as `endpoint_name`. It may be a raw identifier.
    pub field: String,
    /// Markdown.
    pub docs: String,
    /// Where it travels.
    pub location: Location,
    /// Its type.
    pub ty: Type,
    /// Whether the service insists on it.
    pub required: bool,
    /// Whether its value must not be shown.
    pub sensitive: bool,
    /// What the description says of its values.
    pub limits: Limits,
}

/// Where a member travels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// In the path.
    Uri,
    /// In a header with this lower-case name.
    Header(String),
    /// It is the whole body.
    Payload,
    /// A member of the JSON body, by this name.
    Body(String),
    /// The HTTP status of the response.
    StatusCode,
}

/// The type of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Type {
    /// UTF-8 text.
    String,
    /// 32 bits, signed.
    Integer,
    /// 64 bits, signed.
    Long,
    /// 32 bits.
    Float,
    /// 64 bits.
    Double,
    /// True or false.
    Boolean,
    /// Bytes.
    Blob,
}

/// Limits that the description puts on a value. They are documented; the service checks them.
#[derive(Debug, Default, PartialEq)]
pub struct Limits {
    /// The least length or value.
    pub min: Option<f64>,
    /// The greatest length or value.
    pub max: Option<f64>,
    /// A regular expression that the text matches.
    pub pattern: Option<String>,
}

/// An error of the service.
#[derive(Debug)]
pub struct ErrorShape {
    /// Its code on the wire, such as `ModelError`.
    pub code: String,
    /// Its type, such as `ModelError`.
    pub type_name: String,
    /// Markdown.
    pub docs: String,
    /// The HTTP status that it comes with, for the documentation.
    pub status: Option<u16>,
    /// Whether the service, not the caller, is at fault.
    pub fault: bool,
    /// Whether the call may be tried again, and how.
    pub retry: Option<Retry>,
    /// All members but the message.
    pub members: Vec<ErrorMember>,
    /// The member that holds the message, when there is one.
    pub message: Option<Member>,
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
}

/// The call that the crate's documentation opens with.
#[derive(Debug)]
pub struct Example {
    /// An index into [`Service::operations`].
    pub operation: usize,
    /// Members of its input, as indices, with the text that each is set to.
    pub members: Vec<(usize, String)>,
}
