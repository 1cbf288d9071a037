//! What shapes are, and in which places they can travel.

use crate::ir::{Location, Type};
use crate::model::service::{Reference, Shape};

/// What a member's shape is, with what its reference says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A type of the IR.
    Plain(Type),
    /// A number or text of a size that the IR does not have.
    Narrow(&'static str),
    Enum,
    Timestamp,
    List,
    Map,
    Structure,
    Union,
    Document,
    EventStream,
}

/// Whether a kind can travel in a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fit {
    Type(Type),
    /// It can, but cannot be generated yet.
    NotYet,
    Never,
}

impl Kind {
    /// `None` where the type is not known, which has been reported already.
    pub(super) fn of(shape: &Shape, reference: &Reference) -> Option<Self> {
        Some(match shape.r#type.as_str() {
            "string" if shape.r#enum.is_some() || reference.r#enum.is_some() => Self::Enum,
            "string" => Self::Plain(Type::String),
            "integer" => Self::Plain(Type::Integer),
            "long" => Self::Plain(Type::Long),
            "float" => Self::Plain(Type::Float),
            "double" => Self::Plain(Type::Double),
            "boolean" => Self::Plain(Type::Boolean),
            "blob" => Self::Plain(Type::Blob),
            "byte" => Self::Narrow("byte"),
            "short" => Self::Narrow("short"),
            "character" => Self::Narrow("character"),
            "timestamp" => Self::Timestamp,
            "list" => Self::List,
            "map" => Self::Map,
            "structure" if shape.document => Self::Document,
            "structure" if shape.eventstream => Self::EventStream,
            "structure" if shape.union => Self::Union,
            "structure" => Self::Structure,
            _ => return None,
        })
    }

    /// What messages call it.
    pub(super) fn noun(self) -> &'static str {
        match self {
            Self::Plain(Type::String) => "string",
            Self::Plain(Type::Integer) => "integer",
            Self::Plain(Type::Long) => "long",
            Self::Plain(Type::Float) => "float",
            Self::Plain(Type::Double) => "double",
            Self::Plain(Type::Boolean) => "boolean",
            Self::Plain(Type::Blob) => "blob",
            Self::Narrow(noun) => noun,
            Self::Enum => "enumeration",
            Self::Timestamp => "timestamp",
            Self::List => "list",
            Self::Map => "map",
            Self::Structure => "structure",
            Self::Union => "union",
            Self::Document => "document",
            Self::EventStream => "event stream",
        }
    }

    pub(super) fn fit(self, location: &Location) -> Fit {
        use Type::{Blob, Boolean, Double, Float, Integer, Long, String};
        match (location, self) {
            (Location::Uri, Self::Plain(ty @ (String | Integer | Long | Boolean))) => Fit::Type(ty),
            (Location::Uri, Self::Plain(Float | Double)) => Fit::NotYet,
            (Location::Uri, Self::Enum | Self::Timestamp | Self::Narrow(_)) => Fit::NotYet,
            (Location::Uri, _) => Fit::Never,

            (Location::Header(_), Self::Plain(Blob)) => Fit::Never,
            (Location::Header(_), Self::Plain(ty)) => Fit::Type(ty),
            (Location::Header(_), Self::Enum | Self::Timestamp | Self::Narrow(_) | Self::List) => Fit::NotYet,
            (Location::Header(_), _) => Fit::Never,

            (Location::Payload, Self::Plain(Blob)) => Fit::Type(Blob),
            (Location::Payload, Self::Plain(String) | Self::Enum | Self::Structure) => Fit::NotYet,
            (Location::Payload, Self::Union | Self::Document | Self::EventStream) => Fit::NotYet,
            (Location::Payload, _) => Fit::Never,

            (Location::StatusCode, Self::Plain(Integer)) => Fit::Type(Integer),
            (Location::StatusCode, _) => Fit::Never,

            (Location::Body(_), Self::Plain(Blob)) => Fit::NotYet,
            (Location::Body(_), Self::Plain(ty)) => Fit::Type(ty),
            (Location::Body(_), _) => Fit::NotYet,
        }
    }
}
