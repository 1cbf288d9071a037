//! What is different between protocols: the bodies of requests, and the headers that say what they are.

use proc_macro2::TokenStream;
use quote::quote;

use super::codec;
use super::docs::ident;
use super::scope::Scope;
use crate::ir::{Codec, ElementName, Location, Member, Operation, Protocol, Service, Type};

/// Writes the body of a request, if there is one, and the headers of the protocol.
pub(super) fn write_body(service: &Service, operation: &Operation, scope: &Scope) -> TokenStream {
    let query_mode = service.asks_for_query_codes().then(|| quote!(request.query_mode();));
    let body = body(service, operation, scope);
    quote!(#query_mode #body)
}

fn body(service: &Service, operation: &Operation, scope: &Scope) -> Option<TokenStream> {
    let codec = service.protocol.writer();
    match &service.protocol {
        Protocol::RestJson => http_body(operation, scope),
        Protocol::RestXml => xml_body(operation, scope),
        Protocol::AwsJson {
            content_type,
            target_prefix,
        } => {
            let (object, json) = (codec::write_members(codec, &operation.input, scope), scope.json());
            let target = format!("{target_prefix}.{}", operation.name);
            Some(quote! {
                let mut json = #json::Writer::new();
                #object
                request.aws_json(#target, #content_type, json.into_bytes());
            })
        }
        Protocol::RpcV2Cbor { .. } => Some(cbor_body(operation, scope)),
        Protocol::Query | Protocol::Ec2 => {
            let (members, form) = (codec::write_members(codec, &operation.input, scope), scope.form());
            let (name, version) = (&operation.name, &service.api_version);
            let mutable = (!members.is_empty()).then(|| quote!(mut));
            Some(quote! {
                let #mutable form = #form::Writer::new(#name, #version);
                #members
                request.form(form);
            })
        }
    }
}

/// The input. An operation that takes none has no body.
fn cbor_body(operation: &Operation, scope: &Scope) -> TokenStream {
    let accept = operation
        .answers_with_events()
        .then(|| quote!(request.accept_events();));
    if !operation.has_input {
        return quote!(request.cbor(None); #accept);
    }
    let (object, cbor) = (codec::write_members(Codec::Cbor, &operation.input, scope), scope.cbor());
    quote! {
        let mut cbor = #cbor::Writer::new();
        #object
        request.cbor(Some(cbor.into_bytes()));
        #accept
    }
}

/// The payload, or an object with the members that have no other place.
fn http_body(operation: &Operation, scope: &Scope) -> Option<TokenStream> {
    if let Some(member) = payload(operation) {
        return Some(raw_payload(member).unwrap_or_else(|| json_payload(member, scope)));
    }
    operation.input.iter().any(codec::is_in_body).then(|| {
        let (object, json) = (codec::write_members(Codec::Json, &operation.input, scope), scope.json());
        quote! {
            let mut json = #json::Writer::new();
            #object
            request.json(json.into_bytes());
        }
    })
}

/// The payload, or a document with the members that have no other place.
fn xml_body(operation: &Operation, scope: &Scope) -> Option<TokenStream> {
    if let Some(member) = payload(operation) {
        return raw_payload(member).or_else(|| xml_payload(operation, member, scope));
    }
    let members = operation.input.iter().any(codec::is_in_body);
    let members = members.then(|| codec::write_members(Codec::Xml, &operation.input, scope))?;
    let document = document(operation, members, scope)?;
    Some(quote! {
        #document
        request.xml_members(xml);
    })
}

fn xml_payload(operation: &Operation, member: &Member, scope: &Scope) -> Option<TokenStream> {
    let (field, xml) = (ident(&member.field), scope.xml());
    let document = document(operation, quote!(#xml::ToXml::to_xml(payload, &mut xml);), scope)?;
    let write = quote! {
        #document
        request.xml(xml);
    };
    Some(match member.required {
        true => quote! {
            let payload = &self.#field;
            #write
        },
        false => quote! {
            if let Some(payload) = &self.#field {
                #write
            }
        },
    })
}

/// Writes the root of a document with this content.
fn document(operation: &Operation, content: TokenStream, scope: &Scope) -> Option<TokenStream> {
    let (ElementName { name, namespace }, xml) = (operation.root.as_ref()?, scope.xml());
    let namespace = namespace.as_ref().map(codec::declare_namespace);
    Some(quote! {
        let mut xml = #xml::Writer::new();
        xml.begin(#name);
        #namespace
        #content
        xml.end();
    })
}

fn payload(operation: &Operation) -> Option<&Member> {
    let mut members = operation.input.iter();
    members.find(|member| member.location == Location::Payload)
}

/// A payload that is sent as it is.
fn raw_payload(member: &Member) -> Option<TokenStream> {
    let field = ident(&member.field);
    match &member.ty {
        Type::Blob => Some(quote!(request.payload(self.#field, "application/octet-stream");)),
        Type::String | Type::Enum(_) => Some(quote!(request.payload(self.#field, "text/plain");)),
        _ => None,
    }
}

fn json_payload(member: &Member, scope: &Scope) -> TokenStream {
    let (field, json) = (ident(&member.field), scope.json());
    let bytes = match member.required {
        true => quote!(Some(#json::to_bytes(&self.#field))),
        false => quote!(self.#field.as_ref().map(#json::to_bytes)),
    };
    match &member.ty {
        Type::Structure(_) => quote!(request.json_structure(#bytes);),
        _ => quote!(request.json_value(#bytes);),
    }
}
