//! What comes back: bodies, streams, outputs, and errors that the service reports.

#[cfg(feature = "blocking")]
pub(crate) mod blocking;
pub(crate) mod byte_stream;
pub(crate) mod error_response;
#[cfg(feature = "event-stream")]
pub mod event_stream;
pub mod idempotency;
pub(crate) mod operation;
pub mod response;
pub(crate) mod response_body;
pub(crate) mod service;
pub(crate) mod split;
