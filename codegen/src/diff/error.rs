//! Errors of the service.

use super::rust::Owner;
use super::{Aspect, Group, HIDDEN, Level, Recorder, matched};
use crate::ir::{ErrorMember, ErrorShape, Retry, Service};

impl Recorder {
    pub(super) fn errors(&mut self, old: &Service, new: &Service) {
        let matched = matched(&old.errors, &new.errors, |error| &error.type_name);
        for (before, after) in matched.both {
            self.group = group(after);
            self.error(before, after);
        }
        for error in matched.added {
            self.group = group(error);
            self.api(Level::Minor, format!("`ServiceError::{}` is new", error.type_name));
        }
        for error in matched.removed {
            self.group = group(error);
            self.api(Level::Major, format!("`ServiceError::{}` is gone", error.type_name));
        }
    }

    fn error(&mut self, old: &ErrorShape, new: &ErrorShape) {
        let name = &new.type_name;
        let code = |error: &ErrorShape| format!("`{}`", error.code);
        self.value(
            Aspect::Wire,
            &format!("the code of `{name}` is now"),
            &code(old),
            &code(new),
        );
        let members = |error| (ErrorMembers(error), Owner::Error);
        self.members(name, members(old), members(new));
        self.value(
            Aspect::Behavior,
            &format!("`{name}` is now"),
            retry(old.retry),
            retry(new.retry),
        );
        let message = format!("the message of `{name}` is");
        self.fact(
            Aspect::Behavior,
            (&message, HIDDEN),
            old.hides_message,
            new.hides_message,
        );
        let labels = |error: &ErrorShape| {
            let labels = error.members.iter();
            let mut labels: Vec<_> = labels
                .map(|ErrorMember { member, label }| (member.name.clone(), label.clone()))
                .collect();
            labels.sort();
            labels
        };
        for (member, label) in labels(new) {
            let before = labels(old).into_iter().find(|(name, _)| *name == member);
            if let Some((_, before)) = before {
                let beginning = format!("the text of `{name}` now calls `{member}`");
                let [before, label] = [before, label].map(|label| format!("\"{label}\""));
                self.value(Aspect::Behavior, &beginning, &before, &label);
            }
        }
        self.value(
            Aspect::Documentation,
            &format!("the HTTP status of `{name}` is now"),
            &status(old),
            &status(new),
        );
    }
}

/// All members of an error, its message first.
#[derive(Clone, Copy)]
struct ErrorMembers<'e>(&'e ErrorShape);

impl<'e> IntoIterator for ErrorMembers<'e> {
    type Item = &'e crate::ir::Member;
    type IntoIter = Box<dyn Iterator<Item = Self::Item> + 'e>;

    fn into_iter(self) -> Self::IntoIter {
        let members = self.0.members.iter().map(|member| &member.member);
        Box::new(self.0.message.iter().chain(members))
    }
}

fn group(error: &ErrorShape) -> Group {
    Group::Error {
        name: error.type_name.clone(),
    }
}

fn retry(retry: Option<Retry>) -> &'static str {
    match retry {
        None => "not retried",
        Some(Retry::Throttling) => "retried as throttling",
        Some(Retry::Transient) => "retried as a transient error",
        Some(Retry::NotReady) => "retried until the service is ready",
    }
}

fn status(error: &ErrorShape) -> String {
    let status = error
        .status
        .map_or_else(|| "none".to_owned(), |status| status.to_string());
    match error.fault {
        true => format!("{status} (the service is at fault)"),
        false => status,
    }
}
