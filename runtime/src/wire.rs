//! Requests to bytes, and bytes to values.

pub(crate) mod body;
#[cfg(feature = "cbor")]
pub mod cbor;
#[cfg(feature = "checksum")]
pub mod checksum;
#[cfg(feature = "compression")]
pub mod compression;
#[cfg(feature = "document")]
pub(crate) mod document;
pub(crate) mod endpoint;
pub mod endpoint_rules;
#[cfg(all(feature = "event-stream", feature = "timestamp"))]
pub(crate) mod event_timestamp;
#[cfg(feature = "form")]
pub mod form;
#[cfg(feature = "event-stream")]
pub(crate) mod frame;
pub(crate) mod from_header;
#[cfg(feature = "http-checksum")]
pub mod http_checksum;
pub mod jmespath;
pub mod json;
// The generator writes it, in its own format.
#[rustfmt::skip]
pub(crate) mod partitions;
pub mod request;
pub mod required_length;
pub(crate) mod rpc;
mod string_enum;
#[cfg(feature = "timestamp")]
pub mod timestamp;
#[cfg(feature = "tree-hash")]
pub mod tree_hash;
#[cfg(feature = "document")]
pub mod unknown_member;
#[cfg(feature = "xml")]
pub mod xml;
