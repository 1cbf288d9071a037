//! `src/operation.rs` and below: the input, the output and the builder of each operation.

pub(super) mod input;
mod output;

use proc_macro2::TokenStream;
use quote::{format_ident, quote};

use super::builder::Builder;
use super::docs::{builder_example, docs, ident, inner_docs, summary};
use super::format::Source;
use super::scope::Scope;
use super::{deprecated, endpoint, paginator, waiter};
use crate::ir::{Operation, Service, Signing, Type};

/// `src/operation.rs`.
pub(super) fn emit_modules(service: &Service) -> TokenStream {
    let modules = service.operations.iter().map(|operation| {
        let module = ident(&operation.fn_name);
        quote!(pub mod #module;)
    });
    quote! {
        //! The operations of the service: inputs, outputs and builders.
        //!
        //! Methods are `#[inline]` so that each program compiles those that it uses, and this crate none.

        #(#modules)*

        pub use crate::call::Sending;
        pub use crate::runtime::Caller;
    }
}

/// `src/operation/<name>.rs`.
pub(super) fn emit(service: &Service, operation: &Operation) -> Source {
    let name = linked(operation);
    let docs = inner_docs(&match summary(&operation.docs) {
        None => format!("{name}."),
        Some(text) => format!("{name}: {}", lower_first(&text)),
    });
    let mut members = operation.input.iter().chain(&operation.output);
    let allow = deprecated::allow(members.any(|member| member.deprecated.is_some()));
    let mut about_builder = ".\n\nA builder from a client also sends the call: with `send`, or when it is awaited. Its type parameters say which\n\
        required members are set. Code that names them has to change if the service requires other members."
        .to_owned();
    if let Some(example) = builder_example(service, operation) {
        about_builder.push_str(&format!("\n\n{example}"));
    }
    let builder_docs = structure_docs("Builds the input of", operation, &about_builder);
    let type_name = &operation.type_name;
    let own = ["Input", "Output", "Builder"].map(|end| format!("{type_name}{end}"));
    let scope = Scope::of(own.iter().map(String::as_str));
    let builder = Builder::of_input(
        service,
        operation,
        waiter::calls(service, operation),
        builder_docs,
        &scope,
    );
    let input = input::emit(operation, &builder, &scope);
    let output = output::emit(service, operation, &scope);
    let protocol = protocol(service, operation, &scope);
    let paginator = paginator::emit(operation, &scope);
    let builder = builder.emit();
    // Moved: to quote them would copy every token.
    let items = [input, output, protocol, paginator.unwrap_or_default(), builder];
    Source::new(quote!(#docs #allow), items.into_iter().collect(), scope)
}

/// What makes an input a request and a response an output.
fn protocol(service: &Service, operation: &Operation, scope: &Scope) -> TokenStream {
    let name = &operation.name;
    let input = format_ident!("{}Input", operation.type_name);
    let output = format_ident!("{}Output", operation.type_name);
    let (auth, runtime) = (scope.auth(), scope.runtime());
    let (service_type, service_static, error) = (scope.service_type(), scope.service_static(), scope.error());
    let signing = match operation.signing {
        Signing::SigV4 => None,
        Signing::UnsignedPayload => Some(quote!(
            const AUTH: #auth = #auth::SigV4UnsignedPayload;
        )),
        Signing::UnsignedOverTls => Some(quote!(
            const AUTH: #auth = #auth::SigV4UnsignedOverTls;
        )),
        Signing::Bearer => Some(quote!(
            const AUTH: #auth = #auth::Bearer;
        )),
        Signing::None => Some(quote!(
            const AUTH: #auth = #auth::None;
        )),
    };
    let endpoint = (!operation.endpoint_params.is_empty()).then(|| endpoint(service, operation, scope));
    let into_request = input::into_request(service, operation, scope);
    let parse_response = output::parse_response(service, operation, scope);
    let sealed = scope.sealed();
    quote! {
        impl #sealed for #input {}

        impl #runtime::Operation for #input {
            const SERVICE: &'static #service_type = &#service_static;

            const NAME: &'static str = #name;

            #signing

            type Output = #output;

            type Error = #error;

            #endpoint
            #into_request
            #parse_response
        }
    }
}

/// Where requests of an operation go that has a say in it.
fn endpoint(service: &Service, operation: &Operation, scope: &Scope) -> TokenStream {
    let member = |index: usize| {
        let member = &operation.input[index];
        let field = ident(&member.field);
        match (&member.ty, member.required) {
            (Type::String, true) => quote!(Some(&self.#field)),
            (Type::String, false) => quote!(self.#field.as_deref()),
            (Type::Enum(_), true) => quote!(Some(self.#field.as_str())),
            (Type::Enum(name), false) => {
                let name = scope.named(name);
                quote!(self.#field.as_ref().map(#name::as_str))
            }
            (Type::List { .. }, true) => quote!(Some(self.#field.iter().map(String::as_str).collect())),
            (Type::List { .. }, false) => {
                quote!(self.#field.as_ref().map(|list| list.iter().map(String::as_str).collect()))
            }
            (_, true) => quote!(Some(self.#field)),
            (_, false) => quote!(self.#field),
        }
    };
    let params = endpoint::operation_params_value(&service.endpoint, &operation.endpoint_params, scope, member);
    let (endpoint, endpoint_params, resolve) = (scope.endpoint(), scope.endpoint_params(), scope.resolve());
    quote! {
        #[inline]
        fn endpoint(&self, params: &#endpoint_params<'_>) -> Option<Result<#endpoint, String>> {
            let operation = #params;
            Some(#resolve(params, &operation))
        }
    }
}

/// The documentation of a structure of an operation: a sentence around a link to the operation.
fn structure_docs(before: &str, operation: &Operation, after: &str) -> TokenStream {
    docs(&format!("{before} {}{after}", linked(operation)))
}

/// The name of an operation as a link to the function that makes the call.
fn linked(operation: &Operation) -> String {
    let function = operation.fn_name.trim_start_matches("r#");
    format!("[`{}`](crate::Client::{function})", operation.name)
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
