//! Functions, and the types of what they take.

use jmespath::ast::Ast;

use super::{Malformed, Scope, compare, describe, element_kind, expression, malformed, subject, unknown};
use crate::ir::Type;
use crate::ir::jmespath::{Comparator, Expression, Form, Kind};

impl Scope<'_> {
    pub(super) fn function(self, name: &str, arguments: &[Ast], subject: &Expression) -> Result<Expression, Malformed> {
        let arguments = arguments.iter().map(|argument| self.expression(argument, subject));
        let mut arguments = arguments.collect::<Result<Vec<_>, _>>()?.into_iter();
        match (name, arguments.next(), arguments.next(), arguments.next()) {
            ("length", Some(of), None, None) => length(of),
            ("keys", Some(of), None, None) => keys(of),
            ("values", Some(of), None, None) => values(of),
            ("contains", Some(of), Some(part), None) => contains(of, part),
            ("starts_with", Some(text), Some(part), None) => {
                both_texts(&text, &part)?;
                Ok(Expression::condition(Form::StartsWith(text.into(), part.into())))
            }
            ("ends_with", Some(text), Some(part), None) => {
                both_texts(&text, &part)?;
                Ok(Expression::condition(Form::EndsWith(text.into(), part.into())))
            }
            ("length" | "keys" | "values" | "contains" | "starts_with" | "ends_with", ..) => {
                let message = format!("the function `{name}` has a wrong number of arguments");
                Err(malformed(
                    message,
                    "see https://jmespath.org/specification.html#functions",
                ))
            }
            _ => Err(unknown(&format!("the function `{name}`"))),
        }
    }
}

fn keys(map: Expression) -> Result<Expression, Malformed> {
    match &map.kind {
        Kind::Map { key, .. } => {
            let kind = Kind::Sequence(Box::new(key.into()));
            Ok(expression(Form::Keys(map.into()), kind, false))
        }
        kind => Err(malformed(format!("{} is not a map", describe(kind)), "name a map")),
    }
}

pub(super) fn values(map: Expression) -> Result<Expression, Malformed> {
    match &map.kind {
        Kind::Map { value, .. } => {
            let kind = Kind::Sequence(Box::new(value.into()));
            Ok(expression(Form::Values(map.into()), kind, false))
        }
        kind => Err(malformed(format!("{} is not a map", describe(kind)), "name a map")),
    }
}

/// The number of characters of a text; of elements for anything else. A list that is not there counts as empty: services
/// leave empty lists out.
pub(super) fn length(of: Expression) -> Result<Expression, Malformed> {
    let optional = match &of.kind {
        Kind::Text => of.optional,
        Kind::List { .. } | Kind::Map { .. } | Kind::Sequence(_) => false,
        kind => {
            let message = format!("{} has no length", describe(kind));
            return Err(malformed(message, "name a text, a list or a map"));
        }
    };
    let kind = Kind::Integer(Type::Long);
    Ok(expression(Form::Length(of.into()), kind, optional))
}

fn contains(of: Expression, part: Expression) -> Result<Expression, Malformed> {
    if of.kind == Kind::Text {
        both_texts(&of, &part)?;
    } else {
        compare(subject(element_kind(&of)?), Comparator::Equal, part.clone())?;
    }
    Ok(Expression::condition(Form::Contains(of.into(), part.into())))
}

fn both_texts(text: &Expression, part: &Expression) -> Result<(), Malformed> {
    match [text, part].into_iter().find(|side| side.kind != Kind::Text) {
        Some(side) => {
            let message = format!("{} is not text", describe(&side.kind));
            Err(malformed(message, "name a text"))
        }
        None => Ok(()),
    }
}
