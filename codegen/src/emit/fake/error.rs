//! `src/test/error.rs`: responses of the errors of the service.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::super::deprecated;
use super::super::error_types::all_members;
use super::super::format::Source;
use super::super::scope::Scope;
use super::operation::write_member;
use crate::ir::{ErrorShape, Service};

pub(super) fn emit(service: &Service) -> Source {
    let scope = Scope::default();
    let (fake, service_error, from) = (scope.fake(), scope.service_error(), scope.trait_from());
    let names = || service.errors.iter().map(|error| format_ident!("{}", error.type_name));
    let (types, statuses) = (scope.types(), service.errors.iter().map(status));
    let name = names();
    let arms = service.errors.iter().map(|error| write_error(error, &scope));
    let (status, write) = match service.errors.is_empty() {
        true => (quote!(match *self {}), quote!(match self {})),
        false => (
            quote!(match self { #(Self::#name(_) => #statuses,)* }),
            quote!(match self { #(#arms)* } Ok(())),
        ),
    };
    let writes = service.errors.iter().any(|error| all_members(error).next().is_some());
    let response = format_ident!("{}", if writes { "response" } else { "_response" });
    let conversions = names().map(|name| {
        quote! {
            impl #from<#types::error::#name> for #service_error {
                fn from(error: #types::error::#name) -> Self {
                    Self::#name(error)
                }
            }
        }
    });
    let items = quote! {
        impl #fake::FakeError for #service_error {
            fn code(&self) -> &'static str {
                self.code()
            }

            fn status(&self) -> u16 {
                #status
            }

            fn write(self, #response: &mut #fake::ResponseWriter) -> Result<(), String> {
                #write
            }
        }

        #(#conversions)*
    };
    let mut members = service.errors.iter().flat_map(all_members);
    let allow = deprecated::allow(members.any(|member| member.deprecated.is_some()));
    let head = quote! {
        //! Responses of the errors of the service.
        #allow
    };
    Source::new(head, items, scope)
}

/// The status of the description, or the usual one.
fn status(error: &ErrorShape) -> u16 {
    error.status.unwrap_or(if error.fault { 500 } else { 400 })
}

/// The arm that writes the members of an error.
fn write_error(error: &ErrorShape, scope: &Scope) -> TokenStream {
    let (name, value) = (format_ident!("{}", error.type_name), quote!(error));
    let statements = all_members(error).filter_map(|member| write_member(member, &value, scope));
    let statements: Vec<TokenStream> = statements.collect();
    match statements.as_slice() {
        [] => quote!(Self::#name(_) => {}),
        [statement] => quote!(Self::#name(error) => #statement,),
        statements => quote!(Self::#name(error) => { #(#statements;)* }),
    }
}
