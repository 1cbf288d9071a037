//! Stands in for the crate of the runtime.

pub(crate) mod endpoint;
pub(crate) mod endpoint_rules;

pub(crate) use self::endpoint::Endpoint;
pub(crate) use serde_json::json;

pub(crate) mod support {
    pub(crate) use super::endpoint::{EndpointParams, refuse};
    pub(crate) use super::endpoint_rules;
}
