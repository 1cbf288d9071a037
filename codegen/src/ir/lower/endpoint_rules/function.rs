//! Functions: their names, and the arguments that they take.

use super::expression::{equal, not};
use super::{Lowering, Scope, Type, Typed};
use crate::diagnostics::did_you_mean;
use crate::ir::endpoint::{Condition, Expression, Field, Function};
use crate::model::endpoint_rules::{Call, Expression as ModelExpression};
use crate::source::JsonPath;

/// Every function, and what it takes.
const FUNCTIONS: &[(&str, &str)] = &[
    ("isSet", "one reference or function"),
    ("not", "one condition"),
    ("booleanEquals", "two values to compare"),
    ("stringEquals", "two values to compare"),
    ("getAttr", "a reference or function, and the path of an attribute"),
    (
        "substring",
        "a text, start and stop as numbers from 0, and whether they count from the end",
    ),
    ("uriEncode", "one text"),
    ("parseURL", "one text"),
    ("isValidHostLabel", "a text, and whether it may have dots"),
    ("coalesce", "two values or more of the same type"),
    ("ite", "a condition, and two values of the same type"),
    ("split", "a text, a delimiter, and the most parts as a number from 0"),
    ("aws.partition", "one text"),
    ("aws.parseArn", "one text"),
    ("aws.isVirtualHostableS3Bucket", "a text, and whether it may have dots"),
];

impl Lowering<'_, '_, '_> {
    pub(super) fn call(&mut self, call: &Call, at: &JsonPath, scope: &mut Scope) -> Option<Typed> {
        use ModelExpression::{Integer, String};

        let argv = at.key("argv");
        let argument = |index: usize| argv.index(index);
        let function = |function, ty, arguments| Typed::new(ty, Expression::Call(function, arguments));
        let maybe = |function, ty, text| Typed::optional(ty, Expression::Call(function, vec![text]));
        match (call.r#fn.as_str(), call.argv.as_slice()) {
            ("isSet", [value]) => {
                let value = self.alone(value, &argument(0), scope)?;
                Some(boolean(match value.optional {
                    true => Expression::IsSet(Box::new(value.expression)),
                    false => Expression::Boolean(true),
                }))
            }
            ("not", [value]) => {
                let value = self.argument(value, Type::Boolean, &argument(0), scope)?;
                Some(boolean(not(value)))
            }
            (name @ ("booleanEquals" | "stringEquals"), [a, b]) => {
                let ty = if name == "booleanEquals" {
                    Type::Boolean
                } else {
                    Type::Text
                };
                let a = self.argument(a, ty, &argument(0), scope);
                let b = self.argument(b, ty, &argument(1), scope);
                Some(boolean(equal(a?, b?)))
            }
            ("getAttr", [value, String(path)]) => {
                let value = self.record(value, &argument(0), scope)?;
                self.attribute(value, path, &argument(1))
            }
            ("substring", [text, Integer(start), Integer(stop), reverse]) => {
                let text = self.lasting_text(text, &argument(0), scope);
                let start = self.size(*start, &argument(1));
                let stop = self.size(*stop, &argument(2));
                let reverse = self.argument(reverse, Type::Boolean, &argument(3), scope);
                let value = Expression::Substring(Box::new(text?), start?, stop?, Box::new(reverse?));
                Some(Typed::optional(Type::Text, value))
            }
            ("split", [text, delimiter, Integer(limit)]) => {
                if matches!(delimiter, String(delimiter) if delimiter.is_empty()) {
                    return self.wrong_type(&argument(1), "a delimiter of one character or more");
                }
                let text = self.lasting_text(text, &argument(0), scope);
                let delimiter = self.argument(delimiter, Type::Text, &argument(1), scope);
                let limit = self.size(*limit, &argument(2));
                let value = Expression::Split(Box::new([text?, delimiter?]), limit?);
                Some(Typed::optional(Type::List, value))
            }
            ("uriEncode", [text]) => {
                let text = self.argument(text, Type::Text, &argument(0), scope)?;
                Some(function(Function::UriEncode, Type::Text, vec![text]))
            }
            ("aws.partition", [region]) => {
                let region = self.argument(region, Type::Text, &argument(0), scope)?;
                Some(maybe(Function::Partition, Type::Partition, region))
            }
            ("parseURL", [url]) => {
                let url = self.lasting_text(url, &argument(0), scope)?;
                Some(maybe(Function::ParseUrl, Type::Url, url))
            }
            ("aws.parseArn", [arn]) => {
                let arn = self.lasting_text(arn, &argument(0), scope)?;
                Some(maybe(Function::ParseArn, Type::Arn, arn))
            }
            (name @ ("isValidHostLabel" | "aws.isVirtualHostableS3Bucket"), [text, dots @ ..]) if dots.len() < 2 => {
                let text = self.argument(text, Type::Text, &argument(0), scope);
                let dots = match dots {
                    [dots, ..] => self.argument(dots, Type::Boolean, &argument(1), scope)?,
                    [] => Expression::Boolean(false),
                };
                let named = match name {
                    "isValidHostLabel" => Function::IsValidHostLabel,
                    _ => Function::IsVirtualHostableS3Bucket,
                };
                Some(function(named, Type::Boolean, vec![text?, dots]))
            }
            ("coalesce", values @ [_, _, ..]) => {
                let values: Vec<_> = values
                    .iter()
                    .enumerate()
                    .map(|(index, value)| self.choice(value, &argument(index), scope))
                    .collect();
                let values = values.into_iter().collect::<Option<Vec<_>>>()?;
                self.same_type(&values, &argv)?;
                values.into_iter().rev().reduce(|second, first| first_of(first, second))
            }
            ("ite", [condition, yes, no]) => {
                let condition = self.argument(condition, Type::Boolean, &argument(0), scope);
                let yes = self.choice(yes, &argument(1), scope);
                let no = self.choice(no, &argument(2), scope);
                let values = [yes?, no?];
                self.same_type(&values, &argv)?;
                Some(one_of(condition?, values))
            }
            (name, _) => self.no_such_call(name, at),
        }
    }

    fn no_such_call<T>(&mut self, name: &str, at: &JsonPath) -> Option<T> {
        match FUNCTIONS.iter().find(|(known, _)| *known == name) {
            Some((_, form)) => self.reporter.error(
                &at.key("argv"),
                format!("these are not the arguments of `{name}`"),
                format!("give `{name}` {form}"),
            ),
            None => {
                let names: Vec<&str> = FUNCTIONS.iter().map(|(name, _)| *name).collect();
                let suggestion = did_you_mean(name, names.iter().copied());
                self.reporter.error(
                    &at.key("fn"),
                    format!("there is no function `{name}`"),
                    format!("use one of {}{suggestion}", names.join(", ")),
                );
            }
        }
        None
    }

    /// What `getAttr` looks into: a variable, or what is bound to one.
    fn record(&mut self, value: &ModelExpression, at: &JsonPath, scope: &mut Scope) -> Option<Typed> {
        let value = self.expression(value, at, scope)?;
        match value.optional {
            true => {
                let ty = value.ty;
                Some(Typed::new(ty, self.bind(value, at, scope)?))
            }
            false => Some(value),
        }
    }

    /// A value that may be empty, by itself: no condition can be put before it, because it need not be asked for.
    fn alone(&mut self, value: &ModelExpression, at: &JsonPath, scope: &mut Scope) -> Option<Typed> {
        if let ModelExpression::Call(Call {
            r#fn,
            argv,
            assign: None,
            ..
        }) = value
            && let ("getAttr", [inner @ ModelExpression::Call(_), ModelExpression::String(path)]) =
                (r#fn.as_str(), argv.as_slice())
        {
            return self.attribute_of_call(inner, path, at, scope);
        }
        let before = self.pending.len();
        let value = self.maybe(value, at, scope)?;
        let mut pending = self.pending[before..].iter();
        if pending.any(|condition| matches!(condition, Condition::Bind(..))) {
            return self.may_be_empty(at);
        }
        Some(value)
    }

    /// `getAttr` of what may be empty, which is empty then.
    fn attribute_of_call(
        &mut self,
        inner: &ModelExpression,
        path: &str,
        at: &JsonPath,
        scope: &mut Scope,
    ) -> Option<Typed> {
        let argv = at.key("argv");
        let first = self.alone(inner, &argv.index(0), scope)?;
        if !first.optional {
            return self.attribute(first, path, &argv.index(1));
        }
        let variable = self.new_variable(first.ty.variable(), at, scope)?;
        let record = Typed::new(first.ty, Expression::Variable(variable.clone()));
        let second = self.attribute(record, path, &argv.index(1))?;
        if matches!(second.expression, Expression::Field(_, Field::NormalizedPath)) {
            // It is made, not a part of the URL, and would be gone with it.
            return self.may_be_empty(&argv.index(0));
        }
        let value = Expression::Then {
            first: Box::new(first.expression),
            variable,
            second: Box::new(second.expression),
            is_optional: second.optional,
        };
        Some(Typed::optional(second.ty, value))
    }

    /// One of the values that `coalesce` and `ite` choose from.
    fn choice(&mut self, value: &ModelExpression, at: &JsonPath, scope: &mut Scope) -> Option<Typed> {
        let value = self.alone(value, at, scope)?;
        if !matches!(value.ty, Type::Text | Type::Boolean) {
            return self.wrong_type(at, "text, or true or false");
        }
        let expression = self.lasting(value.expression, at, scope)?;
        Some(Typed { expression, ..value })
    }

    fn same_type(&mut self, values: &[Typed], at: &JsonPath) -> Option<()> {
        let (first, rest) = values.split_first()?;
        match rest.iter().position(|value| value.ty != first.ty) {
            Some(index) => self.wrong_type(&at.index(index + 1), first.ty.article()),
            None => Some(()),
        }
    }

    fn size(&mut self, number: i64, at: &JsonPath) -> Option<u32> {
        u32::try_from(number)
            .ok()
            .or_else(|| self.wrong_type(at, "a number from 0"))
    }
}

fn boolean(expression: Expression) -> Typed {
    Typed::new(Type::Boolean, expression)
}

/// The first value, unless it is empty.
fn first_of(first: Typed, second: Typed) -> Typed {
    if !first.optional {
        return first;
    }
    Typed {
        ty: second.ty,
        optional: second.optional,
        expression: Expression::OrElse {
            first: Box::new(first.expression),
            second: Box::new(second.expression),
            is_optional: second.optional,
        },
    }
}

/// One of two values, as simple as it gets.
fn one_of(condition: Expression, [yes, no]: [Typed; 2]) -> Typed {
    let ty = yes.ty;
    let optional = yes.optional || no.optional;
    let fitting = |value: Typed| match optional && !value.optional {
        true => Expression::Some(Box::new(value.expression)),
        false => value.expression,
    };
    let (yes, no) = (fitting(yes), fitting(no));
    let expression = match (condition, yes, no) {
        (Expression::Boolean(true), yes, _) => yes,
        (Expression::Boolean(false), _, no) => no,
        (_, yes, no) if yes == no => yes,
        (condition, Expression::Boolean(true), Expression::Boolean(false)) => condition,
        (condition, Expression::Boolean(false), Expression::Boolean(true)) => not(condition),
        (condition, yes, no) => Expression::IfElse(Box::new([condition, yes, no])),
    };
    Typed {
        ty,
        optional,
        expression,
    }
}
