//! JMESPath: names become fields, and each part gets the kind of its value.

mod comparison;
mod function;
mod size;

use jmespath::Variable;
use jmespath::ast::Ast;

pub(super) use self::comparison::compare;
use self::comparison::{comparator_of, truth_of};
use self::function::values;
use super::super::jmespath::{Expression, Form, Kind, Literal};
use super::super::{Form as TypeForm, Member, Type};
use super::types::Types;
use crate::diagnostics::did_you_mean;

/// What is wrong with an expression, and what would be right.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Malformed {
    pub message: String,
    pub help: String,
}

/// What expressions look at.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    /// The members of the output.
    pub output: &'a [Member],
    /// All types, by their Rust names.
    pub types: &'a Types,
}

impl Scope<'_> {
    /// Resolves an expression.
    pub(super) fn lower(self, text: &str) -> Result<Expression, Malformed> {
        let help = "see https://jmespath.org/specification.html for what can be written";
        size::check_text(text)?;
        let ast = jmespath::parse(text).map_err(|error| {
            let message = format!("`{text}` is not valid JMESPath: see its character {}", error.offset + 1);
            malformed(message, help)
        })?;
        size::check(&ast)?;
        looking(self.expression(&ast, &subject(Kind::Output))?)
    }

    /// Resolves an expression that is true or false.
    pub(super) fn condition(self, text: &str) -> Result<Expression, Malformed> {
        looking(truth_of(self.lower(text)?)?)
    }

    fn expression(self, ast: &Ast, subject: &Expression) -> Result<Expression, Malformed> {
        match ast {
            Ast::Identity { .. } => Ok(subject.clone()),
            Ast::Field { name, .. } => self.field(subject, name),
            Ast::Index { idx, .. } => index(subject, *idx),
            Ast::Subexpr { lhs, rhs, .. } => self.expression(rhs, &self.expression(lhs, subject)?),
            Ast::Projection { lhs, rhs, .. } => self.projection(self.expression(lhs, subject)?, rhs),
            Ast::ObjectValues { node, .. } => values(self.expression(node, subject)?),
            Ast::Flatten { node, .. } => self.flatten(node, subject),
            Ast::Literal { value, .. } => literal(value),
            Ast::Comparison {
                comparator, lhs, rhs, ..
            } => {
                let (left, right) = (self.expression(lhs, subject)?, self.expression(rhs, subject)?);
                compare(left, comparator_of(comparator), right)
            }
            Ast::Not { node, .. } => Ok(self.truth(node, subject)?.negated()),
            Ast::And { lhs, rhs, .. } => {
                let (left, right) = (self.expression(lhs, subject)?, self.expression(rhs, subject)?);
                match (&left.kind, &right.kind) {
                    (Kind::Boolean, Kind::Boolean) => Ok(and(truth_of(left)?, truth_of(right)?)),
                    _ => Err(unknown("`&&` of what is not true or false")),
                }
            }
            Ast::Or { lhs, rhs, .. } => {
                let (left, right) = (self.expression(lhs, subject)?, self.expression(rhs, subject)?);
                match (&left.kind, &right.kind) {
                    (Kind::Boolean, Kind::Boolean) => Ok(or(truth_of(left)?, truth_of(right)?)),
                    _ => otherwise(left, right),
                }
            }
            Ast::Function { name, args, .. } => self.function(name, args, subject),
            Ast::MultiList { .. } => Err(unknown("a list `[a, b]` that is not flattened by `[]`")),
            Ast::MultiHash { .. } => Err(unknown("an object `{a: b}`")),
            Ast::Slice { .. } => Err(unknown("a slice `[a:b]`")),
            Ast::Expref { .. } | Ast::Condition { .. } => Err(unknown("an expression as a value")),
        }
    }

    fn field(self, of: &Expression, name: &str) -> Result<Expression, Malformed> {
        let members = match &of.kind {
            Kind::Output => self.output,
            Kind::Structure(structure) => match self.types.get(structure).map(|definition| &definition.form) {
                Some(TypeForm::Structure(members)) => members.as_slice(),
                _ => &[],
            },
            Kind::Map {
                key: Type::String,
                value,
                ..
            } => {
                let form = Form::Entry(of.clone().into(), name.to_owned());
                return Ok(expression(form, value.into(), true));
            }
            kind => {
                let message = format!("`{name}` is asked of {}, which has no members", describe(kind));
                return Err(malformed(message, "name a member of a structure"));
            }
        };
        let Some(member) = members.iter().find(|member| member.name == name) else {
            let suggestion = did_you_mean(name, members.iter().map(|member| member.name.as_str()));
            return Err(malformed(
                format!("there is no member `{name}` in {}", describe(&of.kind)),
                format!("name a member that is there{suggestion}"),
            ));
        };
        let form = Form::Field {
            of: of.clone().into(),
            field: member.field.clone(),
            ty: member.ty.clone(),
            boxed: member.boxed,
            optional: !member.required,
            sensitive: member.sensitive,
        };
        Ok(expression(form, (&member.ty).into(), of.optional || !member.required))
    }

    /// What the right side gives for each element of a list.
    fn projection(self, list: Expression, right: &Ast) -> Result<Expression, Malformed> {
        let kind = element_kind(&list)?;
        let (list, right) = match right {
            Ast::Condition { predicate, then, .. } => {
                if matches!(kind, Kind::Sequence(_)) {
                    return Err(unknown("a filter of lists in a list"));
                }
                let condition = self.truth(predicate, &subject(kind.clone()))?;
                if condition.is_constant() {
                    return Err(unknown("a filter that is the same for all elements"));
                }
                let form = Form::Filter(list.into(), condition.into());
                (expression(form, Kind::Sequence(kind.clone().into()), false), &**then)
            }
            right => (list, right),
        };
        let element = self.expression(right, &subject(kind))?;
        if element.form == Form::Subject {
            return Ok(list);
        }
        if element.is_constant() {
            return Err(unknown("a value that is the same for all elements"));
        }
        let kind = Kind::Sequence(element.kind.clone().into());
        Ok(expression(Form::Each(list.into(), element.into()), kind, false))
    }

    fn flatten(self, node: &Ast, subject: &Expression) -> Result<Expression, Malformed> {
        if let Ast::MultiList { elements, .. } = node {
            let elements = elements.iter().map(|element| self.expression(element, subject));
            return concat(elements.collect::<Result<_, _>>()?);
        }
        let list = self.expression(node, subject)?;
        let kind = match element_kind(&list)? {
            Kind::List { element, .. } => Kind::from(&element),
            Kind::Sequence(element) => *element,
            // A list of anything else is as flat as it can be.
            _ => return Ok(list),
        };
        Ok(expression(
            Form::Flatten(list.into()),
            Kind::Sequence(kind.into()),
            false,
        ))
    }

    /// Whether an expression counts as true, which says less than its value.
    fn truth(self, ast: &Ast, subject: &Expression) -> Result<Expression, Malformed> {
        match ast {
            Ast::And { lhs, rhs, .. } => Ok(and(self.truth(lhs, subject)?, self.truth(rhs, subject)?)),
            Ast::Or { lhs, rhs, .. } => Ok(or(self.truth(lhs, subject)?, self.truth(rhs, subject)?)),
            _ => truth_of(self.expression(ast, subject)?),
        }
    }
}

/// What the elements of a list are.
pub(super) fn element_kind(list: &Expression) -> Result<Kind, Malformed> {
    match &list.kind {
        Kind::List { element, .. } => Ok(element.into()),
        Kind::Sequence(element) => Ok((**element).clone()),
        kind => {
            let message = format!("{} is not a list", describe(kind));
            Err(malformed(
                message,
                "name a list, or leave out what goes through its elements",
            ))
        }
    }
}

/// A literal as an expression.
pub(super) fn literal_expression(literal: Literal) -> Expression {
    let kind = match &literal {
        Literal::Text(_) => Kind::Text,
        Literal::Integer(_) => Kind::Integer(Type::Long),
        Literal::Float(_) => Kind::Float(Type::Double),
        Literal::Boolean(_) => Kind::Boolean,
        Literal::Null => Kind::Null,
    };
    let is_null = kind == Kind::Null;
    expression(Form::Literal(literal), kind, is_null)
}

/// What the expressions for elements look at.
pub(super) fn subject(kind: Kind) -> Expression {
    expression(Form::Subject, kind, false)
}

fn expression(form: Form, kind: Kind, optional: bool) -> Expression {
    Expression { form, kind, optional }
}

fn malformed(message: impl Into<String>, help: impl Into<String>) -> Malformed {
    Malformed {
        message: message.into(),
        help: help.into(),
    }
}

fn unknown(what: &str) -> Malformed {
    malformed(
        format!("the expression has {what}, which cannot be generated"),
        "use members, `[]`, `[0]`, filters, comparisons, `length`, `contains`, `starts_with`, `ends_with`, `keys` or \
         `values`, or remove the entry",
    )
}

/// Refuses what does not look at the output: nobody means that, and a function with an unused parameter would come of it.
fn looking(expression: Expression) -> Result<Expression, Malformed> {
    match expression.is_constant() {
        true => Err(malformed(
            "the expression is the same whatever the output is",
            "name a member of the output, or remove the entry",
        )),
        false => Ok(expression),
    }
}

fn literal(value: &Variable) -> Result<Expression, Malformed> {
    let literal = match value {
        Variable::Null => Literal::Null,
        Variable::String(text) => Literal::Text(text.clone()),
        Variable::Bool(value) => Literal::Boolean(*value),
        Variable::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(number), _) => Literal::Integer(number),
            (None, Some(number)) => Literal::Float(number),
            (None, None) => return Err(unknown("a number that is too large")),
        },
        Variable::Array(elements) => {
            let elements = elements.iter().map(|element| literal(element));
            return concat(elements.collect::<Result<_, _>>()?);
        }
        Variable::Object(_) | Variable::Expref(_) => return Err(unknown("an object as a literal")),
    };
    Ok(literal_expression(literal))
}

fn index(list: &Expression, index: i32) -> Result<Expression, Malformed> {
    let kind = element_kind(list)?;
    Ok(expression(Form::Index(list.clone().into(), index), kind, true))
}

/// One list of values and of the elements of lists, all of the same kind.
fn concat(parts: Vec<Expression>) -> Result<Expression, Malformed> {
    let kinds = parts.iter().map(|part| match &part.kind {
        Kind::List { .. } | Kind::Sequence(_) => element_kind(part),
        kind => Ok(kind.clone()),
    });
    let kinds = kinds.collect::<Result<Vec<_>, _>>()?;
    match kinds.split_first() {
        Some((first, others)) if others.iter().all(|kind| kind == first) => {
            let kind = Kind::Sequence(first.clone().into());
            Ok(expression(Form::Concat(parts), kind, false))
        }
        _ => Err(unknown("a list of nothing or of values of different kinds")),
    }
}

/// The first value, or the second where the first is null or empty.
fn otherwise(first: Expression, second: Expression) -> Result<Expression, Malformed> {
    let is_list = matches!(first.kind, Kind::List { .. } | Kind::Map { .. } | Kind::Sequence(_));
    if first.kind != second.kind || is_list {
        return Err(unknown("`||` of lists, or of values of different kinds"));
    }
    let (kind, optional) = (first.kind.clone(), second.optional);
    Ok(expression(Form::Otherwise(first.into(), second.into()), kind, optional))
}

fn and(left: Expression, right: Expression) -> Expression {
    Expression::condition(Form::And(left.into(), right.into()))
}

fn or(left: Expression, right: Expression) -> Expression {
    Expression::condition(Form::Or(left.into(), right.into()))
}

fn describe(kind: &Kind) -> String {
    match kind {
        Kind::Output => "the output".to_owned(),
        Kind::Text => "a text".to_owned(),
        Kind::Integer(_) => "a whole number".to_owned(),
        Kind::Float(_) => "a number".to_owned(),
        Kind::Boolean => "a boolean".to_owned(),
        Kind::Structure(name) => format!("`{name}`"),
        Kind::List { .. } | Kind::Sequence(_) => "a list".to_owned(),
        Kind::Map { .. } => "a map".to_owned(),
        Kind::Null => "null".to_owned(),
        Kind::Opaque(Type::Timestamp(_)) => "a point in time".to_owned(),
        Kind::Opaque(Type::Document) => "a document".to_owned(),
        Kind::Opaque(Type::Union(name)) => format!("the union `{name}`"),
        Kind::Opaque(_) => "bytes".to_owned(),
    }
}
