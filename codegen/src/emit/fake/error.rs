//! `src/test/error.rs`: responses of the errors of the service.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::super::codec;
use super::super::deprecated;
use super::super::error_types::all_members;
use super::super::format::Source;
use super::super::scope::Scope;
use super::operation::{located, write_json};
use crate::ir::{ErrorShape, Member, Service};

pub(super) fn emit(service: &Service) -> Source {
    let scope = Scope::default();
    let (fake, service_error, from) = (scope.fake(), scope.service_error(), scope.trait_from());
    let names = || service.errors.iter().map(|error| format_ident!("{}", error.type_name));
    let (types, statuses) = (scope.types(), service.errors.iter().map(status));
    let (name, other) = (names(), names());
    let (status, write) = match service.errors.is_empty() {
        true => (quote!(match *self {}), quote!(match self {})),
        false => (
            quote!(match self { #(Self::#name(_) => #statuses,)* }),
            quote!(match self { #(Self::#other(error) => error.write_to(response),)* }),
        ),
    };
    let response = if service.errors.is_empty() {
        "_response"
    } else {
        "response"
    };
    let response = format_ident!("{response}");
    let errors = service.errors.iter().map(|error| error_items(error, &scope));
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

        #(#errors)*
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

/// Writes the members of an error.
fn error_items(error: &ErrorShape, scope: &Scope) -> TokenStream {
    let (fake, types, name) = (scope.fake(), scope.types(), format_ident!("{}", error.type_name));
    let members: Vec<&Member> = all_members(error).collect();
    let statements: Vec<TokenStream> = members.iter().filter_map(|member| located(member, scope)).collect();
    let json = members
        .iter()
        .any(|member| codec::is_in_body(member))
        .then(|| write_json(members.iter().copied(), scope));
    let response = match members.is_empty() {
        true => format_ident!("_response"),
        false => format_ident!("response"),
    };
    quote! {
        impl #types::error::#name {
            fn write_to(self, #response: &mut #fake::ResponseWriter) -> Result<(), String> {
                #(#statements)*
                #json
                Ok(())
            }
        }
    }
}
