//! The part of the client that is the same for every service.

pub mod body;
pub mod byte_stream;
pub mod call;
#[allow(dead_code, reason = "what is called depends on the service")]
pub mod client;
pub mod clock;
pub mod config;
pub mod credentials;
#[allow(dead_code, reason = "what is called depends on the service")]
pub mod endpoint;
#[allow(dead_code, reason = "what is called depends on the service")]
pub mod endpoint_rules;
pub mod error;
#[allow(dead_code, reason = "what is called depends on the service")]
pub mod features;
pub mod header_names;
pub mod hex;
#[allow(dead_code, reason = "what is called depends on the service")]
pub mod hidden;
pub mod host;
#[allow(dead_code, unused_imports, reason = "what is called depends on the service")]
pub mod json;
pub mod metadata;
pub mod one_line;
pub mod operation;
pub mod percent;
#[allow(dead_code, unused_imports, reason = "what is called depends on the service")]
pub mod request;
#[allow(dead_code, unused_imports, reason = "what is called depends on the service")]
pub mod response;
pub mod retry;
pub mod signing;
#[allow(unused_imports, unused_macros, reason = "a service may have no enums")]
pub mod string_enum;
#[allow(dead_code, reason = "what is called depends on the service")]
pub mod text;
pub mod timeouts;
pub mod transport;
#[allow(dead_code, reason = "what is called depends on the service")]
pub mod unknown;
pub mod user_agent;
pub mod uuid;

/// Any error, as libraries pass it around.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;
