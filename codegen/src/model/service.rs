//! `service-2.json`: the service, its operations and their shapes.

mod words;

use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;

pub use self::words::{Location, Method, Protocol, ShapeType, TimestampFormat};
use super::bound::Bound;
use super::word::Word;

/// The whole file.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Service {
    /// The version of the dialect, `2.0`.
    pub version: Option<String>,
    /// The service as a whole.
    pub metadata: Metadata,
    /// By name.
    pub operations: IndexMap<String, Operation>,
    /// By name.
    pub shapes: IndexMap<String, Shape>,
    /// HTML.
    pub documentation: Option<String>,
    /// Whether the service is deprecated.
    #[serde(default)]
    pub deprecated: bool,
    /// Why, and what to use instead.
    pub deprecated_message: Option<String>,
    /// Settings of the client that the endpoint rules ask for.
    #[serde(default)]
    pub client_context_params: IndexMap<String, ClientContextParam>,
    /// Example calls.
    pub examples: Option<Value>,
}

impl Service {
    /// Whether the input of an operation has a member of this name.
    pub(crate) fn has_input_member(&self, name: &str) -> bool {
        self.inputs().any(|shape| shape.members.contains_key(name))
    }

    /// Whether an input has a string of this shape.
    pub(crate) fn has_input_string(&self, shape: &str) -> bool {
        self.input_strings().any(|name| name == shape)
    }

    /// The shapes of strings that inputs have. Some come more than once.
    pub(crate) fn input_strings(&self) -> impl Iterator<Item = &str> {
        let shapes = self.inputs().flat_map(|shape| shape.members.values());
        let shapes = shapes.map(|member| member.shape.as_str());
        shapes.filter(|name| self.shapes.get(*name).is_some_and(Shape::is_plain_string))
    }

    fn inputs(&self) -> impl Iterator<Item = &Shape> {
        let operations = self.operations.values();
        let inputs = operations.filter_map(|operation| operation.input.as_ref());
        inputs.filter_map(|input| self.shapes.get(&input.shape))
    }

    /// Whether an error has a member of this name.
    pub(crate) fn has_error_member(&self, name: &str) -> bool {
        let mut errors = self.shapes.values().filter(|shape| shape.exception);
        errors.any(|shape| shape.members.contains_key(name))
    }
}

/// The service as a whole.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Metadata {
    /// Such as `2017-05-13`.
    pub api_version: String,
    /// Authentication schemes, such as `aws.auth#sigv4`, the preferred one first.
    #[serde(default)]
    pub auth: Vec<String>,
    /// Whether errors keep the codes that they had when the service spoke `query`.
    pub aws_query_compatible: Option<Value>,
    /// How S3 computes checksums.
    pub checksum_format: Option<String>,
    /// Such as `runtime.sagemaker`.
    pub endpoint_prefix: String,
    /// The one host of a service without regions.
    pub global_endpoint: Option<String>,
    /// The version of the JSON protocols other than `rest-json`.
    pub json_version: Option<String>,
    /// The protocol of clients that know no other.
    pub protocol: Word<Protocol>,
    /// All protocols that the service speaks.
    pub protocols: Option<Vec<Word<Protocol>>>,
    /// What the protocol leaves open.
    pub protocol_settings: Option<ProtocolSettings>,
    /// Whether documentation tools drop the service's name.
    pub rip_service_name: Option<String>,
    /// Such as `SageMaker Runtime`.
    pub service_abbreviation: Option<String>,
    /// Such as `Amazon SageMaker Runtime`.
    pub service_full_name: String,
    /// Such as `SageMaker Runtime`.
    pub service_id: String,
    /// Such as `v4`.
    pub signature_version: Option<String>,
    /// What stands before the operation in the target of a request, such as `SageMaker`.
    pub target_prefix: Option<String>,
    /// The service's name in signatures, when it is not the endpoint prefix.
    pub signing_name: Option<String>,
    /// Such as `runtime.sagemaker-2017-05-13`.
    pub uid: Option<String>,
    /// The namespace of XML in answers.
    pub xml_namespace: Option<XmlNamespace>,
}

/// An XML namespace.
#[derive(Clone, Debug, Deserialize)]
#[serde(untagged)]
pub enum XmlNamespace {
    /// The URI alone.
    Uri(String),
    /// With what elements and attributes of it begin.
    Full {
        /// The URI.
        uri: String,
        /// The prefix.
        prefix: Option<String>,
    },
}

/// What the protocol leaves open.
#[derive(Debug, Deserialize)]
pub struct ProtocolSettings {
    /// Where HTTP/2 is used: `optional` or `eventstream`.
    pub h2: Option<String>,
}

/// One operation.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Operation {
    /// The same as its key.
    pub name: String,
    /// How it is called.
    pub http: Http,
    /// A structure.
    pub input: Option<Reference>,
    /// A structure.
    pub output: Option<Reference>,
    /// Structures that are exceptions.
    #[serde(default)]
    pub errors: Vec<Reference>,
    /// What is special about its host.
    pub endpoint: Option<Endpoint>,
    /// Its authentication, such as `none`, when it is not the service's.
    pub authtype: Option<String>,
    /// Its authentication schemes, when they are not the service's.
    pub auth: Option<Vec<String>>,
    /// Whether signatures leave the body out.
    #[serde(default)]
    pub unsigned_payload: bool,
    /// Values for the endpoint rules.
    #[serde(default)]
    pub static_context_params: IndexMap<String, StaticContextParam>,
    /// Values for the endpoint rules that are taken from the input.
    #[serde(default)]
    pub operation_context_params: IndexMap<String, OperationContextParam>,
    /// Whether calling twice is calling once.
    #[serde(default)]
    pub idempotent: bool,
    /// Whether it changes nothing.
    #[serde(default)]
    pub readonly: bool,
    /// Whether it is deprecated.
    #[serde(default)]
    pub deprecated: bool,
    /// Why, and what to use instead.
    pub deprecated_message: Option<String>,
    /// A date.
    pub deprecated_since: Option<String>,
    /// Checksums of its bodies.
    pub http_checksum: Option<HttpChecksum>,
    /// Whether its request body needs a checksum.
    #[serde(default)]
    pub http_checksum_required: bool,
    /// Whether its request body may be compressed.
    pub requestcompression: Option<RequestCompression>,
    /// Whether its host is asked for first.
    pub endpointdiscovery: Option<EndpointDiscovery>,
    /// Whether it tells the host of other operations.
    #[serde(default)]
    pub endpointoperation: bool,
    /// HTML.
    pub documentation: Option<String>,
}

/// How an operation is called.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Http {
    /// The HTTP method.
    pub method: Word<Method>,
    /// Such as `/endpoints/{EndpointName}/invocations`.
    pub request_uri: String,
    /// The status of success.
    pub response_code: Option<i64>,
}

/// What is special about an operation's host.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Endpoint {
    /// Goes before the host.
    pub host_prefix: String,
}

/// A setting of the client that the endpoint rules ask for.
#[derive(Debug, Deserialize)]
pub struct ClientContextParam {
    /// HTML.
    pub documentation: Option<String>,
    /// The same as the endpoint rules say.
    pub r#type: Option<String>,
}

/// A value for the endpoint rules.
#[derive(Debug, Deserialize)]
pub struct StaticContextParam {
    /// A string, a boolean or a list of strings.
    pub value: Value,
}

/// A value for the endpoint rules that is taken from the input.
#[derive(Debug, Deserialize)]
pub struct OperationContextParam {
    /// A JMESPath expression.
    pub path: String,
}

/// Checksums of an operation's bodies.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct HttpChecksum {
    /// Whether the request must have one.
    #[serde(default)]
    pub request_checksum_required: bool,
    /// The member that names the algorithm.
    pub request_algorithm_member: Option<String>,
    /// The member that asks for a checksum of the response.
    pub request_validation_mode_member: Option<String>,
    /// The algorithms of responses.
    #[serde(default)]
    pub response_algorithms: Vec<String>,
}

/// How a request body may be compressed.
#[derive(Debug, Deserialize)]
pub struct RequestCompression {
    /// Such as `gzip`.
    pub encodings: Vec<String>,
}

/// How an operation's host is asked for.
#[derive(Debug, Deserialize)]
pub struct EndpointDiscovery {
    /// Whether there is no other way.
    #[serde(default)]
    pub required: bool,
}

/// A use of a shape, with what this use adds or overrides.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Reference {
    /// A key of [`Service::shapes`].
    pub shape: String,
    /// Where a member travels, when it is not in the body.
    pub location: Option<Word<Location>>,
    /// The member's name there.
    pub location_name: Option<String>,
    /// HTML, instead of the shape's.
    pub documentation: Option<String>,
    /// Whether a random value is sent where the caller gives none.
    #[serde(default)]
    pub idempotency_token: bool,
    /// Whether the value is part of the host.
    #[serde(default)]
    pub host_label: bool,
    /// Whether the text is JSON.
    #[serde(default)]
    pub jsonvalue: bool,
    /// Whether it is the whole payload of an event.
    #[serde(default)]
    pub eventpayload: bool,
    /// Whether it is a header of an event.
    #[serde(default)]
    pub eventheader: bool,
    /// Whether the elements of a list or map lie beside the other members.
    #[serde(default)]
    pub flattened: bool,
    /// The member's name in requests of `ec2`.
    pub query_name: Option<String>,
    /// The element around the members of an answer of `query`.
    pub result_wrapper: Option<String>,
    /// The XML namespace of the element.
    pub xml_namespace: Option<XmlNamespace>,
    /// Whether it is an attribute of the structure's element.
    #[serde(default)]
    pub xml_attribute: bool,
    /// How an error travels: the same as its shape says.
    pub error: Option<ErrorTrait>,
    /// Whether it is an error: the same as its shape says.
    #[serde(default)]
    pub exception: bool,
    /// Which parameter of the endpoint rules gets the value.
    pub context_param: Option<ContextParam>,
    /// How a timestamp is written.
    pub timestamp_format: Option<Word<TimestampFormat>>,
    /// Whether the value is large.
    #[serde(default)]
    pub streaming: bool,
    /// Whether the value must not be shown.
    #[serde(default)]
    pub sensitive: bool,
    /// The least value or length.
    pub min: Option<Bound>,
    /// The greatest value or length.
    pub max: Option<Bound>,
    /// A regular expression that the text matches.
    pub pattern: Option<String>,
    /// The values that the text may have.
    pub r#enum: Option<Vec<String>>,
    /// Whether a number may be absent.
    pub r#box: Option<bool>,
    /// Whether it is deprecated.
    #[serde(default)]
    pub deprecated: bool,
    /// Why, and what to use instead.
    pub deprecated_message: Option<String>,
    /// A date.
    pub deprecated_since: Option<String>,
}

/// A parameter of the endpoint rules.
#[derive(Debug, Deserialize)]
pub struct ContextParam {
    /// Its name.
    pub name: String,
}

/// A type.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Shape {
    /// What kind of type it is.
    pub r#type: Word<ShapeType>,
    /// HTML.
    pub documentation: Option<String>,
    /// The members of a structure, by name.
    #[serde(default)]
    pub members: IndexMap<String, Reference>,
    /// The names of the members that a structure must have.
    #[serde(default)]
    pub required: Vec<String>,
    /// The member that is the whole body.
    pub payload: Option<String>,
    /// Whether the elements of a list or map lie beside the other members.
    #[serde(default)]
    pub flattened: bool,
    /// The name of its element in XML, where the member has none of its own.
    pub location_name: Option<String>,
    /// The XML namespace of its element.
    pub xml_namespace: Option<XmlNamespace>,
    /// Whether old tools of `query` left the structure out.
    #[serde(default)]
    pub wrapper: bool,
    /// The order of members in old tools.
    pub xml_order: Option<Vec<String>>,
    /// The elements of a list.
    pub member: Option<Reference>,
    /// The keys of a map.
    pub key: Option<Reference>,
    /// The values of a map.
    pub value: Option<Reference>,
    /// The values that a text may have.
    pub r#enum: Option<Vec<String>>,
    /// The least value or length.
    pub min: Option<Bound>,
    /// The greatest value or length.
    pub max: Option<Bound>,
    /// A regular expression that a text matches.
    pub pattern: Option<String>,
    /// How a timestamp is written.
    pub timestamp_format: Option<Word<TimestampFormat>>,
    /// Whether the value must not be shown.
    #[serde(default)]
    pub sensitive: bool,
    /// Whether a blob is large.
    #[serde(default)]
    pub streaming: bool,
    /// Whether the length of a large blob must be known.
    #[serde(default)]
    pub requires_length: bool,
    /// Whether a list or map may hold nulls.
    #[serde(default)]
    pub sparse: bool,
    /// Whether a structure has exactly one of its members.
    #[serde(default)]
    pub union: bool,
    /// Whether a structure is any JSON.
    #[serde(default)]
    pub document: bool,
    /// Whether a structure is a stream of its members.
    #[serde(default)]
    pub eventstream: bool,
    /// Whether a structure is a member of such a stream.
    #[serde(default)]
    pub event: bool,
    /// Whether a structure is an error.
    #[serde(default)]
    pub exception: bool,
    /// How the error travels.
    pub error: Option<ErrorTrait>,
    /// Whether the service is at fault.
    #[serde(default)]
    pub fault: bool,
    /// Whether the call may be retried.
    pub retryable: Option<Retryable>,
    /// Whether botocore's authors have added the shape.
    #[serde(default)]
    pub synthetic: bool,
    /// Whether a number may be absent.
    pub r#box: Option<bool>,
    /// Whether it is deprecated.
    #[serde(default)]
    pub deprecated: bool,
    /// Why, and what to use instead.
    pub deprecated_message: Option<String>,
    /// A date.
    pub deprecated_since: Option<String>,
}

impl Shape {
    /// Whether it is a string, and no enum.
    pub(crate) fn is_plain_string(&self) -> bool {
        self.r#type == ShapeType::String && self.r#enum.as_ref().is_none_or(Vec::is_empty)
    }
}

/// How an error travels.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ErrorTrait {
    /// Its code, when it is not the shape's name.
    pub code: Option<String>,
    /// The HTTP status.
    pub http_status_code: Option<i64>,
    /// Whether the caller is at fault.
    #[serde(default)]
    pub sender_fault: bool,
}

/// How a call may be retried.
#[derive(Debug, Deserialize)]
pub struct Retryable {
    /// Whether after the longer delay.
    #[serde(default)]
    pub throttling: bool,
}
