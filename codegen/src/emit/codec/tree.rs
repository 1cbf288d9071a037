//! Objects of named members, as JSON has them.

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use super::Reader;
use crate::emit::docs::ident;
use crate::emit::scope::Scope;
use crate::emit::ty::timestamp_wrapper;
use crate::ir::{Location, Member, TimestampFormat, Variant};

/// Writes all members that travel in an object, from `self`.
pub(super) fn write_object<'m>(members: impl IntoIterator<Item = &'m Member>, scope: &Scope) -> TokenStream {
    let timestamp = scope.timestamp();
    let members = members.into_iter().filter_map(|member| {
        let Location::Body(name) = &member.location else {
            return None;
        };
        let (field, name) = (ident(&member.field), &name.sent);
        let value = match timestamp_wrapper(&member.ty, TimestampFormat::EpochSeconds) {
            Some(wrapper) => quote!(#timestamp::#wrapper(&self.#field)),
            None => quote!(self.#field),
        };
        Some(quote!(json.member(#name, &#value);))
    });
    quote! {
        json.begin_object();
        #(#members)*
        json.end_object();
    }
}

/// Reads all members that travel in an object, each into its place.
pub(super) fn read_object(members: &[Member], reader: &Reader, place: impl Fn(Ident) -> TokenStream) -> TokenStream {
    let Reader { source: json, name } = reader;
    let arms: Vec<TokenStream> = members
        .iter()
        .filter_map(|member| {
            let Location::Body(wire_name) = &member.location else {
                return None;
            };
            let (place, wire_name) = (place(ident(&member.field)), &wire_name.received);
            Some(quote!(#wire_name => #json.fill(&mut #place)?,))
        })
        .collect();
    if arms.is_empty() {
        // There may be members that the description does not have yet.
        return quote!(#json.skip()?;);
    }
    quote! {
        #json.begin_object()?;
        while let Some(#name) = #json.next_member()? {
            match &*#name {
                #(#arms)*
                _ => #json.skip()?,
            }
        }
    }
}

/// Writes a union from `self`: an object with one member.
pub(super) fn write_union(variants: &[Variant], scope: &Scope) -> TokenStream {
    let timestamp = scope.timestamp();
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
        json.begin_object();
        match self {
            #(#arms)*
            Self::Unknown(member) => member.write(json),
        }
        json.end_object();
    }
}

/// Reads a union: the one member that is there.
pub(super) fn read_union(variants: &[Variant], scope: &Scope) -> TokenStream {
    let unknown_member = scope.unknown_member();
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
        json.union(|json, name| {
            Ok(match name {
                #(#arms)*
                other => Self::Unknown(#unknown_member::UnknownMember::read(other, json)?),
            })
        })
    }
}
