//! Expressions: literals, templates, references and what they hold.

use super::{Lowering, Scope, Type, Typed};
use crate::diagnostics::did_you_mean;
use crate::ir::endpoint::{Condition, Expression, Field};
use crate::model::endpoint_rules::Expression as ModelExpression;
use crate::source::JsonPath;

impl Lowering<'_, '_, '_> {
    /// An expression, which may be empty.
    pub(super) fn expression(
        &mut self,
        expression: &ModelExpression,
        at: &JsonPath,
        scope: &mut Scope,
    ) -> Option<Typed> {
        match expression {
            ModelExpression::Boolean(value) => Some(Typed::new(Type::Boolean, Expression::Boolean(*value))),
            ModelExpression::String(template) => {
                let text = self.template(template, at, scope)?;
                Some(Typed::new(Type::Text, text))
            }
            ModelExpression::Reference(name) => {
                let value = self.reference(name, at, scope)?;
                if value.optional {
                    let message = format!("`{name}` is used here although it may not be set");
                    self.reporter
                        .error(at, message, format!("ask `isSet` of `{name}` in a condition before"));
                    return None;
                }
                Some(value)
            }
            ModelExpression::Call(call) if call.assign.is_some() => {
                self.reporter.error(
                    &at.key("assign"),
                    "an argument cannot be assigned",
                    "assign it in a condition of its own before",
                );
                None
            }
            ModelExpression::Call(call) => self.call(call, at, scope),
            ModelExpression::Integer(_) | ModelExpression::List(_) => {
                self.wrong_type(at, "text, true or false, a reference or a function")
            }
        }
    }

    /// An expression in a place for what may be empty, where a parameter need not be set.
    pub(super) fn maybe(&mut self, expression: &ModelExpression, at: &JsonPath, scope: &mut Scope) -> Option<Typed> {
        match expression {
            ModelExpression::Reference(name) => self.reference(name, at, scope),
            _ => self.expression(expression, at, scope),
        }
    }

    /// An argument of this type. If it is empty, the condition does not hold.
    pub(super) fn argument(
        &mut self,
        expression: &ModelExpression,
        ty: Type,
        at: &JsonPath,
        scope: &mut Scope,
    ) -> Option<Expression> {
        let value = match expression {
            ModelExpression::Reference(name) => self.asked_for(name, at, scope)?,
            _ => self.expression(expression, at, scope)?,
        };
        if value.ty != ty {
            return self.wrong_type(at, ty.article());
        }
        match value.optional {
            true => self.bind(value, at, scope),
            false => Some(value.expression),
        }
    }

    /// What a name stands for. If that need not be set, it is asked for before: from here on, the name stands for a value
    /// that is not empty.
    pub(super) fn asked_for(&mut self, name: &str, at: &JsonPath, scope: &mut Scope) -> Option<Typed> {
        let value = self.reference(name, at, scope)?;
        if !value.optional {
            return Some(value);
        }
        let variable = self.new_variable(name, at, scope)?;
        let meaning = Typed::new(value.ty, Expression::Variable(variable.clone()));
        scope.names.push((name.to_owned(), meaning.clone()));
        self.pending.push(Condition::Bind(variable, value.expression));
        Some(meaning)
    }

    /// A text as an argument, for functions whose result borrows from it.
    pub(super) fn lasting_text(
        &mut self,
        expression: &ModelExpression,
        at: &JsonPath,
        scope: &mut Scope,
    ) -> Option<Expression> {
        let text = self.argument(expression, Type::Text, at, scope)?;
        self.lasting(text, at, scope)
    }

    /// A value that outlives the expression that it is a part of.
    pub(super) fn lasting(&mut self, value: Expression, at: &JsonPath, scope: &mut Scope) -> Option<Expression> {
        if !value.is_made() {
            return Some(value);
        }
        let variable = self.new_variable("text", at, scope)?;
        self.pending.push(Condition::Let(variable.clone(), value));
        Some(Expression::Variable(variable))
    }

    /// Puts what is not empty into a variable, before the condition that needs it.
    pub(super) fn bind(&mut self, value: Typed, at: &JsonPath, scope: &mut Scope) -> Option<Expression> {
        let variable = self.new_variable(value.ty.variable(), at, scope)?;
        self.pending.push(Condition::Bind(variable.clone(), value.expression));
        Some(Expression::Variable(variable))
    }

    /// `{name}` and `{name#path}` in a text; `{{` and `}}` are braces.
    pub(super) fn template(&mut self, template: &str, at: &JsonPath, scope: &Scope) -> Option<Expression> {
        let mut parts = Vec::new();
        let mut literal = String::new();
        let mut rest = template;
        while let Some(index) = rest.find(['{', '}']) {
            literal.push_str(&rest[..index]);
            let brace = &rest[index..=index];
            let after = &rest[index + 1..];
            if let Some(after) = after.strip_prefix(brace) {
                literal.push_str(brace);
                rest = after;
                continue;
            }
            let Some((inner, after)) = after.split_once('}').filter(|_| brace == "{") else {
                self.reporter.error(
                    at,
                    format!("the braces in `{template}` do not match"),
                    "write `{{` and `}}` for braces themselves",
                );
                return None;
            };
            if !literal.is_empty() {
                parts.push(Expression::Text(std::mem::take(&mut literal)));
            }
            parts.push(self.placeholder(inner, at, scope)?);
            rest = after;
        }
        literal.push_str(rest);
        if !literal.is_empty() || parts.is_empty() {
            parts.push(Expression::Text(literal));
        }
        match <[Expression; 1]>::try_from(parts) {
            Ok([only]) => Some(only),
            Err(parts) => Some(Expression::Concat(parts)),
        }
    }

    fn placeholder(&mut self, inner: &str, at: &JsonPath, scope: &Scope) -> Option<Expression> {
        let (name, path) = match inner.split_once('#') {
            Some((name, path)) => (name, Some(path)),
            None => (inner, None),
        };
        let value = self.reference(name, at, scope)?;
        if value.optional {
            let message = format!("`{name}` is used here although it may not be set");
            self.reporter
                .error(at, message, format!("ask `isSet` of `{name}` in a condition before"));
            return None;
        }
        let value = match path {
            Some(path) => self.attribute(value, path, at)?,
            None => value,
        };
        match (value.ty, value.optional) {
            (Type::Text, false) => Some(value.expression),
            (Type::Text, true) => self.may_be_empty(at),
            _ => self.wrong_type(at, "text"),
        }
    }

    /// What a name stands for.
    pub(super) fn reference(&mut self, name: &str, at: &JsonPath, scope: &Scope) -> Option<Typed> {
        if let Some(meaning) = scope.get(name) {
            self.asked.insert(name.to_owned());
            return Some(meaning.clone());
        }
        // A parameter that means nothing has been reported already.
        if !self.rules.parameters.contains_key(name) {
            let known = scope.names.iter().map(|(name, _)| name.as_str());
            let message = format!(
                "`{name}` is neither a parameter nor a variable{}",
                did_you_mean(name, known)
            );
            self.reporter.error(
                at,
                message,
                "declare it under `parameters`, or `assign` it in a condition before",
            );
        }
        None
    }

    /// What lies at the end of a path such as `name`, `resourceId[0]` or `[-1]` in a value that is not empty.
    pub(super) fn attribute(&mut self, value: Typed, path: &str, at: &JsonPath) -> Option<Typed> {
        let mut value = value;
        let parts: Vec<&str> = path.split('.').collect();
        for (position, part) in parts.iter().enumerate() {
            let (key, index) = match part.split_once('[') {
                Some((key, index)) => (key, Some(index)),
                None => (*part, None),
            };
            if !key.is_empty() || index.is_none() {
                value = self.field(value, key, at)?;
            }
            let Some(index) = index else {
                continue;
            };
            let number = index.strip_suffix(']').and_then(|index| index.parse().ok());
            let is_last = position + 1 == parts.len();
            let Some(number) = number.filter(|_| is_last && value.ty == Type::List) else {
                let message = format!("`{path}` is not a path to an element of a list");
                self.reporter.error(
                    at,
                    message,
                    "end the path of a list with an index, as in `resourceId[0]`",
                );
                return None;
            };
            value = Typed::optional(Type::Text, Expression::Element(Box::new(value.expression), number));
        }
        Some(value)
    }

    fn field(&mut self, value: Typed, key: &str, at: &JsonPath) -> Option<Typed> {
        let fields: &[(&str, Field, Type)] = match value.ty {
            Type::Partition => PARTITION,
            Type::Url => URL,
            Type::Arn => ARN,
            Type::Boolean | Type::Text | Type::List => &[],
        };
        let found = fields.iter().find(|(name, ..)| *name == key);
        match (found, value.expression) {
            (Some((_, field, ty)), Expression::Variable(variable)) => {
                Some(Typed::new(*ty, Expression::Field(variable, *field)))
            }
            _ => {
                let what = value.ty.article();
                let help = match fields {
                    [] => "ask for an attribute of a partition, a URL or an ARN".to_owned(),
                    _ => {
                        let names: Vec<&str> = fields.iter().map(|(name, ..)| *name).collect();
                        let suggestion = did_you_mean(key, names.iter().copied());
                        format!("its attributes are {}{suggestion}", names.join(", "))
                    }
                };
                self.reporter
                    .error(at, format!("{what} has no attribute `{key}`"), help);
                None
            }
        }
    }

    pub(super) fn may_be_empty<T>(&mut self, at: &JsonPath) -> Option<T> {
        self.reporter.error(
            at,
            "this may be empty, but is needed here",
            "`assign` it in a condition before, which then holds only if it is not empty",
        );
        None
    }
}

const PARTITION: &[(&str, Field, Type)] = &[
    ("name", Field::Name, Type::Text),
    ("dnsSuffix", Field::DnsSuffix, Type::Text),
    ("dualStackDnsSuffix", Field::DualStackDnsSuffix, Type::Text),
    ("implicitGlobalRegion", Field::ImplicitGlobalRegion, Type::Text),
    ("supportsFIPS", Field::SupportsFips, Type::Boolean),
    ("supportsDualStack", Field::SupportsDualStack, Type::Boolean),
];

const URL: &[(&str, Field, Type)] = &[
    ("scheme", Field::Scheme, Type::Text),
    ("authority", Field::Authority, Type::Text),
    ("path", Field::Path, Type::Text),
    ("normalizedPath", Field::NormalizedPath, Type::Text),
    ("isIp", Field::IsIp, Type::Boolean),
];

const ARN: &[(&str, Field, Type)] = &[
    ("partition", Field::Partition, Type::Text),
    ("service", Field::Service, Type::Text),
    ("region", Field::Region, Type::Text),
    ("accountId", Field::AccountId, Type::Text),
    ("resourceId", Field::ResourceId, Type::List),
];

/// The opposite, as simple as it gets.
pub(super) fn not(value: Expression) -> Expression {
    match value {
        Expression::Boolean(value) => Expression::Boolean(!value),
        Expression::Not(value) => *value,
        value => Expression::Not(Box::new(value)),
    }
}

/// Whether two values are the same, as simple as it gets.
pub(super) fn equal(a: Expression, b: Expression) -> Expression {
    match (a, b) {
        (value, Expression::Boolean(true)) | (Expression::Boolean(true), value) => value,
        (value, Expression::Boolean(false)) | (Expression::Boolean(false), value) => not(value),
        (Expression::Text(a), Expression::Text(b)) => Expression::Boolean(a == b),
        (a, b) if a == b => Expression::Boolean(true),
        (a, b) => Expression::Equal(Box::new([a, b])),
    }
}
