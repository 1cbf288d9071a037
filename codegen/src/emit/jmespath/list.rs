//! Lists: what is stored in an output by reference, and what is computed as iterators.

use proc_macro2::{Ident, Literal as TokenLiteral, TokenStream};
use quote::{format_ident, quote};

use super::super::docs::ident;
use super::place::{found_value, is_copied, place};
use super::{Subject, is, value};
use crate::ir::Type;
use crate::ir::jmespath::{Expression, Form, Kind, Literal};

pub(super) fn element(list: &Expression, index: i32, subject: &Subject<'_>) -> TokenStream {
    let Kind::List { element, sparse } = &list.kind else {
        let elements = elements(list, subject);
        let index = TokenLiteral::i32_unsuffixed(index);
        let jmespath = subject.jmespath();
        return quote!(#jmespath::at(#elements, #index));
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
pub(super) fn elements(list: &Expression, subject: &Subject<'_>) -> TokenStream {
    let Kind::List { element, sparse } = &list.kind else {
        return value(list, subject);
    };
    let all = stored(list, subject);
    viewed(all, element, *sparse)
}

/// What is stored in a list, by reference.
pub(super) fn stored(list: &Expression, subject: &Subject<'_>) -> TokenStream {
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

pub(super) fn computed(list: &Expression, subject: &Subject<'_>) -> TokenStream {
    let item = subject.item();
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

fn element_or_iterator(element: &Expression, item: &Subject<'_>) -> TokenStream {
    match element.kind {
        Kind::Sequence(_) => elements(element, item),
        _ => value(element, item),
    }
}

fn concat(parts: &[Expression], subject: &Subject<'_>) -> TokenStream {
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

fn map_part(map: &Expression, part: &Ident, subject: &Subject<'_>) -> TokenStream {
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

pub(super) fn element_kind(list: &Kind) -> Kind {
    match list {
        Kind::List { element, .. } => element.into(),
        Kind::Sequence(element) => (**element).clone(),
        kind => kind.clone(),
    }
}

/// A closure that tells whether an element of a list is a literal.
pub(super) fn element_test(list: &Expression, literal: &Literal, subject: &Subject<'_>) -> TokenStream {
    let element = Expression {
        form: Form::Subject,
        kind: element_kind(&list.kind),
        optional: false,
    };
    let test = is(&element, literal, &subject.item());
    quote!(|item| #test)
}
