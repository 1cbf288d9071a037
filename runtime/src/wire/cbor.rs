//! CBOR (RFC 8949), read and written without a tree in between.
//!
//! [`Reader`] and [`Writer`] have the interface of those of [`json`](crate::wire::json): generated code differs in the
//! names of module and traits alone.

mod error;
mod item;
mod kind;
mod members;
mod number;
mod read;
#[cfg(feature = "timestamp")]
mod timestamp;
mod types;
mod union;
mod write;

pub use error::Error;
pub use members::Members;
pub use number::Number;
pub use read::Reader;
pub use types::{FromCbor, ToCbor, to_bytes};
pub use write::Writer;
