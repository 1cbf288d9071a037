//! Waiters: calls that are repeated until something is as wanted.

use std::time::Duration;

use super::{WaiterState, jmespath};

/// Calls an operation until something is as wanted.
#[derive(Debug)]
pub struct Waiter {
    /// Its name, such as `FunctionActive`.
    pub name: String,
    /// Its type, such as `FunctionActive`.
    pub type_name: String,
    /// The end of its function's name, such as `function_active` of `wait_until_function_active`.
    pub fn_name: String,
    /// Markdown.
    pub docs: String,
    /// An index into [`Service::operations`](super::Service::operations).
    pub operation: usize,
    /// The pause between two calls, at least a second.
    pub delay: Duration,
    /// How often the operation is called at most, if no time is given.
    pub max_attempts: u32,
    /// The first that matches decides.
    pub acceptors: Vec<Acceptor>,
    /// The text of the output that acceptors look at, and its name for people.
    pub state: Option<(String, jmespath::Expression)>,
    /// The field of the output that says why it is in this state.
    pub reason: Option<String>,
}

/// What an answer means to a waiter.
#[derive(Debug, PartialEq)]
pub struct Acceptor {
    /// What it means.
    pub state: WaiterState,
    /// When.
    pub matcher: Matcher,
    /// The expression that it looks at, as the description has it.
    pub argument: Option<String>,
}

/// What a waiter looks at.
#[derive(Debug, PartialEq)]
pub enum Matcher {
    /// The HTTP status is this one.
    Status(u16),
    /// The call fails with an error of this code.
    ErrorCode(String),
    /// The call fails, or succeeds, whatever the error.
    AnyError(bool),
    /// The expression has this value.
    Path(jmespath::Expression, jmespath::Literal),
    /// The list has elements, and all have this value.
    PathAll(jmespath::Expression, jmespath::Literal),
    /// An element of the list has this value.
    PathAny(jmespath::Expression, jmespath::Literal),
}
