//! `src/lib.rs`: what users see first.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{crate_docs, inner_docs};
use super::{objects, uses};
use crate::ir::{Form, Service, Type};

pub(super) fn emit(service: &Service) -> TokenStream {
    let docs = inner_docs(&crate_docs(service));
    let waiter = (!service.waiters.is_empty()).then(|| {
        quote!(
            pub mod waiter;
        )
    });
    let (others, ours) = (from_elsewhere(service), ours(service));
    let feature = objects::FEATURE;
    let results = objects::has_results(service).then(|| {
        quote! {
            #[cfg(feature = #feature)]
            pub use crate::runtime::{InvalidS3Uri, ObjectStore, S3Uri, Uploading};

            /// A result to await, whose errors are those of this client. See [`runtime::PendingResult`].
            ///
            /// It needs the feature `async-result`.
            #[cfg(feature = #feature)]
            pub type PendingResult = runtime::PendingResult<Error>;
        }
    });
    quote! {
        #docs
        #![forbid(unsafe_code)]
        #![deny(missing_docs)]

        #[cfg(feature = "blocking")]
        pub mod blocking;
        mod call;
        mod client;
        mod endpoint;
        pub mod error;
        pub mod guide;
        mod header;
        pub mod operation;
        pub mod payload;
        #[doc(hidden)]
        pub mod required;
        mod service;
        #[cfg(feature = "test-util")]
        pub mod test;
        pub mod types;
        #waiter

        use lean_aws_runtime as runtime;

        #ours

        #[cfg(feature = "sdk-config")]
        pub use crate::runtime::ProvideCredentials;
        #[cfg(feature = "metrics")]
        pub use crate::runtime::metrics;
        #others

        /// The payload of a response, read as it arrives.
        ///
        /// Its errors are those of this client. See [`runtime::ByteStream`].
        pub type ByteStream = runtime::ByteStream<Error>;

        #results

        /// The examples of the README compile.
        #[cfg(doctest)]
        #[doc = include_str!("../README.md")]
        struct Readme;
    }
}

/// What this crate exports of its own.
fn ours(service: &Service) -> TokenStream {
    let has_form = |is_such: fn(&Form) -> bool| uses::has_form(service, is_such);
    let has_events = has_form(|form| matches!(form, Form::EventStream(_)));
    let has_unions = has_form(|form| matches!(form, Form::Union(_)));
    let has_enums = has_form(|form| matches!(form, Form::Enum(_)));
    let mut operations = service.operations.iter();
    let has_pages = operations.any(|operation| operation.paginator.is_some());
    let is_presigned = service.operations.iter().any(|operation| operation.presigned.is_some());
    let has_settings = service.endpoint.own_settings().next().is_some();
    let exports = [
        (true, quote!(client::{Client, ClientBuilder})),
        (has_settings, quote!(client::ClientSettings)),
        (true, quote!(call::Operation)),
        (true, quote!(error::{Error, ServiceError})),
        (
            true,
            quote!(runtime::{
                Auth, Body, CallOptions, Config, ConfigBuilder, Credentials, CredentialsSource, Endpoint, ErrorKind,
                OperationOutput, Pool, RequestSettings, ResponseMetadata, Retries, Timeouts, credentials,
            }),
        ),
        (is_presigned, quote!(runtime::PresignedRequest)),
        (service.bearer_token.is_some(), quote!(runtime::BearerToken)),
        (has_events, quote!(runtime::{EventStream, UnknownEvent})),
        (has_pages, quote!(runtime::{Items, Paginated, PaginatedItems, Pages})),
        (has_unions, quote!(runtime::UnknownMember)),
        (has_enums, quote!(runtime::UnknownValue)),
    ];
    let exports = exports.into_iter().filter(|(is_there, _)| *is_there);
    exports
        .map(|(_, path)| quote!(#[doc(inline)] pub use crate::#path;))
        .collect()
}

/// The types of other crates that members have, so that users need not depend on these crates themselves.
fn from_elsewhere(service: &Service) -> TokenStream {
    let has_type = |is_such: fn(&Type) -> bool| uses::has_type(service, is_such);
    let exports = [
        (
            has_type(|ty| matches!(ty, Type::Timestamp(_))),
            quote!(crate::runtime::DateTime),
        ),
        (has_type(|ty| *ty == Type::Blob), quote!(bytes::Bytes)),
        (
            has_type(|ty| *ty == Type::Document),
            quote!(crate::runtime::{Value, json}),
        ),
    ];
    let exports = exports.into_iter().filter(|(is_there, _)| *is_there);
    exports.map(|(_, path)| quote!(pub use #path;)).collect()
}
