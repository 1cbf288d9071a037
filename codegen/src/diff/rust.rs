//! Types and places as users see them.

use crate::emit::limits_in_words;
use crate::ir::{Bound, ElementName, Location, Member, Name, Namespace, TimestampFormat, Type};

/// What a member belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Owner {
    Input,
    Output,
    /// A structure, and whether requests have it.
    Structure {
        sent: bool,
    },
    /// All its members are optional.
    Error,
}

impl Owner {
    /// Whether a builder asks for its required members.
    pub(super) fn has_builder(self) -> bool {
        matches!(self, Self::Input | Self::Structure { sent: true })
    }

    /// Whether the field of a member always has a value.
    fn is_plain(self, member: &Member) -> bool {
        match self {
            Self::Input | Self::Structure { .. } => member.required,
            Self::Output => member.required || member.is_stream(),
            Self::Error => false,
        }
    }
}

/// The type of a field.
pub(super) fn field_type(member: &Member, owner: Owner) -> String {
    let mut ty = match (&member.location, &member.ty, owner) {
        (Location::Payload, Type::Blob, Owner::Input) => "Body".to_owned(),
        (Location::Payload, Type::Blob, Owner::Output) => "ByteStream".to_owned(),
        (_, ty, _) => value_type(ty),
    };
    if member.boxed {
        ty = format!("Box<{ty}>");
    }
    if owner.is_plain(member) {
        ty
    } else {
        format!("Option<{ty}>")
    }
}

/// The type of a value.
pub(super) fn value_type(ty: &Type) -> String {
    let element = |ty: &Type, sparse: bool| match sparse {
        true => format!("Option<{}>", value_type(ty)),
        false => value_type(ty),
    };
    match ty {
        Type::String | Type::JsonText => "String".to_owned(),
        Type::Byte => "i8".to_owned(),
        Type::Short => "i16".to_owned(),
        Type::Integer => "i32".to_owned(),
        Type::Long => "i64".to_owned(),
        Type::Float => "f32".to_owned(),
        Type::Double => "f64".to_owned(),
        Type::Boolean => "bool".to_owned(),
        Type::Blob => "Bytes".to_owned(),
        Type::Timestamp(_) => "DateTime".to_owned(),
        Type::Document => "Document".to_owned(),
        Type::Enum(name) | Type::Structure(name) | Type::Union(name) => name.clone(),
        Type::EventStream(name) => format!("EventStream<{name}>"),
        Type::List {
            element: ty, sparse, ..
        } => format!("Vec<{}>", element(ty, *sparse)),
        Type::Map { key, value, sparse, .. } => format!("HashMap<{}, {}>", value_type(key), element(value, *sparse)),
    }
}

/// How values of the type are written where its Rust type does not tell.
pub(super) fn encoding(ty: &Type) -> &'static str {
    match ty {
        Type::JsonText => "as JSON in Base64",
        Type::Timestamp(TimestampFormat::DateTime) => "as an ISO 8601 date",
        Type::Timestamp(TimestampFormat::HttpDate) => "as an HTTP date",
        Type::Timestamp(TimestampFormat::EpochSeconds) => "as seconds since 1970",
        Type::List { element: inner, .. } | Type::Map { value: inner, .. } => encoding(inner),
        _ => "as usual",
    }
}

/// Where a member travels.
pub(super) fn place(location: &Location) -> String {
    match location {
        Location::Uri => "in the path".to_owned(),
        Location::Query(name) => format!("in the query as `{name}`"),
        Location::QueryMap => "in the query, an entry each".to_owned(),
        Location::Header(name) => format!("in the header `{name}`"),
        Location::PrefixHeaders(prefix) => format!("in headers that begin with `{prefix}`"),
        Location::Payload => "as the payload".to_owned(),
        Location::Body(Name { sent, received }) if sent == received => format!("in the body as `{sent}`"),
        Location::Body(Name { sent, received }) => {
            format!("in bodies as `{sent}`, in those of answers as `{received}`")
        }
        Location::Attribute(name) => format!("in the attribute `{name}`"),
        Location::StatusCode => "as the HTTP status".to_owned(),
        Location::EventHeader(name) => format!("in the event header `{name}`"),
        Location::EventPayload => "as the payload of the event".to_owned(),
    }
}

/// What a member is made of where bodies have elements, or forms with the names of elements.
pub(super) fn markup(member: &Member) -> String {
    let mut parts = vec![if member.flattened { "flattened" } else { "an element" }.to_owned()];
    let mut ty = &member.ty;
    // The elements of a flattened list have the name of the member.
    let mut is_named = !member.flattened;
    loop {
        ty = match ty {
            Type::List { element, name, .. } => {
                let ElementName { name, namespace } = &**name;
                let name = format!("with elements `{name}`{}", in_namespace(namespace.as_ref()));
                parts.extend(std::mem::replace(&mut is_named, true).then_some(name));
                element
            }
            Type::Map { value, names, .. } => {
                let [key, content] = [&names[0].name, &names[1].name];
                parts.push(format!("with entries of `{key}` and `{content}`"));
                value
            }
            _ => break,
        };
    }
    parts.join(" ") + &in_namespace(member.namespace.as_ref())
}

/// The namespace that an element declares.
pub(super) fn in_namespace(namespace: Option<&Namespace>) -> String {
    match namespace {
        None => String::new(),
        Some(Namespace { prefix, uri }) if prefix.is_empty() => format!(" in the namespace `{uri}`"),
        Some(Namespace { prefix, uri }) => format!(" with the prefix `{prefix}` for the namespace `{uri}`"),
    }
}

/// The limits of a member's values in words. That a length is at least 0 is no limit.
pub(super) fn limits(member: &Member, with_pattern: bool) -> String {
    let mut limits = member.limits.clone();
    limits.pattern = limits.pattern.filter(|_| with_pattern);
    let is_number = matches!(
        member.ty,
        Type::Byte | Type::Short | Type::Integer | Type::Long | Type::Float | Type::Double
    );
    limits.min = limits.min.filter(|min| is_number || *min != Bound::Integer(0));
    limits_in_words(&limits, &member.ty).unwrap_or_else(|| "none".to_owned())
}
