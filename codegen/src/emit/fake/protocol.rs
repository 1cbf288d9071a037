//! What is different between protocols: how requests name their operation, and what is around the members of answers.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::super::codec;
use super::super::operation::input;
use super::super::scope::Scope;
use crate::ir::{Location, Member, Operation, PathPart, Protocol, Service};

/// The type of the protocol in the runtime.
pub(super) fn ty(service: &Service, scope: &Scope) -> TokenStream {
    let fake = scope.fake();
    let name = match service.protocol {
        Protocol::RestJson => "RestJson",
        Protocol::RestXml => "RestXml",
        Protocol::AwsJson { .. } => "AwsJson",
        Protocol::Query => "Query",
        Protocol::Ec2 => "Ec2",
        Protocol::RpcV2Cbor { .. } => "RpcV2Cbor",
    };
    let name = format_ident!("{name}");
    quote!(#fake::#name)
}

/// The protocol, with what the service says of it.
pub(super) fn value(service: &Service, scope: &Scope) -> TokenStream {
    let (ty, query_compatible) = (ty(service, scope), service.query_compatible);
    match &service.protocol {
        Protocol::RestJson | Protocol::Query | Protocol::Ec2 => ty,
        Protocol::RestXml => {
            let wraps_errors = !service.s3_signatures;
            quote!(#ty { wraps_errors: #wraps_errors })
        }
        Protocol::AwsJson { content_type, .. } => {
            quote!(#ty { content_type: #content_type, query_compatible: #query_compatible })
        }
        Protocol::RpcV2Cbor { .. } => quote!(#ty { query_compatible: #query_compatible }),
    }
}

/// What tells the requests of an operation from those of others.
pub(super) fn route(service: &Service, operation: &Operation, scope: &Scope) -> TokenStream {
    let (fake, name) = (scope.fake(), &operation.name);
    match &service.protocol {
        Protocol::RestJson | Protocol::RestXml | Protocol::RpcV2Cbor { .. } => url(service, operation, scope),
        Protocol::AwsJson { target_prefix, .. } => {
            let target = format!("{target_prefix}.{name}");
            quote!(#fake::Route::Target(#target))
        }
        Protocol::Query | Protocol::Ec2 => quote!(#fake::Route::Action(#name)),
    }
}

fn url(service: &Service, operation: &Operation, scope: &Scope) -> TokenStream {
    let (fake, signing_name) = (scope.fake(), &service.signing_name);
    let method = input::method(operation.method).to_string();
    let path = operation.path.iter().map(|part| match part {
        PathPart::Literal(text) => quote!(#fake::PathPart::Literal(#text)),
        PathPart::Label { greedy: false, .. } => quote!(#fake::PathPart::Label),
        PathPart::Label { greedy: true, .. } => quote!(#fake::PathPart::GreedyLabel),
        PathPart::InEndpoint(_) => quote!(#fake::PathPart::InEndpoint(#signing_name)),
    });
    let query = operation.literal_query.as_ref().filter(|_| !operation.form);
    let query = query.map(|query| quote!(.with_query(#query)));
    let required = operation.input.iter().filter_map(|member| match &member.location {
        Location::Query(name) | Location::Header(name) if member.required => Some(name),
        _ => None,
    });
    let required: Vec<&String> = required.collect();
    let required = (!required.is_empty()).then(|| quote!(.with_required(&[#(#required),*])));
    quote!(#fake::Route::url(#method, &[#(#path),*])#query #required)
}

/// The elements around the members of an answer, the root first; `None` where there is no document. Beside a stream of events
/// it is the first of them.
pub(super) fn path(service: &Service, operation: &Operation) -> Option<Vec<String>> {
    let has_members = operation.output.iter().any(codec::is_in_body);
    let is_payload = |member: &Member| member.location == Location::Payload;
    if !has_members && operation.output.iter().any(is_payload) {
        return None;
    }
    let name = &operation.name;
    match &service.protocol {
        Protocol::RestJson => has_members.then(Vec::new),
        Protocol::RestXml if operation.unwrapped => has_members.then(Vec::new),
        Protocol::RestXml => has_members.then(|| vec![format!("{name}Output")]),
        Protocol::AwsJson { .. } | Protocol::RpcV2Cbor { .. } => Some(Vec::new()),
        Protocol::Query => {
            let result = operation.result_wrapper.clone().filter(|_| has_members);
            Some([format!("{name}Response")].into_iter().chain(result).collect())
        }
        Protocol::Ec2 => Some(vec![format!("{name}Response")]),
    }
}
