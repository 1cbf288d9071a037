//! Functions: their names, and the arguments that they take.

use super::expression::{equal, not};
use super::{Lowering, Scope, Type, Typed};
use crate::diagnostics::did_you_mean;
use crate::ir::endpoint::{Condition, Expression, FUNCTIONS, Field, Function, Takes};
use crate::model::endpoint_rules::{Call, Expression as ModelExpression};
use crate::source::JsonPath;

/// What is called like a function, but is more than one: which of its arguments count depends on the others.
#[derive(Clone, Copy)]
enum Form {
    IsSet,
    Not,
    /// Whether two values of this type are the same.
    Equal(Type),
    GetAttr,
    Coalesce,
    IfElse,
}

/// Every form, and what it takes.
const FORMS: &[(&str, &str, Form)] = &[
    ("isSet", "one reference or function", Form::IsSet),
    ("not", "one condition", Form::Not),
    ("booleanEquals", "two values to compare", Form::Equal(Type::Boolean)),
    ("stringEquals", "two values to compare", Form::Equal(Type::Text)),
    (
        "getAttr",
        "a reference or function, and the path of an attribute",
        Form::GetAttr,
    ),
    ("coalesce", "two values or more of the same type", Form::Coalesce),
    ("ite", "a condition, and two values of the same type", Form::IfElse),
];

impl Lowering<'_, '_, '_> {
    pub(super) fn call(&mut self, call: &Call, at: &JsonPath, scope: &mut Scope) -> Option<Typed> {
        let name = call.r#fn.as_str();
        let argv = at.key("argv");
        if let Some((_, takes, form)) = FORMS.iter().find(|(known, ..)| *known == name) {
            return self.form(*form, (name, takes), &call.argv, &argv, scope);
        }
        if let Some(function) = Function::find(name) {
            return self.function(function, &call.argv, &argv, scope);
        }
        let forms = FORMS.iter().map(|(name, ..)| *name);
        let names: Vec<&str> = forms.chain(FUNCTIONS.iter().map(|function| function.name)).collect();
        let suggestion = did_you_mean(name, names.iter().copied());
        self.reporter.error(
            &at.key("fn"),
            format!("there is no function `{name}`"),
            format!("use one of {}{suggestion}", names.join(", ")),
        );
        None
    }

    fn form(
        &mut self,
        form: Form,
        (name, takes): (&str, &str),
        arguments: &[ModelExpression],
        at: &JsonPath,
        scope: &mut Scope,
    ) -> Option<Typed> {
        match (form, arguments) {
            (Form::IsSet, [value]) => {
                let value = self.alone(value, &at.index(0), scope)?;
                Some(boolean(match value.optional {
                    true => Expression::IsSet(Box::new(value.expression)),
                    false => Expression::Boolean(true),
                }))
            }
            (Form::Not, [value]) => {
                let value = self.argument(value, Type::Boolean, &at.index(0), scope)?;
                Some(boolean(not(value)))
            }
            (Form::Equal(ty), [a, b]) => {
                let a = self.argument(a, ty, &at.index(0), scope);
                let b = self.argument(b, ty, &at.index(1), scope);
                Some(boolean(equal(a?, b?)))
            }
            (Form::GetAttr, [value, ModelExpression::String(path)]) => {
                let value = self.record(value, &at.index(0), scope)?;
                self.attribute(value, path, &at.index(1))
            }
            (Form::Coalesce, values @ [_, _, ..]) => {
                let values = self.choices(values, at, scope).into_iter();
                let values = values.collect::<Option<Vec<_>>>()?;
                self.same_type(&values, at)?;
                values.into_iter().rev().reduce(|second, first| first_of(first, second))
            }
            (Form::IfElse, [condition, yes, no]) => {
                let condition = self.argument(condition, Type::Boolean, &at.index(0), scope);
                let yes = self.choice(yes, &at.index(1), scope);
                let no = self.choice(no, &at.index(2), scope);
                let values = [yes?, no?];
                self.same_type(&values, at)?;
                Some(one_of(condition?, values))
            }
            _ => self.wrong_arguments(name, takes, at),
        }
    }

    fn function(
        &mut self,
        function: &'static Function,
        arguments: &[ModelExpression],
        at: &JsonPath,
        scope: &mut Scope,
    ) -> Option<Typed> {
        let parameters = function.parameters.iter().enumerate();
        let given: Vec<_> = parameters
            .map(|(index, takes)| (*takes, arguments.get(index), at.index(index)))
            .collect();
        let fits = given.iter().all(|(takes, argument, _)| match argument {
            Some(argument) => *takes != Takes::Size || matches!(argument, ModelExpression::Integer(_)),
            None => *takes == Takes::OptionalFlag,
        });
        if !fits || arguments.len() > given.len() {
            return self.wrong_arguments(function.name, function.takes, at);
        }
        // All are lowered before the first failure counts, so that every problem is reported.
        let lowered: Vec<Option<Expression>> = given
            .into_iter()
            .map(|(takes, argument, at)| match argument {
                Some(argument) => self.taken(takes, argument, &at, scope),
                None => Some(Expression::Boolean(false)),
            })
            .collect();
        Some(Typed {
            expression: Expression::Call(function, lowered.into_iter().collect::<Option<_>>()?),
            ty: function.result,
            optional: function.is_optional,
        })
    }

    /// An argument of a function.
    fn taken(
        &mut self,
        takes: Takes,
        argument: &ModelExpression,
        at: &JsonPath,
        scope: &mut Scope,
    ) -> Option<Expression> {
        match (takes, argument) {
            (Takes::Delimiter, ModelExpression::String(text)) if text.is_empty() => {
                self.wrong_type(at, "a delimiter of one character or more")
            }
            (Takes::Text | Takes::Delimiter, _) => self.argument(argument, Type::Text, at, scope),
            (Takes::LastingText, _) => self.lasting_text(argument, at, scope),
            (Takes::Flag | Takes::OptionalFlag, _) => self.argument(argument, Type::Boolean, at, scope),
            (Takes::Size, ModelExpression::Integer(number)) => match u32::try_from(*number) {
                Ok(size) => Some(Expression::Size(size)),
                Err(_) => self.wrong_type(at, "a number from 0"),
            },
            (Takes::Size, _) => self.wrong_type(at, "a number"),
        }
    }

    fn wrong_arguments<T>(&mut self, name: &str, takes: &str, argv: &JsonPath) -> Option<T> {
        self.reporter.error(
            argv,
            format!("these are not the arguments of `{name}`"),
            format!("give `{name}` {takes}"),
        );
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

    fn choices(&mut self, values: &[ModelExpression], at: &JsonPath, scope: &mut Scope) -> Vec<Option<Typed>> {
        let values = values.iter().enumerate();
        values
            .map(|(index, value)| self.choice(value, &at.index(index), scope))
            .collect()
    }

    fn same_type(&mut self, values: &[Typed], at: &JsonPath) -> Option<()> {
        let (first, rest) = values.split_first()?;
        match rest.iter().position(|value| value.ty != first.ty) {
            Some(index) => self.wrong_type(&at.index(index + 1), first.ty.article()),
            None => Some(()),
        }
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
