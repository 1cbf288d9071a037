//! Members of what is looked at, and the values that lie there.

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};

use super::super::docs::ident;
use super::{Subject, value};
use crate::ir::Type;
use crate::ir::jmespath::{Expression, Form, Kind};

/// Where a value lies that is certainly there, so that its fields and methods can be written after a dot.
pub(super) fn place(expression: &Expression, subject: &Subject<'_>) -> Option<TokenStream> {
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

pub(super) fn field(expression: &Expression, subject: &Subject<'_>) -> TokenStream {
    let Form::Field {
        of,
        field,
        ty,
        boxed,
        optional,
        ..
    } = &expression.form
    else {
        return subject.to_token_stream();
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
pub(super) fn variable(expression: &Expression) -> Ident {
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
pub(super) fn found_value(found: TokenStream, ty: &Type, sparse: bool) -> TokenStream {
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

pub(super) fn is_copied(kind: &Kind) -> bool {
    matches!(kind, Kind::Integer(_) | Kind::Float(_) | Kind::Boolean)
}
