//! `src/test/error.rs`: responses of the errors of the service.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::super::codec;
use super::super::deprecated;
use super::super::error_types::all_members;
use super::super::format::Source;
use super::super::scope::Scope;
use super::operation::write_member;
use super::protocol;
use crate::ir::{ErrorShape, Service};

pub(super) fn emit(service: &Service) -> Source {
    let scope = Scope::default();
    let (fake, service_error, from) = (scope.fake(), scope.service_error(), scope.trait_from());
    let names = || service.errors.iter().map(|error| format_ident!("{}", error.type_name));
    let statuses = service.errors.iter().map(|error| status(service, error));
    let types = scope.types();
    let name = names();
    let arms = service.errors.iter().map(|error| write_error(service, error, &scope));
    let (status, write) = match service.errors.is_empty() {
        true => (quote!(match *self {}), quote!(match self {})),
        false => (
            quote!(match self { #(Self::#name(_) => #statuses,)* }),
            quote!(match self { #(#arms)* } Ok(())),
        ),
    };
    let codec = service.protocol.reader();
    let (variable, module) = (codec::variable(codec), codec::module(codec, &scope));
    let members = || service.errors.iter().flat_map(all_members);
    let unused = |name: &dyn ToString, is_used: bool| {
        let prefix = if is_used { "" } else { "_" };
        format_ident!("{prefix}{}", name.to_string())
    };
    let response = unused(&"response", members().any(|member| !codec::is_in_body(member)));
    let document = unused(&variable, members().any(codec::is_in_body));
    let (protocol, protocol_value) = (protocol::ty(service, &scope), protocol::value(service, &scope));
    let name_of_shape = service.query_compatible.then(|| names_of_shapes(service));
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
            type Protocol = #protocol;

            const PROTOCOL: #protocol = #protocol_value;

            fn code(&self) -> &'static str {
                self.code()
            }

            #name_of_shape

            fn status(&self) -> u16 {
                #status
            }

            fn write(
                self,
                #response: &mut #fake::ResponseWriter<#protocol>,
                #document: &mut #module::Writer,
            ) -> Result<(), String> {
                #write
            }
        }

        #(#conversions)*
    };
    let allow = deprecated::allow(members().any(|member| member.deprecated.is_some()));
    let head = quote! {
        //! Responses of the errors of the service.
        #allow
    };
    Source::new(head, items, scope)
}

/// The names that errors have on the wire: codes are those of another protocol.
fn names_of_shapes(service: &Service) -> TokenStream {
    let arms = service.errors.iter().map(|error| {
        let (variant, name) = (
            format_ident!("{}", error.type_name),
            error.texts.last().unwrap_or(&error.code),
        );
        quote!(Self::#variant(_) => #name,)
    });
    let body = match service.errors.is_empty() {
        true => quote!(match *self {}),
        false => quote!(match self { #(#arms)* }),
    };
    quote! {
        fn name(&self) -> &'static str {
            #body
        }
    }
}

/// The status of the description, the one that stands for the code, or the usual one.
fn status(service: &Service, error: &ErrorShape) -> u16 {
    let mut codes = service.codes_by_status.iter();
    let by_code = codes.find(|(_, code)| *code == error.code).map(|(status, _)| *status);
    let usual = if error.fault { 500 } else { 400 };
    error.status.or(by_code).unwrap_or(usual)
}

/// The arm that writes the members of an error. Most errors have nothing but a message.
fn write_error(service: &Service, error: &ErrorShape, scope: &Scope) -> TokenStream {
    let (name, value) = (format_ident!("{}", error.type_name), quote!(error));
    let codec = service.protocol.reader();
    if let (Some(message), []) = (&error.message, error.members.as_slice())
        && let Some(write) = codec::write_text(codec, message, &value)
    {
        return quote!(Self::#name(error) => #write,);
    }
    let head = all_members(error).filter_map(|member| write_member(member, &value, scope));
    let head: Vec<TokenStream> = head.collect();
    let body = codec::write_fields(codec, all_members(error), &value, scope);
    match head.is_empty() && body.is_empty() {
        true => quote!(Self::#name(_) => {}),
        false => quote!(Self::#name(error) => { #(#head;)* #body }),
    }
}
