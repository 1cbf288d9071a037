//! What the caller gives.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::super::docs::{self, docs, ident};
use super::super::header_name;
use super::super::types::{Paths, debug, optional_field};
use super::{is_payload, structure_docs};
use crate::ir::{Location, Member, Method, Operation, PathPart, Type};

/// The structure.
pub(super) fn emit(operation: &Operation) -> TokenStream {
    let docs = structure_docs("The input of", operation, ".");
    let name = format_ident!("{}Input", operation.type_name);
    let builder = format_ident!("{}Builder", operation.type_name);
    let fields = operation.input.iter().map(field);
    let (debug, derive) = debug(&name, &operation.input.iter().collect::<Vec<_>>(), &[]);
    let derive = derive.map(|derive| quote!(#[derive(#derive)]));
    quote! {
        #docs
        #derive
        #[non_exhaustive]
        pub struct #name {
            #(#fields)*
        }

        #debug

        impl #name {
            /// Begins an input. It can be built when every required member has been set.
            pub fn builder() -> #builder {
                #builder::new(())
            }
        }
    }
}

fn field(member: &Member) -> TokenStream {
    if !member.required {
        return optional_field(member, Paths::SHORT);
    }
    let docs = docs(&docs::member(member));
    let field = ident(&member.field);
    let ty = Paths::SHORT.value(member.ty);
    quote! {
        #docs
        pub #field: #ty,
    }
}

/// `Operation::into_request`.
pub(super) fn into_request(operation: &Operation) -> TokenStream {
    let method = method(operation.method);
    let path = operation.path.iter().map(|part| path_part(operation, part));
    let query = operation.literal_query.as_ref().map(|query| {
        let query = format!("?{query}");
        quote!(request.literal(#query);)
    });
    let headers = operation.input.iter().filter_map(write_header);
    let payload = operation.input.iter().find(|member| is_payload(member)).map(|member| {
        let field = ident(&member.field);
        quote!(request.payload(self.#field, "application/octet-stream");)
    });
    quote! {
        fn into_request(self, endpoint: &Endpoint) -> Result<Request<Body>, Error> {
            let mut request = RequestWriter::new::<Self>(Method::#method, endpoint);
            #(#path)*
            #query
            #(#headers)*
            #payload
            request.finish()
        }
    }
}

fn method(method: Method) -> TokenStream {
    match method {
        Method::Delete => quote!(DELETE),
        Method::Get => quote!(GET),
        Method::Head => quote!(HEAD),
        Method::Patch => quote!(PATCH),
        Method::Post => quote!(POST),
        Method::Put => quote!(PUT),
    }
}

fn path_part(operation: &Operation, part: &PathPart) -> TokenStream {
    match part {
        PathPart::Literal(text) => quote!(request.literal(#text);),
        PathPart::Label { member, greedy } => {
            let member = &operation.input[*member];
            let (name, field) = (&member.name, ident(&member.field));
            let label = if *greedy {
                format_ident!("greedy_label")
            } else {
                format_ident!("label")
            };
            let value = if member.ty == Type::String {
                quote!(&self.#field)
            } else {
                quote!(self.#field)
            };
            quote!(request.#label(#name, #value)?;)
        }
    }
}

fn write_header(member: &Member) -> Option<TokenStream> {
    let Location::Header(header) = &member.location else {
        return None;
    };
    let (name, field, constant) = (&member.name, ident(&member.field), header_name::constant(header));
    let write = if member.sensitive {
        format_ident!("sensitive_header")
    } else {
        format_ident!("header")
    };
    Some(quote!(#write(&mut request, header_name::#constant, #name, self.#field)?;))
}
