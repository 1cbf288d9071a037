//! `src/header_name.rs`: the names of all headers that members travel in.

use std::collections::BTreeSet;

use proc_macro2::{Ident, TokenStream};
use quote::{format_ident, quote};

use crate::ir::{Location, Member, Service};
use crate::naming;

/// The constant for a header.
pub(super) fn constant(name: &str) -> Ident {
    format_ident!("{}", naming::header_constant(name))
}

pub(super) fn emit(service: &Service) -> TokenStream {
    let operations = service
        .operations
        .iter()
        .flat_map(|operation| operation.input.iter().chain(&operation.output));
    let errors = service.errors.iter().flat_map(|error| {
        let members = error.members.iter().map(|member| &member.member);
        members.chain(&error.message)
    });
    let names: BTreeSet<&str> = operations.chain(errors).filter_map(header_name).collect();
    let import = (!names.is_empty()).then(|| {
        quote!(
            use http::HeaderName;
        )
    });
    let constants = names.iter().map(|name| {
        let constant = constant(name);
        quote!(pub(crate) const #constant: HeaderName = HeaderName::from_static(#name);)
    });
    quote! {
        //! The names of the headers that members travel in.

        #import
        #(#constants)*
    }
}

fn header_name(member: &Member) -> Option<&str> {
    match &member.location {
        Location::Header(name) => Some(name),
        _ => None,
    }
}
