//! `src/header.rs`: the names of all headers of the service.

use std::collections::BTreeSet;

use proc_macro2::Ident;
use quote::{format_ident, quote};

use super::format::Source;
use super::scope::Scope;
use crate::ir::{Location, Member, Service};
use crate::naming;

/// The constant for a header.
pub(super) fn constant(name: &str) -> Ident {
    format_ident!("{}", naming::header_constant(name))
}

pub(super) fn emit(service: &Service) -> Source {
    let scope = Scope::default();
    let ty = scope.http_header_name();
    let operations = service
        .operations
        .iter()
        .flat_map(|operation| operation.input.iter().chain(&operation.output));
    let errors = service.errors.iter().flat_map(|error| {
        let members = error.members.iter().map(|member| &member.member);
        members.chain(&error.message)
    });
    let fixed = service.fixed_headers.iter().map(|(name, _)| name.as_str());
    let names: BTreeSet<&str> = operations.chain(errors).filter_map(header_name).chain(fixed).collect();
    let constants = names.iter().map(|name| {
        let constant = constant(name);
        quote!(pub(crate) const #constant: #ty = #ty::from_static(#name);)
    });
    let items = constants.collect();
    let head = quote! {
        //! The names of the headers that members travel in.
    };
    Source::new(head, items, scope)
}

fn header_name(member: &Member) -> Option<&str> {
    match &member.location {
        Location::Header(name) => Some(name),
        _ => None,
    }
}
