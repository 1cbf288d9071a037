//! JMESPath expressions as Rust: iterators for lists, `Option` for what may be null.
//!
//! A value is written as what it is looked at through: texts as `&str`, numbers and booleans as themselves, structures,
//! lists and maps by reference, computed lists as iterators.

use proc_macro2::{Ident, Literal as TokenLiteral, TokenStream};
use quote::{format_ident, quote};

use super::docs::ident;
use crate::ir::Type;
use crate::ir::jmespath::{Comparator, Expression, Form, Kind, Literal};

/// The value: an `Option` where it may be null.
pub(super) fn value(expression: &Expression, subject: &TokenStream) -> TokenStream {
    match &expression.form {
        Form::Subject => subject.clone(),
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
                kind: element_kind(&of.kind),
                optional: false,
                literal: None,
            };
            let is_part = compare(&element, Comparator::Equal, &Operand::of(part, subject));
            quote!(jmespath::any(#elements, |element| #is_part))
        }
        Form::Contains(text, part) => text_test(text, "contains", part, subject),
        Form::StartsWith(text, part) => text_test(text, "starts_with", part, subject),
        Form::EndsWith(text, part) => text_test(text, "ends_with", part, subject),
    }
}

/// Whether a value is a literal. It is not where it is null, unless the literal is.
pub(super) fn is(expression: &Expression, literal: &Literal, subject: &TokenStream) -> TokenStream {
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
        kind: Kind::Null,
        optional: false,
        literal: Some(literal.clone()),
    };
    compare(&Operand::of(expression, subject), Comparator::Equal, &right)
}

/// Whether an element of a list is a literal.
pub(super) fn any_is(list: &Expression, literal: &Literal, subject: &TokenStream) -> TokenStream {
    let elements = elements(list, subject);
    let test = element_test(list, literal);
    quote!(jmespath::any(#elements, #test))
}

/// Whether a list has elements, and all of them are a literal.
pub(super) fn all_are(list: &Expression, literal: &Literal, subject: &TokenStream) -> TokenStream {
    let elements = elements(list, subject);
    let test = element_test(list, literal);
    quote!(jmespath::all(#elements, #test))
}

/// What a chain of members leads to, taken out of its owner: the default where it is not there.
pub(super) fn take(expression: &Expression, owner: &TokenStream) -> TokenStream {
    let taken = taken(expression, owner);
    match expression.optional {
        true => quote!(#taken.unwrap_or_default()),
        false => taken,
    }
}

fn taken(expression: &Expression, owner: &TokenStream) -> TokenStream {
    let Form::Field {
        of, field, optional, ..
    } = &expression.form
    else {
        return owner.clone();
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

/// Where a value lies that is certainly there, so that its fields and methods can be written after a dot.
fn place(expression: &Expression, subject: &TokenStream) -> Option<TokenStream> {
    if expression.optional {
        return None;
    }
    Some(match &expression.form {
        Form::Field { of, field, .. } => {
            let (of, field) = (place(of, subject)?, ident(field));
            quote!(#of.#field)
        }
        _ => value(expression, subject),
    })
}

fn field(expression: &Expression, subject: &TokenStream) -> TokenStream {
    let Form::Field {
        of,
        field,
        ty,
        boxed,
        optional,
        ..
    } = &expression.form
    else {
        return subject.clone();
    };
    let field = ident(field);
    let view = |place: TokenStream| match optional {
        true => optional_view(&place, ty, *boxed),
        false => view(&place, ty, *boxed),
    };
    if let Some(of) = place(of, subject) {
        return view(quote!(#of.#field));
    }
    let variable = variable(of);
    let of = value(of, subject);
    let inner = view(quote!(#variable.#field));
    match optional {
        true => quote!(#of.and_then(|#variable| #inner)),
        false => quote!(#of.map(|#variable| #inner)),
    }
}

/// A name for a value that an expression gives.
fn variable(expression: &Expression) -> Ident {
    match &expression.form {
        Form::Field { field, .. } => ident(field),
        _ => format_ident!("item"),
    }
}

/// A value that lies at a place.
fn view(place: &TokenStream, ty: &Type, boxed: bool) -> TokenStream {
    match Kind::from(ty) {
        Kind::Text => quote!(#place.as_str()),
        kind if is_copied(&kind) => place.clone(),
        _ if boxed => quote!(&*#place),
        _ => quote!(&#place),
    }
}

/// A value that may lie at a place.
fn optional_view(place: &TokenStream, ty: &Type, boxed: bool) -> TokenStream {
    match ty {
        Type::String | Type::JsonText => quote!(#place.as_deref()),
        Type::Enum(_) => quote!(#place.as_ref().map(|value| value.as_str())),
        ty if is_copied(&ty.into()) => place.clone(),
        _ if boxed => quote!(#place.as_deref()),
        _ => quote!(#place.as_ref()),
    }
}

/// A value of an `Option<&T>`, or of an `Option<&Option<T>>`.
fn found_value(found: TokenStream, ty: &Type, sparse: bool) -> TokenStream {
    let kind = Kind::from(ty);
    match sparse {
        true if is_copied(&kind) => quote!(#found.copied().flatten()),
        true => {
            let inner = optional_view(&quote!(value), ty, false);
            quote!(#found.and_then(|value| #inner))
        }
        false if kind == Kind::Text => quote!(#found.map(|value| value.as_str())),
        false if is_copied(&kind) => quote!(#found.copied()),
        false => found,
    }
}

fn is_copied(kind: &Kind) -> bool {
    matches!(kind, Kind::Integer(_) | Kind::Float(_) | Kind::Boolean)
}

fn element(list: &Expression, index: i32, subject: &TokenStream) -> TokenStream {
    let Kind::List { element, sparse } = &list.kind else {
        let elements = elements(list, subject);
        let index = TokenLiteral::i32_unsuffixed(index);
        return quote!(jmespath::at(#elements, #index));
    };
    let distance = |index: i32| TokenLiteral::u32_unsuffixed(index.unsigned_abs());
    let get = match index {
        0 => quote!(first()),
        -1 => quote!(last()),
        1.. => {
            let index = distance(index);
            quote!(get(#index))
        }
        _ => {
            let index = distance(index + 1);
            quote!(iter().nth_back(#index))
        }
    };
    let found = match place(list, subject) {
        Some(place) => quote!(#place.#get),
        None => {
            let list = value(list, subject);
            quote!(#list.and_then(|list| list.#get))
        }
    };
    found_value(found, element, *sparse)
}

/// The elements of a list, by an iterator. Nulls are left out, and so is the list where it is null.
fn elements(list: &Expression, subject: &TokenStream) -> TokenStream {
    let Kind::List { element, sparse } = &list.kind else {
        return value(list, subject);
    };
    let all = stored(list, subject);
    viewed(all, element, *sparse)
}

/// What is stored in a list, by reference.
fn stored(list: &Expression, subject: &TokenStream) -> TokenStream {
    if let Some(place) = place(list, subject) {
        return quote!(#place.iter());
    }
    if let Form::Field { of, field, .. } = &list.form
        && let Some(of) = place(of, subject)
    {
        let field = ident(field);
        return quote!(#of.#field.iter().flatten());
    }
    let list = value(list, subject);
    quote!(#list.into_iter().flatten())
}

/// An iterator of references as one of values.
fn viewed(all: TokenStream, ty: &Type, sparse: bool) -> TokenStream {
    let flatten = sparse.then(|| quote!(.flatten()));
    match Kind::from(ty) {
        Kind::Text => quote!(#all #flatten.map(|item| item.as_str())),
        kind if is_copied(&kind) => quote!(#all #flatten.copied()),
        _ => quote!(#all #flatten),
    }
}

fn computed(list: &Expression, subject: &TokenStream) -> TokenStream {
    let item = quote!(item);
    match &list.form {
        Form::Each(of, element) => {
            let of = elements(of, subject);
            let each = element_or_iterator(element, &item);
            match element.optional && !matches!(element.kind, Kind::Sequence(_)) {
                true => quote!(#of.filter_map(|item| #each)),
                false => quote!(#of.map(|item| #each)),
            }
        }
        Form::Filter(of, condition) => {
            let of = elements(of, subject);
            let condition = value(condition, &item);
            quote!(#of.filter(|&item| #condition))
        }
        Form::Flatten(lists) => match &lists.form {
            Form::Each(of, list) => {
                let (of, list) = (elements(of, subject), elements(list, &item));
                quote!(#of.flat_map(|item| #list))
            }
            _ => {
                let inner = Expression {
                    form: Form::Subject,
                    kind: element_kind(&lists.kind),
                    optional: false,
                };
                let (lists, list) = (elements(lists, subject), elements(&inner, &item));
                quote!(#lists.flat_map(|item| #list))
            }
        },
        Form::Concat(parts) => concat(parts, subject),
        Form::Keys(map) => map_part(map, &format_ident!("keys"), subject),
        Form::Values(map) => map_part(map, &format_ident!("values"), subject),
        _ => value(list, subject),
    }
}

fn element_or_iterator(element: &Expression, item: &TokenStream) -> TokenStream {
    match element.kind {
        Kind::Sequence(_) => elements(element, item),
        _ => value(element, item),
    }
}

fn concat(parts: &[Expression], subject: &TokenStream) -> TokenStream {
    if parts.iter().all(|part| matches!(part.form, Form::Literal(_))) {
        let literals = parts.iter().map(|part| value(part, subject));
        return quote!([#(#literals),*].into_iter());
    }
    let mut parts = parts.iter().map(|part| match &part.kind {
        Kind::List { .. } | Kind::Sequence(_) => (elements(part, subject), None),
        // An `Option` is a list of at most one.
        _ if part.optional => (value(part, subject), Some(quote!(.into_iter()))),
        _ => {
            let value = value(part, subject);
            (quote!(std::iter::once(#value)), None)
        }
    });
    let (first, into_iter) = parts.next().unwrap_or_default();
    let others = parts.map(|(part, _)| part);
    quote!(#first #into_iter #(.chain(#others))*)
}

fn map_part(map: &Expression, part: &Ident, subject: &TokenStream) -> TokenStream {
    let Kind::Map { key, value: ty, sparse } = &map.kind else {
        return value(map, subject);
    };
    let all = match place(map, subject) {
        Some(place) => quote!(#place.#part()),
        None => {
            let map = value(map, subject);
            quote!(#map.into_iter().flat_map(|map| map.#part()))
        }
    };
    match part == "keys" {
        true => viewed(all, key, false),
        false => viewed(all, ty, *sparse),
    }
}

fn length(of: &Expression, subject: &TokenStream) -> TokenStream {
    match (&of.kind, place(of, subject)) {
        (Kind::Text, _) => {
            let text = value(of, subject);
            match of.optional {
                true => quote!(#text.map(|text| jmespath::length(text.chars()))),
                false => quote!(jmespath::length(#text.chars())),
            }
        }
        (Kind::List { .. }, _) => {
            // Nulls count.
            let all = stored(of, subject);
            quote!(jmespath::length(#all))
        }
        (Kind::Map { .. }, Some(place)) => quote!(jmespath::length(#place.keys())),
        (Kind::Map { .. }, None) => {
            let map = value(of, subject);
            quote!(jmespath::length(#map.into_iter().flatten()))
        }
        _ => {
            let all = elements(of, subject);
            quote!(jmespath::length(#all))
        }
    }
}

fn otherwise(first: &Expression, second: &Expression, subject: &TokenStream) -> TokenStream {
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

fn text_test(text: &Expression, test: &str, part: &Expression, subject: &TokenStream) -> TokenStream {
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

fn element_kind(list: &Kind) -> Kind {
    match list {
        Kind::List { element, .. } => element.into(),
        Kind::Sequence(element) => (**element).clone(),
        kind => kind.clone(),
    }
}

/// A closure that tells whether an element of a list is a literal.
fn element_test(list: &Expression, literal: &Literal) -> TokenStream {
    let element = Expression {
        form: Form::Subject,
        kind: element_kind(&list.kind),
        optional: false,
    };
    let test = is(&element, literal, &quote!(item));
    quote!(|item| #test)
}

/// A side of a comparison.
struct Operand {
    /// The value.
    bare: TokenStream,
    /// The same beside an operator.
    tokens: TokenStream,
    /// The same as what has the methods of a text.
    text: TokenStream,
    kind: Kind,
    optional: bool,
    literal: Option<Literal>,
}

impl Operand {
    fn of(expression: &Expression, subject: &TokenStream) -> Self {
        let tokens = value(expression, subject);
        let has_operator = matches!(
            expression.form,
            Form::Compare(..) | Form::And(..) | Form::Or(..) | Form::Not(_)
        );
        let text = match &expression.form {
            Form::Field { ty: Type::String, .. } => place(expression, subject),
            _ => None,
        };
        Self {
            bare: tokens.clone(),
            text: text.unwrap_or_else(|| tokens.clone()),
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
    fn widened(&self) -> TokenStream {
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

fn compare(left: &Operand, comparator: Comparator, right: &Operand) -> TokenStream {
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

fn operator(comparator: Comparator) -> TokenStream {
    match comparator {
        Comparator::Equal => quote!(==),
        Comparator::NotEqual => quote!(!=),
        Comparator::Less => quote!(<),
        Comparator::LessOrEqual => quote!(<=),
        Comparator::Greater => quote!(>),
        Comparator::GreaterOrEqual => quote!(>=),
    }
}

/// A side of `&&`.
fn conjunct(condition: &Expression, subject: &TokenStream) -> TokenStream {
    let tokens = value(condition, subject);
    match condition.form {
        Form::Or(..) => quote!((#tokens)),
        _ => tokens,
    }
}

fn negation(condition: &Expression, subject: &TokenStream) -> TokenStream {
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
