//! `src/types/error.rs`: a structure for each error.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::debug::debug;
use super::format::Source;
use super::scope::Scope;
use super::ty::{Holder, allow_complex};
use super::{deprecated, docs};
use crate::ir::{ErrorShape, Member, Service};

pub(super) fn emit(service: &Service) -> Source {
    let scope = Scope::of(service.errors.iter().map(|error| error.type_name.as_str()));
    let errors = service.errors.iter().map(|error| structure(error, &scope));
    let members = || service.errors.iter().flat_map(all_members);
    let allow = deprecated::allow(members().any(|member| member.deprecated.is_some()));
    let errors = errors.collect();
    Source::new(
        quote! {
            //! The errors of the service. [`ServiceError`](crate::ServiceError) is one of them.
            #allow
        },
        errors,
        scope,
    )
}

fn structure(error: &ErrorShape, scope: &Scope) -> TokenStream {
    let docs = docs::docs(&error_docs(error));
    let name = format_ident!("{}", error.type_name);
    let fields = all_members(error).map(|member| {
        let docs = docs::docs(&docs::member(member));
        let deprecated = deprecated::attribute(member.deprecated.as_deref());
        let field = docs::ident(&member.field);
        let ty = match member.ty.is_collection() {
            true => scope.member(member, Holder::Structure),
            false => scope.optional(member, Holder::Structure),
        };
        let allow = allow_complex(&member.ty);
        quote!(#docs #deprecated #allow pub #field: #ty,)
    });
    let members: Vec<&Member> = all_members(error).collect();
    let (debug, derive) = debug(&name, &members, &[], false, scope);
    let derive = derive.map(|derive| quote!(, #derive));
    quote! {
        #docs
        #[derive(Clone #derive, Default, PartialEq)]
        #[non_exhaustive]
        pub struct #name {
            #(#fields)*
        }

        #debug
    }
}

/// All members of an error, its message first.
pub(super) fn all_members(error: &ErrorShape) -> impl Iterator<Item = &Member> {
    error
        .message
        .iter()
        .chain(error.members.iter().map(|member| &member.member))
}

fn error_docs(error: &ErrorShape) -> String {
    let mut text = match error.docs.trim() {
        "" => format!("The error `{}`.", error.code),
        docs => docs.to_owned(),
    };
    if let Some(status) = error.status {
        let whose = if error.fault { ", the fault of the service" } else { "" };
        text.push_str(&format!("\n\nHTTP status {status}{whose}."));
    }
    text
}
