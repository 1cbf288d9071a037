//! The resolved service: what the description means, in Rust's terms.
//!
//! Everything that emitters need is here and has been checked: references are resolved, bindings are enums, and each
//! Rust name stands beside its name on the wire. What no client of this kind can do has no place in these types; lowering leaves
//! it out with a warning.

pub mod endpoint;
pub mod jmespath;
mod links;
mod lower;
mod protocol;

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

pub use lower::{is_version, lower, lower_endpoint_rules};
pub use protocol::{Codec, ElementName, Name, Namespace, Protocol};

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

/// The members of an operation that name objects in Amazon S3.
#[derive(Debug)]
pub struct Locations {
    /// The member of the output with the address of the result.
    pub output: usize,
    /// The member of the output with the address of what is written in its place.
    pub failure: Option<usize>,
    /// The member of the input with the address of what the service reads.
    pub input: Option<usize>,
}

/// An operation that a client of this kind cannot have.
#[derive(Debug, PartialEq, Eq)]
pub struct LeftOut {
    /// The operation's name.
    pub operation: String,
    /// Why it is left out, as the end of a sentence about it.
    pub reason: &'static str,
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
    /// Why it should not be used any more, in one line.
    pub deprecated: Option<String>,
    /// The HTTP method.
    pub method: Method,
    /// The path, with its labels.
    pub path: Vec<PathPart>,
    /// A query that the description itself writes, without the `?`.
    pub literal_query: Option<String>,
    /// Whether the query is sent as a form in the body.
    pub form: bool,
    /// What goes before the host of the endpoint. Empty for most.
    pub host_prefix: Vec<HostPart>,
    /// The HTTP status of success, for the documentation.
    pub success_status: u16,
    /// The root of an XML body.
    pub root: Option<ElementName>,
    /// The element around the members of an answer.
    pub result_wrapper: Option<String>,
    /// Whether it takes an input at all, which may have no members.
    pub has_input: bool,
    /// What the caller gives.
    pub input: Vec<Member>,
    /// What the caller gets.
    pub output: Vec<Member>,
    /// The errors that the description lists for it, as indices into [`Service::errors`].
    pub errors: Vec<usize>,
    /// How its requests are signed.
    pub signing: Signing,
    /// Whether its request body is compressed with gzip.
    pub compressed: bool,
    /// The checksum of its request body.
    pub checksum: Option<Checksum>,
    /// Whether it asks for a checksum of its streamed response, and checks it.
    pub validates: bool,
    /// Whether a header needs the tree hash of its payload.
    pub tree_hash: bool,
    /// Whether its answer is one value: the root is the one member itself.
    pub unwrapped: bool,
    /// What its presigned requests say of the payload, if there can be any.
    pub presigned: Option<PresignedPayload>,
    /// Whether the length of its payload must be known before it is sent.
    pub requires_length: bool,
    /// What it adds to the parameters of the endpoint rules.
    pub endpoint_params: Vec<endpoint::EndpointParam>,
    /// How its results come in pages.
    pub paginator: Option<Paginator>,
    /// A call that shows what it is for.
    pub example: Option<CallExample>,
    /// The members that name objects in Amazon S3.
    pub locations: Option<Locations>,
}

/// How the requests of an operation are signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signing {
    /// With Signature Version 4, over the whole request.
    SigV4,
    /// With Signature Version 4, but for the body.
    UnsignedPayload,
    /// With Signature Version 4, but for the body where TLS protects that.
    UnsignedOverTls,
    /// Not at all: it takes no credentials.
    None,
}

/// The checksum of a request body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Checksum {
    /// MD5, in `Content-MD5`.
    Md5,
    /// One of several algorithms, in a header or trailer of its own.
    Flexible {
        /// Whether the service insists on it.
        required: bool,
        /// Whether a header names the algorithm.
        named: bool,
    },
}

/// What presigned requests of an operation say of the payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PresignedPayload {
    /// There is none.
    Empty,
    /// Nothing: any payload may be sent.
    Unsigned,
    /// The form that it would be is in the query.
    InQuery,
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
    /// A member's value that the endpoint rules put into the URL: an index into [`Operation::input`].
    InEndpoint(usize),
}

/// A part of what goes before the host.
#[derive(Debug, PartialEq, Eq)]
pub enum HostPart {
    /// As it is.
    Literal(String),
    /// A member's value, as an index into [`Operation::input`].
    Label(usize),
}

/// A member of an input, an output, an error or a structure.
#[derive(Debug)]
pub struct Member {
    /// Its name in the description, such as `EndpointName`.
    pub name: String,
    /// Its field and setter, such as `endpoint_name`. It may be a raw identifier.
    pub field: String,
    /// Markdown.
    pub docs: String,
    /// Why it should not be used any more, in one line.
    pub deprecated: Option<String>,
    /// Where it travels.
    pub location: Location,
    /// Its type.
    pub ty: Type,
    /// Whether the elements of a list or map lie beside the other members in XML and forms.
    pub flattened: bool,
    /// The namespace that its element declares in XML.
    pub namespace: Option<Namespace>,
    /// Whether a structure that contains itself needs a pointer here.
    pub boxed: bool,
    /// Whether it always has a value. Of what is sent, that is what the service insists on; an idempotency token is not
    /// required: the client makes one. Of what is only received, it is what the service promises, and each list and map.
    pub required: bool,
    /// Whether its value must not be shown.
    pub sensitive: bool,
    /// Whether a random value is sent where the caller gives none.
    pub idempotency_token: bool,
    /// What is sent where the caller gives nothing. Only strings in the path have it.
    pub default: Option<String>,
    /// Whether it is absent where its text in a header is not of its type.
    pub lenient: bool,
    /// What the description says of its values.
    pub limits: Limits,
}

impl Member {
    /// Whether it is a payload that need not be in memory.
    pub fn is_stream(&self) -> bool {
        self.location == Location::Payload && matches!(self.ty, Type::Blob | Type::EventStream(_))
    }
}

/// Where a member travels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// In the path.
    Uri,
    /// In the query, under this name.
    Query(String),
    /// In the query: each entry of the map is a parameter of its own.
    QueryMap,
    /// In a header with this lower-case name.
    Header(String),
    /// In headers: each entry of the map is one, with this before its name.
    PrefixHeaders(String),
    /// It is the whole body.
    Payload,
    /// A member of the body, by this name.
    Body(Name),
    /// An attribute of the XML element that its structure is.
    Attribute(String),
    /// The HTTP status of the response.
    StatusCode,
    /// In a header of an event, under this name.
    EventHeader(String),
    /// It is the whole payload of an event.
    EventPayload,
}

/// The type of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// UTF-8 text.
    String,
    /// UTF-8 text that is JSON, and travels in Base64.
    JsonText,
    /// 8 bits, signed.
    Byte,
    /// 16 bits, signed.
    Short,
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
    /// A point in time, written in this format. All formats are read.
    Timestamp(TimestampFormat),
    /// Any JSON.
    Document,
    /// One of a set of texts: a key of [`Service::types`].
    Enum(String),
    /// A key of [`Service::types`].
    Structure(String),
    /// One of several members: a key of [`Service::types`].
    Union(String),
    /// Events, one after the other: a key of [`Service::types`].
    EventStream(String),
    /// Values of one type, one after the other.
    List {
        /// What is in it.
        element: Box<Type>,
        /// Whether there may be nulls in it.
        sparse: bool,
        /// What each of its elements is called in XML and forms.
        name: Box<ElementName>,
    },
    /// Values of one type, by name.
    Map {
        /// The type of its names: a string or an enum.
        key: Box<Type>,
        /// What is in it.
        value: Box<Type>,
        /// Whether there may be nulls in it.
        sparse: bool,
        /// What the key and the value of each entry are called in XML and forms.
        names: Box<[ElementName; 2]>,
    },
}

impl Type {
    /// Whether its values are copied and not moved.
    pub fn is_copy(&self) -> bool {
        matches!(
            self,
            Self::Byte | Self::Short | Self::Integer | Self::Long | Self::Float | Self::Double | Self::Boolean
        ) || matches!(self, Self::Timestamp(_))
    }

    /// Whether it is a list or map, which can be empty.
    pub fn is_collection(&self) -> bool {
        matches!(self, Self::List { .. } | Self::Map { .. })
    }
}

/// Limits that the description puts on a value. They are documented; the service checks them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Limits {
    /// The least length or value.
    pub min: Option<Bound>,
    /// The greatest length or value.
    pub max: Option<Bound>,
    /// A regular expression that the text matches.
    pub pattern: Option<String>,
}

/// A type that the description names.
#[derive(Debug)]
pub struct TypeDefinition {
    /// Its name in the description.
    pub shape: String,
    /// Its Rust name.
    pub name: String,
    /// Its module. It may be a raw identifier.
    pub module: String,
    /// Markdown.
    pub docs: String,
    /// Whether nothing of it may be shown.
    pub sensitive: bool,
    /// Whether requests may have it.
    pub sent: bool,
    /// Whether responses may have it.
    pub received: bool,
    /// Whether it is a structure that comes as an event.
    pub event: bool,
    /// What kind of type it is.
    pub form: Form,
}

/// The kinds of types that have names.
#[derive(Debug)]
pub enum Form {
    /// All of these.
    Structure(Vec<Member>),
    /// One of these.
    Union(Vec<Variant>),
    /// One of these texts.
    Enum(Vec<EnumValue>),
    /// Any number of these, one after the other.
    EventStream(EventStream),
}

/// A member of a union.
#[derive(Debug)]
pub struct Variant {
    /// Its name on the wire.
    pub wire_name: String,
    /// The namespace that its element declares in XML.
    pub namespace: Option<Namespace>,
    /// Its Rust name.
    pub name: String,
    /// Markdown.
    pub docs: String,
    /// Why it should not be used any more, in one line.
    pub deprecated: Option<String>,
    /// Its type. `None` where there is nothing to say but the name.
    pub ty: Option<Type>,
    /// Whether a union that contains itself needs a pointer here.
    pub boxed: bool,
    /// Whether its value must not be shown.
    pub sensitive: bool,
}

/// A text that an enum can be.
#[derive(Debug)]
pub struct EnumValue {
    /// As it travels.
    pub value: String,
    /// Its Rust name.
    pub name: String,
}

/// A stream of events.
#[derive(Debug)]
pub struct EventStream {
    /// What comes.
    pub events: Vec<Event>,
    /// What ends the stream: the name of each on the wire, and the code of the error.
    pub exceptions: Vec<(String, String)>,
}

/// An event of a stream.
#[derive(Debug)]
pub struct Event {
    /// Its name on the wire.
    pub wire_name: String,
    /// Its Rust name.
    pub name: String,
    /// Markdown.
    pub docs: String,
    /// Its structure: a key of [`Service::types`]. Where its members travel depends on the event.
    pub structure: String,
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
    /// Whether the call may be tried again, and how.
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

/// How the results of an operation come in pages.
#[derive(Debug)]
pub struct Paginator {
    /// Whether nothing says so but the members of the operation.
    pub inferred: bool,
    /// What asks for a page. After the last one, all are missing.
    pub tokens: Vec<Token>,
    /// Whether there are more pages, where the token alone does not tell.
    pub more_results: Option<jmespath::Expression>,
    /// The list or map that a page brings, a chain of members, and its type. `None` where there are several.
    pub items: Option<(jmespath::Expression, Type)>,
}

/// A part of what asks for a page.
#[derive(Debug)]
pub struct Token {
    /// The member that asks, as an index into [`Operation::input`].
    pub input: usize,
    /// Where a page has that of the next one: a value of the same type.
    pub output: jmespath::Expression,
}

/// Calls an operation until something is as wanted.
#[derive(Debug)]
pub struct Waiter {
    /// Its name, such as `FunctionActive`.
    pub name: String,
    /// Its type, such as `FunctionActive`.
    pub type_name: String,
    /// The end of its function's name, such as `function_active` of `wait_until_function_active`.
    pub fn_name: String,
    /// Markdown.
    pub docs: String,
    /// An index into [`Service::operations`].
    pub operation: usize,
    /// The pause between two calls, at least a second.
    pub delay: Duration,
    /// How often the operation is called at most, where nobody says how long.
    pub max_attempts: u32,
    /// The first that matches decides.
    pub acceptors: Vec<Acceptor>,
    /// The text of the output that acceptors look at, and its name for people.
    pub state: Option<(String, jmespath::Expression)>,
}

/// What an answer means to a waiter.
#[derive(Debug, PartialEq)]
pub struct Acceptor {
    /// What it means.
    pub state: WaiterState,
    /// When.
    pub matcher: Matcher,
    /// The expression that it looks at, as the description has it.
    pub argument: Option<String>,
}

/// What a waiter looks at.
#[derive(Debug, PartialEq)]
pub enum Matcher {
    /// The HTTP status is this one.
    Status(u16),
    /// The call fails with an error of this code.
    ErrorCode(String),
    /// The call fails, or succeeds, whatever the error.
    AnyError(bool),
    /// The expression has this value.
    Path(jmespath::Expression, jmespath::Literal),
    /// The list has elements, and all have this value.
    PathAll(jmespath::Expression, jmespath::Literal),
    /// An element of the list has this value.
    PathAny(jmespath::Expression, jmespath::Literal),
}

/// A call of an operation.
#[derive(Debug)]
pub struct CallExample {
    /// What it is for, in Markdown. It may be empty.
    pub title: String,
    /// Members of the input, as indices, with their values.
    pub members: Vec<(usize, ExampleValue)>,
}

/// A value in an example. It has the form of its type.
#[derive(Clone, Debug, PartialEq)]
pub enum ExampleValue {
    /// True or false.
    Boolean(bool),
    /// A whole number, or the seconds of a point in time.
    Integer(i64),
    /// Any other number.
    Float(f64),
    /// A string, a value of an enum, or bytes.
    Text(String),
    /// A document.
    Json(String),
    /// At least one value.
    List(Vec<ExampleValue>),
    /// At least one entry.
    Map(Vec<(String, ExampleValue)>),
    /// Members of a structure, as indices.
    Members(Vec<(usize, ExampleValue)>),
    /// A variant of a union, as an index, with what it holds.
    Variant(usize, Option<Box<ExampleValue>>),
}

/// The call that the crate's documentation opens with.
#[derive(Debug)]
pub struct Example {
    /// An index into [`Service::operations`].
    pub operation: usize,
    /// Members of its input, as indices, with the text that each is set to.
    pub members: Vec<(usize, String)>,
}
