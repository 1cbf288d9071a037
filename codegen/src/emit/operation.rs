//! `src/operation.rs` and below: the input, the output and the builder of each operation.

mod builder;
mod input;
mod output;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::docs::{docs, ident, inner_docs, summary};
use super::types;
use crate::ir::{Location, Member, Operation, Service, Type};

/// `src/operation.rs`.
pub(super) fn emit_modules(service: &Service) -> TokenStream {
    let modules = service.operations.iter().map(|operation| {
        let module = ident(&operation.fn_name);
        quote!(pub mod #module;)
    });
    quote! {
        //! The operations of the service: inputs, outputs and builders.

        #(#modules)*

        pub use crate::runtime::client::{Caller, Sending};
    }
}

/// `src/operation/<name>.rs`.
pub(super) fn emit(operation: &Operation) -> TokenStream {
    let docs = inner_docs(&match operation.docs.trim() {
        "" => format!("`{}`.", operation.name),
        text => format!("`{}`: {}", operation.name, lower_first(&summary(text))),
    });
    let imports = imports(operation);
    let input = input::emit(operation);
    let output = output::emit(operation);
    let protocol = protocol(operation);
    let builder = builder::emit(operation);
    quote! {
        #docs

        #imports
        #input
        #output
        #protocol
        #builder
    }
}

fn imports(operation: &Operation) -> TokenStream {
    let in_header = |member: &Member| matches!(member.location, Location::Header(_));
    let plain = operation
        .input
        .iter()
        .any(|member| in_header(member) && !member.sensitive);
    let sensitive = operation
        .input
        .iter()
        .any(|member| in_header(member) && member.sensitive);
    let reads = operation.output.iter().any(in_header);
    let required = operation.input.iter().any(|member| member.required);
    let hides = operation.input.iter().chain(&operation.output).any(types::is_hidden);
    let import = |wanted: bool, path: TokenStream| wanted.then(|| quote!(use crate::#path;));
    let header_name = import(plain || sensitive || reads, quote!(header_name));
    let required = import(required, quote!(required::{self, unset}));
    let hidden = import(hides, quote!(runtime::hidden));
    let header = plain.then(|| quote!(, header));
    let sensitive_header = sensitive.then(|| quote!(, sensitive_header));
    let response = reads.then(|| quote!(self,));
    quote! {
        use std::fmt;

        use http::{Method, Request, Response};

        #header_name
        #required
        use crate::runtime::body::Body;
        use crate::runtime::byte_stream::ByteStream;
        use crate::runtime::call::CallOptions;
        use crate::runtime::client::{Caller, Sending};
        use crate::runtime::endpoint::Endpoint;
        use crate::runtime::error::Error;
        #hidden
        use crate::runtime::operation::Operation;
        use crate::runtime::request::{RequestWriter #header #sensitive_header};
        use crate::runtime::response::{#response ResponseMetadata, Success};
    }
}

/// What makes an input a request and a response an output.
fn protocol(operation: &Operation) -> TokenStream {
    let name = &operation.name;
    let input = format_ident!("{}Input", operation.type_name);
    let output = format_ident!("{}Output", operation.type_name);
    let into_request = input::into_request(operation);
    let parse_response = output::parse_response(operation);
    quote! {
        impl Operation for #input {
            const NAME: &'static str = #name;

            type Output = #output;

            #into_request
            #parse_response
        }
    }
}

/// The documentation of a structure of an operation: a sentence around a link to the operation.
fn structure_docs(before: &str, operation: &Operation, after: &str) -> TokenStream {
    let name = &operation.name;
    let function = operation.fn_name.trim_start_matches("r#");
    docs(&format!("{before} [`{name}`](crate::Client::{function}){after}"))
}

/// A member that is a payload.
fn is_payload(member: &Member) -> bool {
    member.location == Location::Payload && member.ty == Type::Blob
}

/// The first letter in lower case, unless the first word is an abbreviation or code.
fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => {
            first.to_lowercase().chain([second]).chain(chars).collect()
        }
        _ => text.to_owned(),
    }
}
