//! JSON, read and written without a tree in between.
//!
//! Generated code is made of calls of [`Reader`] and [`Writer`]: these are not generic, so that it compiles fast. How a
//! type is read and written say [`FromJson`] and [`ToJson`].

mod error;
mod read;
mod types;
mod union;
mod write;

pub use error::Error;
pub use read::{Members, Reader};
pub use types::{FromJson, ToJson, to_bytes};
pub use write::Writer;

/// Whether a body is blank. It then stands for an empty object.
pub fn is_blank(body: &[u8]) -> bool {
    body.trim_ascii().is_empty()
}
