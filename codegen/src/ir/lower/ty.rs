//! Types: what a reference to a shape is in Rust, and in which places it can travel.

use super::Lowering;
use crate::ir::{Codec, Location, TimestampFormat, Type};
use crate::model::service::{Reference, Shape, ShapeType};
use crate::naming;

/// How many lists and maps may lie one in the other.
pub(super) const DEEPEST: usize = 32;

impl<'m> Lowering<'m> {
    /// The type of the values that a reference names. `None` where it names nothing that makes sense, which has been
    /// reported.
    pub(super) fn ty(&self, reference: &Reference, location: &Location) -> Option<Type> {
        self.ty_within(reference, location, DEEPEST)
    }

    fn ty_within(&self, reference: &Reference, location: &Location, depth: usize) -> Option<Type> {
        let depth = depth.checked_sub(1)?;
        let shape = self.shape(reference)?;
        let part = |part: &Option<Reference>| {
            let ty = self.ty_within(part.as_ref()?, location, depth)?;
            Some(Box::new(ty))
        };
        let name = || naming::type_name(&reference.shape);
        Some(match shape.r#type.known()? {
            ShapeType::String if reference.jsonvalue && matches!(location, Location::Header(_)) => Type::JsonText,
            ShapeType::String if is_enum(shape) => Type::Enum(name()?),
            // One character is a short text.
            ShapeType::String | ShapeType::Character => Type::String,
            ShapeType::Byte => Type::Byte,
            ShapeType::Short => Type::Short,
            ShapeType::Integer => Type::Integer,
            ShapeType::Long => Type::Long,
            ShapeType::Float => Type::Float,
            ShapeType::Double => Type::Double,
            ShapeType::Boolean => Type::Boolean,
            ShapeType::Blob => Type::Blob,
            ShapeType::Timestamp => Type::Timestamp(self.timestamp_format(reference, shape, location)?),
            ShapeType::List => Type::List {
                element: part(&shape.member)?,
                sparse: shape.sparse,
                name: Box::new(self.element(shape.member.as_ref())),
            },
            ShapeType::Map => Type::Map {
                key: part(&shape.key)?,
                value: part(&shape.value)?,
                sparse: shape.sparse,
                names: Box::new(self.entry(shape)),
            },
            ShapeType::Structure if shape.document => Type::Document,
            ShapeType::Structure if shape.eventstream => Type::EventStream(name()?),
            ShapeType::Structure if shape.union => Type::Union(name()?),
            ShapeType::Structure => Type::Structure(name()?),
        })
    }

    fn timestamp_format(&self, reference: &Reference, shape: &Shape, location: &Location) -> Option<TimestampFormat> {
        let written = reference.timestamp_format.as_ref().or(shape.timestamp_format.as_ref());
        match (written, location) {
            (Some(written), _) => written.known(),
            (None, Location::Header(_) | Location::PrefixHeaders(_)) => Some(TimestampFormat::HttpDate),
            (None, Location::Uri | Location::Query(_) | Location::QueryMap) => Some(TimestampFormat::DateTime),
            (None, _) => Some(match self.protocol.writer() {
                Codec::Json | Codec::Cbor => TimestampFormat::EpochSeconds,
                Codec::Xml | Codec::Form { .. } => TimestampFormat::DateTime,
            }),
        }
    }
}

/// Whether a shape is a text with a known set of values.
pub(super) fn is_enum(shape: &Shape) -> bool {
    shape.r#enum.as_ref().is_some_and(|values| !values.is_empty())
}

/// Whether values of a type can travel in a place.
pub(super) fn fits(ty: &Type, location: &Location) -> bool {
    match location {
        Location::Uri => is_text(ty),
        Location::Query(_) => is_text(element(ty)),
        Location::QueryMap => matches!(ty, Type::Map { value, .. } if is_string(element(value))),
        Location::Header(_) => is_text(element(ty)) || *ty == Type::JsonText,
        Location::PrefixHeaders(_) => matches!(ty, Type::Map { value, .. } if is_string(value)),
        Location::Payload | Location::EventPayload => match ty {
            Type::String | Type::Blob | Type::Document => true,
            Type::Enum(_) | Type::Structure(_) | Type::Union(_) => true,
            // An output has these, an event has not.
            Type::EventStream(_) | Type::List { .. } | Type::Map { .. } => *location == Location::Payload,
            _ => false,
        },
        Location::Body(_) => !holds_events(ty),
        Location::Attribute(_) => is_text(ty),
        Location::StatusCode => *ty == Type::Integer,
        Location::EventHeader(_) => match ty {
            Type::Float | Type::Double => false,
            ty => is_text(ty) || *ty == Type::Blob,
        },
    }
}

/// Whether a type is a stream of events, or lists or maps of such.
fn holds_events(ty: &Type) -> bool {
    match ty {
        Type::EventStream(_) => true,
        Type::List { element: inner, .. } | Type::Map { value: inner, .. } => holds_events(inner),
        _ => false,
    }
}

/// What a list has in it; anything else as it is.
fn element(ty: &Type) -> &Type {
    match ty {
        Type::List { element, .. } => element,
        ty => ty,
    }
}

fn is_string(ty: &Type) -> bool {
    matches!(ty, Type::String | Type::Enum(_))
}

/// Whether there is a short text for each value.
fn is_text(ty: &Type) -> bool {
    let is_number = matches!(
        ty,
        Type::Byte | Type::Short | Type::Integer | Type::Long | Type::Float | Type::Double
    );
    is_number || matches!(ty, Type::String | Type::Enum(_) | Type::Boolean | Type::Timestamp(_))
}

/// What messages call a type.
pub(super) fn noun(ty: &Type) -> &'static str {
    match ty {
        Type::String => "string",
        Type::JsonText => "JSON text",
        Type::Byte => "byte",
        Type::Short => "short",
        Type::Integer => "integer",
        Type::Long => "long",
        Type::Float => "float",
        Type::Double => "double",
        Type::Boolean => "boolean",
        Type::Blob => "blob",
        Type::Timestamp(_) => "timestamp",
        Type::Document => "document",
        Type::Enum(_) => "enumeration",
        Type::Structure(_) => "structure",
        Type::Union(_) => "union",
        Type::EventStream(_) => "event stream",
        Type::List { .. } => "list",
        Type::Map { .. } => "map",
    }
}
