//! Comparisons, also of what may be null.

use proc_macro2::TokenStream;
use quote::quote;

use super::place::place;
use super::{Subject, value};
use crate::ir::Type;
use crate::ir::jmespath::{Comparator, Expression, Form, Kind, Literal};

/// A side of a comparison.
pub(super) struct Operand {
    /// The value.
    pub(super) bare: TokenStream,
    /// The same beside an operator.
    pub(super) tokens: TokenStream,
    /// The same as what has the methods of a text.
    pub(super) text: TokenStream,
    /// Where a text or an enum lies, which compare with a literal as they are.
    pub(super) place: Option<TokenStream>,
    pub(super) kind: Kind,
    pub(super) optional: bool,
    pub(super) literal: Option<Literal>,
}

impl Operand {
    pub(super) fn of(expression: &Expression, subject: &Subject<'_>) -> Self {
        let tokens = value(expression, subject);
        let has_operator = matches!(
            expression.form,
            Form::Compare(..) | Form::And(..) | Form::Or(..) | Form::Not(_)
        );
        let (place, is_text) = match &expression.form {
            Form::Field { ty: Type::String, .. } => (place(expression, subject), true),
            Form::Field { ty: Type::Enum(_), .. } => (place(expression, subject), false),
            _ => (None, false),
        };
        let text = place.clone().filter(|_| is_text);
        Self {
            bare: tokens.clone(),
            text: text.unwrap_or_else(|| tokens.clone()),
            place,
            tokens: if has_operator { quote!((#tokens)) } else { tokens },
            kind: expression.kind.clone(),
            optional: expression.optional,
            literal: match &expression.form {
                Form::Literal(literal) => Some(literal.clone()),
                _ => None,
            },
        }
    }

    /// Its value in the widest type of its kind.
    pub(super) fn widened(&self) -> TokenStream {
        let tokens = &self.tokens;
        let wide = match &self.kind {
            Kind::Integer(Type::Long) | Kind::Float(Type::Double) => return tokens.clone(),
            Kind::Integer(_) => quote!(i64::from),
            _ => quote!(f64::from),
        };
        match self.optional {
            true => quote!(#tokens.map(#wide)),
            false => quote!(#wide(#tokens)),
        }
    }
}

pub(super) fn compare(left: &Operand, comparator: Comparator, right: &Operand) -> TokenStream {
    let is_wanted = comparator == Comparator::Equal;
    let (left_value, right_value) = (&left.tokens, &right.tokens);
    match &right.literal {
        Some(Literal::Null) => {
            return match (left.optional, is_wanted) {
                (true, true) => quote!(#left_value.is_none()),
                (true, false) => quote!(#left_value.is_some()),
                (false, is_null) => {
                    let never = !is_null;
                    quote!(#never)
                }
            };
        }
        Some(Literal::Boolean(value)) if !left.optional => {
            return match *value == is_wanted {
                true => quote!(#left_value),
                false => quote!(!#left_value),
            };
        }
        Some(Literal::Text(text)) if text.is_empty() && !left.optional => {
            let text = &left.text;
            return match is_wanted {
                true => quote!(#text.is_empty()),
                false => quote!(!#text.is_empty()),
            };
        }
        Some(Literal::Text(_)) => {
            if let (Some(place), Comparator::Equal | Comparator::NotEqual) = (&left.place, comparator) {
                let operator = operator(comparator);
                return quote!(#place #operator #right_value);
            }
        }
        _ => {}
    }
    let is_number = matches!(left.kind, Kind::Integer(_) | Kind::Float(_));
    // Numbers of different types meet in the widest.
    let are_widened = is_number && right.literal.is_none() && left.kind != right.kind;
    let ((left_value, left_bare), (right_value, right_bare)) = match are_widened {
        true => {
            let (left, right) = (left.widened(), right.widened());
            ((left.clone(), left), (right.clone(), right))
        }
        false => (
            (left_value.clone(), left.bare.clone()),
            (right_value.clone(), right.bare.clone()),
        ),
    };
    let operator = operator(comparator);
    let is_order = !matches!(comparator, Comparator::Equal | Comparator::NotEqual);
    match (left.optional, right.optional) {
        (false, false) => quote!(#left_value #operator #right_value),
        (true, false) if is_order => quote!(#left_value.is_some_and(|left| left #operator #right_value)),
        (false, true) if is_order => quote!(#right_value.is_some_and(|right| #left_value #operator right)),
        (true, true) if is_order => {
            quote!(#left_value.zip(#right_value).is_some_and(|(left, right)| left #operator right))
        }
        (true, true) => quote!(#left_value #operator #right_value),
        (true, false) => quote!(#left_value #operator Some(#right_bare)),
        (false, true) => quote!(Some(#left_bare) #operator #right_value),
    }
}

pub(super) fn operator(comparator: Comparator) -> TokenStream {
    match comparator {
        Comparator::Equal => quote!(==),
        Comparator::NotEqual => quote!(!=),
        Comparator::Less => quote!(<),
        Comparator::LessOrEqual => quote!(<=),
        Comparator::Greater => quote!(>),
        Comparator::GreaterOrEqual => quote!(>=),
    }
}
