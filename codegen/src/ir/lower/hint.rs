//! What `client.json` says of what to do about errors.

use super::Lowering;
use super::operation::Errors;
use crate::ir::{Hint, Operation};
use crate::model::client;
use crate::source::{File, JsonPath};

impl<'m> Lowering<'m> {
    /// The hints for errors of the selected operations.
    pub(super) fn hints(&mut self, errors: &Errors<'m>, operations: &[Operation]) -> Vec<Hint> {
        let path = JsonPath::root(File::Client).key("hints");
        let hints = self.model.client.hints.iter().enumerate();
        let is_selected = |name: &String| operations.iter().any(|operation| operation.name == *name);
        hints
            .filter_map(|(index, hint)| {
                let status = self.check_hint(hint, &path.index(index));
                let code = match &hint.code {
                    // An error that cannot occur needs no hint.
                    Some(name) => Some(errors.get(name.as_str())?.code.clone()),
                    None => None,
                };
                hint.operation.as_ref().is_none_or(is_selected).then(|| Hint {
                    operation: hint.operation.clone(),
                    code,
                    status,
                    message_contains: hint.message_contains.clone(),
                    text: hint.hint.clone(),
                })
            })
            .collect()
    }

    /// Reports what is wrong with a hint. The status that it is for.
    fn check_hint(&mut self, hint: &client::Hint, path: &JsonPath) -> Option<u16> {
        if hint.code.is_none() && hint.status.is_none() && hint.message_contains.is_empty() {
            self.error(
                path,
                "the hint fits every error",
                "say which it is for: add `code`, `status` or `message_contains`",
            );
        }
        if let Some(name) = &hint.operation
            && !self.model.service.operations.contains_key(name)
        {
            let suggestion = self.similar_operation(name);
            self.error(
                &path.key("operation"),
                format!("the service has no operation `{name}`"),
                format!("name one of its operations{suggestion}"),
            );
        }
        if let Some(name) = &hint.code {
            self.check_error_name(name, &path.key("code"));
        }
        for (index, text) in hint.message_contains.iter().enumerate() {
            if text.is_empty() {
                self.error(
                    &path.key("message_contains").index(index),
                    "an empty text is in every message",
                    "write a text that tells the error from others, or remove it",
                );
            }
        }
        self.check_hint_text(&hint.hint, path);
        self.hint_status(hint.status?, &path.key("status"))
    }

    fn check_hint_text(&mut self, text: &str, path: &JsonPath) {
        let is_clause = !text.trim().is_empty() && !text.ends_with('.') && !text.contains(char::is_control);
        if !is_clause {
            let path = if text.is_empty() {
                path.clone()
            } else {
                path.key("hint")
            };
            self.error(
                &path,
                "the hint is not a clause that can end a line",
                "write what to do as `hint`: one line, without a full stop",
            );
        }
    }

    fn hint_status(&mut self, status: i64, path: &JsonPath) -> Option<u16> {
        let in_range = u16::try_from(status).ok().filter(|status| (300..600).contains(status));
        if in_range.is_none() {
            self.error(
                path,
                format!("{status} is not an error status"),
                "use a status from 300 to 599, or leave the key out",
            );
        }
        in_range
    }
}
