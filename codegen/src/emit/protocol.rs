//! What is different between protocols: the bodies of requests, and the headers that say what they are.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::ident;
use super::json;
use super::scope::Scope;
use crate::ir::{Location, Member, Operation, Protocol, Service, Type};

/// Writes the body of a request, if there is one, and the headers of the protocol.
pub(super) fn write_body(service: &Service, operation: &Operation, scope: &Scope) -> TokenStream {
    let query_mode = service.query_compatible.then(|| quote!(request.query_mode();));
    let body = body(service, operation, scope);
    quote!(#query_mode #body)
}

fn body(service: &Service, operation: &Operation, scope: &Scope) -> Option<TokenStream> {
    match &service.protocol {
        Protocol::RestJson => http_body(operation, scope),
        Protocol::AwsJson {
            content_type,
            target_prefix,
        } => {
            let (object, json) = (json::write_object(&operation.input, scope), scope.json());
            let target = format!("{target_prefix}.{}", operation.name);
            Some(quote! {
                let mut json = #json::Writer::new();
                #object
                request.aws_json(#target, #content_type, json.into_bytes());
            })
        }
    }
}

/// The payload, or an object with the members that have no other place.
fn http_body(operation: &Operation, scope: &Scope) -> Option<TokenStream> {
    let payload = operation
        .input
        .iter()
        .find(|member| member.location == Location::Payload);
    if let Some(member) = payload {
        return Some(write_payload(member, scope));
    }
    operation.input.iter().any(json::is_in_body).then(|| {
        let (object, json) = (json::write_object(&operation.input, scope), scope.json());
        quote! {
            let mut json = #json::Writer::new();
            #object
            request.json(json.into_bytes());
        }
    })
}

fn write_payload(member: &Member, scope: &Scope) -> TokenStream {
    let (field, json) = (ident(&member.field), scope.json());
    // Only what is written is imported.
    let bytes = || match member.required {
        true => quote!(Some(#json::to_bytes(&self.#field))),
        false => quote!(self.#field.as_ref().map(#json::to_bytes)),
    };
    match &member.ty {
        Type::Blob => quote!(request.payload(self.#field, "application/octet-stream");),
        Type::String | Type::Enum(_) => quote!(request.payload(self.#field, "text/plain");),
        Type::Structure(_) => {
            let bytes = bytes();
            quote!(request.json_structure(#bytes);)
        }
        _ => {
            let bytes = bytes();
            quote!(request.json_value(#bytes);)
        }
    }
}
