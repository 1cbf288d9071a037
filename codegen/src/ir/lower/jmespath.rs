//! JMESPath: names become fields, and each part gets the kind of its value.

mod size;

use jmespath::Variable;
use jmespath::ast::{Ast, Comparator as AstComparator};

use super::super::jmespath::{Comparator, Expression, Form, Kind, Literal};
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
            let message = format!("`{text}` is no JMESPath: see its character {}", error.offset + 1);
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

    fn function(self, name: &str, arguments: &[Ast], subject: &Expression) -> Result<Expression, Malformed> {
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

/// Whether two values are in a relation. Each literal takes the type of what it is compared with.
pub(super) fn compare(left: Expression, comparator: Comparator, right: Expression) -> Result<Expression, Malformed> {
    let is_literal = |side: &Expression| matches!(side.form, Form::Literal(_));
    if is_literal(&left) && is_literal(&right) {
        return Err(unknown("the comparison of two literals"));
    }
    // A literal stands on the right.
    let (left, comparator, right) = match is_literal(&left) {
        true => (right, mirrored(comparator), left),
        false => (left, comparator, right),
    };
    let is_order = !matches!(comparator, Comparator::Equal | Comparator::NotEqual);
    let right = match (&left.kind, &right.kind, &right.form) {
        (_, Kind::Null, _) | (Kind::Text, Kind::Text, _) | (Kind::Boolean, Kind::Boolean, _) if !is_order => right,
        (Kind::Integer(ty), _, Form::Literal(Literal::Integer(number))) if is_in_range(ty, *number) => right,
        (Kind::Float(_), _, Form::Literal(Literal::Float(_))) => right,
        #[allow(
            clippy::cast_precision_loss,
            reason = "the number is compared with one that has the same limits"
        )]
        (Kind::Float(_), _, Form::Literal(Literal::Integer(number))) => {
            literal_expression(Literal::Float(*number as f64))
        }
        (Kind::Integer(_), Kind::Integer(_), form) | (Kind::Float(_), Kind::Float(_), form)
            if !matches!(form, Form::Literal(_)) =>
        {
            right
        }
        (Kind::Integer(_), _, Form::Literal(Literal::Integer(_) | Literal::Float(_))) => {
            let message = "a whole number is compared with one that it cannot be";
            return Err(malformed(message, "compare it with a whole number in its range"));
        }
        (left, kind, _) => {
            let message = format!("{} is compared with {}", describe(left), describe(kind));
            return Err(malformed(
                message,
                "compare texts, numbers or booleans of the same kind",
            ));
        }
    };
    Ok(Expression::condition(Form::Compare(
        left.into(),
        comparator,
        right.into(),
    )))
}

/// What the elements of a list are.
pub(super) fn element_kind(list: &Expression) -> Result<Kind, Malformed> {
    match &list.kind {
        Kind::List { element, .. } => Ok(element.into()),
        Kind::Sequence(element) => Ok((**element).clone()),
        kind => {
            let message = format!("{} is no list", describe(kind));
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

fn keys(map: Expression) -> Result<Expression, Malformed> {
    match &map.kind {
        Kind::Map { key, .. } => {
            let kind = Kind::Sequence(Box::new(key.into()));
            Ok(expression(Form::Keys(map.into()), kind, false))
        }
        kind => Err(malformed(format!("{} is no map", describe(kind)), "name a map")),
    }
}

fn values(map: Expression) -> Result<Expression, Malformed> {
    match &map.kind {
        Kind::Map { value, .. } => {
            let kind = Kind::Sequence(Box::new(value.into()));
            Ok(expression(Form::Values(map.into()), kind, false))
        }
        kind => Err(malformed(format!("{} is no map", describe(kind)), "name a map")),
    }
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

/// The number of characters of a text; of elements for anything else. A list that is not there counts as empty: services
/// leave empty lists out.
fn length(of: Expression) -> Result<Expression, Malformed> {
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
            let message = format!("{} is no text", describe(&side.kind));
            Err(malformed(message, "name a text"))
        }
        None => Ok(()),
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

fn truth_of(value: Expression) -> Result<Expression, Malformed> {
    let against = |literal| literal_expression(literal);
    match (&value.kind, value.optional) {
        (Kind::Boolean, false) => Ok(value),
        (Kind::Boolean, true) => compare(value, Comparator::Equal, against(Literal::Boolean(true))),
        // Null is not greater than anything.
        (Kind::Text, true) => compare(length(value)?, Comparator::Greater, against(Literal::Integer(0))),
        (Kind::Text, false) => compare(value, Comparator::NotEqual, against(Literal::Text(String::new()))),
        (Kind::List { .. } | Kind::Map { .. } | Kind::Sequence(_), _) => {
            compare(length(value)?, Comparator::NotEqual, against(Literal::Integer(0)))
        }
        (_, true) => compare(value, Comparator::NotEqual, against(Literal::Null)),
        (_, false) => Ok(literal_expression(Literal::Boolean(true))),
    }
}

fn comparator_of(comparator: &AstComparator) -> Comparator {
    match comparator {
        AstComparator::Equal => Comparator::Equal,
        AstComparator::NotEqual => Comparator::NotEqual,
        AstComparator::LessThan => Comparator::Less,
        AstComparator::LessThanEqual => Comparator::LessOrEqual,
        AstComparator::GreaterThan => Comparator::Greater,
        AstComparator::GreaterThanEqual => Comparator::GreaterOrEqual,
    }
}

/// The same relation, seen from the other side.
fn mirrored(comparator: Comparator) -> Comparator {
    match comparator {
        Comparator::Equal => Comparator::Equal,
        Comparator::NotEqual => Comparator::NotEqual,
        Comparator::Less => Comparator::Greater,
        Comparator::LessOrEqual => Comparator::GreaterOrEqual,
        Comparator::Greater => Comparator::Less,
        Comparator::GreaterOrEqual => Comparator::LessOrEqual,
    }
}

fn is_in_range(ty: &Type, number: i64) -> bool {
    match ty {
        Type::Byte => i8::try_from(number).is_ok(),
        Type::Short => i16::try_from(number).is_ok(),
        Type::Integer => i32::try_from(number).is_ok(),
        _ => true,
    }
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
