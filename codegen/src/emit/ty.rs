//! How the types of a description are written in Rust.

use std::collections::BTreeMap;

use proc_macro2::{Ident, TokenStream};
use quote::{ToTokens, format_ident, quote};

use super::scope::Scope;
use crate::ir::{Form, Location, Member, TimestampFormat, Type, TypeDefinition};

impl Scope {
    /// The type of a value.
    pub(super) fn value(&self, ty: &Type) -> TokenStream {
        match ty {
            Type::String | Type::JsonText => self.string().into_token_stream(),
            Type::Byte => quote!(i8),
            Type::Short => quote!(i16),
            Type::Integer => quote!(i32),
            Type::Long => quote!(i64),
            Type::Float => quote!(f32),
            Type::Double => quote!(f64),
            Type::Boolean => quote!(bool),
            Type::Blob => self.bytes().into_token_stream(),
            Type::Timestamp(_) => self.date_time().into_token_stream(),
            Type::Document => self.document().into_token_stream(),
            Type::Enum(name) | Type::Structure(name) | Type::Union(name) => self.named(name),
            Type::EventStream(name) => {
                let (stream, name) = (self.event_stream_type(), self.named(name));
                quote!(#stream<#name>)
            }
            Type::List { element, sparse, .. } => {
                let vec = self.vec();
                let element = self.element(element, *sparse);
                quote!(#vec<#element>)
            }
            Type::Map { key, value, sparse, .. } => {
                let map = self.hash_map();
                let key = self.value(key);
                let value = self.element(value, *sparse);
                quote!(#map<#key, #value>)
            }
        }
    }

    /// A type of the service.
    pub(super) fn named(&self, name: &str) -> TokenStream {
        let (types, name) = (self.types(), format_ident!("{name}"));
        quote!(#types::#name)
    }

    fn element(&self, ty: &Type, sparse: bool) -> TokenStream {
        let value = self.value(ty);
        if !sparse {
            return value;
        }
        let option = self.option();
        quote!(#option<#value>)
    }

    /// The type of a member's value.
    pub(super) fn member(&self, member: &Member, holder: Holder) -> TokenStream {
        if is_payload(member) {
            match holder {
                Holder::Input => return self.body().into_token_stream(),
                Holder::Output => return self.byte_stream().into_token_stream(),
                Holder::Structure => {}
            }
        }
        let value = self.value(&member.ty);
        if !member.boxed {
            return value;
        }
        let boxed = self.boxed();
        quote!(#boxed<#value>)
    }

    /// The type of a member's value that need not be there.
    pub(super) fn optional(&self, member: &Member, holder: Holder) -> TokenStream {
        let option = self.option();
        let value = self.member(member, holder);
        quote!(#option<#value>)
    }

    /// What a setter takes, and the member's value made of `value`.
    ///
    /// Numbers are taken as they are: `1.5` would be an `f64` where `Into<f32>` is asked for.
    pub(super) fn argument(&self, member: &Member, holder: Holder) -> (TokenStream, TokenStream) {
        if holder == Holder::Input && is_payload(member) {
            let into_body = self.trait_into_body();
            return (quote!(impl #into_body), quote!(value.into()));
        }
        let into = self.trait_into();
        let ty = self.member(member, holder);
        if member.boxed {
            return (quote!(impl #into<#ty>), quote!(value.into()));
        }
        let iterator = self.trait_into_iterator();
        match &member.ty {
            Type::List { element, sparse, .. } => {
                if is_converted(element) && !sparse {
                    let element = self.value(element);
                    let item = quote!(impl #into<#element>);
                    (
                        quote!(impl #iterator<Item = #item>),
                        quote!(value.into_iter().map(#into::into).collect()),
                    )
                } else {
                    let item = self.element(element, *sparse);
                    (
                        quote!(impl #iterator<Item = #item>),
                        quote!(value.into_iter().collect()),
                    )
                }
            }
            Type::Map { key, value, sparse, .. } => {
                let key = self.value(key);
                let (item, result) = if is_converted(value) && !sparse {
                    let value = self.value(value);
                    (quote!(impl #into<#value>), quote!(value.into()))
                } else {
                    (self.element(value, *sparse), quote!(value))
                };
                (
                    quote!(impl #iterator<Item = (impl #into<#key>, #item)>),
                    quote!(value.into_iter().map(|(key, value)| (key.into(), #result)).collect()),
                )
            }
            ty_ if is_converted(ty_) => (quote!(impl #into<#ty>), quote!(value.into())),
            _ => (ty, quote!(value)),
        }
    }
}

/// Whether a member is bytes that are all of a message's body.
fn is_payload(member: &Member) -> bool {
    member.location == Location::Payload && member.ty == Type::Blob
}

/// What a member belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holder {
    /// An input, whose payload may come from anywhere.
    Input,
    /// An output, whose payload is still on its way.
    Output,
    /// Anything else.
    Structure,
}

/// Whether a setter takes what can become a value of the type.
fn is_converted(ty: &Type) -> bool {
    match ty {
        Type::String | Type::JsonText | Type::Blob | Type::Enum(_) | Type::Timestamp(_) | Type::Document => true,
        Type::Byte | Type::Short | Type::Integer | Type::Long | Type::Float | Type::Double | Type::Boolean => false,
        Type::Structure(_) | Type::Union(_) | Type::EventStream(_) => false,
        Type::List { .. } | Type::Map { .. } => false,
    }
}

/// What clippy bears of a type.
pub(super) const SIMPLE: usize = 250;

/// How complex clippy finds a type that lies in so many others. From [`SIMPLE`] on it complains.
pub(super) fn complexity(ty: &Type, nest: usize) -> usize {
    let element = |ty: &Type, sparse: bool| match sparse {
        true => 10 * (nest + 1) + complexity(ty, nest + 2),
        false => complexity(ty, nest + 1),
    };
    10 * nest
        + match ty {
            Type::List {
                element: ty, sparse, ..
            } => element(ty, *sparse),
            Type::Map { key, value, sparse, .. } => complexity(key, nest + 1) + element(value, *sparse),
            _ => 0,
        }
}

/// What stands above an optional field of a type that clippy calls very complex.
pub(super) fn allow_complex(ty: &Type) -> Option<TokenStream> {
    let complexity = 10 + complexity(ty, 2);
    (complexity > SIMPLE)
        .then(|| quote!(#[allow(clippy::type_complexity, reason = "the description has lists and maps in each other")]))
}

/// Whether a type implements `Default`.
pub(super) fn has_default(ty: &Type, types: &BTreeMap<String, TypeDefinition>) -> bool {
    match ty {
        Type::Timestamp(_) | Type::Enum(_) | Type::Union(_) => false,
        Type::Structure(name) => types.get(name).is_some_and(|definition| match &definition.form {
            // What is only sent is made by its builder, so that nothing that is required can be forgotten.
            Form::Structure(members) => definition.received || members.iter().all(|member| !member.required),
            Form::Union(_) | Form::Enum(_) | Form::EventStream(_) => false,
        }),
        _ => true,
    }
}

/// The wrapper of a value whose times are not written as its place would have it.
pub(super) fn timestamp_wrapper(ty: &Type, default: TimestampFormat) -> Option<Ident> {
    let format = timestamp_format(ty).filter(|format| *format != default)?;
    Some(match format {
        TimestampFormat::EpochSeconds => format_ident!("EpochSeconds"),
        TimestampFormat::DateTime => format_ident!("DateTimeText"),
        TimestampFormat::HttpDate => format_ident!("HttpDate"),
    })
}

fn timestamp_format(ty: &Type) -> Option<TimestampFormat> {
    match ty {
        Type::Timestamp(format) => Some(*format),
        Type::List { element: inner, .. } | Type::Map { value: inner, .. } => timestamp_format(inner),
        _ => None,
    }
}
