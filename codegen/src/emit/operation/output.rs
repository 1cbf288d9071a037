//! What the caller gets.

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::super::docs::{self, docs, ident};
use super::super::header_name;
use super::super::types::{Paths, debug, optional_field};
use super::{is_payload, structure_docs};
use crate::ir::{Location, Member, Operation, Type};

/// The structure.
pub(super) fn emit(operation: &Operation) -> TokenStream {
    let status = match operation.success_status {
        200 => ".".to_owned(),
        status => format!(", which comes with HTTP status {status}."),
    };
    let docs = structure_docs("The output of", operation, &status);
    let name = format_ident!("{}Output", operation.type_name);
    let fields = operation.output.iter().map(field);
    let (debug, derive) = debug(
        &name,
        &operation.output.iter().collect::<Vec<_>>(),
        &["response_metadata"],
    );
    let derive = derive.map(|derive| quote!(#derive,));
    quote! {
        #docs
        #[derive(#derive Default)]
        #[non_exhaustive]
        pub struct #name {
            #(#fields)*
            /// What the response tells besides its members: status, headers, request id, attempts.
            pub response_metadata: ResponseMetadata,
        }

        #debug
    }
}

fn field(member: &Member) -> TokenStream {
    if !member.required && !is_payload(member) {
        return optional_field(member, Paths::SHORT);
    }
    let docs = docs(&docs::member(member));
    let field = ident(&member.field);
    let ty = if is_payload(member) {
        quote!(ByteStream)
    } else {
        Paths::SHORT.value(member.ty)
    };
    quote! {
        #docs
        pub #field: #ty,
    }
}

/// `Operation::parse_response`.
pub(super) fn parse_response(operation: &Operation) -> TokenStream {
    let name = format_ident!("{}Output", operation.type_name);
    let head: Vec<TokenStream> = operation.output.iter().filter_map(read_head).collect();
    let members: Vec<TokenStream> = operation.output.iter().filter_map(read_member).collect();
    let payload = operation
        .output
        .iter()
        .find(|member| is_payload(member))
        .map(|member| ident(&member.field));
    let output = match head.is_empty() {
        true => quote!(#name::default()),
        false => quote!(#name { #(#head)* ..Default::default() }),
    };
    let check = quote!(Success::check::<Self>(response).await?);
    let statements = match (payload, members.is_empty()) {
        (Some(payload), _) => quote! {
            let response = #check;
            let mut output = #output;
            (output.#payload, output.response_metadata) = response.into_body();
            Ok(output)
        },
        (None, true) => quote! {
            let response = #check;
            Ok(#name { #(#head)* response_metadata: response.finish().await? })
        },
        (None, false) => quote! {
            let mut response = #check;
            let mut output = #output;
            response
                .members(|name, value| match name {
                    #(#members)*
                    _ => Ok(()),
                })
                .await?;
            output.response_metadata = response.finish().await?;
            Ok(output)
        },
    };
    quote! {
        async fn parse_response(response: Response<ByteStream>) -> Result<#name, Error> {
            #statements
        }
    }
}

/// A member that is not in the body.
fn read_head(member: &Member) -> Option<TokenStream> {
    let field = ident(&member.field);
    let value = match &member.location {
        Location::Header(name) => {
            let constant = header_name::constant(name);
            let value = quote!(response::header(&response, &header_name::#constant)?);
            if member.required {
                quote!(#value.unwrap_or_default())
            } else {
                value
            }
        }
        Location::StatusCode if member.required => quote!(response.status_code()),
        Location::StatusCode => quote!(Some(response.status_code())),
        Location::Uri | Location::Payload | Location::Body(_) => return None,
    };
    Some(quote!(#field: #value,))
}

/// A member of the JSON body.
fn read_member(member: &Member) -> Option<TokenStream> {
    let Location::Body(name) = &member.location else {
        return None;
    };
    let field = ident(&member.field);
    let read = match member.ty {
        Type::String => quote!(string),
        Type::Boolean => quote!(boolean),
        Type::Integer | Type::Long | Type::Float | Type::Double => quote!(number),
        Type::Blob => unreachable!("lowering refuses blobs in JSON"),
    };
    let value = if member.required {
        quote!(value.unwrap_or_default())
    } else {
        quote!(value)
    };
    Some(quote!(#name => value.#read().map(|value| output.#field = #value),))
}
