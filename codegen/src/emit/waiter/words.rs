//! Waiters in words: how often they call, and what ends them.

use crate::ir::jmespath::Literal;
use crate::ir::{Acceptor, Matcher, Operation, Waiter, WaiterState};
use crate::markdown::code_span;

/// Documentation of a waiter's type: what each answer means.
pub(super) fn type_docs(waiter: &Waiter, operation: &Operation) -> String {
    let acceptors: String = waiter
        .acceptors
        .iter()
        .map(|acceptor| {
            format!(
                "\n- {}: {}",
                condition(acceptor, operation),
                consequence(acceptor.state)
            )
        })
        .collect();
    format!(
        "{}\n\nThe first of these that holds for an answer decides:\n{acceptors}\n\n\
         An output that matches none continues the wait; an error that matches none ends it.\n\n\
         See [`Client::wait_until_{function}`](crate::Client::wait_until_{function}).",
        summary(waiter, operation),
        function = waiter.fn_name,
    )
}

/// Documentation of the function of the client.
pub(super) fn method_docs(waiter: &Waiter, operation: &Operation) -> String {
    let function = operation.fn_name.trim_start_matches("r#");
    let seconds = waiter.delay.as_secs();
    let every = match seconds {
        1 => "every second".to_owned(),
        seconds => format!("every {seconds} s"),
    };
    format!(
        "Waits until `{name}`.\n\n{summary}\n\n\
         Calls [`{operation}`](crate::Client::{function}) {every};\n\
         [`waiter::{type_name}`](crate::waiter::{type_name}) lists what ends the wait.\n\
         `wait`, in place of `send`, takes the time limit: the description of the service suggests {whole} s.",
        name = waiter.name,
        summary = summary(waiter, operation),
        operation = operation.name,
        type_name = waiter.type_name,
        whole = suggested_seconds(waiter),
    )
}

/// How long the description would have people wait.
pub(super) fn suggested_seconds(waiter: &Waiter) -> u64 {
    waiter.delay.as_secs() * u64::from(waiter.max_attempts)
}

fn summary(waiter: &Waiter, operation: &Operation) -> String {
    match waiter.docs.trim() {
        "" => format!("Polls `{}` for `{}`.", operation.name, waiter.name),
        docs => docs.to_owned(),
    }
}

fn condition(acceptor: &Acceptor, operation: &Operation) -> String {
    let argument = argument(acceptor.argument.as_deref().unwrap_or_default(), operation);
    match &acceptor.matcher {
        Matcher::Status(status) => format!("the HTTP status is {status}"),
        Matcher::ErrorCode(code) => format!("the call fails with {}", code_span(code)),
        Matcher::AnyError(true) => "the service answers with an error".to_owned(),
        Matcher::AnyError(false) => "the call succeeds".to_owned(),
        Matcher::Path(_, literal) => format!("{argument} is {}", value(literal)),
        Matcher::PathAll(_, literal) => format!("{argument} has elements, and each is {}", value(literal)),
        Matcher::PathAny(_, literal) => format!("an element of {argument} is {}", value(literal)),
    }
}

/// The expression that a waiter looks at. A member of the output is a link to it.
fn argument(expression: &str, operation: &Operation) -> String {
    let code = code_span(expression);
    let mut members = operation.output.iter();
    match members.find(|member| member.name == expression && !member.field.starts_with("r#")) {
        Some(member) => {
            let (module, name) = (&operation.fn_name, &operation.type_name);
            format!("[{code}](crate::operation::{module}::{name}Output::{})", member.field)
        }
        None => code,
    }
}

fn value(literal: &Literal) -> String {
    match literal {
        Literal::Text(text) => code_span(text),
        Literal::Integer(number) => number.to_string(),
        Literal::Float(number) => number.to_string(),
        Literal::Boolean(value) => value.to_string(),
        Literal::Null => "missing".to_owned(),
    }
}

fn consequence(state: WaiterState) -> &'static str {
    match state {
        WaiterState::Success => "the wait succeeds",
        WaiterState::Failure => "the wait fails",
        WaiterState::Retry => "the wait continues",
    }
}
