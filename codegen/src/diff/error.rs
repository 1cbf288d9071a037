//! Errors of the service.

use super::rust::Owner;
use super::{Aspect, Group, Level, Recorder, matched, yes_no};
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
        self.value(Aspect::Wire, &format!("the code of `{name}`"), &old.code, &new.code);
        let members = |error| (ErrorMembers(error), Owner::Error);
        self.members(name, members(old), members(new));
        self.value(
            Aspect::Behavior,
            &format!("`{name}` is retried"),
            retry(old.retry),
            retry(new.retry),
        );
        self.value(
            Aspect::Behavior,
            &format!("the message of `{name}` is hidden in `Debug` and in logs"),
            yes_no(old.hides_message),
            yes_no(new.hides_message),
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
                let subject = format!("what the text of `{name}` calls `{member}`");
                self.value(Aspect::Behavior, &subject, &before, &label);
            }
        }
        self.value(
            Aspect::Documentation,
            &format!("the HTTP status of `{name}`"),
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
        None => "no",
        Some(Retry::Throttling) => "as throttling",
        Some(Retry::Transient) => "as a transient error",
        Some(Retry::NotReady) => "until the service is ready",
    }
}

fn status(error: &ErrorShape) -> String {
    let status = error
        .status
        .map_or_else(|| "none".to_owned(), |status| status.to_string());
    match error.fault {
        true => format!("{status}, the fault of the service"),
        false => status,
    }
}
