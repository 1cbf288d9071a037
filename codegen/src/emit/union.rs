//! `src/types/<name>.rs` of a union.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::docs::docs;
use super::format::Source;
use super::scope::Scope;
use super::ty::allow_complex;
use super::{codec, deprecated};
use crate::ir::{Codec, Service, Type, TypeDefinition, Variant};

pub(super) fn emit(service: &Service, definition: &TypeDefinition, variants: &[Variant]) -> Source {
    let scope = Scope::of([definition.name.as_str()]);
    let name = format_ident!("{}", definition.name);
    let docs = docs(&match definition.docs.trim() {
        "" => format!("One of the members of `{}`.", definition.shape),
        text => text.to_owned(),
    });
    let members = variants.iter().map(|variant| member(variant, &scope));
    let hides = hides(definition, variants);
    let derive_debug = (!hides).then(|| quote!(, Debug));
    let debug = hides.then(|| debug(definition, variants, &scope));
    let protocol = &service.protocol;
    let write = definition
        .sent
        .then(|| codec::write_union(protocol.writer(), &name, variants, &scope));
    let read = definition
        .received
        .then(|| read(protocol.reader(), definition, variants, &scope));
    let is_large = |variant: &Variant| matches!(variant.ty, Some(Type::Structure(_) | Type::Union(_)));
    let allow_large = variants
        .iter()
        .any(is_large)
        .then(|| quote!(#[allow(clippy::large_enum_variant, reason = "members are as the description has them")]));
    let module_docs = format!(" [`{}`].", definition.name);
    let allow = deprecated::allow(variants.iter().any(|variant| variant.deprecated.is_some()));
    let unknown_member = scope.unknown_member();
    Source::new(
        quote!(#![doc = #module_docs] #allow),
        quote! {
            #docs
            #allow_large
            #[derive(Clone #derive_debug, PartialEq)]
            #[non_exhaustive]
            pub enum #name {
                #(#members)*
                /// A member that this version of the crate does not know.
                Unknown(#unknown_member::UnknownMember),
            }

            #debug
            #write
            #read
        },
        scope,
    )
}

fn hides(definition: &TypeDefinition, variants: &[Variant]) -> bool {
    definition.sensitive || variants.iter().any(|variant| variant.sensitive)
}

fn member(variant: &Variant, scope: &Scope) -> TokenStream {
    let docs = docs(&match variant.docs.trim() {
        "" => format!("The member `{}`.", variant.wire_name),
        text => text.to_owned(),
    });
    let deprecated = deprecated::attribute(variant.deprecated.as_deref());
    let name = format_ident!("{}", variant.name);
    let boxed = scope.boxed();
    let value = variant.ty.as_ref().map(|ty| {
        let ty = scope.value(ty);
        if variant.boxed {
            quote!((#boxed<#ty>))
        } else {
            quote!((#ty))
        }
    });
    let allow = variant.ty.as_ref().and_then(allow_complex);
    quote!(#docs #deprecated #allow #name #value,)
}

fn debug(definition: &TypeDefinition, variants: &[Variant], scope: &Scope) -> TokenStream {
    let (fmt, hidden) = (scope.fmt(), scope.hidden());
    let name = format_ident!("{}", definition.name);
    let text = &definition.name;
    let body = if definition.sensitive {
        quote!(f.debug_tuple(#text).field(&#hidden::Hidden).finish())
    } else {
        let arms = variants.iter().map(|variant| {
            let (name, text) = (format_ident!("{}", variant.name), &variant.name);
            match (&variant.ty, variant.sensitive) {
                (None, _) => quote!(Self::#name => f.write_str(#text),),
                (Some(_), true) => quote!(Self::#name(_) => f.debug_tuple(#text).field(&#hidden::Hidden).finish(),),
                (Some(_), false) => quote!(Self::#name(value) => f.debug_tuple(#text).field(value).finish(),),
            }
        });
        quote! {
            match self {
                #(#arms)*
                Self::Unknown(member) => f.debug_tuple("Unknown").field(member).finish(),
            }
        }
    };
    quote! {
        impl #fmt::Debug for #name {
            #[inline]
            fn fmt(&self, f: &mut #fmt::Formatter<'_>) -> #fmt::Result {
                #body
            }
        }
    }
}

/// How a union is read, and what stands for one that is missing.
pub(super) fn read(codec: Codec, definition: &TypeDefinition, variants: &[Variant], scope: &Scope) -> TokenStream {
    let (name, zero, unknown_member) = (
        format_ident!("{}", definition.name),
        scope.zero(),
        scope.unknown_member(),
    );
    let read = codec::read_union(codec, &name, variants, scope);
    quote! {
        #read

        impl #zero for #name {
            #[inline]
            fn zero() -> Self {
                Self::Unknown(#unknown_member::UnknownMember::missing())
            }
        }
    }
}
