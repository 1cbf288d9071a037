//! The part of the client that is the same for every service.

pub mod body;
pub mod byte_stream;
pub mod call;
pub mod client;
pub mod clock;
pub mod config;
pub mod credentials;
pub mod duration;
pub mod endpoint;
pub mod endpoint_rules;
pub mod error;
pub mod features;
pub mod from_header;
pub mod header_names;
pub mod hex;
pub mod hidden;
pub mod host;
pub mod json;
pub mod metadata;
pub mod one_line;
pub mod operation;
pub mod percent;
pub mod request;
pub mod response;
pub mod response_body;
pub mod retry;
pub mod service;
pub mod signing;
pub mod string_enum;
pub mod text;
pub mod timeouts;
pub mod transport;
pub mod unknown;
pub mod user_agent;
pub mod uuid;

/// Any error, as libraries pass it around.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;
