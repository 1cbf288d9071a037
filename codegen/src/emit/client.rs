//! `src/client.rs`: a method of the client for each operation.

use proc_macro2::TokenStream;
use quote::quote;

use super::deprecated;
use super::docs::{docs, ident};
use super::format::Source;
use super::scope::Scope;
use super::{paginator, waiter};
use crate::ir::{Operation, Service};

pub(super) fn emit(service: &Service) -> Source {
    let scope = Scope::default();
    let methods = service
        .operations
        .iter()
        .map(|operation| method(service, operation, &scope));
    let can_paginate = paginator::can_paginate(service);
    let waiters = waiter::client_methods(service, &scope);
    let client = scope.client();
    let items = quote! {
        /// The operations of the service.
        impl #client {
            #(#methods)*

            #can_paginate

            #waiters
        }
    };
    let head = quote! {
        //! The operations of the client.
    };
    Source::new(head, items, scope)
}

fn method(service: &Service, operation: &Operation, scope: &Scope) -> TokenStream {
    let docs = docs(&method_docs(service, operation));
    let deprecated = deprecated::attribute(operation.deprecated.as_deref());
    let function = ident(&operation.fn_name);
    let (builder, caller) = (scope.operation_type(operation, "Builder"), scope.caller());
    quote! {
        #docs
        #deprecated
        pub fn #function(&self) -> #builder<#caller> {
            #builder::new(#caller::new(self))
        }
    }
}

fn method_docs(service: &Service, operation: &Operation) -> String {
    let required: Vec<String> = operation
        .input
        .iter()
        .filter(|member| member.required)
        .map(|member| format!("`{}`", member.field.trim_start_matches("r#")))
        .collect();
    let mut text = match operation.docs.trim() {
        "" => format!("Calls `{}`.", operation.name),
        docs => docs.to_owned(),
    };
    if !required.is_empty() {
        text.push_str(&format!("\n\nRequired: {}.", required.join(", ")));
    }
    if !operation.errors.is_empty() {
        let variants = operation.errors.iter().map(|index| {
            let name = &service.errors[*index].type_name;
            format!("[`{name}`](crate::ServiceError::{name})")
        });
        text.push_str("\n\n# Errors\n\n");
        text.push_str("The service's own, in [`Error::service_error`](crate::Error::service_error):\n");
        text.push_str(&variants.collect::<Vec<_>>().join(",\n"));
        text.push_str(".\nEverything else that can go wrong is described at [`Error`](crate::Error).");
    }
    text
}
