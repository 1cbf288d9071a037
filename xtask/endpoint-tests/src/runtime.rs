//! Stands in for the runtime of a client.

pub(crate) mod endpoint;
pub(crate) mod endpoint_rules;
