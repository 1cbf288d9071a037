//! JMESPath expressions as Rust: iterators for lists, `Option` for what may be null.
//!
//! A value is written as what it is looked at through: texts as `&str`, numbers and booleans as themselves, structures,
//! lists and maps by reference, computed lists as iterators.

mod comparison;
mod list;
mod place;

use proc_macro2::{Literal as TokenLiteral, TokenStream};
use quote::{ToTokens, format_ident, quote};

use self::comparison::{Operand, compare, operator};
use self::list::{computed, element, element_kind, element_test, elements, stored};
use self::place::{field, found_value, place, variable};
use super::docs::ident;
use super::scope::{Name, Scope};
use crate::ir::jmespath::{Comparator, Expression, Form, Kind, Literal};

/// What an expression looks at, in the code of a file.
pub(super) struct Subject<'s> {
    tokens: TokenStream,
    scope: &'s Scope,
}

impl<'s> Subject<'s> {
    pub(super) fn new(tokens: TokenStream, scope: &'s Scope) -> Self {
        Self { tokens, scope }
    }

    /// The element that a closure looks at.
    fn item(&self) -> Self {
        Self::new(quote!(item), self.scope)
    }

    /// The functions of the runtime.
    fn jmespath(&self) -> Name<'s> {
        self.scope.jmespath()
    }
}

impl ToTokens for Subject<'_> {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        self.tokens.to_tokens(tokens);
    }
}

/// The value: an `Option` where it may be null.
pub(super) fn value(expression: &Expression, subject: &Subject<'_>) -> TokenStream {
    match &expression.form {
        Form::Subject => subject.to_token_stream(),
        Form::Field { .. } => field(expression, subject),
        Form::Entry(map, name) => {
            let Kind::Map { value: ty, sparse, .. } = &map.kind else {
                return value(map, subject);
            };
            let found = match place(map, subject) {
                Some(place) => quote!(#place.get(#name)),
                None => {
                    let map = value(map, subject);
                    quote!(#map.and_then(|map| map.get(#name)))
                }
            };
            found_value(found, ty, *sparse)
        }
        Form::Index(list, index) => element(list, *index, subject),
        Form::Keys(_) | Form::Values(_) | Form::Each(..) | Form::Filter(..) | Form::Flatten(_) | Form::Concat(_) => {
            computed(expression, subject)
        }
        Form::Literal(literal) => self::literal(literal),
        Form::Compare(left, comparator, right) => {
            let (left, right) = (Operand::of(left, subject), Operand::of(right, subject));
            compare(&left, *comparator, &right)
        }
        Form::And(left, right) => {
            let (left, right) = (conjunct(left, subject), conjunct(right, subject));
            quote!(#left && #right)
        }
        Form::Or(left, right) => {
            let (left, right) = (value(left, subject), value(right, subject));
            quote!(#left || #right)
        }
        Form::Not(condition) => negation(condition, subject),
        Form::Otherwise(first, second) => otherwise(first, second, subject),
        Form::Length(of) => length(of, subject),
        Form::Contains(of, part) if of.kind != Kind::Text => {
            let elements = elements(of, subject);
            let element = Operand {
                bare: quote!(element),
                tokens: quote!(element),
                text: quote!(element),
                place: None,
                kind: element_kind(&of.kind),
                optional: false,
                literal: None,
            };
            let is_part = compare(&element, Comparator::Equal, &Operand::of(part, subject));
            let jmespath = subject.jmespath();
            quote!(#jmespath::any(#elements, |element| #is_part))
        }
        Form::Contains(text, part) => text_test(text, "contains", part, subject),
        Form::StartsWith(text, part) => text_test(text, "starts_with", part, subject),
        Form::EndsWith(text, part) => text_test(text, "ends_with", part, subject),
    }
}

/// Whether a value is a literal. It is not where it is null, unless the literal is.
pub(super) fn is(expression: &Expression, literal: &Literal, subject: &Subject<'_>) -> TokenStream {
    if let (Kind::Boolean, false, Literal::Boolean(is_wanted)) = (&expression.kind, expression.optional, literal) {
        return match is_wanted {
            true => value(expression, subject),
            false => value(&expression.clone().negated(), subject),
        };
    }
    let tokens = self::literal(literal);
    let right = Operand {
        bare: tokens.clone(),
        text: tokens.clone(),
        tokens,
        place: None,
        kind: Kind::Null,
        optional: false,
        literal: Some(literal.clone()),
    };
    compare(&Operand::of(expression, subject), Comparator::Equal, &right)
}

/// Whether an element of a list is a literal.
pub(super) fn any_is(list: &Expression, literal: &Literal, subject: &Subject<'_>) -> TokenStream {
    let elements = elements(list, subject);
    let (test, jmespath) = (element_test(list, literal, subject), subject.jmespath());
    quote!(#jmespath::any(#elements, #test))
}

/// Whether a list has elements, and all of them are a literal.
pub(super) fn all_are(list: &Expression, literal: &Literal, subject: &Subject<'_>) -> TokenStream {
    let elements = elements(list, subject);
    let (test, jmespath) = (element_test(list, literal, subject), subject.jmespath());
    quote!(#jmespath::all(#elements, #test))
}

/// What a chain of members leads to, taken out of its owner: the default where it is not there.
pub(super) fn take(expression: &Expression, owner: &Subject<'_>) -> TokenStream {
    let taken = taken(expression, owner);
    match expression.optional {
        true => quote!(#taken.unwrap_or_default()),
        false => taken,
    }
}

fn taken(expression: &Expression, owner: &Subject<'_>) -> TokenStream {
    let Form::Field {
        of, field, optional, ..
    } = &expression.form
    else {
        return owner.to_token_stream();
    };
    let of_value = taken(of, owner);
    let name = ident(field);
    if !of.optional {
        return quote!(#of_value.#name);
    }
    let variable = variable(of);
    match optional {
        true => quote!(#of_value.and_then(|#variable| #variable.#name)),
        false => quote!(#of_value.map(|#variable| #variable.#name)),
    }
}

fn length(of: &Expression, subject: &Subject<'_>) -> TokenStream {
    let jmespath = subject.jmespath();
    match (&of.kind, place(of, subject)) {
        (Kind::Text, _) => {
            let text = value(of, subject);
            match of.optional {
                true => quote!(#text.map(|text| #jmespath::length(text.chars()))),
                false => quote!(#jmespath::length(#text.chars())),
            }
        }
        (Kind::List { .. }, _) => {
            // Nulls count.
            let all = stored(of, subject);
            quote!(#jmespath::length(#all))
        }
        (Kind::Map { .. }, Some(place)) => quote!(#jmespath::length(#place.keys())),
        (Kind::Map { .. }, None) => {
            let map = value(of, subject);
            quote!(#jmespath::length(#map.into_iter().flatten()))
        }
        _ => {
            let all = elements(of, subject);
            quote!(#jmespath::length(#all))
        }
    }
}

fn otherwise(first: &Expression, second: &Expression, subject: &Subject<'_>) -> TokenStream {
    let (first_value, second_value) = (value(first, subject), value(second, subject));
    let is_text = first.kind == Kind::Text;
    let first_value = match (first.optional, is_text) {
        (true, _) => first_value,
        (false, true) => quote!(Some(#first_value)),
        // It is certainly there.
        (false, false) if second.optional => return quote!(Some(#first_value)),
        (false, false) => return first_value,
    };
    let filled = is_text.then(|| quote!(.filter(|text| !text.is_empty())));
    match second.optional {
        true => quote!(#first_value #filled.or(#second_value)),
        false => quote!(#first_value #filled.unwrap_or(#second_value)),
    }
}

fn text_test(text: &Expression, test: &str, part: &Expression, subject: &Subject<'_>) -> TokenStream {
    let test = format_ident!("{test}");
    let (text_value, part_value) = (value(text, subject), value(part, subject));
    match (text.optional, part.optional) {
        (false, false) => quote!(#text_value.#test(#part_value)),
        (true, false) => quote!(#text_value.is_some_and(|text| text.#test(#part_value))),
        (false, true) => quote!(#part_value.is_some_and(|part| #text_value.#test(part))),
        (true, true) => quote!(#text_value.zip(#part_value).is_some_and(|(text, part)| text.#test(part))),
    }
}

fn literal(literal: &Literal) -> TokenStream {
    match literal {
        Literal::Text(text) => quote!(#text),
        Literal::Integer(number) => {
            let number = TokenLiteral::i64_unsuffixed(*number);
            quote!(#number)
        }
        Literal::Float(number) => {
            let number = TokenLiteral::f64_unsuffixed(*number);
            quote!(#number)
        }
        Literal::Boolean(value) => quote!(#value),
        Literal::Null => quote!(None),
    }
}

/// A side of `&&`.
fn conjunct(condition: &Expression, subject: &Subject<'_>) -> TokenStream {
    let tokens = value(condition, subject);
    match condition.form {
        Form::Or(..) => quote!((#tokens)),
        _ => tokens,
    }
}

fn negation(condition: &Expression, subject: &Subject<'_>) -> TokenStream {
    let tokens = value(condition, subject);
    match &condition.form {
        Form::And(..) | Form::Or(..) => quote!(!(#tokens)),
        // An order with something that may be null: `not` turns all other comparisons around.
        Form::Compare(left, comparator, right) => {
            let (left, right) = (Operand::of(left, subject), Operand::of(right, subject));
            let (left_value, right_value) = (left.widened(), right.widened());
            let operator = operator(comparator.opposite());
            match (left.optional, right.optional) {
                (true, false) => quote!(#left_value.is_none_or(|left| left #operator #right_value)),
                (false, true) => quote!(#right_value.is_none_or(|right| #left_value #operator right)),
                _ => {
                    quote!(#left_value.zip(#right_value).is_none_or(|(left, right)| left #operator right))
                }
            }
        }
        _ => quote!(!#tokens),
    }
}
