//! Members and types: what travels in requests, responses and events.

use super::{Bound, ElementName, Name, Namespace, TimestampFormat};

/// A member of an input, an output, an error or a structure.
#[derive(Debug)]
pub struct Member {
    /// Its name in the description, such as `EndpointName`.
    pub name: String,
    /// Its field and setter, such as `endpoint_name`. It may be a raw identifier.
    pub field: String,
    /// Markdown.
    pub docs: String,
    /// Why it is deprecated, in one line.
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
    /// Whether only what follows its last `/` is sent.
    pub bare_id: bool,
    /// Whether it is a URL whose scheme, host and port the request is sent to.
    pub origin: bool,
    /// What callers have to do that other SDKs do for them. The documentation has it.
    pub caveat: Option<&'static str>,
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
    /// One of a set of texts: a key of [`Service::types`](super::Service::types).
    Enum(String),
    /// A key of [`Service::types`](super::Service::types).
    Structure(String),
    /// One of several members: a key of [`Service::types`](super::Service::types).
    Union(String),
    /// Events, one after the other: a key of [`Service::types`](super::Service::types).
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
    /// Why it is deprecated, in one line.
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
    /// Its structure: a key of [`Service::types`](super::Service::types). Where its members travel depends on the event.
    pub structure: String,
}
