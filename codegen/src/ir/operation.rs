//! Operations: what they send and receive, where it travels, and what follows from it.

use super::types::{Location, Member, Type};
use super::{ElementName, Method, endpoint, jmespath};

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
    /// Why it is deprecated, in one line.
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
    /// The errors that the description lists for it, as indices into [`Service::errors`](super::Service::errors).
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

impl Operation {
    /// Whether it answers with events.
    pub fn answers_with_events(&self) -> bool {
        self.output
            .iter()
            .any(|member| matches!(member.ty, Type::EventStream(_)))
    }

    /// Whether its output has members in the first event of a stream: where no header has them.
    pub fn has_initial_response(&self) -> bool {
        let is_in_event = |member: &Member| matches!(member.location, Location::Body(_) | Location::Attribute(_));
        self.answers_with_events() && self.output.iter().any(is_in_event)
    }
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
    /// Not at all: a bearer token authorizes them.
    Bearer,
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
