//! `src/service.rs`: what the runtime has to know of the service.

use proc_macro2::{Literal, TokenStream};
use quote::quote;

use super::format::Source;
use super::scope::Scope;
use crate::ir::{Hint, Retry, Service, Signing};

pub(super) fn emit(service: &Service) -> Source {
    let scope = Scope::default();
    let (duration, hint_type) = (scope.duration(), scope.hint());
    let id = &service.id;
    let signing_name = &service.signing_name;
    let variable = service.endpoint_url_variable();
    let read_timeout = Literal::u64_unsuffixed(service.read_timeout.as_secs());
    let operations = &service.operations;
    let always_signs = operations.iter().all(|operation| operation.signing != Signing::None);
    let has_host_prefixes = operations.iter().any(|operation| !operation.host_prefix.is_empty());
    let compresses = operations.iter().any(|operation| operation.compressed);
    let retry_kind = retry_kind(service, &scope);
    let statuses = service.transient_statuses().into_iter().map(Literal::u16_unsuffixed);
    let hints = service.hints.iter().map(|hint| write_hint(hint, &scope));
    let chooses = service.endpoint.operations_choose();
    let items = quote! {
        pub(crate) use crate::endpoint::{OperationParams, resolve as resolve_endpoint};
        pub(crate) use crate::error::ServiceError;

        /// The service's identifier.
        pub(crate) const ID: &str = #id;

        /// The name of the service in a signature's scope.
        pub(crate) const SIGNING_NAME: &str = #signing_name;

        /// The environment variable with an endpoint URL for this service alone.
        pub(crate) const ENDPOINT_URL_VARIABLE: &str = #variable;

        /// Whether operations have a say in where their requests go, so that there may be no endpoint for all of them.
        pub(crate) const OPERATIONS_CHOOSE_ENDPOINTS: bool = #chooses;

        /// The default for a silence on the wire.
        pub(crate) const READ_TIMEOUT: #duration = #duration::from_secs(#read_timeout);

        /// Whether all operations are signed, so that nothing works without credentials.
        pub(crate) const ALWAYS_SIGNS: bool = #always_signs;

        /// Whether operations have a prefix in front of the endpoint's host.
        pub(crate) const HAS_HOST_PREFIXES: bool = #has_host_prefixes;

        /// Whether operations take compressed payloads.
        pub(crate) const COMPRESSES: bool = #compresses;

        #retry_kind

        /// The statuses with which only errors that pass are reported, where the service has a rule of its own.
        pub(crate) const TRANSIENT_STATUSES: &[u16] = &[#(#statuses),*];

        /// What to do about errors, where the service has an answer of its own.
        pub(crate) const HINTS: &[#hint_type] = &[#(#hints),*];
    };
    let head = quote! {
        //! What the runtime has to know of the service.
    };
    Source::new(head, items, scope)
}

/// The errors that may be retried although the standard list does not have them.
fn retry_kind(service: &Service, scope: &Scope) -> TokenStream {
    let kind = scope.retry_kind();
    let codes = |kind: Retry| {
        let codes: Vec<&str> = service
            .errors
            .iter()
            .filter(|error| error.retry == Some(kind))
            .map(|error| error.code.as_str())
            .collect();
        codes
    };
    let arm = |codes: Vec<&str>, kind: TokenStream| (!codes.is_empty()).then(|| quote!(#(#codes)|* => Some(#kind),));
    let throttling = arm(codes(Retry::Throttling), quote!(#kind::Throttling));
    let transient = arm(codes(Retry::Transient), quote!(#kind::Transient));
    let not_ready = arm(codes(Retry::NotReady), quote!(#kind::NotReady));
    let (parameter, body) = match (&throttling, &transient, &not_ready) {
        (None, None, None) => (quote!(_: &str), quote!(None)),
        _ => (
            quote!(code: &str),
            quote!(match code { #throttling #transient #not_ready _ => None }),
        ),
    };
    quote! {
        /// How an error with this code may be retried, where the service has a rule of its own.
        pub(crate) fn retry_kind(#parameter) -> Option<#kind> {
            #body
        }
    }
}

fn write_hint(hint: &Hint, scope: &Scope) -> TokenStream {
    let hint_type = scope.hint();
    let optional = |text: &Option<String>| text.as_ref().map_or(quote!(None), |text| quote!(Some(#text)));
    let operation = optional(&hint.operation);
    let codes = hint.code.as_slice();
    let status = hint.status.map(Literal::u16_unsuffixed);
    let status = status.map_or(quote!(None), |status| quote!(Some(#status)));
    let parts = &hint.message_contains;
    let text = &hint.text;
    quote! {
        #hint_type {
            operation: #operation,
            codes: &[#(#codes),*],
            status: #status,
            message_contains: &[#(#parts),*],
            text: #text,
        }
    }
}
