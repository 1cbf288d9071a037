//! The hand-written part of every generated client.
//!
//! `src/runtime.rs` and `src/runtime/` go verbatim into each generated crate, at the same place. What differs between
//! services they find in `crate::service`, which the generator writes; [`service`] stands in for it here.

#![allow(dead_code, reason = "generated code calls what nothing here does")]

#[cfg(test)]
mod error_tests;
#[cfg(test)]
mod event_stream_tests;
#[cfg(test)]
mod retry_tests;
pub mod runtime;
pub mod service;
#[cfg(test)]
mod transport_tests;

// What a generated crate has at its root, where the documentation of the runtime links to it.
pub use runtime::body::Body;
pub use runtime::byte_stream::ByteStream;
pub use runtime::call::CallOptions;
pub use runtime::client::Client;
pub use runtime::config::ClientBuilder;
pub use runtime::credentials::{Credentials, CredentialsSource};
pub use runtime::endpoint::Endpoint;
pub use runtime::error::Error;
pub use runtime::features::event_stream::EventStream;
pub use runtime::metadata::ResponseMetadata;
pub use runtime::operation::{Auth, Operation, RequestSettings};
pub use runtime::retry::Retries;
pub use runtime::timeouts::Timeouts;
pub use runtime::transport::Pool;
