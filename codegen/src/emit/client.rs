//! `src/client.rs`: a method of the client for each operation.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::deprecated;
use super::docs::{docs, ident};
use super::{paginator, waiter};
use crate::ir::{Operation, Service};

pub(super) fn emit(service: &Service) -> TokenStream {
    let builders = service.operations.iter().map(|operation| {
        let module = ident(&operation.fn_name);
        let builder = format_ident!("{}Builder", operation.type_name);
        quote!(use crate::operation::#module::#builder;)
    });
    let methods = service.operations.iter().map(|operation| method(service, operation));
    let can_paginate = paginator::can_paginate(service);
    let waiters = waiter::client_methods(service);
    let client = match service.operations.is_empty() {
        false => quote!(
            use crate::runtime::client::{Caller, Client};
        ),
        true => quote!(
            use crate::runtime::client::Client;
        ),
    };
    let waiter_module = (!service.waiters.is_empty()).then(|| {
        quote!(
            use crate::waiter;
        )
    });
    quote! {
        //! The operations of the client.

        #(#builders)*
        #client
        #waiter_module

        /// The operations of the service.
        impl Client {
            #(#methods)*

            #can_paginate

            #waiters
        }
    }
}

fn method(service: &Service, operation: &Operation) -> TokenStream {
    let docs = docs(&method_docs(service, operation));
    let deprecated = deprecated::attribute(operation.deprecated.as_deref());
    let function = ident(&operation.fn_name);
    let builder = format_ident!("{}Builder", operation.type_name);
    quote! {
        #docs
        #deprecated
        pub fn #function(&self) -> #builder<Caller> {
            #builder::new(Caller::new(self))
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
