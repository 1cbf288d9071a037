//! Paginators: which member asks for the next page, where its token is, and what the pages are made of.

use serde_json::Value;

use super::Lowering;
use super::jmespath::{Malformed, Scope};
use super::types::Types;
use crate::diagnostics::did_you_mean;
use crate::ir::jmespath::{Form, Kind};
use crate::ir::{Member, Paginator, Type, jmespath};
use crate::model::paginators;
use crate::source::{File, JsonPath};

/// The members of an operation's input.
#[derive(Clone, Copy)]
struct Input<'a> {
    operation: &'a str,
    members: &'a [Member],
}

/// The field of a token that asks for a page and comes with the one before it.
const TOKEN: &str = "next_token";

/// The paginator of an operation that has no entry and looks as if its results came in pages: a token goes and comes,
/// beside a list or map.
fn inferred(input: &[Member], output: &[Member], types: &Types) -> Option<Paginator> {
    let is_token = |member: &Member| member.field == TOKEN && member.ty == Type::String;
    let input_token = input.iter().position(is_token)?;
    let output_token = output.iter().find(|member| is_token(member))?;
    if input.iter().any(Member::is_stream) {
        return None;
    }
    let scope = Scope { output, types };
    let lists: Vec<&Member> = output.iter().filter(|member| member.ty.is_collection()).collect();
    let items = match lists.as_slice() {
        [] => return None,
        [list] => Some((scope.lower(&list.name).ok()?, list.ty.clone())),
        _ => None,
    };
    Some(Paginator {
        inferred: true,
        input_token,
        output_token: scope.lower(&output_token.name).ok()?,
        more_results: None,
        items,
    })
}

impl Lowering<'_> {
    /// The paginator of an operation, if it has one.
    pub(super) fn paginator(
        &mut self,
        operation: &str,
        input: &[Member],
        output: &[Member],
        types: &Types,
    ) -> Option<Paginator> {
        let Some(paginator) = self.model.paginators.pagination.get(operation) else {
            return inferred(input, output, types);
        };
        let path = JsonPath::root(File::Paginators).key("pagination").key(operation);
        if input.iter().any(Member::is_stream) {
            let message = format!("operation `{operation}` sends a payload, which may be a stream");
            self.error(
                &path.name(),
                message,
                "remove the entry: such a call cannot be made again for the next page",
            );
            return None;
        }
        let input = Input {
            operation,
            members: input,
        };
        let scope = Scope { output, types };
        if let Some(name) = &paginator.limit_key {
            self.input_member(input, name, &path.key("limit_key"));
        }
        let input_token = self.input_token(paginator, input, &path.key("input_token"));
        let output_token = self.output_token(paginator, scope, &path.key("output_token"));
        let more_results = match &paginator.more_results {
            Some(text) => Some(self.expression(scope.condition(text), &path.key("more_results"))?),
            None => None,
        };
        let items = self.items(paginator, scope, &path.key("result_key"));
        Some(Paginator {
            inferred: false,
            input_token: input_token?,
            output_token: output_token?,
            more_results,
            items,
        })
    }

    fn input_token(&mut self, paginator: &paginators::Paginator, input: Input<'_>, path: &JsonPath) -> Option<usize> {
        let (path, name) = self.only_text(&paginator.input_token, path)?;
        let index = self.input_member(input, name, &path)?;
        if input.members[index].ty != Type::String {
            let message = format!("the token `{name}` is no string");
            self.error(&path, message, "name a member that is a string, or remove the entry");
            return None;
        }
        Some(index)
    }

    fn output_token(
        &mut self,
        paginator: &paginators::Paginator,
        scope: Scope<'_>,
        path: &JsonPath,
    ) -> Option<jmespath::Expression> {
        let (path, text) = self.only_text(&paginator.output_token, path)?;
        let token = self.expression(scope.lower(text), &path)?;
        if token.kind != Kind::Text {
            let message = format!("the token `{text}` is no string");
            self.error(&path, message, "name a member that is a string, or remove the entry");
            return None;
        }
        Some(token)
    }

    /// The list or map that a page brings. Where it brings several, none of them stands for the page; a single value beside
    /// a list is the same on all pages.
    fn items(
        &mut self,
        paginator: &paginators::Paginator,
        scope: Scope<'_>,
        path: &JsonPath,
    ) -> Option<(jmespath::Expression, Type)> {
        let mut found = Vec::new();
        for (path, text) in self.texts(paginator.result_key.as_ref()?, path) {
            let Some(expression) = self.expression(scope.lower(text), &path) else {
                continue;
            };
            match &expression.form {
                Form::Field { ty, .. } if expression.is_chain() => match ty {
                    Type::List { .. } | Type::Map { .. } => {
                        let ty = ty.clone();
                        found.push((expression, ty));
                    }
                    _ => {}
                },
                _ => {
                    let message = format!("`{text}` is more than the name of a member");
                    self.error(
                        &path,
                        message,
                        "name a member of the output, or one inside it: `Outer.Inner`",
                    );
                }
            }
        }
        if found.len() == 1 { found.pop() } else { None }
    }

    fn input_member(&mut self, input: Input<'_>, name: &str, path: &JsonPath) -> Option<usize> {
        let index = input.members.iter().position(|member| member.name == name);
        if index.is_none() {
            let names = input.members.iter().map(|member| member.name.as_str());
            let suggestion = did_you_mean(name, names);
            self.error(
                path,
                format!("the input of `{}` has no member `{name}`", input.operation),
                format!("name a member that is there{suggestion}"),
            );
        }
        index
    }

    /// An expression, if it could be resolved.
    pub(super) fn expression(
        &mut self,
        expression: Result<jmespath::Expression, Malformed>,
        path: &JsonPath,
    ) -> Option<jmespath::Expression> {
        let report = |malformed: Malformed| self.error(path, malformed.message, malformed.help);
        expression.map_err(report).ok()
    }

    /// The one text of a value that may also be a list.
    fn only_text<'v>(&mut self, value: &'v Value, path: &JsonPath) -> Option<(JsonPath, &'v str)> {
        let mut texts = self.texts(value, path);
        if texts.len() > 1 {
            let message = "there are several tokens, which cannot be generated yet";
            self.error(path, message, "name one, or remove the entry");
            return None;
        }
        texts.pop()
    }

    /// The texts of a value that is one or a list of them.
    fn texts<'v>(&mut self, value: &'v Value, path: &JsonPath) -> Vec<(JsonPath, &'v str)> {
        let texts: Option<Vec<_>> = match value {
            Value::String(text) => Some(vec![(path.clone(), text.as_str())]),
            Value::Array(values) => {
                let texts = values.iter().enumerate();
                let texts = texts.map(|(index, value)| Some((path.index(index), value.as_str()?)));
                texts.collect()
            }
            _ => None,
        };
        match texts {
            Some(texts) if !texts.is_empty() => texts,
            _ => {
                self.error(path, "this is no expression", "write a string, or a list of strings");
                Vec::new()
            }
        }
    }
}
