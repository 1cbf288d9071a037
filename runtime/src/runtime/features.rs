//! The parts that only some services need. A client has those that its operations use.

pub mod checksum;
pub mod compression;
#[cfg(feature = "json")]
pub mod document;
pub mod event_stream;
pub mod event_timestamp;
pub mod host_prefix;
pub mod idempotency;
pub mod jmespath;
pub mod paginator;
pub mod readiness;
pub mod required_length;
pub mod timestamp;
#[cfg(feature = "json")]
pub mod unknown_member;
pub mod waiter;
