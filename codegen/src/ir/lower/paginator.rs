//! Paginators: which member asks for the next page, where its token is, and what the pages are made of.

use serde_json::Value;

use super::Lowering;
use super::jmespath::{Malformed, Scope};
use super::types::Types;
use crate::diagnostics::did_you_mean;
use crate::ir::jmespath::{Form, Kind};
use crate::ir::{Member, Paginator, Token, Type, jmespath};
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
        tokens: vec![Token {
            input: input_token,
            output: scope.lower(&output_token.name).ok()?,
        }],
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
        let tokens = self.tokens(paginator, input, scope, &path);
        let more_results = match &paginator.more_results {
            Some(text) => Some(self.expression(scope.condition(text), &path.key("more_results"))?),
            None => None,
        };
        let items = self.items(paginator, scope, &path.key("result_key"));
        Some(Paginator {
            inferred: false,
            tokens: tokens?,
            more_results,
            items,
        })
    }

    /// Each token of a page goes to the member at the same place.
    fn tokens(
        &mut self,
        paginator: &paginators::Paginator,
        input: Input<'_>,
        scope: Scope<'_>,
        path: &JsonPath,
    ) -> Option<Vec<Token>> {
        let (input_path, output_path) = (path.key("input_token"), path.key("output_token"));
        let inputs = self.texts(&paginator.input_token, &input_path);
        let outputs = self.texts(&paginator.output_token, &output_path);
        if inputs.len() != outputs.len() {
            let (wanted, found) = (inputs.len(), outputs.len());
            let message = format!("the output needs as many tokens as the input: {wanted}, not {found}");
            self.error(&output_path, message, "name one for each of the input");
            return None;
        }
        let pairs = inputs.into_iter().zip(outputs);
        let tokens: Vec<_> = pairs.map(|pair| self.token(pair, input, scope)).collect();
        // All are looked at before the first failure counts, so that every problem is reported.
        tokens.into_iter().collect()
    }

    fn token(
        &mut self,
        ((input_path, name), (output_path, text)): ((JsonPath, &str), (JsonPath, &str)),
        input: Input<'_>,
        scope: Scope<'_>,
    ) -> Option<Token> {
        let index = self.input_member(input, name, &input_path);
        let output = self.expression(scope.lower(text), &output_path);
        let (index, output) = (index?, output?);
        let ty = &input.members[index].ty;
        let can_be_token = match output.kind {
            Kind::Text | Kind::Integer(_) => true,
            // Anything that lies in the output can be taken as it is.
            _ => matches!(output.form, Form::Field { .. }),
        };
        if !can_be_token || output.kind != Kind::from(ty) {
            let message = format!("the token `{text}` is not of the type of `{name}`");
            self.error(
                &output_path,
                message,
                "name a member of the same type, or remove the entry",
            );
            return None;
        }
        Some(Token { input: index, output })
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
                self.error(
                    path,
                    "this is not an expression",
                    "write a string, or a list of strings",
                );
                Vec::new()
            }
        }
    }
}
