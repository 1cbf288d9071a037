//! Comparisons, and what counts as true.

use jmespath::ast::Comparator as AstComparator;

use super::function::length;
use super::{Malformed, describe, literal_expression, malformed, unknown};
use crate::ir::Type;
use crate::ir::jmespath::{Comparator, Expression, Form, Kind, Literal};

/// Whether two values are in a relation. Each literal takes the type of what it is compared with.
pub(in crate::ir::lower) fn compare(
    left: Expression,
    comparator: Comparator,
    right: Expression,
) -> Result<Expression, Malformed> {
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

/// Whether a value counts as true, as JMESPath has it.
pub(super) fn truth_of(value: Expression) -> Result<Expression, Malformed> {
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

pub(super) fn comparator_of(comparator: &AstComparator) -> Comparator {
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
