//! `waiters-2.json`: what to poll until a resource is ready.

use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;

/// The whole file.
#[derive(Debug, Default, Deserialize)]
pub struct Waiters {
    /// The version of the format, 2.
    pub version: Option<i64>,
    /// By name.
    pub waiters: IndexMap<String, Waiter>,
}

/// What to poll.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Waiter {
    /// Prose.
    pub description: Option<String>,
    /// The operation to call.
    pub operation: String,
    /// Seconds between two calls.
    pub delay: i64,
    /// How many calls at most.
    pub max_attempts: i64,
    /// The first that matches decides.
    pub acceptors: Vec<Acceptor>,
}

/// What an answer means.
#[derive(Debug, Deserialize)]
pub struct Acceptor {
    /// `success`, `failure` or `retry`.
    pub state: String,
    /// `path`, `pathAll`, `pathAny`, `status` or `error`.
    pub matcher: String,
    /// A JMESPath expression.
    pub argument: Option<String>,
    /// The value that matches.
    pub expected: Value,
}
