//! The part of the client that is the same for every service.

pub mod body;
pub mod byte_stream;
pub mod call;
pub mod client;
pub mod config;
pub mod connect;
pub mod credentials;
#[allow(dead_code, reason = "what is called depends on the service")]
pub mod endpoint;
pub mod error;
#[allow(dead_code, reason = "what is called depends on the service")]
pub mod hidden;
#[allow(dead_code, reason = "what is called depends on the service")]
pub mod json;
pub mod one_line;
pub mod operation;
#[allow(dead_code, reason = "what is called depends on the service")]
pub mod request;
#[allow(dead_code, reason = "what is called depends on the service")]
pub mod response;
pub mod retry;
pub mod signing;
pub mod timeouts;
pub mod transport;
pub mod user_agent;

/// Any error, as libraries pass it around.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;
