//! `src/types/<name>.rs` of a union.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::deprecated;
use super::docs::docs;
use super::format::Source;
use super::scope::Scope;
use super::ty::{allow_complex, timestamp_wrapper};
use crate::ir::{TimestampFormat, Type, TypeDefinition, Variant};

pub(super) fn emit(definition: &TypeDefinition, variants: &[Variant]) -> Source {
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
    let to_json = definition.sent.then(|| to_json(definition, variants, &scope));
    let from_json = definition.received.then(|| from_json(definition, variants, &scope));
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
            #to_json
            #from_json
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
            fn fmt(&self, f: &mut #fmt::Formatter<'_>) -> #fmt::Result {
                #body
            }
        }
    }
}

pub(super) fn to_json(definition: &TypeDefinition, variants: &[Variant], scope: &Scope) -> TokenStream {
    let (json, timestamp) = (scope.json(), scope.timestamp());
    let name = format_ident!("{}", definition.name);
    let arms = variants.iter().map(|variant| {
        let (name, wire_name) = (format_ident!("{}", variant.name), &variant.wire_name);
        let Some(ty) = &variant.ty else {
            return quote!(Self::#name => json.unit(#wire_name),);
        };
        match timestamp_wrapper(ty, TimestampFormat::EpochSeconds) {
            Some(wrapper) => quote!(Self::#name(value) => json.member(#wire_name, &#timestamp::#wrapper(value)),),
            None => quote!(Self::#name(value) => json.member(#wire_name, value),),
        }
    });
    quote! {
        impl #json::ToJson for #name {
            fn to_json(&self, json: &mut #json::Writer) {
                json.begin_object();
                match self {
                    #(#arms)*
                    Self::Unknown(member) => member.write(json),
                }
                json.end_object();
            }

            fn is_absent(&self) -> bool {
                matches!(self, Self::Unknown(member) if member.is_missing())
            }
        }
    }
}

pub(super) fn from_json(definition: &TypeDefinition, variants: &[Variant], scope: &Scope) -> TokenStream {
    let name = format_ident!("{}", definition.name);
    let (json, result, unknown_member) = (scope.json(), scope.result(), scope.unknown_member());
    let zero = scope.zero();
    let arms = variants.iter().map(|variant| {
        let (name, wire_name) = (format_ident!("{}", variant.name), &variant.wire_name);
        match &variant.ty {
            Some(_) => quote!(#wire_name => Self::#name(json.read()?),),
            None => quote! {
                #wire_name => {
                    json.skip()?;
                    Self::#name
                }
            },
        }
    });
    quote! {
        impl #json::FromJson for #name {
            fn from_json(json: &mut #json::Reader<'_>) -> #result<Self, #json::Error> {
                json.union(|json, name| {
                    Ok(match name {
                        #(#arms)*
                        other => Self::Unknown(#unknown_member::UnknownMember::read(other, json)?),
                    })
                })
            }
        }

        impl #zero for #name {
            fn zero() -> Self {
                Self::Unknown(#unknown_member::UnknownMember::missing())
            }
        }
    }
}
