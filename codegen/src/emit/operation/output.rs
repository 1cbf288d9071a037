//! What the caller gets.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::super::debug::debug;
use super::super::docs::{self, ident};
use super::super::scope::Scope;
use super::super::structure::{can_derive_default, fields, is_plain, zero_field};
use super::super::ty::{Holder, has_default};
use super::super::{header_name, json};
use super::structure_docs;
use crate::ir::{Location, Member, Operation, Service, Type};

/// The structure.
pub(super) fn emit(service: &Service, operation: &Operation, scope: &Scope) -> TokenStream {
    let status = match operation.success_status {
        200 => ".".to_owned(),
        status => format!(", which comes with HTTP status {status}."),
    };
    let docs = structure_docs("The output of", operation, &status);
    let name = format_ident!("{}Output", operation.type_name);
    let fields = fields(&operation.output, Holder::Output, scope, docs::member);
    let members: Vec<&Member> = operation.output.iter().collect();
    let (debug, derive_debug) = debug(&name, &members, &["response_metadata"], false, scope);
    let derived_default = can_derive_default(&operation.output, service);
    let default = (!derived_default).then(|| default(operation, scope));
    let derive_default = derived_default.then(|| quote!(Default));
    let derives: Vec<TokenStream> = derive_debug.into_iter().chain(derive_default).collect();
    let derive = (!derives.is_empty()).then(|| quote!(#[derive(#(#derives),*)]));
    let response_metadata = scope.response_metadata();
    quote! {
        #docs
        #derive
        #[non_exhaustive]
        pub struct #name {
            #fields
            /// What the response tells besides its members: status, headers, request id, attempts.
            pub response_metadata: #response_metadata,
        }

        #default
        #debug
    }
}

/// `Default` where not all members have one.
fn default(operation: &Operation, scope: &Scope) -> TokenStream {
    let response_metadata = scope.response_metadata();
    let name = format_ident!("{}Output", operation.type_name);
    let fields = operation.output.iter().map(|member| match member.is_stream() {
        true => {
            let field = ident(&member.field);
            quote!(#field: Default::default(),)
        }
        false => zero_field(member, is_plain(member, Holder::Output), scope),
    });
    quote! {
        impl Default for #name {
            fn default() -> Self {
                Self {
                    #(#fields)*
                    response_metadata: #response_metadata::default(),
                }
            }
        }
    }
}

/// `Operation::parse_response`.
pub(super) fn parse_response(service: &Service, operation: &Operation, scope: &Scope) -> TokenStream {
    let name = format_ident!("{}Output", operation.type_name);
    let head: Vec<TokenStream> = operation
        .output
        .iter()
        .filter_map(|member| read_head(service, member, scope))
        .collect();
    let payload = operation
        .output
        .iter()
        .find(|member| member.location == Location::Payload);
    let reads_json = operation.output.iter().any(json::is_in_body);
    let output = match head.is_empty() {
        true => quote!(#name::default()),
        false => quote!(#name { #(#head)* ..Default::default() }),
    };
    let success = scope.success();
    let check = quote!(#success::check::<Self>(response).await?);
    let statements = match payload {
        // All members are in the head.
        None if !reads_json => quote! {
            let response = #check;
            Ok(#name { #(#head)* response_metadata: response.finish().await? })
        },
        None => {
            let object = json::read_object(&operation.output, &quote!(output));
            quote! {
                let mut response = #check;
                let body = response.read_body().await?;
                let mut output = #output;
                response.read_json(&body, |json| {
                    #object
                    Ok(())
                })?;
                output.response_metadata = response.finish().await?;
                Ok(output)
            }
        }
        Some(member) if member.is_stream() => {
            let field = ident(&member.field);
            let take = match member.ty {
                Type::EventStream(_) => quote!(response.into_events().await?),
                _ => quote!(response.into_body()),
            };
            quote! {
                let response = #check;
                let mut output = #output;
                (output.#field, output.response_metadata) = #take;
                Ok(output)
            }
        }
        Some(member) => {
            let payload = read_payload(service, member, scope);
            quote! {
                let mut response = #check;
                let body = response.read_body().await?;
                Ok(#name { #(#head)* #payload response_metadata: response.finish().await? })
            }
        }
    };
    let (response, byte_stream, error) = (scope.response(), scope.byte_stream(), scope.error());
    quote! {
        async fn parse_response(response: #response<#byte_stream>) -> Result<#name, #error> {
            #statements
        }
    }
}

/// A payload that is read as a whole. An empty one is no value.
fn read_payload(service: &Service, member: &Member, scope: &Scope) -> TokenStream {
    let field = ident(&member.field);
    let read = match member.ty {
        Type::String | Type::Enum(_) => quote!(response.read_text(&body)?),
        _ => quote!(response.read_value(&body)?),
    };
    let value = required(service, member, read, scope);
    quote!(#field: #value,)
}

/// A member that is not in the body.
fn read_head(service: &Service, member: &Member, scope: &Scope) -> Option<TokenStream> {
    let (response, header_name) = (scope.response_module(), scope.header_name());
    let field = ident(&member.field);
    let value = match &member.location {
        Location::Header(name) => {
            let constant = header_name::constant(name);
            let read = if member.ty == Type::JsonText {
                "json_header"
            } else {
                "header"
            };
            let read = format_ident!("{read}");
            required(
                service,
                member,
                quote!(#response::#read(&response, &#header_name::#constant)?),
                scope,
            )
        }
        Location::PrefixHeaders(prefix) => required(
            service,
            member,
            quote!(#response::prefix_headers(&response, #prefix)),
            scope,
        ),
        Location::StatusCode if member.required => quote!(response.status_code()),
        Location::StatusCode => quote!(Some(response.status_code())),
        Location::Uri | Location::Query(_) | Location::QueryMap | Location::EventHeader(_) => return None,
        Location::Payload | Location::EventPayload | Location::Body(_) => return None,
    };
    Some(quote!(#field: #value,))
}

/// The value of a field, of what need not be there.
fn required(service: &Service, member: &Member, optional: TokenStream, scope: &Scope) -> TokenStream {
    let json = scope.json();
    match (member.required, has_default(&member.ty, &service.types)) {
        (false, _) => optional,
        (true, true) => quote!(#optional.unwrap_or_default()),
        (true, false) => quote!(#optional.unwrap_or_else(#json::FromJson::zero)),
    }
}
