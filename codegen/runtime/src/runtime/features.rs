//! The parts that only some services need. A client has those that its operations use.

pub mod checksum;
pub mod compression;
pub mod event_stream;
pub mod host_prefix;
pub mod idempotency;
pub mod jmespath;
pub mod paginator;
pub mod required_length;
pub mod waiter;
