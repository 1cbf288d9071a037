//! XML, read and written without a tree in between.
//!
//! Generated code calls [`Reader`] and [`Writer`] once a member. Neither is generic over formats, so that a large client
//! compiles fast. Namespaces are not resolved: elements and attributes are known by their local names.

mod error;
mod error_body;
mod escape;
mod read;
mod token;
mod types;
mod write;

pub use error::Error;
pub use error_body::{ErrorBody, Members, request_id};
pub use read::Reader;
pub use types::{FromXml, Read, ReadMember, ToXml};
pub use write::{Unwritable, Write, Writer};

/// Whether there is no XML at all.
pub fn is_blank(body: &[u8]) -> bool {
    body.trim_ascii().is_empty()
}
