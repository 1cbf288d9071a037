//! Waiters: what is called, and what each answer means.

use std::time::Duration;

use serde_json::Value;

use super::jmespath::{Scope, compare, element_kind, literal_expression, subject};
use super::types::Types;
use super::{Lowering, docs};
use crate::ir::jmespath::{Comparator, Expression, Form, Kind, Literal};
use crate::ir::{Acceptor, Matcher, Member, Operation, Type, Waiter};
use crate::model::waiters;
use crate::naming;
use crate::source::{File, JsonPath};

/// What descriptions call the member that says why something is in its state, such as why it has failed.
const REASONS: [&str; 4] = ["FailureReason", "StateReason", "StatusMessage", "StatusReason"];

impl Lowering<'_> {
    /// All waiters but those of operations that are not generated.
    pub(super) fn waiters(&mut self, operations: &[Operation], types: &Types) -> Vec<Waiter> {
        let root = JsonPath::root(File::Waiters).key("waiters");
        let mut waiters: Vec<Waiter> = Vec::new();
        for (name, waiter) in &self.model.waiters.waiters {
            let path = root.key(name);
            let Some(operation) = operations
                .iter()
                .position(|operation| operation.name == waiter.operation)
            else {
                continue;
            };
            let scope = Scope {
                output: &operations[operation].output,
                types,
            };
            let Some(waiter) = self.waiter(name, waiter, (operation, &operations[operation]), scope, &path) else {
                continue;
            };
            let function = format!("wait_until_{}", waiter.fn_name);
            let other_waiter = waiters.iter().find(|other| other.fn_name == waiter.fn_name);
            let operation = operations.iter().find(|operation| operation.fn_name == function);
            if let Some(other) = other_waiter
                .map(|other| &other.name)
                .or(operation.map(|other| &other.name))
            {
                let message = format!("`{other}` and `{name}` both become `{function}` in Rust");
                self.error(&path.name(), message, "rename the waiter: its name is not sent");
            }
            waiters.push(waiter);
        }
        waiters
    }

    fn waiter(
        &mut self,
        name: &str,
        waiter: &waiters::Waiter,
        (index, operation): (usize, &Operation),
        scope: Scope<'_>,
        path: &JsonPath,
    ) -> Option<Waiter> {
        if operation.input.iter().any(|member| member.is_stream()) {
            let message = format!("operation `{}` sends a payload, which may be a stream", operation.name);
            self.error(
                &path.key("operation"),
                message,
                "remove the waiter: such a call cannot be made again",
            );
            return None;
        }
        let names = naming::waiter_fn(name).zip(naming::waiter_type(name));
        if names.is_none() {
            let message = format!("no Rust name can be made of the waiter `{name}`");
            self.error(
                &path.name(),
                message,
                "rename it to ASCII letters and digits: its name is not sent",
            );
        }
        let delay = self.positive(waiter.delay, &path.key("delay"), "seconds");
        let max_attempts = self.positive(waiter.max_attempts, &path.key("maxAttempts"), "calls");
        let at = path.key("acceptors");
        let acceptors = waiter.acceptors.iter().enumerate();
        let acceptors: Vec<Option<Acceptor>> = acceptors
            .map(|(index, acceptor)| self.acceptor(acceptor, scope, &at.index(index)))
            .collect();
        let acceptors = acceptors.into_iter().collect::<Option<Vec<_>>>()?;
        let (fn_name, type_name) = names?;
        Some(Waiter {
            name: name.to_owned(),
            type_name,
            fn_name,
            docs: docs(waiter.description.as_deref(), false, None),
            operation: index,
            delay: Duration::from_secs(delay?.into()),
            max_attempts: max_attempts?,
            reason: reason(operation),
            state: state(waiter, &acceptors),
            acceptors,
        })
    }

    fn positive(&mut self, number: i64, path: &JsonPath, unit: &str) -> Option<u32> {
        let value = u32::try_from(number).ok().filter(|number| *number > 0);
        if value.is_none() {
            self.error(
                path,
                format!("{number} is not a number of {unit}"),
                "write a whole number from 1",
            );
        }
        value
    }

    fn acceptor(&mut self, acceptor: &waiters::Acceptor, scope: Scope<'_>, path: &JsonPath) -> Option<Acceptor> {
        let state = acceptor.state.check(&path.key("state"), &mut self.reporter);
        let matcher = self.matcher(acceptor, scope, path);
        Some(Acceptor {
            state: state?,
            matcher: matcher?,
            argument: acceptor.argument.clone(),
        })
    }

    fn matcher(&mut self, acceptor: &waiters::Acceptor, scope: Scope<'_>, path: &JsonPath) -> Option<Matcher> {
        let expected_path = path.key("expected");
        match acceptor.matcher.check(&path.key("matcher"), &mut self.reporter)? {
            waiters::Matcher::Status => {
                let status = acceptor.expected.as_u64().and_then(|status| u16::try_from(status).ok());
                let status = status.filter(|status| (100..600).contains(status));
                if status.is_none() {
                    self.error(
                        &expected_path,
                        "this is no HTTP status",
                        "write a number from 100 to 599",
                    );
                }
                status.map(Matcher::Status)
            }
            waiters::Matcher::Error => match &acceptor.expected {
                Value::String(code) => Some(Matcher::ErrorCode(code.clone())),
                Value::Bool(fails) => Some(Matcher::AnyError(*fails)),
                _ => {
                    let help = "write the code of an error, or true for any error and false for none";
                    self.error(&expected_path, "this is not an error", help);
                    None
                }
            },
            matcher @ (waiters::Matcher::Path | waiters::Matcher::PathAll | waiters::Matcher::PathAny) => {
                let Some(argument) = &acceptor.argument else {
                    let help = "add an `argument`: what to look at, in JMESPath";
                    self.error(path, "there is nothing to look at", help);
                    return None;
                };
                let expression = self.expression(scope.lower(argument), &path.key("argument"))?;
                let expected = self.expected(acceptor, &expression, path)?;
                Some(match matcher {
                    waiters::Matcher::Path => Matcher::Path(expression, expected),
                    waiters::Matcher::PathAll => Matcher::PathAll(expression, expected),
                    _ => Matcher::PathAny(expression, expected),
                })
            }
        }
    }

    /// The value that an expression, or the elements of one, are compared with, as one of their type.
    fn expected(&mut self, acceptor: &waiters::Acceptor, expression: &Expression, path: &JsonPath) -> Option<Literal> {
        let literal = match &acceptor.expected {
            Value::Null => Some(Literal::Null),
            Value::Bool(value) => Some(Literal::Boolean(*value)),
            Value::String(text) => Some(Literal::Text(text.clone())),
            Value::Number(number) => match number.as_i64() {
                Some(number) => Some(Literal::Integer(number)),
                None => number.as_f64().map(Literal::Float),
            },
            Value::Array(_) | Value::Object(_) => None,
        };
        let Some(literal) = literal else {
            let help = "write a string, a number, true, false or null";
            self.error(&path.key("expected"), "lists and objects cannot be compared with", help);
            return None;
        };
        let element = match acceptor.matcher == waiters::Matcher::Path {
            true => Ok(expression.clone()),
            false => element_kind(expression).map(subject),
        };
        let comparison = element.and_then(|element| compare(element, Comparator::Equal, literal_expression(literal)));
        let comparison = self.expression(comparison, &path.key("argument"))?;
        match comparison.form {
            Form::Compare(_, _, right) => match right.form {
                Form::Literal(literal) => Some(literal),
                _ => None,
            },
            _ => None,
        }
    }
}

/// The first member of the output that says why something is in its state, if it may be shown.
fn reason(operation: &Operation) -> Option<String> {
    let mut output = operation.output.iter();
    let is_reason = |member: &&Member| {
        let is_shown = member.ty == Type::String && !member.required && !member.sensitive;
        is_shown && REASONS.contains(&member.name.as_str())
    };
    output.find(is_reason).map(|member| member.field.clone())
}

/// The first text that a waiter looks at, if it may be shown.
fn state(waiter: &waiters::Waiter, acceptors: &[Acceptor]) -> Option<(String, Expression)> {
    let arguments = waiter.acceptors.iter().map(|acceptor| acceptor.argument.as_ref());
    arguments
        .zip(acceptors)
        .find_map(|(argument, acceptor)| match &acceptor.matcher {
            Matcher::Path(expression, _) if expression.kind == Kind::Text && !expression.is_sensitive() => {
                Some((argument?.clone(), expression.clone()))
            }
            _ => None,
        })
}
