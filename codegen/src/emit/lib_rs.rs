//! `src/lib.rs`: what users see first.

use proc_macro2::TokenStream;
use quote::quote;

use super::docs::{crate_docs, inner_docs};
use super::uses;
use crate::ir::{Form, Service, Type};

pub(super) fn emit(service: &Service) -> TokenStream {
    let has_form = |is_such: fn(&Form) -> bool| uses::has_form(service, is_such);
    let event_stream = has_form(|form| matches!(form, Form::EventStream(_))).then(|| {
        quote!(
            pub use crate::runtime::features::event_stream::{EventStream, UnknownEvent};
        )
    });
    let unknown_member = has_form(|form| matches!(form, Form::Union(_))).then(|| {
        quote!(
            pub use crate::runtime::features::unknown_member::UnknownMember;
        )
    });
    let unknown_value = has_form(|form| matches!(form, Form::Enum(_))).then(|| {
        quote!(
            pub use crate::runtime::unknown::UnknownValue;
        )
    });
    let pages = service
        .operations
        .iter()
        .any(|operation| operation.paginator.is_some())
        .then(|| {
            quote!(
                pub use crate::runtime::features::paginator::{Items, Paginated, PaginatedItems, Pages};
            )
        });
    let waiter = (!service.waiters.is_empty()).then(|| {
        quote!(
            pub mod waiter;
        )
    });
    let from_elsewhere = from_elsewhere(service);
    let docs = inner_docs(&crate_docs(service));
    quote! {
        #docs
        #![forbid(unsafe_code)]
        #![deny(missing_docs)]

        mod client;
        mod endpoint;
        pub mod error;
        mod header_name;
        pub mod operation;
        pub mod required;
        mod runtime;
        mod service;
        pub mod types;
        #waiter

        #[cfg(feature = "sdk-config")]
        pub use aws_credential_types::provider::ProvideCredentials;
        #from_elsewhere

        pub use crate::error::{Error, ServiceError};
        pub use crate::runtime::body::Body;
        pub use crate::runtime::byte_stream::ByteStream;
        pub use crate::runtime::call::CallOptions;
        pub use crate::runtime::client::Client;
        pub use crate::runtime::config::ClientBuilder;
        pub use crate::runtime::credentials::{Credentials, CredentialsSource};
        pub use crate::runtime::endpoint::Endpoint;
        #event_stream
        #pages
        #unknown_member
        pub use crate::runtime::operation::{Auth, Operation, RequestSettings};
        pub use crate::runtime::response::ResponseMetadata;
        pub use crate::runtime::retry::Retries;
        pub use crate::runtime::timeouts::Timeouts;
        pub use crate::runtime::transport::Pool;
        #unknown_value

        /// The examples of the README compile.
        #[cfg(doctest)]
        #[doc = include_str!("../README.md")]
        struct Readme;
    }
}

/// The types of other crates that members have, so that users need not depend on these crates themselves.
fn from_elsewhere(service: &Service) -> TokenStream {
    let has_type = |is_such: fn(&Type) -> bool| uses::has_type(service, is_such);
    [
        (
            has_type(|ty| matches!(ty, Type::Timestamp(_))),
            quote!(
                pub use aws_smithy_types::DateTime;
            ),
        ),
        (
            has_type(|ty| *ty == Type::Blob),
            quote!(
                pub use bytes::Bytes;
            ),
        ),
        (
            has_type(|ty| *ty == Type::Document),
            quote!(
                pub use serde_json::{Value, json};
            ),
        ),
    ]
    .into_iter()
    .filter_map(|(is_used, line)| is_used.then_some(line))
    .collect()
}
