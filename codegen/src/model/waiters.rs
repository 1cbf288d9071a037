//! `waiters-2.json`: what to poll until a resource is ready.

use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::Value;

use super::word::{Word, vocabulary};

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
    /// What it means.
    pub state: Word<State>,
    /// What is looked at.
    pub matcher: Word<Matcher>,
    /// A JMESPath expression.
    pub argument: Option<String>,
    /// The value that matches.
    pub expected: Value,
}

vocabulary! {
    /// What an answer means to a waiter.
    pub enum State("state") {
        /// It is as wanted.
        Success = "success",
        /// It will never be.
        Failure = "failure",
        /// It is not yet.
        Retry = "retry",
    }
}

vocabulary! {
    /// What a waiter looks at.
    pub enum Matcher("matcher") {
        /// The value of an expression.
        Path = "path",
        /// All elements of a list.
        PathAll = "pathAll",
        /// Any element of a list.
        PathAny = "pathAny",
        /// The HTTP status.
        Status = "status",
        /// The error.
        Error = "error",
    }
}
