//! The errors of the service.

use indexmap::IndexMap;

use super::member::{Owner, Side};
use super::operation::Errors;
use super::selection::Selection;
use super::{Lowering, docs};
use crate::ir::{ErrorMember, ErrorShape, Location, Member, Retry, Type};
use crate::model::service::{Operation, Shape, ShapeType};
use crate::naming::{self, Scope};
use crate::source::JsonPath;

impl<'m> Lowering<'m> {
    /// The errors that a response to the selected operations may carry.
    pub(super) fn errors(&mut self, selection: &Selection<'m>) -> Errors<'m> {
        let mut types = Scope::default();
        let mut codes = Scope::default();
        let mut errors = IndexMap::new();
        for (name, shape) in &self.model.service.shapes {
            if !shape.exception || !self.can_occur(name, selection) {
                continue;
            }
            let Some(error) = self.error_shape(name, shape) else {
                continue;
            };
            if let Some(other) = types.claim(&error.type_name, name) {
                self.error(
                    &self.shape_path(name).name(),
                    format!("`{other}` and `{name}` both become `{}` in Rust", error.type_name),
                    "rename one of them and keep its name on the wire as `error.code`",
                );
            } else if let Some(other) = codes.claim(&error.code, name)
                && !self.is_query_compatible()
            {
                self.error(
                    &self.shape_path(name).key("error").key("code"),
                    format!("`{other}` and `{name}` both have the code `{}`", error.code),
                    "give each error a code of its own",
                );
            }
            errors.insert(name.as_str(), error);
        }
        set_texts(&mut errors);
        errors
    }

    /// Errors that no operation and no stream of events lists may come from any operation.
    pub(super) fn can_occur(&self, name: &str, selection: &Selection<'m>) -> bool {
        let service = &self.model.service;
        let lists = |operation: &Operation| {
            operation.errors.iter().any(|error| error.shape == name) || self.streams(operation, name)
        };
        let is_listed = service.operations.values().any(lists);
        !is_listed || selection.values().any(|(operation, _)| lists(operation))
    }

    /// Whether an error is among the events that an operation answers with.
    fn streams(&self, operation: &Operation, error: &str) -> bool {
        let stream = self.stream_in(operation.output.as_ref());
        stream.is_some_and(|stream| stream.members.values().any(|event| event.shape == error))
    }

    fn error_shape(&mut self, name: &'m str, shape: &'m Shape) -> Option<ErrorShape> {
        let path = self.shape_path(name);
        if shape.r#type != ShapeType::Structure {
            self.error(
                &path.key("type"),
                format!("the exception `{name}` has the type `{}`", shape.r#type),
                "make it a `structure`, or remove `exception`",
            );
            return None;
        }
        if let Some(payload) = &shape.payload {
            self.error(
                &path.key("payload"),
                format!("the exception `{name}` has the payload `{payload}`"),
                "remove `payload`: the body of an error is a JSON object with its members",
            );
            return None;
        }
        let type_name = naming::type_name(name);
        if type_name.is_none() {
            let message = format!("no Rust name can be made of the error `{name}`");
            let help = "rename it to ASCII letters and digits, and keep its name on the wire as `error.code`";
            self.error(&path.name(), message, help);
        }
        let code = shape.error.as_ref().and_then(|error| error.code.clone());
        let status = self.error_status(shape, &path);
        let fault = shape.fault || status.is_some_and(|status| status >= 500);
        let (message, members) = self.error_members(name, shape);
        Some(ErrorShape {
            code: code.unwrap_or_else(|| name.to_owned()),
            texts: Vec::new(),
            type_name: type_name?,
            docs: docs(
                shape.documentation.as_deref(),
                shape.deprecated,
                shape.deprecated_message.as_deref(),
            ),
            status,
            fault,
            retry: self.retry(name, shape, fault),
            hides_message: members
                .iter()
                .any(|ErrorMember { member, .. }| self.is_message(member, shape) && member.sensitive),
            members,
            message,
        })
    }

    /// Services spell it `message` or `Message`, unless they are known for another name.
    fn is_message(&self, member: &Member, shape: &Shape) -> bool {
        let mut names = self.model.client.error_message.iter();
        let is_named = match names.find(|name| shape.members.contains_key(*name)) {
            Some(name) => member.name == *name,
            None => matches!(&member.location, Location::Body(name) if name.received.eq_ignore_ascii_case("message")),
        };
        is_named && matches!(member.location, Location::Body(_)) && member.ty == Type::String
    }

    fn error_status(&mut self, shape: &Shape, path: &JsonPath) -> Option<u16> {
        let code = shape.error.as_ref()?.http_status_code?;
        let status = u16::try_from(code).ok().filter(|status| (400..600).contains(status));
        if status.is_none() {
            self.error(
                &path.key("error").key("httpStatusCode"),
                format!("{code} is not an error status"),
                "use a status from 400 to 599, or leave the key out",
            );
        }
        status
    }

    /// The message, and the other members.
    fn error_members(&mut self, name: &'m str, shape: &'m Shape) -> (Option<Member>, Vec<ErrorMember>) {
        let owner = Owner {
            side: Side::Error,
            subject: format!("exception `{name}`"),
            name,
            shape,
            only_received: true,
        };
        let labels = self.model.client.error_details.get(name);
        let mut message = None;
        let mut members = Vec::new();
        for member in self.members(&owner) {
            // A message that must not be shown is a member like any other.
            if message.is_none() && self.is_message(&member, shape) && !member.sensitive {
                let field = "message".to_owned();
                message = Some(Member { field, ..member });
            } else {
                let label = labels.and_then(|labels| labels.get(&member.name));
                let label = label.cloned();
                let label = label.unwrap_or_else(|| naming::words(&member.name));
                members.push(ErrorMember { member, label });
            }
        }
        (message, members)
    }

    /// How the error may be retried, by `client.json` or the description. A failure of the service in a stream of events
    /// has no status that says so.
    fn retry(&self, name: &str, shape: &Shape, fault: bool) -> Option<Retry> {
        let names = |list: &[String]| list.iter().any(|other| other == name);
        let retries = &self.model.client.retries;
        if names(&retries.throttling) {
            return Some(Retry::Throttling);
        }
        if names(&retries.transient) {
            return Some(Retry::Transient);
        }
        if names(&retries.not_ready) {
            return Some(Retry::NotReady);
        }
        match &shape.retryable {
            Some(retryable) if retryable.throttling => Some(Retry::Throttling),
            Some(_) => Some(Retry::Transient),
            None => (fault && self.is_in_stream(name)).then_some(Retry::Transient),
        }
    }

    fn is_in_stream(&self, error: &str) -> bool {
        let mut operations = self.model.service.operations.values();
        operations.any(|operation| self.streams(operation, error))
    }
}

/// Services send the code of an error, or the name of its shape. A text that could be both stands for the error that has it
/// as both, else as its code.
fn set_texts(errors: &mut Errors<'_>) {
    let is_both = |text: &str| errors.get(text).is_some_and(|error| error.code == text);
    let is_code = |text: &str| errors.values().any(|error| error.code == text);
    let texts = errors.iter().map(|(name, error)| {
        let by_code = (*name == error.code || !is_both(&error.code)).then_some(error.code.as_str());
        let by_name = (!is_code(name)).then_some(*name);
        by_code.into_iter().chain(by_name).map(str::to_owned).collect()
    });
    let texts: Vec<Vec<String>> = texts.collect();
    for (error, texts) in errors.values_mut().zip(texts) {
        error.texts = texts;
    }
}
