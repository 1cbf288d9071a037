//! `src/service.rs`: what the runtime has to know of the service.

use proc_macro2::{Literal, TokenStream};
use quote::{format_ident, quote};

use super::endpoint;
use super::format::Source;
use super::scope::Scope;
use crate::ir::{Codec, Hint, Retry, Service, Signing};

pub(super) fn emit(service: &Service) -> Source {
    let scope = Scope::default();
    let duration = scope.duration();
    let id = &service.id;
    let signing_name = &service.signing_name;
    let variable = service.endpoint_url_variable();
    let read_timeout = Literal::u64_unsuffixed(service.read_timeout.as_secs());
    let operations = &service.operations;
    let always_signs = operations.iter().all(|operation| operation.signing != Signing::None);
    let has_host_prefixes = operations.iter().any(|operation| !operation.host_prefix.is_empty());
    let compresses = operations.iter().any(|operation| operation.compressed);
    let retried_codes = retried_codes(service, &scope);
    let statuses = service.transient_statuses().into_iter().map(Literal::u16_unsuffixed);
    let s3_signatures = service.s3_signatures;
    let codes = service.codes_by_status.iter().map(|(status, code)| {
        let status = Literal::u16_unsuffixed(*status);
        quote!((#status, #code))
    });
    let region_header = match service.region_header {
        Some(header) => quote!(Some(#header)),
        None => quote!(None),
    };
    let hints = service.hints.iter().map(|hint| write_hint(hint, &scope));
    let chooses = service.endpoint.operations_choose();
    let (service_type, service_info) = (scope.service_type(), scope.service_info());
    let error_format = scope.error_format();
    let format = match service.protocol.reader() {
        Codec::Json => format_ident!("Json"),
        Codec::Cbor => format_ident!("Cbor"),
        Codec::Xml | Codec::Form { .. } => format_ident!("Xml"),
    };
    let error_message = &service.error_message;
    let (resolve, modeled_error) = (scope.resolve(), scope.modeled_error());
    let resolve = match endpoint::chooses(&service.endpoint) {
        false => quote!(#resolve),
        true => {
            let others = endpoint::params_of_client(&service.endpoint, &scope);
            quote!(|params| #resolve(params, &#others))
        }
    };
    let service_error = scope.item("crate::error::ServiceError");
    let items = quote! {
        /// What the service is.
        pub(crate) static SERVICE: #service_type = #service_type {
            info: #service_info {
                id: #id,
                package: env!("CARGO_PKG_NAME"),
                version: env!("CARGO_PKG_VERSION"),
                signing_name: #signing_name,
                s3_signatures: #s3_signatures,
                endpoint_url_variable: #variable,
                read_timeout: #duration::from_secs(#read_timeout),
                always_signs: #always_signs,
                has_host_prefixes: #has_host_prefixes,
                compresses: #compresses,
                operations_choose_endpoints: #chooses,
                error_format: #error_format::#format,
                error_message: &[#(#error_message),*],
                retried_codes: &[#(#retried_codes),*],
                transient_statuses: &[#(#statuses),*],
                codes_by_status: &[#(#codes),*],
                region_header: #region_header,
                hints: &[#(#hints),*],
            },
            resolve_endpoint: #resolve,
            parse_error: |code, response| {
                let error: Box<dyn #modeled_error> = Box::new(#service_error::parse(code, response)?);
                Some(error)
            },
        };
    };
    let head = quote! {
        //! What the runtime has to know of the service.
    };
    Source::new(head, items, scope)
}

/// The errors that may be retried although the standard list does not have them.
fn retried_codes(service: &Service, scope: &Scope) -> Vec<TokenStream> {
    let retry_kind = scope.retry_kind();
    let retried = service.errors.iter().flat_map(|error| {
        let kind = error.retry.map(|retry| match retry {
            Retry::Throttling => quote!(Throttling),
            Retry::Transient => quote!(Transient),
            Retry::NotReady => quote!(NotReady),
        });
        let retry_kind = &retry_kind;
        let texts = error.texts.iter();
        texts
            .filter_map(move |text| Some((text, kind.clone()?)))
            .map(move |(text, kind)| quote!((#text, #retry_kind::#kind)))
    });
    retried.collect()
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
