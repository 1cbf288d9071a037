//! The parts that only some services need.

#[cfg(feature = "checksum")]
pub mod checksum;
#[cfg(feature = "compression")]
pub mod compression;
#[cfg(feature = "document")]
pub mod document;
#[cfg(feature = "event-stream")]
pub mod event_stream;
#[cfg(all(feature = "event-stream", feature = "timestamp"))]
pub mod event_timestamp;
pub mod idempotency;
pub mod jmespath;
#[cfg(feature = "paginator")]
pub mod paginator;
pub mod readiness;
pub mod required_length;
#[cfg(feature = "timestamp")]
pub mod timestamp;
#[cfg(feature = "document")]
pub mod unknown_member;
#[cfg(feature = "waiter")]
pub mod waiter;
