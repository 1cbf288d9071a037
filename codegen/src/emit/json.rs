//! The members of JSON objects: how they are written and read.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::ident;
use super::scope::Scope;
use super::ty::timestamp_wrapper;
use crate::ir::{Location, Member, TimestampFormat};

/// Writes all members that travel in a JSON object, from `self`.
pub(super) fn write_object(members: &[Member], scope: &Scope) -> TokenStream {
    let timestamp = scope.timestamp();
    let members = members.iter().filter_map(|member| {
        let Location::Body(name) = &member.location else {
            return None;
        };
        let field = ident(&member.field);
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

/// Whether a member travels in a JSON object.
pub(super) fn is_in_body(member: &Member) -> bool {
    matches!(member.location, Location::Body(_))
}

/// Reads all members that travel in a JSON object into the fields of `value`.
pub(super) fn read_object(members: &[Member], value: &TokenStream) -> TokenStream {
    let arms: Vec<TokenStream> = members
        .iter()
        .filter_map(|member| {
            let Location::Body(name) = &member.location else {
                return None;
            };
            let field = ident(&member.field);
            Some(quote!(#name => json.fill(&mut #value.#field)?,))
        })
        .collect();
    if arms.is_empty() {
        // There may be members that the description does not have yet.
        return quote!(json.skip()?;);
    }
    quote! {
        json.begin_object()?;
        while let Some(name) = json.next_member()? {
            match &*name {
                #(#arms)*
                _ => json.skip()?,
            }
        }
    }
}
